// Known means known: the place alone makes no failure a finding.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

#include "properties/failure/label.h"
#include "properties/failure/replay.h"
#include "properties/search/hunt.h"
#include "properties/search/strategies.h"
#include "sim/strategies/record.h"

namespace cancelsim::properties {

namespace {

struct Labels {
    int news = 0;
    int known = 0;
};

/// The labels of what `config`, as if it were a release, breaks of `contract` at `place`, in so many random schedules.
Labels labels_at(const model::Config& config, const std::string& contract, std::string_view place, int schedules) {
    HuntOptions options;
    options.config = config;
    options.profiles = {scenarios::Profile::blocks, scenarios::Profile::misuse};
    Runner runner(make_contracts(std::vector{contract}));
    Labeller labeller;
    const auto strategy = find_strategy("random")->make(sim::kAsyncioKinds, 0);
    Labels labels;
    for (int i = 0; i < schedules && (labels.news == 0 || labels.known == 0); ++i) {
        Failure failure{config, {}, {}, contract};
        std::uint64_t seed = 0;
        make_schedule(options, static_cast<std::uint64_t>(i), failure.program, seed);
        sim::Record record(*strategy->begin(seed));
        const auto& broken = runner.run(failure.program, config, &record);
        if (broken.empty() || broken.front()->place().name() != place) continue;
        failure.schedule = record.schedule();
        const Labelled labelled = labeller.label(failure, place, failure.config);
        ++(labelled.label == Label::news ? labels.news : labels.known);
    }
    return labels;
}

model::Config release(std::string_view name) {
    return {model::find_version(name), model::find_policy("narrow"), model::find_python("3.11"), {}};
}

}  // namespace

TEST_CASE(
    "what lands at the place of a finding by another cause is new, though the release itself were to break it so") {
    struct Row {
        std::string_view finding;
        std::string contract;
        std::string_view place;
        std::string_view release;
        model::Switches other_cause;
    };
    const Row rows[]{
        {"F6", "group-joins", "spawned in a group that was left", "4.13.0", {model::Bug::left_group_takes_tasks}},
        {"F8", "errors-arrive", "group's exit was cancelled", "4.14.2", {model::Bug::drops_error_after_cancel}},
        {"F9",
         "uncancel-balance",
         "undone too much, carried from a child",
         "4.14.2",
         {model::Bug::uncancels_for_all_tasks}},
        {"F13",
         "group-outcome",
         "raised nothing, though a task was interrupted",
         "4.14.2",
         {model::Bug::wait_for_children_drops_native_cancel}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.finding);
        model::Config config = release(row.release);
        CHECK(labels_at(config, row.contract, row.place, 20'000).news == 0);
        config.switches = row.other_cause;
        CHECK(labels_at(config, row.contract, row.place, 20'000).news > 0);
    }
}

TEST_CASE("a hunt tells of what is new at the place of a finding, however often the finding comes before") {
    HuntOptions options;
    options.config = release("4.14.2");
    options.config.switches = {model::Bug::wait_for_children_drops_native_cancel};
    options.against = options.config;
    options.profiles = {scenarios::Profile::blocks};
    options.contracts = {"group-outcome"};
    options.schedules = 2'000;
    const HuntResult result = hunt(options, std::atomic<bool>{false}, [](std::uint64_t, std::size_t, double) {});
    std::set<std::string> labels;
    Labeller labeller;
    for (const Found& found : result.found) {
        if (found.place == "raised nothing, though a task was interrupted") labels.insert(text_of(found.labelled));
        // What it was shrunk to is the same failure still.
        CHECK(labeller.label(found.failure, found.place, options.config) == found.labelled);
    }
    CHECK(labels == std::set<std::string>{"F13", "new"});
}

TEST_CASE("beside another release a failure is new where that one keeps the promise") {
    HuntOptions options;
    options.config = release("4.13.0");
    options.profiles = {scenarios::Profile::blocks};
    options.contracts = {"shield-holds"};
    options.schedules = 3'000;
    options.shrink = false;
    const auto labels = [&] {
        std::set<std::string> found;
        for (const Found& one : hunt(options, std::atomic<bool>{false}, [](auto, auto, auto) {}).found)
            if (one.place == "cancelled start") found.insert(text_of(one.labelled));
        return found;
    };
    CHECK(labels() == std::set<std::string>{"F3"});
    options.against = release("4.14.2");
    CHECK(labels() == std::set<std::string>{"new, as F3"});
}

TEST_CASE("a finding is known also where the task that it is about has ended by then") {
    const Failure failure = from_token(
        "cs2:model,4.15.1,upstream,3.13:redelivery:1c6c9221e097c022:"
        "LQMCZzACczACdDAGBgqAAgYACJACBQEOgAIAC4AGAgACAIAIAgCACAQAAADQDw8");
    const Labelled labelled = Labeller().label(failure, "spawned into a cancelled scope", failure.config);
    CHECK(labelled.label == Label::known);
    REQUIRE(labelled.finding != nullptr);
    CHECK(labelled.finding->id == "F7");
}

}  // namespace cancelsim::properties
