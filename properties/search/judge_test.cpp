// What is said of programs from public bug reports: bug_reports.cases.jsonl.
#include "properties/search/judge.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "properties/failure/input.h"
#include "properties/failure/replay.h"

namespace cancelsim::properties {

namespace {

struct Expected {
    CaseVerdict verdict;
    std::string_view contract;  ///< among those that are broken; empty where none is
};

/// On 4.13.0 with `narrow`, on 4.14.2 and on 4.15.1.
const std::map<std::string, Expected> kExpected{
    {"start-foreign-cancel", {CaseVerdict::known, "start-handshake"}},
    {"consumed-in-handler", {CaseVerdict::program, "consumed-cancellation"}},
    {"error-lost-in-scope", {CaseVerdict::program, "error-never-seen"}},
    {"consumed-by-retry", {CaseVerdict::program, "consumed-cancellation"}},
    {"failed-exit-host-done", {CaseVerdict::program, "exit-in-wrong-task"}},
    {"wrong-task-exit", {CaseVerdict::program, "exit-in-wrong-task"}},
    {"failed-exit-host-alive", {CaseVerdict::program, "orphaned-scope"}},
    {"exit-in-order-of-entry", {CaseVerdict::program, "exit-out-of-order"}},
    {"generator-left-behind", {CaseVerdict::program, "orphaned-scope"}},
    {"swallow-and-park", {CaseVerdict::program, "swallow-and-park"}},
    {"body-error-lost", {CaseVerdict::known, "errors-arrive"}},
    {"native-lost-through-finally", {CaseVerdict::known, "caught-is-ours"}},
    {"native-in-flight-then-finally", {CaseVerdict::program, "consumed-cancellation"}},
    {"parked-before-cancel", {CaseVerdict::known, "redelivery"}},
    {"two-natives-in-exit", {CaseVerdict::kept, ""}},
};

const std::atomic<bool> kNeverStop{false};

model::Config config_of(std::string_view release, std::string_view policy) {
    return {model::find_version(release), model::find_policy(policy), model::find_python("3.11"), {}};
}

Judged judge_on(const scenarios::Case& program, const model::Config& config) {
    return judge(program, config, release_of(config), JudgeOptions{}, kNeverStop);
}

std::vector<scenarios::Case> bug_reports() {
    return read_case_file(CANCELSIM_SOURCE_DIR "/properties/search/bug_reports.cases.jsonl");
}

scenarios::Case bug_report(std::string_view name) {
    auto all = bug_reports();
    return *std::find_if(all.begin(), all.end(), [&](const scenarios::Case& each) { return each.name == name; });
}

}  // namespace

TEST_CASE("each program from a bug report gets the verdict that it deserves, on each release") {
    const auto programs = bug_reports();
    REQUIRE(programs.size() == kExpected.size());
    for (const model::Config& config :
         {config_of("4.13.0", "narrow"), config_of("4.14.2", "upstream"), config_of("4.15.1", "upstream")}) {
        for (const scenarios::Case& program : programs) {
            CAPTURE(program.name);
            CAPTURE(config.version->name);
            // 4.15's start() has mended that one.
            if (program.name == "start-foreign-cancel" && config.version->start_under_caller) continue;
            const Expected expected = kExpected.at(program.name);
            const Judged judged = judge_on(program, config);
            CHECK(name_of(judged.verdict) == name_of(expected.verdict));
            if (expected.contract.empty()) continue;
            CHECK(std::any_of(judged.failures.begin(), judged.failures.end(), [&](const JudgedFailure& failure) {
                return failure.failure.contract == expected.contract && !failure.happened.empty();
            }));
        }
    }
}

TEST_CASE("start() hands its caller no foreign cancellation from 4.15 on") {
    CHECK(judge_on(bug_report("start-foreign-cancel"), config_of("4.15.1", "upstream")).verdict == CaseVerdict::kept);
}

TEST_CASE("what a policy breaks is new where the release keeps it, and known where the release breaks it too") {
    const auto label_of = [](std::string_view regression, std::string_view policy) {
        const std::string file = CANCELSIM_SOURCE_DIR "/properties/failure/regressions/" + std::string(regression);
        const Judged judged = judge_on(load_failure(file).program, config_of("4.13.0", policy));
        for (const JudgedFailure& failure : judged.failures)
            if (failure.about == About::library) return std::string(name_of(failure.label));
        return std::string("kept");
    };
    CHECK(label_of("v3-livelock.json", "narrow") == "kept");
    CHECK(label_of("v3-livelock.json", "v1") == "new");
    CHECK(label_of("zombie.json", "v1") == "also-upstream");
    CHECK(label_of("zombie.json", "upstream") == "new");
}

TEST_CASE("a failure at a place that is known is news where the release itself keeps the contract") {
    // The switch drops a native cancellation in a group's exit on every such program; the release does so on few.
    model::Config config = config_of("4.14.2", "upstream");
    config.switches.set(model::Bug::wait_for_children_drops_native_cancel);
    const scenarios::Case program = bug_report("two-natives-in-exit");
    const Judged judged = judge(program, config, release_of(config), JudgeOptions{}, kNeverStop);
    REQUIRE_FALSE(judged.failures.empty());
    for (const JudgedFailure& failure : judged.failures) CHECK(failure.label == Label::news);
    CHECK(judged.verdict == CaseVerdict::broken);
}

TEST_CASE("the tokens of a judgement replay") {
    const Judged judged = judge_on(bug_report("wrong-task-exit"), config_of("4.14.2", "upstream"));
    REQUIRE_FALSE(judged.failures.empty());
    for (const JudgedFailure& failure : judged.failures) CHECK_NOTHROW(exact_account_of(failure.failure));
}

}  // namespace cancelsim::properties
