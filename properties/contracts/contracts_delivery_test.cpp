// The contracts of delivery, each on the kernel that must break it and on its twin that keeps it.
#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

#include "model/policies/policy.h"
#include "properties/contracts/runner.h"
#include "scenarios/program/case_json.h"
#include "sim/strategies/random.h"

namespace cancelsim::properties {

namespace {

using model::Bug;
using model::Fix;
using model::Switch;

model::Config kernel(std::string_view version, std::string_view policy, model::Switches switches = {}) {
    model::Config config;
    config.version = model::find_version(version);
    config.policy = model::find_policy(policy);
    config.python = model::find_python("3.11");
    config.switches = switches;
    return config;
}
const model::Config kUpstream413 = kernel("4.13.0", "upstream");
const model::Config kNarrow = kernel("4.13.0", "narrow");
const model::Config kUpstream = kernel("4.14.2", "upstream");
model::Config with(Switch one) { return kernel("4.14.2", "upstream", {one}); }

/// One contract, run on cases in which single quotes stand for double ones.
class Watched {
public:
    explicit Watched(const char* name) : runner_(make_contracts(std::array{std::string(name)})) {}

    /// The place where the contract breaks, or "kept".
    std::string_view on(std::string body, const model::Config& config, sim::Choices* choices = nullptr) {
        for (char& c : body)
            if (c == '\'') c = '"';
        program_ = scenarios::parse_case(R"({"name":"x",)" + body + "}", "test", 1);
        const auto& broken = runner_.run(program_, config, choices);
        return broken.empty() ? "kept" : broken.front()->place().name();
    }
    /// Of the last run, which broke it.
    std::string what_happened() const { return runner_.contracts().front()->what_happened(); }

private:
    Runner runner_;
    scenarios::Case program_;
};

constexpr const char* kZombie =
    "'main':[{'op':'spawn_detached','task':'t','body':[{'op':'enter','name':'s'}]},{'op':'sleep','for':1},"
    "{'op':'cancel','scope':'s'}]";
constexpr const char* kNestedZombie =
    "'main':[{'op':'spawn_detached','task':'t','body':[{'op':'enter','name':'s'},{'op':'enter','name':'inner'}]},"
    "{'op':'sleep','for':1},{'op':'cancel','scope':'s'}]";
constexpr const char* kGroupIsCancelled =
    "'main':[{'op':'group','name':'g','body':[{'op':'spawn','group':'g','task':'t','body':[{'op':'sleep','for':9}]},"
    "{'op':'sleep','for':1},{'op':'cancel','scope':'g'}]}]";
constexpr const char* kStubborn =
    "'main':[{'op':'scope','name':'s','deadline':1,'body':[{'op':'future_wait','future':'f'}]}],"
    "'futures':{'f':{'stubborn':true}}";
constexpr const char* kCancelThenSleep =
    "'main':[{'op':'scope','name':'s','body':[{'op':'cancel','scope':'s'},{'op':'sleep','for':9}]}]";
constexpr const char* kCancelThenCheckpoint =
    "'main':[{'op':'scope','name':'s','body':[{'op':'cancel','scope':'s'},{'op':'checkpoint'}]}]";
constexpr const char* kCancelThenPoll =
    "'main':[{'op':'scope','name':'s','body':[{'op':'cancel','scope':'s'},{'op':'checkpoint_if_cancelled'}]}]";
constexpr const char* kSwallowThenSleep =
    "'main':[{'op':'scope','name':'s','deadline':1,'body':[{'op':'try','body':[{'op':'sleep','for':9}],"
    "'catch':'cancelled'},{'op':'sleep','for':9}]},{'op':'sleep','for':1}]";
constexpr const char* kSwallowTwiceThenWait =
    "'main':[{'op':'scope','name':'s','deadline':1,'body':[{'op':'repeat','times':3,'body':[{'op':'try','body':"
    "[{'op':'event_wait','event':'e'}],'catch':'cancelled'}]},{'op':'future_wait','future':'f'}]}]";
constexpr const char* kSpawnedUnderShield =
    "'main':[{'op':'group','name':'g','body':[{'op':'scope','name':'s','shield':true,'body':[{'op':'cancel','scope':'g'"
    "},"
    "{'op':'spawn','group':'g','task':'t','body':[{'op':'sleep','for':3}]},{'op':'sleep','for':2}]}]}]";
constexpr const char* kSpawnedIntoLeftGroup =
    "'main':[{'op':'group','name':'g','body':[{'op':'group','name':'left','body':[{'op':'spawn','group':'g','task':'a',"
    "'body':[{'op':'spawn','group':'left','task':'b','body':[{'op':'sleep','for':5}]}]}]},{'op':'cancel','scope':'g'},"
    "{'op':'sleep','for':1}]}]";
constexpr const char* kPastDeadline = "'main':[{'op':'scope','name':'s','deadline':0,'body':[{'op':'sleep','for':1}]}]";
constexpr const char* kShielded =
    "'main':[{'op':'scope','name':'s','deadline':1,'body':[{'op':'scope','name':'shield','shield':true,'body':"
    "[{'op':'sleep','for':3}]},{'op':'sleep','for':1}]}]";
constexpr const char* kShieldDropped =
    "'main':[{'op':'scope','name':'s','deadline':1,'body':[{'op':'scope','name':'shield','shield':true,'body':"
    "[{'op':'sleep','for':9}]}]}],'environment':[{'at':3,'do':[{'op':'set_shield','scope':'shield','value':false}]}]";
constexpr const char* kStartIsCancelled =
    "'main':[{'op':'group','name':'g','body':[{'op':'scope','name':'s','deadline':1,'body':[{'op':'start','group':'g',"
    "'task':'t','body':[{'op':'scope','name':'shield','shield':true,'body':[{'op':'sleep','for':3}]},"
    "{'op':'started'}]}]}]}]";
constexpr const char* kDeadlineMovedCloser =
    "'main':[{'op':'scope','name':'s','deadline':5,'body':[{'op':'set_deadline','scope':'s','in':2},{'op':'sleep','for'"
    ":4}]}]";
constexpr const char* kDeadlineSetLate =
    "'main':[{'op':'scope','name':'s','body':[{'op':'set_deadline','scope':'s','in':2},{'op':'event_wait','event':'e'}]"
    "}]";
constexpr const char* kSpawnedAndCancelledAtOnce =
    "'main':[{'op':'group','name':'g','body':[{'op':'spawn','group':'g','task':'t','body':[{'op':'sleep','for':1}]},"
    "{'op':'cancel','scope':'g'}]}]";
constexpr const char* kResultJustCame =
    "'main':[{'op':'scope','name':'s','body':[{'op':'future_wait','future':'f'}]}],"
    "'environment':[{'at':1,'do':[{'op':'future_resolve','future':'f'},{'op':'cancel','scope':'s'}]}]";
constexpr const char* kSharedFuture =
    "'main':[{'op':'group','name':'g','body':[{'op':'spawn','group':'g','task':'t','body':[{'op':'scope','name':'s',"
    "'deadline':1,'body':[{'op':'future_wait','future':'f'}]}]},{'op':'future_wait','future':'f'}]}]";
constexpr const char* kNativeCancelInWakeupWindow =
    "'main':[{'op':'scope','name':'s','body':[{'op':'try','body':[{'op':'future_wait','future':'f'}],'catch':'"
    "cancelled'},"
    "{'op':'sleep','for':9}]}],'environment':[{'at':1,'do':[{'op':'future_resolve','future':'f'},"
    "{'op':'native_cancel','task':'main'},{'op':'cancel','scope':'s'}]}]";
constexpr const char* kShieldRaisedWhilePolling =
    "'main':[{'op':'scope','name':'s','cancel_first':true,'body':[{'op':'scope','name':'inner','body':"
    "[{'op':'checkpoint_if_cancelled'}]}]}],"
    "'environment':[{'at':0,'do':[{'op':'set_shield','scope':'inner','value':true}]}]";

}  // namespace

TEST_CASE("no-rearm-without-live-tasks: a done task keeps the pass of 4.13.0 alive, and nobody else's") {
    Watched contract("no-rearm-without-live-tasks");
    CHECK(contract.on(kZombie, kUpstream413) == "done task");
    CHECK(contract.what_happened() ==
          "The pass of scope `s` at time 1, in iteration 4 scheduled another pass, though of the tasks that the scope "
          "covers none is live: task `t` is done and was never taken out of it. Nothing ends this: a done task cannot "
          "leave its scope.");
    CHECK(contract.on(kNestedZombie, kUpstream413) == "done task in a child scope");
    CHECK(contract.on(kZombie, kernel("4.13.0", "v1")) == "done task");
    CHECK(contract.on(kZombie, kNarrow) == "kept");
    CHECK(contract.on(kNestedZombie, kUpstream) == "kept");
}

TEST_CASE("no-rearm-without-live-tasks: a child that ended an iteration ago may still count as live") {
    Watched contract("no-rearm-without-live-tasks");
    CHECK(contract.on(kGroupIsCancelled, kUpstream413) == "kept");
    // By the events a child whose end was reported is in no scope: only the library's books still have it.
    CHECK(contract.on(kGroupIsCancelled, kernel("4.13.0", "upstream", {Bug::done_task_stays_in_scope})) == "no task");
}

TEST_CASE("no-hot-loop: a done task and a stubborn future spin, each at a place of its own") {
    Watched contract("no-hot-loop");
    CHECK(contract.on(kZombie, kUpstream413) == "done task");
    CHECK(contract.on(kZombie, kNarrow) == "kept");
    CHECK(contract.on(kStubborn, kUpstream) == "stubborn future");
    CHECK(contract.what_happened() ==
          "From iteration 3 to 22, time standing still at 1, only delivery passes ran, and they changed nothing: scope "
          "`s` "
          "schedules its next pass for ever because of task `main`, which waits in statement 1 (`future_wait`) for a "
          "future "
          "that refuses to be cancelled: until it is done nothing can interrupt the task.");
    CHECK(contract.on(kStubborn, kernel("4.14.2", "pr1260")) == "kept");
    CHECK(contract.on(kGroupIsCancelled, kUpstream413) == "kept");
}

TEST_CASE("no-livelock: checkpoint_if_cancelled never leaves its loop where no delivery comes") {
    Watched contract("no-livelock");
    CHECK(contract.on(kCancelThenPoll, kernel("4.13.0", "v3")) == "in checkpoint_if_cancelled");
    CHECK(contract.on(kCancelThenPoll, kernel("4.13.0", "edge")) == "in checkpoint_if_cancelled");
    CHECK(contract.on(kCancelThenPoll, kNarrow) == "kept");
    CHECK(contract.on(kCancelThenPoll, kUpstream) == "kept");
}

TEST_CASE("no-livelock: a shield that is raised meanwhile leaves the polling task without its exception") {
    Watched contract("no-livelock");
    CHECK(contract.on(kShieldRaisedWhilePolling, kUpstream) == "in checkpoint_if_cancelled, no longer cancelled");
    CHECK(contract.on(kShieldRaisedWhilePolling, kernel("4.14.2", "event_driven")) == "kept");
}

TEST_CASE("no-livelock: a group that is cancelled again in every iteration gets nowhere") {
    constexpr const char* kGroupWaitsForShield =
        "'main':[{'op':'scope','name':'s','deadline':1,'body':[{'op':'group','name':'g','body':[{'op':'spawn','group':'"
        "g',"
        "'task':'t','body':[{'op':'scope','name':'shield','shield':true,'body':[{'op':'sleep','for':5}]}]}]}]}]";
    Watched contract("no-livelock");
    CHECK(contract.on(kGroupWaitsForShield, with(Bug::waits_for_children_unshielded)) == "parked in a group's exit");
    CHECK(contract.on(kGroupWaitsForShield, kUpstream) == "kept");
}

TEST_CASE("no-livelock: a long program that goes on is no livelock") {
    Watched contract("no-livelock");
    CHECK(contract.on("'main':[{'op':'repeat','times':500,'body':[{'op':'checkpoint'}]}]", kUpstream) == "kept");
    CHECK(contract.on(kStubborn, kUpstream) == "kept");  // futile iterations are no-hot-loop's
}

TEST_CASE("deferred-self-delivery: the policies that skip the current task without retry forget it") {
    Watched contract("deferred-self-delivery");
    for (const std::string_view policy : {"v1", "v2", "v3", "edge"}) {
        CHECK(contract.on(kCancelThenSleep, kernel("4.13.0", policy)) == "went on when time moved");
        CHECK(contract.on(kCancelThenCheckpoint, kernel("4.13.0", policy)) == "went on after a bare yield");
    }
    for (const std::string_view policy : {"narrow", "pr1260", "ask_waiter", "event_driven"}) {
        CHECK(contract.on(kCancelThenSleep, kernel("4.14.2", policy)) == "kept");
        CHECK(contract.on(kCancelThenCheckpoint, kernel("4.14.2", policy)) == "kept");
    }
}

TEST_CASE("deferred-self-delivery: says who, where and since when") {
    Watched contract("deferred-self-delivery");
    contract.on(kCancelThenCheckpoint, kernel("4.13.0", "v3"));
    CHECK(contract.what_happened() ==
          "The one that called `cancel()` is still to be interrupted: task `main`, which gave way in statement 2 "
          "(`checkpoint`) at time 0, in iteration 1, was not interrupted there but went on as if nothing had happened, "
          "though "
          "it was cancelled by scope `s`. No pass that could have come to it has begun since then.");
}

TEST_CASE("redelivery: what was swallowed comes again, but not on the policies that stop retrying") {
    Watched contract("redelivery");
    for (const std::string_view policy : {"v1", "v2", "v3", "edge"}) {
        CHECK(contract.on(kSwallowThenSleep, kernel("4.13.0", policy)) ==
              (policy == "edge" ? "went on when time moved" : "kept"));
        CHECK(contract.on(kCancelThenSleep, kernel("4.13.0", policy)) == "went on when time moved");
    }
    for (const std::string_view policy : {"narrow", "ask_waiter", "event_driven"}) {
        CHECK(contract.on(kSwallowThenSleep, kernel("4.14.2", policy)) == "kept");
        CHECK(contract.on(kSwallowTwiceThenWait, kernel("4.14.2", policy)) == "kept");
        CHECK(contract.on(kNativeCancelInWakeupWindow, kernel("4.14.2", policy)) == "kept");
    }
    CHECK(contract.on(kNativeCancelInWakeupWindow, kernel("4.14.2", "pr1260")) == "went on when time moved");
}

TEST_CASE("redelivery: a task spawned into a cancelled group is forgotten while the others are shielded") {
    Watched contract("redelivery");
    CHECK(contract.on(kSpawnedUnderShield, kUpstream) == "spawned into a cancelled scope");
    CHECK(contract.what_happened() ==
          "No interruption: task `t` has waited in statement 4 (`sleep`) since iteration 2 (time 0), though it was "
          "cancelled by "
          "scope `g`. No pass that could come to it has begun since then.");
    CHECK(contract.on(kSpawnedUnderShield, kNarrow) == "spawned into a cancelled scope");
    CHECK(contract.on(kSpawnedUnderShield, kernel("4.14.2", "event_driven")) == "kept");
}

TEST_CASE("redelivery: a task spawned into a group that is just being left is beyond cancellation") {
    Watched contract("redelivery");
    CHECK(contract.on(kSpawnedIntoLeftGroup, kUpstream) == "in a scope that was left");
}

TEST_CASE("redelivery: nothing is owed any more where a shield has come up, even in a scope that was left") {
    Watched contract("redelivery");
    const char* program =
        "'main':[{'op':'group','name':'g','body':[{'op':'exit','scope':'g'},"
        "{'op':'spawn','group':'g','task':'t','body':["
        "{'op':'group','name':'inner','body':[{'op':'sleep','for':1}]}]}]}],"
        "'environment':[{'at_iteration':2,'do':[{'op':'set_shield','scope':'inner','value':true}]},"
        "{'at_iteration':1,'do':[{'op':'cancel','scope':'g'}]}]";
    CHECK(contract.on(program, kNarrow) == "kept");
    std::string without_shield = program;
    without_shield.replace(without_shield.find("true"), 4, "false");
    CHECK(contract.on(without_shield, kNarrow) == "in a scope that was left");
}

TEST_CASE("redelivery: the bugs that lost a cancellation are found") {
    Watched contract("redelivery");
    CHECK(contract.on("'main':[{'op':'scope','name':'s','cancel_first':true,'body':[{'op':'sleep','for':1}]}]",
                      with(Bug::entering_delivers_nothing)) == "went on when time moved");
    CHECK(contract.on(kShieldDropped, with(Bug::unshielding_delivers_nothing)) == "went on when time moved");
    CHECK(contract.on("'main':[{'op':'scope','name':'s','deadline':1,'body':[{'op':'future_wait','future':'f'}]}]",
                      with(Bug::skips_bare_futures)) == "parked in future_wait");
    for (const char* program : {kShieldDropped, kShielded, kGroupIsCancelled, kStartIsCancelled})
        CHECK(contract.on(program, kUpstream) == "kept");
}

TEST_CASE("single-flight: entering a scope with a past deadline starts two delivery loops") {
    Watched contract("single-flight");
    CHECK(contract.on(kPastDeadline, kUpstream) == "past deadline");
    CHECK(contract.on(kPastDeadline, kNarrow) == "past deadline");
    CHECK(contract.on(kPastDeadline, with(Fix::enters_with_one_pass)) == "kept");
    for (const char* program : {kShieldDropped, kCancelThenSleep, kGroupIsCancelled, kSwallowTwiceThenWait})
        CHECK(contract.on(program, kUpstream) == "kept");
}

TEST_CASE("single-flight: a scope that is cancelled between two iterations has one delivery loop") {
    struct CancelledFirst : sim::Choices {
        CancelledFirst() : Choices(sim::bit(sim::ChoiceKind::inject), 1) {}
        std::uint32_t choose(const sim::Question& question, std::uint32_t) override {
            return question.position == 0 && question.at == iteration ? 1 : 0;
        }
        std::uint64_t iteration = 0;
    } choices;
    Watched contract("single-flight");
    for (choices.iteration = 1; choices.iteration <= 4; ++choices.iteration)
        for (const model::Config& config : {kUpstream413, kUpstream})
            CHECK(contract.on("'main':[{'op':'group','name':'g','body':[{'op':'spawn','group':'g','task':'t','body':["
                              "{'op':'try','body':[{'op':'sleep','for':9}],'catch':'cancelled'},"
                              "{'op':'sleep','for':9}]}]}]",
                              config, &choices) == "kept");
}

TEST_CASE("shield-holds: no pass goes through a shield, and delivery resumes where one is dropped") {
    Watched contract("shield-holds");
    CHECK(contract.on(kShielded, with(Bug::delivers_into_shielded_scopes)) == "past a shield");
    CHECK(contract.on(kShieldDropped, with(Bug::unshielding_delivers_nothing)) == "went on when time moved");
    for (const char* program : {kShielded, kShieldDropped})
        for (const model::Config& config : {kUpstream413, kNarrow, kUpstream})
            CHECK(contract.on(program, config) == "kept");
}

TEST_CASE("shield-holds: up to 4.13.0 a cancelled start() cancels its child through the child's shield") {
    Watched contract("shield-holds");
    CHECK(contract.on(kStartIsCancelled, kNarrow) == "cancelled start");
    CHECK(contract.what_happened() ==
          "At time 1, in iteration 4, a `start` that was cancelled ended its child, task `t`, by asyncio's own "
          "`cancel()`, "
          "which went through the shield of scope `shield`.");
    CHECK(contract.on(kStartIsCancelled, kUpstream) == "kept");
    CHECK(contract.on(kStartIsCancelled, with(Bug::cancels_started_child_natively)) == "cancelled start");
}

TEST_CASE("deadline: neither early nor late nor never") {
    Watched contract("deadline");
    CHECK(contract.on(kSwallowThenSleep, with(Bug::deadline_comes_early)) == "too early");
    CHECK(contract.on(kDeadlineMovedCloser, with(Bug::moved_deadline_keeps_timer)) == "too late");
    CHECK(contract.on(kDeadlineSetLate, with(Bug::moved_deadline_keeps_timer)) == "no timer");
    CHECK(contract.what_happened() ==
          "Scope `s` has its deadline at time 2, but the run came to rest at time 0 with the scope still active: "
          "nothing was "
          "left that could wake the loop for it.");
    for (const char* program : {kSwallowThenSleep, kDeadlineMovedCloser, kDeadlineSetLate, kPastDeadline, kStubborn})
        CHECK(contract.on(program, kUpstream) == "kept");
}

TEST_CASE("no-spurious-cancel: only who is cancelled, and not who has what he waited for") {
    Watched contract("no-spurious-cancel");
    CHECK(contract.on(kShielded, with(Bug::delivers_into_shielded_scopes)) == "shielded task");
    CHECK(contract.on(kResultJustCame, with(Bug::cancels_woken_task)) == "wait that is over");
    for (const char* program : {kShielded, kResultJustCame, kGroupIsCancelled, kStartIsCancelled})
        for (const model::Config& config : {kNarrow, kUpstream}) CHECK(contract.on(program, config) == "kept");
}

TEST_CASE("no-spurious-cancel: a future that two tasks share cancels the other one, which is asyncio's doing") {
    Watched contract("no-spurious-cancel");
    CHECK(contract.on(kSharedFuture, kUpstream) == "kept");
}

TEST_CASE("not-before-start: a pass waits until a task has begun to run") {
    Watched contract("not-before-start");
    CHECK(contract.on(kSpawnedAndCancelledAtOnce, with(Bug::cancels_before_start)) == "task that has not started");
    CHECK(contract.on(kSpawnedAndCancelledAtOnce, kUpstream413) == "kept");
    CHECK(contract.on(kSpawnedAndCancelledAtOnce, kUpstream) == "kept");
}

TEST_CASE("no order of sets, timers or ready handles makes a contract of delivery cry wolf") {
    for (const char* name : {"deadline", "deferred-self-delivery", "no-livelock", "no-rearm-without-live-tasks",
                             "no-spurious-cancel", "not-before-start", "redelivery", "shield-holds"}) {
        Watched contract(name);
        sim::RandomChoices choices(sim::kAdversarialKinds);
        for (const char* program :
             {kGroupIsCancelled, kCancelThenSleep, kCancelThenCheckpoint, kCancelThenPoll, kSwallowTwiceThenWait,
              kShieldDropped, kResultJustCame, kNativeCancelInWakeupWindow}) {
            for (std::uint64_t seed = 0; seed < 20; ++seed) {
                choices.begin(seed);
                CAPTURE(name);
                CAPTURE(program);
                CAPTURE(seed);
                CHECK(contract.on(program, kUpstream, &choices) == "kept");
            }
        }
    }
}

}  // namespace cancelsim::properties
