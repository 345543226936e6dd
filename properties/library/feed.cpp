#include "properties/library/feed.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "properties/subject/fault.h"
#include "scenarios/run/event_fields.h"
#include "scenarios/run/event_stream.h"
#include "scenarios/run/outcome_text.h"

namespace cancelsim::properties {

namespace {

using scenarios::Fact;
using scenarios::events::All;

/// No stream tells of more tasks, scopes or errors: what says so is damaged.
constexpr std::int64_t kMostObjects = 1 << 24;

template <class T>
T& at(std::vector<T>& list, std::size_t index, const T& otherwise = {}) {
    if (index >= list.size()) list.resize(index + 1, otherwise);
    return list[index];
}

[[noreturn]] void damaged(std::size_t at) {
    throw InternalError("the worker's stream of events is damaged at number " + std::to_string(at));
}

}  // namespace

void Feed::begin(const scenarios::Case* program, bool start_under_caller) {
    loop_.clear();
    library_.clear();
    program_hub_.clear();
    program_ = program;
    start_under_caller_ = start_under_caller;
    clock_ = {};
    arena_.reset();
    errors_.clear();
    names_.clear();
    number_of_name_.clear();
    if (program != nullptr)
        for (const std::string& name : program->names) {
            number_of_name_.emplace(name, static_cast<std::uint32_t>(names_.size()));
            names_.push_back(name);
        }
    facts_ = {};
    statements_.clear();
    task_labels_.clear();
    scope_labels_.clear();
    group_labels_.clear();
    group_statements_.clear();
    leaves_by_hand_ = false;
    asyncio_group_statements_.clear();
    running_ = sim::kNobody;
}

std::int64_t Feed::next() {
    if (at_ >= stream_.size()) damaged(at_);
    return stream_[at_++];
}

std::int64_t Feed::next_in(std::int64_t least, std::int64_t most) {
    const std::int64_t number = next();
    if (number < least || number > most) damaged(at_ - 1);
    return number;
}

template <class Value>
void Feed::read(Value& value) {
    if constexpr (std::is_same_v<Value, bool>) {
        value = next_in(0, 1) != 0;
    } else if constexpr (std::is_enum_v<Value>) {
        value = static_cast<Value>(next_in(0, static_cast<std::int64_t>(scenarios::events::kWords<Value>.size()) - 1));
    } else if constexpr (std::is_class_v<Value>) {
        sim::for_each_field(value, [this](auto& field) { read(field); });
    } else if constexpr (std::is_same_v<Value, std::uint32_t>) {
        value = static_cast<std::uint32_t>(next_in(-1, UINT32_MAX));
    } else {
        value = static_cast<Value>(next());
    }
}

void Feed::read(const sim::Error*& error) {
    const std::int64_t id = next_in(-1, static_cast<std::int64_t>(errors_.size()) - 1);
    error = id == -1 ? nullptr : errors_[static_cast<std::size_t>(id)];
}

template <class Element>
void Feed::read(std::span<Element>& list) {
    const auto count = static_cast<std::size_t>(next_in(0, kMostObjects));
    auto* elements = arena_.make_array<std::remove_const_t<Element>>(count);
    for (std::size_t i = 0; i < count; ++i) read(elements[i]);
    list = {elements, count};
}

template <class Event>
void Feed::send(const Event& event) {
    if constexpr (scenarios::events::Own::has<Event>)
        program_hub_.send(event);
    else if constexpr (model::events::Own::has<Event>)
        library_.send(event);
    else
        loop_.send(event);
}

template <class Event>
void Feed::take() {
    Event event{};
    sim::for_each_field(event, [this](auto& field) { read(field); });
    notice(event);
    send(event);
    noticed(event);
}

void Feed::notice(const sim::events::IterationBegan& event) {
    clock_.iteration = event.number;
    running_ = sim::kNobody;
}

void Feed::noticed(const sim::events::IterationBegan&) {
    if (clock_.now < clock_.alarm) return;
    clock_.alarm = sim::kInfinity;
    send(sim::events::AlarmRang{});
}

void Feed::notice(const scenarios::events::StatementBegan& event) {
    leaves_by_hand_ = false;
    if (event.task != sim::kNobody) statement_at(event.task) = event.statement;
}

void Feed::notice(const model::events::GroupEntered& event) {
    at(group_statements_, event.group) = statement_of(event.task);
}

void Feed::notice(const scenarios::events::ByHand& event) {
    leaves_by_hand_ = program_ != nullptr && program_->statements[event.statement].op == scenarios::Op::group_exit;
}

void Feed::notice(const model::events::GroupExitBegan& event) {
    if (program_ == nullptr) return;                    // its sites tell
    if (std::exchange(leaves_by_hand_, false)) return;  // in the statement that does so
    if (event.task != sim::kNobody) statement_at(event.task) = at(group_statements_, event.group);
}

void Feed::notice(const scenarios::events::AsyncioGroupEntered& event) {
    at(asyncio_group_statements_, event.group) = statement_of(event.task);
}

void Feed::notice(const scenarios::events::AsyncioGroupExitBegan& event) {
    if (program_ == nullptr) return;
    if (running_ != sim::kNobody) statement_at(running_) = at(asyncio_group_statements_, event.group);
}

void Feed::noticed(const sim::events::TaskDone& event) {
    running_ = sim::kNobody;
    statement_at(event.task) = scenarios::kNoStatement;
}

void Feed::noticed(const scenarios::events::BodyEnded& event) { statement_at(event.task) = scenarios::kNoStatement; }

void Feed::take_error() {
    const std::int64_t id = next_in(0, std::min<std::int64_t>(kMostObjects, static_cast<std::int64_t>(errors_.size())));
    if (id == static_cast<std::int64_t>(errors_.size())) errors_.push_back(arena_.make<sim::Error>());
    sim::Error& error = *errors_[static_cast<std::size_t>(id)];
    read(error.kind);
    error.message = static_cast<sim::CancelMessage>(next_in(0, UINT32_MAX));
    const std::int64_t name = next();
    error.name = name == -1 ? 0 : name_of(name);
    const std::int64_t context = next_in(-1, static_cast<std::int64_t>(errors_.size()) - 1);
    error.context = context == -1 ? nullptr : errors_[static_cast<std::size_t>(context)];
    error.count = static_cast<std::uint32_t>(next_in(0, kMostObjects));
    error.children = arena_.make_array<sim::Error*>(error.count);
    for (std::uint32_t i = 0; i < error.count; ++i)
        error.children[i] =
            errors_[static_cast<std::size_t>(next_in(0, static_cast<std::int64_t>(errors_.size()) - 1))];
}

void Feed::take_label() {
    const std::int64_t what = next_in(0, 2);
    const auto id = static_cast<std::size_t>(next_in(0, kMostObjects));
    const std::int64_t name = next();
    const auto binding = static_cast<std::uint32_t>(next_in(1, UINT32_MAX));
    at(what == 0 ? task_labels_ : what == 1 ? scope_labels_ : group_labels_, id) = {name_of(name) + 1, binding};
}

std::uint32_t Feed::name_of(std::int64_t string) {
    if (string < 0 || string >= static_cast<std::int64_t>(strings_->size())) damaged(at_ - 1);
    const std::string& name = (*strings_)[static_cast<std::size_t>(string)];
    const auto [known, is_new] = number_of_name_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (is_new) names_.push_back(name);
    return known->second;
}

void Feed::play(std::span<const std::int64_t> stream, const std::vector<std::string>& strings, sim::Verdict verdict) {
    static const std::array<Take, All::kCount> kTakes = [] {
        std::array<Take, All::kCount> takes{};
        All::for_each(
            [&takes]<class Event>(std::type_identity<Event>) { takes[All::index_of<Event>()] = &Feed::take<Event>; });
        return takes;
    }();
    stream_ = stream;
    at_ = 0;
    strings_ = &strings;
    verdict_ = verdict;
    while (at_ < stream_.size()) {
        const std::int64_t number = next();
        if (number >= 0 && number < static_cast<std::int64_t>(All::kCount)) {
            (this->*kTakes[static_cast<std::size_t>(number)])();
            continue;
        }
        switch (Fact{number}) {
            case Fact::error: take_error(); continue;
            case Fact::time:
                clock_.now = next_in(0, INT64_MAX);
                clock_.time_moved_in = clock_.iteration;
                continue;
            case Fact::label: take_label(); continue;
            case Fact::iteration: clock_.iteration = static_cast<std::uint64_t>(next_in(1, INT64_MAX)); continue;
            case Fact::site: {
                const auto task = static_cast<sim::TaskId>(next_in(0, kMostObjects));
                statement_at(task) =
                    static_cast<std::uint32_t>(next_in(0, static_cast<std::int64_t>(facts_.sites.size()) - 1));
                continue;
            }
        }
        damaged(at_ - 1);
    }
}

void Feed::play(std::span<const std::int64_t> stream, const std::vector<std::string>& strings, sim::Verdict verdict,
                ProgramFacts facts) {
    facts_ = std::move(facts);
    play(stream, strings, verdict);
}

std::uint32_t& Feed::statement_at(sim::TaskId task) { return at(statements_, task, scenarios::kNoStatement); }

std::uint32_t Feed::statement_of(sim::TaskId task) const {
    return task < statements_.size() ? statements_[task] : scenarios::kNoStatement;
}

std::string Feed::place_text(std::uint32_t site) const {
    return site < facts_.sites.size() ? properties::place_text(facts_.sites[site]) : std::string();
}

std::string Feed::task_label(sim::TaskId task) const {
    if (program_ != nullptr || task >= facts_.tasks.size()) return label_text(task_labels_, task);
    const auto number = std::count(facts_.tasks.begin(), facts_.tasks.begin() + task + 1, facts_.tasks[task]);
    return number > 1 ? facts_.tasks[task] + "#" + std::to_string(number) : facts_.tasks[task];
}

std::string Feed::label_text(const std::vector<Label>& labels, std::uint32_t id) const {
    if (id >= labels.size() || labels[id].name == 0) return {};
    const std::string& name = names_[labels[id].name - 1];
    return labels[id].binding > 1 ? name + "#" + std::to_string(labels[id].binding) : name;
}

std::string Feed::outcome_text(const sim::Error* error) const { return scenarios::outcome_text(error, names_); }

}  // namespace cancelsim::properties
