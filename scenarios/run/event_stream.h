// A run as a flat sequence of numbers: its events, and what they tell of. Another process can send it, and two can be
// compared.
//
// It is a sequence of records. One of an event is its number (its place in events::All) and its values, in the order of
// events::for_each_value: flags are 0 and 1, ids of nobody and nothing -1, errors their ids, -1 for null, and a list is
// its length and its elements. The others are the facts below.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "scenarios/run/event_fields.h"
#include "scenarios/run/interpreter.h"

namespace cancelsim::scenarios {

/// The number of a record that is no event. Each says something of those that follow.
enum class Fact : std::int64_t {
    /// id, kind (sim::ErrorKind), message (of a CancelledError: sim::Error::message), name (an index of the strings, or
    /// -1), id of its context, how many children, their ids. Sent before the first use of the id, and again where the
    /// context is another. Ids count from 0 in the order in which they are sent first.
    error = 1000,
    time,       ///< now: virtual time has moved
    label,      ///< task 0, scope 1 or group 2; its id; the name, an index of the strings; which binding of it, from 1
    site,       ///< task; where it is now, an index of the sites: of Python programs only
    iteration,  ///< its number: what follows is of it, ahead of its IterationBegan
};

/// What a stream leaves out: where a statement begins to wait, no library can see; and the alarm is the clock's of
/// those who listen.
using NotInStreams = sim::EventList<events::StatementWaits, events::AlarmRang>;

/// Makes the stream of a run of the model. It watches from between `prepare` and `run` on, for one run; call `finish`
/// after `run`.
class EventEncoder : public sim::Observer {
public:
    explicit EventEncoder(const Interpreter& run) : run_(run) {}

    template <class Event>
    requires(!NotInStreams::has<Event>) void on(const Event& event) {
        if constexpr (std::is_same_v<Event, events::IterationBegan>)
            iteration_ = event.number;
        else
            iteration();
        time();
        events::for_each_value(event, [this](const std::string&, const auto& value) { announce(value); });
        put(events::All::index_of<Event>());
        events::for_each_value(event, [this](const std::string&, const auto& value) { put(value); });
    }
    void finish() { time(); }

    const std::vector<std::int64_t>& stream() const { return stream_; }
    const std::vector<std::string>& strings() const { return strings_; }

private:
    /// An error as it was sent.
    struct Sent {
        std::int64_t id;
        std::int64_t context;
    };

    void iteration();
    void time();
    std::int64_t announce_error(const sim::Error& error);

    template <class Value>
    void announce(const Value& value) {
        if constexpr (std::is_same_v<Value, const sim::Error*>) {
            if (value != nullptr) announce_error(*value);
        } else if constexpr (requires { value.size(); }) {
            for (const auto& each : value) announce(each);
        }
    }
    template <class Value>
    void put(const Value& value) {
        if constexpr (std::is_same_v<Value, const sim::Error*>) {
            stream_.push_back(value == nullptr ? -1 : errors_.at(value).id);
        } else if constexpr (requires { value.size(); }) {
            stream_.push_back(static_cast<std::int64_t>(value.size()));
            for (const auto& each : value) put(each);
        } else if constexpr (std::is_same_v<Value, std::uint32_t>) {
            stream_.push_back(static_cast<std::int32_t>(value));
        } else {
            stream_.push_back(static_cast<std::int64_t>(value));
        }
    }

    const Interpreter& run_;
    std::vector<std::int64_t> stream_;
    std::vector<std::string> strings_;
    std::map<const sim::Error*, Sent> errors_;
    std::size_t errors_sent_ = 0;
    std::uint64_t iteration_ = 0;
    sim::Time now_ = 0;
};

/// The records of a stream as JSON, one a line: `["TaskParked",{"task":0,"wait.kind":"sleep",...}]`.
std::string event_lines(const std::vector<std::int64_t>& stream, const std::vector<std::string>& strings);

}  // namespace cancelsim::scenarios
