// The named scenarios, each with what must be seen of it: see scenarios/recorded/named/README.md.
#include <doctest/doctest.h>

#include <climits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "properties/contracts/runner.h"
#include "properties/failure/input.h"
#include "properties/failure/label.h"

namespace cancelsim::properties {

namespace {

using Names = std::set<std::string_view>;

/// How often a piece of text must occur in a trace.
struct Fact {
    std::string_view text;
    int at_least = 1;
    int at_most = INT_MAX;
};
constexpr Fact has(std::string_view text) { return {text}; }
constexpr Fact never(std::string_view text) { return {text, 0, 0}; }
constexpr Fact at_least(int count, std::string_view text) { return {text, count}; }

int count(std::string_view trace, std::string_view text) {
    int found = 0;
    for (auto at = trace.find(text); at != std::string_view::npos; at = trace.find(text, at + 1)) ++found;
    return found;
}

bool shows(std::string_view trace, const std::vector<Fact>& facts) {
    for (const Fact& fact : facts) {
        const int found = count(trace, fact.text);
        if (found < fact.at_least || found > fact.at_most) return false;
    }
    return true;
}

/// What the first pass of `scope` did: + it re-armed, - it did not, ? there was none.
char first_pass(std::string_view trace, std::string_view scope) {
    const auto at = trace.find("\"deliver\",\"" + std::string(scope) + "\",[");
    if (at == std::string_view::npos) return '?';
    return trace.substr(trace.find("],", at) + 2).starts_with("true") ? '+' : '-';
}

/// By what a policy is told: whether it re-arms for the current task, for a parked task that it has just cancelled, for
/// a task with a cancellation pending, for a done one.
const std::map<std::string_view, std::string_view> kBehaviour = {
    {"upstream", "++++"}, {"v1", "-+++"},     {"v2", "-+-+"},   {"v3", "-+--"},
    {"narrow", "+++-"},   {"pr1260", "++--"}, {"edge", "----"},
};

std::string behaviour(std::string_view trace) {
    return {first_pass(trace, "current"), first_pass(trace, "live"), first_pass(trace, "pending"),
            first_pass(trace, "done")};
}

/// What must be seen of each of the ten, whatever the policy; for the other two see `passes`.
const std::map<std::string_view, std::vector<Fact>> kTheTen = {
    {"policy-chosen", {}},
    {"choosing-twice", {at_least(1, R"("task_end","child","cancelled",1])")}},
    {"fail-after-raises",
     {has(R"("scope_exit","main","s",true,true,"TimeoutError")"), has(R"("caught","main",0,"TimeoutError")")}},
    {"move-on-after-catches",
     {has(R"("scope_exit","main","s",true,true,"ok")"), has("moved on"), never("not interrupted")}},
    {"group-cancels-children",
     {has(R"("task_end","sleeper","cancelled")"), has(R"("task_end","waiter","cancelled")"),
      has(R"("group_exit","main","g",true,)"), has(R"("task_end","main","ok")")}},
    {"self-cancel-then-sleep", {has(R"("await","main",2,"cancelled")"), never("not interrupted")}},
    {"own-group-then-sleep", {has(R"("await","main",2,"cancelled")"), never("not interrupted")}},
    {"swallowed-comes-again", {at_least(3, R"("caught","child",3,"cancelled")")}},
    {"done-task-does-not-rearm", {has(R"("verdict":"quiescent")"), has(R"("hot":0)"), has(R"("armed":[])")}},
    {"done-beside-live-rearms", {at_least(2, R"("caught","live",4,"cancelled")")}},
};

/// Runs named scenarios on one kernel under one policy.
class Scenarios {
public:
    Scenarios(std::string_view kernel, std::string_view policy) : runner_(make_contracts()) {
        config_.version = model::find_version(kernel);
        config_.policy = model::find_policy(policy);
        config_.python = model::find_python("3.11");
    }

    const std::string& trace(const scenarios::Case& program) {
        runner_.run_traced(program, config_, nullptr);
        return runner_.trace();
    }

    Names broken(const scenarios::Case& program) {
        Names names;  // of string literals: they outlive the runner
        for (const Contract* contract : runner_.run_traced(program, config_, nullptr)) names.insert(contract->name());
        return names;
    }

    /// The same, less what is a known finding.
    Names newly_broken(const scenarios::Case& program) {
        Names names;
        Labeller labeller;
        for (const Contract* contract : runner_.run_traced(program, config_, nullptr)) {
            const Failure failure{config_, program, {}, std::string(contract->name())};
            if (labeller.label(failure, contract->place(), config_).label == Label::news)
                names.insert(contract->name());
        }
        return names;
    }

    bool passes(const scenarios::Case& program) {
        const std::string once = trace(program);
        if (program.name == "policy-chosen") return behaviour(once) == kBehaviour.at(config_.policy->name);
        if (program.name == "choosing-twice") {
            // A pass that wrapped itself a second time would cancel its task twice.
            model::Config again = config_;
            again.policy = model::find_policy(config_.policy->name);
            runner_.run_traced(program, again, nullptr);
            if (runner_.trace() != once) return false;
        }
        return shows(once, kTheTen.at(program.name));
    }

private:
    Runner runner_;
    model::Config config_;
};

std::vector<scenarios::Case> read_named(const std::string& file) {
    return read_case_file(CANCELSIM_SOURCE_DIR "/scenarios/recorded/named/" + file);
}

Names failing(std::string_view kernel, std::string_view policy) {
    static const auto the_ten = read_named("the-ten.cases.jsonl");
    CHECK(the_ten.size() == kTheTen.size());
    Scenarios run(kernel, policy);
    Names names;
    for (const scenarios::Case& program : the_ten)
        if (!run.passes(program)) names.insert(program.name);
    return names;
}

/// What production met, on which kernels and policies it breaks which contracts, and what is seen of it on every one.
struct Incident {
    Names upstream_4_13_0;
    Names narrow;
    Names upstream_4_14_2;
    std::vector<Fact> always;
};
const Names kZombie = {"no-hot-loop", "no-rearm-without-live-tasks"};
const std::map<std::string_view, Incident> kProduction = {
    {"three-zombies", {kZombie, {}, {}, {at_least(3, "heartbeat")}}},
    {"done-host", {kZombie, {}, {}, {has(R"("task_end","t","ok")")}}},
    {"done-host-of-a-group", {kZombie, {}, {}, {has(R"("task_end","t","ok")")}}},
    {"cross-task-exit",
     {kZombie, {}, {}, {has(R"("raised","main",7,"RuntimeError")"), at_least(5, R"("caught","a",3,"cancelled")")}}},
    {"first-in-first-out",
     {kZombie, {}, {}, {has(R"("await","main",3,"RuntimeError")"), at_least(3, R"("caught","main",8,"cancelled")")}}},
    {"nested-abandon", {kZombie, {}, {}, {has(R"("task_end","t","ok")")}}},
    // The group's wait was cancelled, its task went on to its end: #1069.
    {"swallow-and-park-again",
     {{"group-outcome"}, {"group-outcome"}, {"group-outcome"}, {at_least(100, R"("caught","t",3,"cancelled")")}}},
    {"stubborn", {{"no-hot-loop"}, {"no-hot-loop"}, {"no-hot-loop"}, {has(R"("verdict":"spin")")}}},
};

}  // namespace

TEST_CASE("the ten regression tests pass with the narrow patch") {
    CHECK(failing("4.13.0", "narrow") == Names{});
    CHECK(failing("4.14.2", "narrow") == Names{});
}

TEST_CASE("the wide patch fails the three that it failed") {
    CHECK(failing("4.13.0", "v3") == Names{"own-group-then-sleep", "self-cancel-then-sleep", "swallowed-comes-again"});
}

TEST_CASE("the release without a patch fails the zombie alone") {
    CHECK(failing("4.13.0", "upstream") == Names{"done-task-does-not-rearm"});
}

TEST_CASE("the first two patches and no retry at all fail more than one, and pull 1260 none") {
    const Names lost = {"own-group-then-sleep", "self-cancel-then-sleep", "swallowed-comes-again"};
    Names with_zombie = lost;
    with_zombie.insert("done-task-does-not-rearm");
    Names with_live_one = lost;
    with_live_one.insert("done-beside-live-rearms");
    CHECK(failing("4.13.0", "v1") == with_zombie);
    CHECK(failing("4.13.0", "v2") == with_zombie);
    CHECK(failing("4.13.0", "edge") == with_live_one);
    CHECK(failing("4.13.0", "pr1260") == Names{});
}

TEST_CASE("no two policies of the table behave alike in the scenario that tells them apart") {
    std::set<std::string_view> behaviours;
    for (const auto& [policy, marks] : kBehaviour) CHECK(behaviours.insert(marks).second);
}

TEST_CASE("where one of the ten fails a contract is broken that says why") {
    std::map<std::string, Names> wide;
    std::map<std::string, Names> unpatched;
    for (const scenarios::Case& program : read_named("the-ten.cases.jsonl")) {
        CAPTURE(program.name);
        CHECK(Scenarios("4.13.0", "narrow").newly_broken(program) == Names{});
        wide[program.name] = Scenarios("4.13.0", "v3").broken(program);
        unpatched[program.name] = Scenarios("4.13.0", "upstream").broken(program);
    }
    CHECK(wide["own-group-then-sleep"].contains("deferred-self-delivery"));
    CHECK(wide["self-cancel-then-sleep"].contains("deferred-self-delivery"));
    CHECK(wide["swallowed-comes-again"].contains("redelivery"));
    CHECK(unpatched["done-task-does-not-rearm"] == kZombie);
}

TEST_CASE("what production met breaks the contracts that it should, on each release and with the patch") {
    const auto programs = read_named("production.cases.jsonl");
    CHECK(programs.size() == kProduction.size());
    for (const scenarios::Case& program : programs) {
        CAPTURE(program.name);
        const Incident& incident = kProduction.at(program.name);
        CHECK(Scenarios("4.13.0", "upstream").broken(program) == incident.upstream_4_13_0);
        CHECK(Scenarios("4.13.0", "narrow").broken(program) == incident.narrow);
        CHECK(Scenarios("4.14.2", "upstream").broken(program) == incident.upstream_4_14_2);
        for (const char* policy : {"upstream", "narrow"})
            CHECK(shows(Scenarios("4.13.0", policy).trace(program), incident.always));
    }
}

TEST_CASE("three zombie scopes spin side by side while the program lives on, and with the patch none does") {
    const scenarios::Case program = read_named("production.cases.jsonl").front();
    REQUIRE(program.name == "three-zombies");
    CHECK(shows(Scenarios("4.13.0", "upstream").trace(program),
                {has(R"("verdict":"spin")"), has(R"("armed":["g1","g2","g3"])")}));
    CHECK(shows(Scenarios("4.13.0", "narrow").trace(program),
                {has(R"("verdict":"quiescent")"), has(R"("hot":0)"), has(R"("armed":[])")}));
}

}  // namespace cancelsim::properties
