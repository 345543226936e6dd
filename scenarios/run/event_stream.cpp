#include "scenarios/run/event_stream.h"

#include <cassert>
#include <functional>
#include <nlohmann/json.hpp>

namespace cancelsim::scenarios {

namespace {

using Numbers = std::vector<std::int64_t>;
using Json = nlohmann::ordered_json;

constexpr std::int64_t number_of(Fact fact) { return static_cast<std::int64_t>(fact); }

/// Reads a stream from its beginning.
struct Reader {
    const Numbers& stream;
    std::size_t at = 0;

    std::int64_t next() { return stream.at(at++); }
    Json next_id() {
        const std::int64_t id = next();
        return id == -1 ? Json() : Json(id);
    }
};

/// A value of a type as JSON: words for those of enumerations, null for what is no id.
template <class Value>
Json read_value(Reader& reader) {
    if constexpr (std::is_same_v<Value, bool>) {
        return reader.next() != 0;
    } else if constexpr (std::is_enum_v<Value>) {
        return events::kWords<Value>.at(static_cast<std::size_t>(reader.next()));
    } else if constexpr (std::is_same_v<Value, sim::Time>) {
        const sim::Time time = reader.next();
        return time == sim::kInfinity ? Json("inf") : Json(time);
    } else if constexpr (requires(Value value) { value.size(); }) {
        Json list = Json::array();
        for (std::int64_t left = reader.next(); left > 0; --left)
            list.push_back(read_value<std::remove_cv_t<typename Value::element_type>>(reader));
        return list;
    } else {
        return reader.next_id();
    }
}

Json read_fact(Reader& reader, Fact fact, const std::vector<std::string>& strings) {
    switch (fact) {
        case Fact::error: {
            Json error{{"id", reader.next()}, {"kind", read_value<sim::ErrorKind>(reader)}, {"message", reader.next()}};
            const std::int64_t name = reader.next();
            error["name"] = name == -1 ? Json() : Json(strings.at(static_cast<std::size_t>(name)));
            error["context"] = reader.next_id();
            Json children = Json::array();
            for (std::int64_t left = reader.next(); left > 0; --left) children.push_back(reader.next());
            error["children"] = children;
            return {"Error", error};
        }
        case Fact::time: return {"Time", {{"now", reader.next()}}};
        case Fact::label: {
            Json label{{"what", reader.next()}, {"id", reader.next()}};
            label["name"] = strings.at(static_cast<std::size_t>(reader.next()));
            label["binding"] = reader.next();
            return {"Label", label};
        }
        case Fact::site: return {"Site", {{"task", reader.next()}, {"site", reader.next()}}};
        case Fact::iteration: return {"Iteration", {{"number", reader.next()}}};
    }
    return {};
}

template <class Event>
Json read_event(Reader& reader) {
    Json fields = Json::object();
    const Event event{};
    events::for_each_value(
        event, [&]<class Value>(const std::string& name, const Value&) { fields[name] = read_value<Value>(reader); });
    return {events::kNames<Event>.of_type, fields};
}

using ReadEvent = Json (*)(Reader&);

const std::vector<ReadEvent>& readers() {
    static const std::vector<ReadEvent> kReaders = [] {
        std::vector<ReadEvent> all;
        events::for_each_event(
            [&all]<class Event>(std::type_identity<Event>, const auto&) { all.push_back(&read_event<Event>); });
        return all;
    }();
    return kReaders;
}

}  // namespace

void EventEncoder::iteration() {
    if (run_.kernel().iteration() == iteration_) return;
    iteration_ = run_.kernel().iteration();
    stream_.push_back(number_of(Fact::iteration));
    stream_.push_back(static_cast<std::int64_t>(iteration_));
}

void EventEncoder::time() {
    if (run_.kernel().now() == now_) return;
    now_ = run_.kernel().now();
    stream_.push_back(number_of(Fact::time));
    stream_.push_back(now_);
}

/// Sends what is new of `error` and of those that it refers to, and gives back its id.
std::int64_t EventEncoder::announce_error(const sim::Error& error) {
    // A chain of contexts can be longer than a stack is deep: its end goes first.
    std::vector<const sim::Error*> chain;
    for (const sim::Error* link = &error; link != nullptr; link = link->context) chain.push_back(link);
    std::int64_t context = -1;
    for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
        const sim::Error& each = **link;
        const auto [sent, is_new] = errors_.try_emplace(&each, Sent{-1, context});
        if (is_new || sent->second.context != context) {
            std::vector<std::int64_t> children;
            for (std::uint32_t i = 0; i < each.count; ++i) children.push_back(announce_error(*each.children[i]));
            Sent& now = errors_.at(&each);
            if (is_new) now.id = static_cast<std::int64_t>(errors_sent_++);
            now.context = context;
            std::int64_t name = -1;
            if (each.kind == sim::ErrorKind::named) {
                name = static_cast<std::int64_t>(strings_.size());
                strings_.push_back(run_.program().names[each.name]);
            }
            const std::int64_t head[] = {number_of(Fact::error),
                                         now.id,
                                         static_cast<std::int64_t>(each.kind),
                                         static_cast<std::int64_t>(each.message),
                                         name,
                                         context};
            stream_.insert(stream_.end(), std::begin(head), std::end(head));
            stream_.push_back(static_cast<std::int64_t>(children.size()));
            stream_.insert(stream_.end(), children.begin(), children.end());
        } else {
            // The contexts of its children may have changed.
            for (std::uint32_t i = 0; i < each.count; ++i) announce_error(*each.children[i]);
        }
        context = errors_.at(&each).id;
    }
    return context;
}

std::string event_lines(const std::vector<std::int64_t>& stream, const std::vector<std::string>& strings) {
    std::string lines;
    for (Reader reader{stream}; reader.at < stream.size();) {
        const std::int64_t number = reader.next();
        const Json line = number < number_of(Fact::error) ? readers().at(static_cast<std::size_t>(number))(reader)
                                                          : read_fact(reader, Fact{number}, strings);
        lines += line.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
    }
    return lines;
}

}  // namespace cancelsim::scenarios
