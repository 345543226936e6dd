#include "properties/library/feed.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "properties/subject/config_names.h"
#include "properties/subject/fault.h"
#include "properties/world/model_run_info.h"
#include "scenarios/generate/generator.h"
#include "scenarios/run/event_stream.h"
#include "scenarios/run/interpreter.h"
#include "sim/strategies/random.h"

namespace cancelsim::properties {

namespace {

/// Writes down all that those who watch a run are told, and what can be asked meanwhile.
class Transcript : public sim::Observer {
public:
    explicit Transcript(RunInfo& info) : info_(info) {}

    template <class Event>
    requires(!scenarios::NotInStreams::has<Event>) void on(const Event& event) {
        std::string line = fmt::format("{} {} {}", info_.clock().iteration, info_.clock().now,
                                       scenarios::events::kNames<Event>.of_type);
        scenarios::events::for_each_value(
            event, [&](const std::string& name, const auto& value) { line += " " + name + "=" + text_of(value); });
        if constexpr (std::is_same_v<Event, sim::events::TaskParked>)
            line += fmt::format(" in {}", info_.statement_of(event.task));
        lines.push_back(std::move(line));
    }

    std::vector<std::string> lines;

private:
    template <class Value>
    std::string text_of(const Value& value) const {
        if constexpr (std::is_same_v<Value, const sim::Error*>) {
            std::string text = info_.outcome_text(value);
            for (const sim::Error* link = value; link != nullptr; link = link->context)
                text += fmt::format("<{}:{}", info_.outcome_text(link), link->message);
            return text;
        } else if constexpr (requires { value.size(); }) {
            std::string text;
            for (const auto& each : value) text += text_of(each) + ",";
            return text;
        } else {
            return std::to_string(static_cast<std::int64_t>(value));
        }
    }

    RunInfo& info_;
};

/// The run as the model tells it, and as it is told from its stream.
struct Told {
    std::vector<std::string> by_model;
    std::vector<std::string> by_feed;
};

Told told(const scenarios::Case& program, const model::Config& config, std::uint64_t seed, Feed& feed) {
    scenarios::Interpreter run;
    sim::RandomChoices choices(sim::kAsyncioKinds);
    choices.begin(seed);
    run.prepare(program, config, &choices);
    scenarios::EventEncoder encoder(run);
    ModelRunInfo info(run);
    Transcript here(info);
    run.watch(encoder);
    run.watch(here);
    run.run();
    encoder.finish();

    feed.begin(&program, config.version->start_under_caller);
    Transcript there(feed);
    feed.hubs().add(there);
    feed.play(encoder.stream(), encoder.strings(), run.verdict());
    CHECK(feed.clock().now == run.kernel().now());
    CHECK(feed.verdict() == run.verdict());
    return {std::move(here.lines), std::move(there.lines)};
}

}  // namespace

TEST_CASE("a run that is told from its stream is the run: every event, error, context and time") {
    Feed feed;
    scenarios::Case program;
    for (const char* version : {"4.13.0", "4.15.1"})
        for (int profile = 0; profile < scenarios::kProfiles; ++profile)
            for (std::uint64_t seed = 0; seed < 60; ++seed) {
                scenarios::generate(static_cast<scenarios::Profile>(profile), seed, program);
                const Told both = told(program, ConfigNames{.anyio = version}.resolve(), seed, feed);
                CAPTURE(profile);
                CAPTURE(seed);
                REQUIRE(!both.by_model.empty());
                for (std::size_t i = 0; i < both.by_model.size() && i < both.by_feed.size(); ++i) {
                    CAPTURE(i);
                    REQUIRE(both.by_feed[i] == both.by_model[i]);
                }
                REQUIRE(both.by_feed.size() == both.by_model.size());
            }
}

TEST_CASE("a stream that is damaged is a fault that says where") {
    Feed feed;
    const auto play = [&feed](std::vector<std::int64_t> stream) {
        feed.begin(nullptr, false);
        feed.play(stream, {"x"}, sim::Verdict::quiescent);
    };
    CHECK_NOTHROW(play({0, 1, 1002, 0, 0, 0, 1}));
    CHECK(feed.task_label(0) == "x");
    CHECK(feed.clock().iteration == 1);
    CHECK_THROWS_AS(play({0}), InternalError);                           // it ends within an event
    CHECK_THROWS_AS(play({999}), InternalError);                         // no such event
    CHECK_THROWS_AS(play({1999, 1}), InternalError);                     // no such fact
    CHECK_THROWS_AS(play({1002, 0, 0, 1, 1}), InternalError);            // no such string
    CHECK_THROWS_AS(play({1000, 0, 999, 0, -1, -1, 0}), InternalError);  // no such kind of error
    CHECK_THROWS_AS(play({1000, 5, 0, 0, -1, -1, 0}), InternalError);    // errors are numbered in order
}

TEST_CASE("an alarm rings when the first iteration begins at or after its time") {
    struct Heard : sim::Observer {
        void on(const sim::events::AlarmRang&) { ++rings; }
        int rings = 0;
    } heard;
    Feed feed;
    feed.begin(nullptr, false);
    feed.hubs().add(heard);
    feed.clock().alarm_at(3);
    feed.play(std::vector<std::int64_t>{0, 1, 1001, 2, 0, 2, 1001, 4, 0, 3, 0, 4}, {}, sim::Verdict::quiescent);
    CHECK(heard.rings == 1);
}

}  // namespace cancelsim::properties
