#include "properties/report/timeline/story.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "properties/report/timeline/columns.h"
#include "properties/report/timeline/fold.h"
#include "properties/subject/config_names.h"
#include "scenarios/generate/generator.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

Failure failure_of(const std::string& main_and_more, const std::string& kernel = "4.13.0") {
    ConfigNames options;
    options.anyio = kernel;
    Failure failure;
    failure.config = options.resolve();
    failure.program = scenarios::parse_case("{\"name\":\"c\"," + main_and_more + "}", "test", 1);
    failure.contract = "no-hot-loop";
    return failure;
}

/// The rows as `COLUMN: TEXT`.
std::vector<std::string> rows_of(const std::string& program, const std::string& kernel = "4.13.0") {
    const Story story = tell(failure_of(program, kernel));
    std::vector<std::string> rows;
    for (const Row& row : story.rows) rows.push_back(fmt::format("{}: {}", story.columns[row.column], row.text));
    return rows;
}

/// How many of the rows are just that.
std::ptrdiff_t count(const std::vector<std::string>& rows, const std::string& wanted) {
    return std::count(rows.begin(), rows.end(), wanted);
}

Row row(std::uint64_t iteration, std::string text, RowKind kind = RowKind::event, std::uint32_t column = 1) {
    return {kind, iteration, 0, column, std::move(text)};
}

std::size_t lines_of(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

}  // namespace

TEST_CASE("a story says by whom, or by what, each scope was cancelled") {
    const std::string wait = R"({"op":"event_wait","event":"e0"})";
    CHECK(count(rows_of(R"("main":[{"op":"scope","name":"s0","body":[{"op":"cancel","scope":"s0"}]}])"),
                "main: cancels s0") == 1);
    CHECK(count(rows_of(R"("main":[{"op":"scope","name":"s0","body":[)" + wait +
                        R"(]}],"environment":[{"at":1,"do":[{"op":"cancel","scope":"s0"}]}])"),
                "the loop: outside: cancels s0") == 1);
    CHECK(count(rows_of(R"("main":[{"op":"scope","name":"s0","deadline":2,"body":[)" + wait + "]}]"),
                "the loop: cancels s0: its deadline has come") == 1);
    CHECK(count(rows_of(R"("main":[{"op":"scope","name":"s0","deadline":-1,"body":[)" + wait + "]}]"),
                "main: cancels s0: its deadline was in the past") == 1);
    CHECK(count(rows_of(R"("main":[{"op":"scope","name":"s0","cancel_first":true,"body":[)" + wait + "]}]"),
                "main: cancels s0 before entering it") == 1);
    CHECK(count(rows_of(R"("main":[{"op":"group","name":"g0","body":[{"op":"raise","error":"E0"}]}])"),
                "main: cancels g0: an exception left its body") == 1);
    CHECK(count(rows_of(R"("main":[{"op":"group","name":"g0","body":[{"op":"spawn","group":"g0","task":"t0","body":[)"
                        R"({"op":"raise","error":"E0"}]}]}])"),
                "the loop: cancels g0: its task t0 ended with E0") == 1);
    CHECK(count(rows_of(R"("main":[{"op":"scope","name":"s0","deadline":1,"body":[{"op":"group","name":"g0","body":[)"
                        R"({"op":"spawn","group":"g0","task":"t0","body":[)" +
                        wait + "]}]}]}]"),
                "main: cancels g0: its wait for the tasks was interrupted") == 1);
    CHECK(count(rows_of(R"("main":[{"op":"scope","name":"s0","body":[{"op":"cancel","scope":"s0"},)"
                        R"({"op":"cancel","scope":"s0"}]}])"),
                "main: s0.cancel() (cancelled already)") == 1);
}

TEST_CASE("a story tells the cancels that are asyncio's own from those of scopes") {
    const std::string program =
        R"("main":[{"op":"group","name":"g0","body":[{"op":"start","group":"g0","task":"t0","body":[)"
        R"({"op":"sleep","for":9}]}]}],"environment":[{"at":1,"do":[{"op":"native_cancel","task":"main"}]}])";
    const auto old = rows_of(program, "4.13.0");
    CHECK(count(old, "the loop: outside: n.tasks.main.cancel()") == 1);
    CHECK(count(old, "main: the library calls t0.cancel(), asyncio's own") == 1);
    const auto now = rows_of(program, "4.14.2");
    CHECK(count(now, "main: the library calls t0.cancel(), asyncio's own") == 0);
    CHECK(count(now, "main: cancels the unnamed scope around task `t0`: start() was interrupted") == 1);
}

TEST_CASE("a pass that re-arms says over whom, and since when they are done") {
    const auto rows = rows_of(
        R"("main":[{"op":"spawn_detached","task":"t0","body":[{"op":"enter","name":"s0"}]},{"op":"sleep","for":1},)"
        R"({"op":"cancel","scope":"s0"}])");
    CHECK(count(rows, "the loop: pass of s0: cancels t0 (done since iteration 2), re-arms") == 21);
    CHECK(count(rows, "the loop: no-hot-loop breaks here (done task)") == 1);
    CHECK(rows.back() ==
          "the loop: the run ends (spin): passes would go on for ever, and nothing else is left; still armed: s0");

    const auto refused = rows_of(
        R"("main":[{"op":"scope","name":"s0","cancel_first":true,"body":[{"op":"future_wait","future":"f0"}]}],)"
        R"("futures":{"f0":{"stubborn":true}})");
    CHECK(count(refused, "the loop: pass of s0: cancels nobody, re-arms over main, running") == 1);
    CHECK(count(refused,
                "the loop: pass of s0: cancels nobody, re-arms over main, whose future refuses to be cancelled") == 19);
}

TEST_CASE("what a task does to no end between two rows is a row") {
    Failure failure = failure_of(
        R"("main":[{"op":"scope","name":"s0","body":[{"op":"cancel","scope":"s0"},{"op":"checkpoint_if_cancelled"}]}])");
    failure.config.policy = model::find_policy("v3");
    const Story story = tell(failure);
    const auto round = std::find_if(story.rows.begin(), story.rows.end(),
                                    [](const Row& each) { return each.kind == RowKind::rounds; });
    REQUIRE(round != story.rows.end());
    CHECK(round->text == "runs 1999 times in `await anyio.lowlevel.checkpoint_if_cancelled()`");
}

TEST_CASE("rows that come three times or more are folded, with the extent of their repetition") {
    const std::vector<Row> rows{row(1, "a"), row(2, "a"), row(3, "b"), row(4, "c"), row(5, "b"),
                                row(6, "c"), row(7, "b"), row(8, "c"), row(9, "d")};
    const auto folds = folded(rows);
    REQUIRE(folds.size() == 4);
    CHECK(folds[2].begin == 2);
    CHECK(folds[2].end == 4);
    CHECK(folds[2].times == 3);
    CHECK(folds[2].last_iteration == 8);
    CHECK(folds[3].begin == 8);
}

TEST_CASE("rows that would leave brackets open are not folded") {
    const std::vector<Row> rows{row(1, "s", RowKind::enter), row(2, "s", RowKind::enter), row(3, "s", RowKind::enter)};
    CHECK(folded(rows).size() == 3);
}

TEST_CASE("a break is not hidden in a fold") {
    const std::vector<Row> rows{row(1, "a"), row(2, "a"), row(3, "x", RowKind::broken), row(4, "a"), row(5, "a")};
    CHECK(folded(rows).size() == 5);
}

TEST_CASE("few tasks stand side by side, many below each other") {
    Story story{{"the loop", "main", "t0", "t1", "t2", "t3", "t4"}, {}, false};
    for (std::uint32_t column = 0; column < 3; ++column)
        story.rows.push_back(row(1, std::string(30, 'x'), RowKind::event, column));
    CHECK(columns_text(story).find("the loop                         main") != std::string::npos);
    for (std::uint32_t column = 3; column < 7; ++column)
        story.rows.push_back(row(1, std::string(30, 'x'), RowKind::event, column));
    CHECK(columns_text(story).find("who") != std::string::npos);
}

TEST_CASE("the story of any run closes only brackets that it has opened, and fits its columns") {
    Failure failure = failure_of(R"("main":[])");
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        failure.config.version = model::all_versions()[seed % model::all_versions().size()];
        failure.config.policy = model::all_policies()[seed % model::all_policies().size()];
        const auto profile = static_cast<scenarios::Profile>(seed / 2 % scenarios::kProfiles);
        scenarios::generate(profile, seed, failure.program);
        INFO(scenarios::to_json(failure.program));
        const Story story = tell(failure);
        std::map<std::uint32_t, int> open;
        for (const Row& each : story.rows) {
            REQUIRE(each.column < story.columns.size());
            if (each.kind == RowKind::enter) ++open[each.column];
            if (each.kind == RowKind::leave) CHECK(--open[each.column] >= 0);
        }
        CHECK(story.rows.back().kind == RowKind::end);
        const std::string text = columns_text(story);
        CHECK(lines_of(text) > 1);
        CHECK(text.find(" \n") == std::string::npos);
    }
}

}  // namespace cancelsim::properties
