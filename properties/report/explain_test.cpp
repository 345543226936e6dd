#include "properties/report/explain.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "properties/failure/input.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;

const std::string kRegressions = CANCELSIM_SOURCE_DIR "/properties/failure/regressions/";

Failure regression(const std::string& name) { return load_failure(kRegressions + name + ".json"); }

Neighbour nearest(const Failure& failure) {
    const auto found = nearest_passing(failure, tell(failure));
    REQUIRE(found);
    return *found;
}

/// The row of a story in which it parts from another.
const Row& row_at(const Story& story, std::size_t index) {
    REQUIRE(index < story.rows.size());
    return story.rows[index];
}

}  // namespace

TEST_CASE("what a failure is held against keeps the promise, and goes otherwise from where it is said to") {
    for (const auto& entry : fs::directory_iterator(kRegressions)) {
        if (entry.path().extension() != ".json") continue;
        INFO(entry.path().string());
        const Failure failure = load_failure(entry.path().string());
        const Story here = tell(failure);
        CHECK(here.broken);
        const auto there = nearest_passing(failure, here);
        REQUIRE(there);
        CHECK_FALSE(account_of(there->run).broken);
        CHECK(scenarios::to_json(there->run.program) == scenarios::to_json(failure.program));
        const Row& one = row_at(here, there->parting.here);
        const Row& other = row_at(there->story, there->parting.there);
        CHECK(one.kind != RowKind::choice);
        CHECK((one != other || here.columns[one.column] != there->story.columns[other.column]));
    }
}

TEST_CASE("a zombie goes away where the pass skips done tasks, and the pass is what goes otherwise") {
    const Failure failure = regression("zombie");
    const Neighbour there = nearest(failure);
    CHECK(there.change == "under 4.13.0 narrow");
    const Story here = tell(failure);
    const Row& one = row_at(here, there.parting.here);
    CHECK(one.kind == RowKind::pass);
    CHECK(one.text.find("re-arms") != std::string::npos);
    CHECK(row_at(there.story, there.parting.there).text.find("re-arms") == std::string::npos);
}

TEST_CASE("a failure with a deviation is held against the run without it") {
    const Failure failure = regression("deviation");
    REQUIRE(failure.schedule.deviations.size() == 1);
    const Neighbour there = nearest(failure);
    CHECK(there.change.starts_with("without one choice: in iteration "));
    CHECK(there.run.schedule.deviations.empty());
    CHECK(there.run.config.policy == failure.config.policy);
}

TEST_CASE("a failure of a defect is held against the kernel without it") {
    const Failure failure = regression("defect");
    REQUIRE_FALSE(failure.config.switches.none());
    const Neighbour there = nearest(failure);
    CHECK(there.change.starts_with("without the defect "));
    CHECK(there.run.config.switches.none());
}

TEST_CASE("where no policy helps, a fix may") {
    Failure failure = regression("zombie");
    failure.contract = "single-flight";
    failure.program =
        scenarios::parse_case(R"({"name":"c","main":[{"op":"scope","name":"s0","deadline":0,"body":[]}]})", "test", 1);
    CHECK(nearest(failure).change == "with the fix double");
}

TEST_CASE("where nothing helps, nothing is named") {
    Failure failure = regression("zombie");
    failure.contract = "canary";
    failure.program = scenarios::parse_case(R"({"name":"c","main":[{"op":"checkpoint"}]})", "test", 1);
    const Story here = tell(failure);
    CHECK(here.broken);
    CHECK_FALSE(nearest_passing(failure, here));
    CHECK(explanation_text(failure, {account_of(failure), here, {}}).find("No run near this one") != std::string::npos);
}

TEST_CASE("stories part at the first row that differs, choices and the break aside") {
    const auto row = [](std::string text, RowKind kind = RowKind::event) {
        return Row{kind, 1, 0, 1, std::move(text)};
    };
    const Story here{{"the loop", "main"},
                     {row("a"), row("x", RowKind::choice), row("b"), row("x", RowKind::broken), row("c")},
                     true};
    const Story there{{"the loop", "main"}, {row("a"), row("b"), row("d")}, false};
    const Parting parting = parting_of(here, there);
    CHECK(parting.here == 4);
    CHECK(parting.there == 2);
    CHECK(parting.shared == 2);
    const Parting none = parting_of(here, here);
    CHECK(none.here == here.rows.size());
    CHECK(none.there == here.rows.size());
    CHECK(none.shared == 3);
}

TEST_CASE("an explanation ends with the command that replays the failure") {
    const Failure failure = regression("zombie");
    const std::string text = explanation_text(failure, explain(failure));
    CHECK(text.ends_with(replay_command(failure) + "\n"));
}

}  // namespace cancelsim::properties
