// The contracts that presuppose blocks, and the canary. Each catches the bug that is its witness, and holds on the
// twin: the same program without the bug. What the released library breaks is here too, next to a program in which it
// does not.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "model/kernel.h"
#include "properties/contracts/monitor.h"
#include "properties/contracts/told_run_testing.h"
#include "scenarios/program/case_json.h"

using namespace cancelsim;

namespace {

using model::Bug;
using model::Fix;
using model::Switch;

model::Config kernel(std::string_view version, std::string_view policy, model::Switches switches) {
    return {model::find_version(version), model::find_policy(policy), model::find_python("3.11"), switches};
}
/// 4.13.0 with the one-line patch, and 4.14.2 as it was released: the kernels that are meant to be sound.
model::Config narrow(model::Switches switches = {}) { return kernel("4.13.0", "narrow", switches); }
model::Config upstream(model::Switches switches = {}) { return kernel("4.14.2", "upstream", switches); }
model::Config event_driven() { return kernel("4.14.2", "event_driven", {}); }
model::Config policy(std::string_view name) { return kernel("4.13.0", name, {}); }

struct Result {
    std::string place;  ///< empty where the contract holds
    std::string what_happened;
};

/// Runs a case in the ordinary order, `main` and the rest given as JSON.
Result run(std::string_view contract, const model::Config& config, std::string_view body) {
    const auto program = scenarios::parse_case("{\"name\":\"test\"," + std::string(body) + "}", "test", 1);
    const std::string names[]{std::string(contract)};
    properties::Monitor monitor(properties::make_contracts(names));
    scenarios::Interpreter interpreter;
    properties::ModelRunInfo info(interpreter);
    interpreter.prepare(program, config, nullptr);
    monitor.begin(info);
    interpreter.run();
    monitor.end();
    if (monitor.broken().empty()) return {};
    const properties::Contract& broken = *monitor.broken().front();
    return {std::string(broken.place()), broken.what_happened()};
}

std::string place(std::string_view contract, const model::Config& config, std::string_view body) {
    return run(contract, config, body).place;
}

bool holds(std::string_view contract, std::string_view body) {
    return place(contract, narrow(), body).empty() && place(contract, upstream(), body).empty();
}

/// Whether the switch breaks it at `where` on both releases, and neither breaks it without.
bool catches(std::string_view contract, Switch one, std::string_view where, std::string_view body) {
    return place(contract, narrow({one}), body) == where && place(contract, upstream({one}), body) == where &&
           holds(contract, body);
}

// Two cancelled scopes, one in the other, around one wait.
constexpr std::string_view kNested = R"("main":[{"op":"scope","name":"outer","body":[
    {"op":"scope","name":"inner","body":[{"op":"sleep","for":9}]},{"op":"checkpoint"}]}],
    "environment":[{"at":1,"do":[{"op":"cancel","scope":"inner"},{"op":"cancel","scope":"outer"}]}])";

// A group that is cancelled while a child is still busy under a shield.
constexpr std::string_view kBusyChild = R"("main":[{"op":"group","name":"g","body":[
    {"op":"spawn","group":"g","task":"child","body":[
        {"op":"scope","name":"s","shield":true,"body":[{"op":"sleep","for":5}]}]}]},
    {"op":"checkpoint"}],"environment":[{"at":1,"do":[{"op":"cancel","scope":"g"}]}])";

// The host of a group is cancelled natively while it waits for a child.
constexpr std::string_view kNativeInExit = R"("main":[{"op":"group","name":"g","body":[
    {"op":"spawn","group":"g","task":"child","body":[{"op":"sleep","for":5}]}]}],
    "environment":[{"at":1,"do":[{"op":"native_cancel","task":"main"}]}])";

// A start is cancelled while its child, under a shield, has not called started().
constexpr std::string_view kCancelledStart = R"("main":[{"op":"group","name":"g","body":[
    {"op":"scope","name":"s","body":[{"op":"start","group":"g","task":"child","body":[
        {"op":"scope","name":"busy","shield":true,"body":[{"op":"sleep","for":5}]}]}]},
    {"op":"sleep","for":1}]}],
    "environment":[{"at":1,"do":[{"op":"cancel","scope":"s"}]}])";

// A child spawns into an inner group of its host, in the very iteration in which that group is left.
constexpr std::string_view kLastCheckpoint = R"("main":[{"op":"group","name":"outer","body":[
    {"op":"group","name":"g","body":[{"op":"spawn","group":"outer","task":"sibling","body":[
        {"op":"spawn","group":"g","task":"late","body":[{"op":"sleep","for":5},{"op":"raise","error":"E"}]}]}]}]}])";

}  // namespace

TEST_CASE("the canary breaks as soon as anything is awaited, and only when it is asked for") {
    CHECK(place("canary", upstream(), R"("main":[{"op":"checkpoint"}])") == "await");
    CHECK(place("canary", upstream(), R"("main":[{"op":"note","text":"n"}])").empty());
    for (const auto& contract : properties::make_contracts()) CHECK(contract->name() != "canary");
}

TEST_CASE("an unknown contract is refused by its name") {
    const std::string names[]{"group-joins", "groupjoins"};
    CHECK_THROWS_WITH_AS(properties::make_contracts(names), "no contract is called `groupjoins`",
                         std::invalid_argument);
}

TEST_CASE("group-joins catches a group that is left before its tasks") {
    CHECK(catches("group-joins", Bug::cancelled_wait_leaves_children, "live task", kBusyChild));
}

TEST_CASE("group-joins catches a task that is taken in after the group was left") {
    constexpr std::string_view late = R"("main":[{"op":"group","name":"g","body":[]},
        {"op":"try","body":[{"op":"spawn","group":"g","task":"late","body":[]}],"catch":"error"}])";
    CHECK(catches("group-joins", Bug::left_group_takes_tasks, "spawned in a group that was left", late));
}

TEST_CASE("group-joins catches an exit that is cancelled while its tasks are not") {
    CHECK(catches("group-joins", Bug::native_cancel_spares_children, "wait was cancelled, its tasks were not",
                  kNativeInExit));
}

TEST_CASE("group-joins catches a group whose exit is no schedule point") {
    constexpr std::string_view empty = R"("main":[{"op":"group","name":"g","body":[]}])";
    CHECK(catches("group-joins", Bug::empty_group_does_not_yield, "left without a schedule point", empty));
}

TEST_CASE("group-joins: every release leaves behind what is spawned in the last checkpoint of an empty group") {
    constexpr std::string_view known = "spawned in the last checkpoint of an empty group";
    CHECK(place("group-joins", narrow(), kLastCheckpoint) == known);
    CHECK(place("group-joins", upstream(), kLastCheckpoint) == known);
    CHECK(
        run("group-joins", upstream(), kLastCheckpoint).what_happened ==
        "Group `g` was left at time 0, in iteration 2, while its task `late`, which was spawned at time 0, in "
        "iteration 2, "
        "was not done. When the group's exit began it had no task to wait for. It only made a checkpoint, in which the "
        "task was spawned, and did not look again.");
    // A group that waits for any task at all looks again.
    CHECK(holds("group-joins", R"("main":[{"op":"group","name":"outer","body":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"first","body":[]},
        {"op":"spawn","group":"outer","task":"sibling","body":[
            {"op":"spawn","group":"g","task":"late","body":[{"op":"sleep","for":5}]}]}]}]}])"));
}

TEST_CASE("group-joins: 4.13.0 takes tasks into a group whose last checkpoint was cancelled natively") {
    constexpr std::string_view body = R"("main":[{"op":"group","name":"outer","body":[
        {"op":"try","body":[{"op":"group","name":"g","body":[{"op":"native_cancel","task":"main"}]}],"catch":"cancelled"},
        {"op":"spawn","group":"g","task":"late","body":[{"op":"sleep","for":5}]}]}])";
    CHECK(place("group-joins", narrow(), body) == "spawned in a group that was left");
    CHECK(place("group-joins", upstream(), body).empty());
}

TEST_CASE("clean-exit catches a done task that stays in its scope") {
    constexpr std::string_view body = R"("main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"child","body":[]}]},{"op":"sleep","for":1}])";
    CHECK(catches("clean-exit", Bug::done_task_stays_in_scope, "done task", body));
}

TEST_CASE("clean-exit catches a live task that a left scope still holds, and tells how it came there") {
    CHECK(catches("clean-exit", Bug::cancelled_wait_leaves_children, "live task", kBusyChild));
    constexpr std::string_view known = "task spawned as its group was left";
    CHECK(place("clean-exit", narrow(), kLastCheckpoint) == known);
    CHECK(place("clean-exit", upstream(), kLastCheckpoint) == known);
}

TEST_CASE("clean-exit: dropping the shield of a scope that was left runs a pass and schedules none") {
    CHECK(holds("clean-exit", R"("main":[{"op":"scope","name":"outer","body":[
        {"op":"scope","name":"inner","shield":true,"body":[]}]},{"op":"sleep","for":2}],
        "environment":[{"at":1,"do":[{"op":"cancel","scope":"outer"},
            {"op":"set_shield","scope":"inner","value":false}]}])"));
}

TEST_CASE("caught-is-ours catches a scope that swallows what a scope around it still has to catch") {
    CHECK(
        catches("caught-is-ours", Bug::swallows_without_asking_parent, "swallowed though cancelled outside", kNested));
}

TEST_CASE("caught-is-ours catches a shielded scope that does not swallow its own") {
    CHECK(catches("caught-is-ours", Bug::asks_parent_despite_shield, "did not swallow its own", R"("main":[
        {"op":"scope","name":"outer","cancel_first":true,"body":[
            {"op":"scope","name":"inner","shield":true,"deadline":1,"body":[{"op":"sleep","for":9}]}]}])"));
}

TEST_CASE("caught-is-ours catches a scope that does not know its own once it was replaced") {
    CHECK(catches("caught-is-ours", Bug::looks_at_own_message_only, "did not swallow its own", R"("main":[
        {"op":"scope","name":"s","deadline":1,"body":[
            {"op":"try","body":[{"op":"sleep","for":9}],"catch":"cancelled","then":"raise_cancelled"}]}])"));
}

TEST_CASE("caught-is-ours catches a scope that passes on what it caught") {
    CHECK(place("caught-is-ours", upstream({Bug::passes_on_after_native_cancel}),
                R"("main":[{"op":"scope","name":"s","body":[
        {"op":"try","body":[{"op":"sleep","for":1}],"catch":"cancelled"},{"op":"sleep","for":9}]}],
        "environment":[{"at":0,"do":[{"op":"native_cancel","task":"main"}]},{"at":2,"do":[{"op":"cancel","scope":"s"}]}])") ==
          "did not swallow its own");
}

TEST_CASE("caught-is-ours catches a native cancellation that is lost in the exit of a group") {
    CHECK(catches("caught-is-ours", Bug::wait_for_children_drops_native_cancel, "native dropped in a group's exit",
                  kNativeInExit));
}

TEST_CASE("caught-is-ours catches a TimeoutError before its time") {
    CHECK(catches("caught-is-ours", Bug::fail_after_raises_for_any_cancel, "wrong TimeoutError", R"("main":[
        {"op":"fail_after","name":"s","delay":9,"body":[{"op":"cancel","scope":"s"},{"op":"checkpoint"}]}])"));
    // One that comes from further in is none of the scope's.
    CHECK(holds("caught-is-ours", R"("main":[{"op":"fail_after","name":"outer","delay":9,"body":[
        {"op":"fail_after","name":"inner","delay":1,"body":[{"op":"sleep","for":5}]}]}])"));
}

TEST_CASE("caught-is-ours catches a fail_after that catches its deadline's cancellation and raises nothing") {
    namespace events = properties::events;
    const auto program = scenarios::parse_case(
        R"({"name":"c","main":[{"op":"fail_after","name":"s","delay":1,"body":[]},{"op":"scope","name":"t","body":[]}]})",
        "test", 1);
    const sim::Error ours{.kind = sim::ErrorKind::cancelled, .message = 1};
    const auto left_at = [&](sim::Time now, std::uint32_t statement) {
        properties::ToldRun told("caught-is-ours", &program);
        told.at(statement).began(1, 0);
        told.tell(events::ScopeEntered{0, 0, false, model::Purpose::program, 1});
        told.began(2, now).tell(events::ScopeCancelled{0, {sim::By::Kind::deadline, sim::kNobody, 0}});
        told.tell(events::ScopeLeft{0, 0, &ours, true, true, 0}).tell(events::ScopeBlockLeft{0, 0, nullptr});
        return told.place();
    };
    CHECK(left_at(1, 0) == "no TimeoutError");
    CHECK(left_at(2, 0) == "no TimeoutError");
    CHECK(left_at(0, 0).empty());  // it was cancelled before
    CHECK(left_at(1, 1).empty());  // a scope with a deadline raises nothing
}

TEST_CASE("shield-holds catches a shielded checkpoint that has no shield") {
    namespace events = properties::events;
    const auto cancelled_in = [](sim::WaitKind wait) {
        properties::ToldRun told("shield-holds");
        told.tell(events::ScopeEntered{0, 0, false, model::Purpose::program, sim::kInfinity});
        told.tell(events::ScopeCancelled{0, {sim::By::Kind::program, 0, sim::kNoObject}}).waits(0, wait);
        told.cancelled(0, {sim::By::Kind::scope, sim::kNobody, 0});
        return told.place();
    };
    CHECK(cancelled_in(sim::WaitKind::shielded_checkpoint) == "in a shielded checkpoint");
    CHECK(cancelled_in(sim::WaitKind::yield).empty());
}

TEST_CASE("caught-is-ours: every release swallows a native cancellation that asyncio folds into a scope's own") {
    constexpr std::string_view folded = R"("main":[{"op":"scope","name":"s","body":[{"op":"sleep","for":5}]},
        {"op":"checkpoint"}],
        "environment":[{"at":1,"do":[{"op":"cancel","scope":"s"},{"op":"native_cancel","task":"main"}]}])";
    CHECK(place("caught-is-ours", narrow(), folded) == "native folded into ours");
    CHECK(place("caught-is-ours", upstream(), folded) == "native folded into ours");
    CHECK(place("caught-is-ours", upstream({Fix::asks_again_for_native_cancel}), folded).empty());
    // The other way round the native one is thrown, and the scope asks again.
    CHECK(holds("caught-is-ours", R"("main":[{"op":"scope","name":"s","body":[{"op":"sleep","for":5}]}],
        "environment":[{"at":1,"do":[{"op":"native_cancel","task":"main"},{"op":"cancel","scope":"s"}]}])"));
}

TEST_CASE("caught-is-ours: every release swallows a native cancellation that hits the exit of a cancelled group") {
    constexpr std::string_view body = R"("main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"child","body":[
            {"op":"scope","name":"s","shield":true,"body":[{"op":"sleep","for":5}]}]},
        {"op":"sleep","for":9}]}],
        "environment":[{"at":1,"do":[{"op":"cancel","scope":"g"}]},{"at":2,"do":[{"op":"native_cancel","task":"main"}]}])";
    CHECK(place("caught-is-ours", narrow(), body) == "native with ours as its context");
    CHECK(place("caught-is-ours", upstream(), body) == "native with ours as its context");
    CHECK(place("caught-is-ours", upstream({Fix::asks_again_for_native_cancel}), body).empty());
}

TEST_CASE("caught-is-ours: a native request is over once the program has taken it back, but for a later one") {
    const auto taken_back = [](std::string_view then) {
        return R"("main":[{"op":"scope","name":"s","body":[
            {"op":"try","body":[{"op":"cancel","scope":"s"},{"op":"checkpoint"}],"finally":[
              {"op":"try","body":[{"op":"native_cancel","task":"main"},{"op":"checkpoint"}],"catch":"cancelled",
               "handler":[)" +
               std::string(then) + R"(],"then":"reraise"}]}]}])";
    };
    const std::string_view where = "native with ours as its context";
    CHECK(place("caught-is-ours", event_driven(), taken_back(R"({"op":"note","text":"kept"})")) == where);
    CHECK(place("caught-is-ours", event_driven(), taken_back(R"({"op":"uncancel"})")).empty());
    CHECK(place("caught-is-ours", event_driven(), taken_back(R"({"op":"uncancel"},{"op":"native_cancel","task":"main"},
        {"op":"checkpoint"})")) == where);
    // Who has taken back what only a scope asked for has made all counts wrong.
    CHECK(place("caught-is-ours", event_driven(), taken_back(R"({"op":"uncancel"},{"op":"uncancel"},
        {"op":"native_cancel","task":"main"},{"op":"checkpoint"})"))
              .empty());
}

TEST_CASE("uncancel-balance catches a scope that undoes its requests too early, too late or never") {
    CHECK(catches("uncancel-balance", Bug::uncancels_what_travels_on, "undone too much", kNested));
    CHECK(catches("uncancel-balance", Bug::hands_parent_no_cancels, "left over", kNested));
    CHECK(catches("uncancel-balance", Bug::uncancels_nothing, "left over", R"("main":[
        {"op":"scope","name":"s","deadline":1,"body":[{"op":"sleep","for":9}]}])"));
}

// The host of a group has been cancelled natively before: that is to stay on its count.
constexpr std::string_view kNativeCount = R"("main":[
    {"op":"try","body":[{"op":"native_cancel","task":"main"},{"op":"checkpoint"}],"catch":"cancelled"},
    {"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"child","body":[{"op":"sleep","for":9}]},
        {"op":"checkpoint"},{"op":"cancel","scope":"g"}]}])";

TEST_CASE("uncancel-balance catches a group that undoes on its host what it did to its children") {
    CHECK(catches("uncancel-balance", Bug::uncancels_for_all_tasks, "undone too much", kNativeCount));
}

TEST_CASE("uncancel-balance: every release undoes on a group's host what a scope of a child left undone") {
    constexpr std::string_view body = R"("main":[
        {"op":"try","body":[{"op":"native_cancel","task":"main"},{"op":"checkpoint"}],"catch":"cancelled"},
        {"op":"group","name":"g","body":[
            {"op":"spawn","group":"g","task":"child","body":[
                {"op":"scope","name":"s","deadline":1,"body":[{"op":"sleep","for":9}]}]},
            {"op":"sleep","for":9}]}],
        "environment":[{"at":1,"do":[{"op":"cancel","scope":"s"},{"op":"cancel","scope":"g"}]}])";
    constexpr std::string_view known = "undone too much, carried from a child";
    CHECK(place("uncancel-balance", narrow(), body) == known);
    CHECK(place("uncancel-balance", upstream(), body) == known);
}

TEST_CASE("uncancel-balance: the fix of F9 keeps a native request to a group's host") {
    constexpr std::string_view body = R"("main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"t","body":[{"op":"scope","name":"s","body":[
            {"op":"cancel","scope":"s"},{"op":"checkpoint"}]}]},
        {"op":"native_cancel","task":"main"}]}])";
    CHECK(place("uncancel-balance", upstream(), body) == "undone too much, carried from a child");
    CHECK(place("uncancel-balance", narrow({Fix::hands_cancels_to_same_host_only}), body).empty());
    CHECK(place("uncancel-balance", upstream({Fix::hands_cancels_to_same_host_only}), body).empty());
}

TEST_CASE("uncancel-balance looks away where a task does its own accounting") {
    CHECK(holds("uncancel-balance", R"("main":[{"op":"scope","name":"s","body":[
        {"op":"try","body":[{"op":"native_cancel","task":"main"},{"op":"checkpoint"}],"catch":"cancelled"},
        {"op":"uncancel"}]}])"));
}

TEST_CASE("errors-arrive catches an error that its group drops") {
    CHECK(catches("errors-arrive", Bug::drops_error_after_cancel, "left out of the group", R"("main":[
        {"op":"group","name":"g","body":[
            {"op":"spawn","group":"g","task":"child","body":[
                {"op":"try","body":[{"op":"sleep","for":9}],"finally":[{"op":"raise","error":"E"}]}]},
            {"op":"checkpoint"},{"op":"cancel","scope":"g"}]}])"));
}

TEST_CASE("errors-arrive: what a child raises before started() is for the caller of start, who may handle it") {
    CHECK(holds("errors-arrive", R"("main":[{"op":"group","name":"g","body":[{"op":"try","body":[
        {"op":"start","group":"g","task":"child","body":[{"op":"raise","error":"E"}]}],"catch":"error"}]}])"));
}

TEST_CASE("errors-arrive: 4.14.2 loses the error of a child that a cancelled start has ended, 4.13.0 raises it") {
    constexpr std::string_view body = R"("main":[{"op":"group","name":"g","body":[
        {"op":"start","group":"g","task":"child","body":[
            {"op":"try","body":[{"op":"sleep","for":9}],"finally":[{"op":"raise","error":"E"}]}]}]}],
        "environment":[{"at":1,"do":[{"op":"cancel","scope":"g"}]}])";
    CHECK(place("errors-arrive", narrow(), body).empty());
    CHECK(place("errors-arrive", upstream(), body) == "ended by a cancelled start");
}

TEST_CASE("errors-arrive: 4.14.2 loses an error on its way to a start that is cancelled natively") {
    constexpr std::string_view body = R"("main":[{"op":"group","name":"g","body":[
        {"op":"start","group":"g","task":"child","body":[{"op":"raise","error":"E"}]}]}],
        "environment":[{"at_iteration":3,"do":[{"op":"native_cancel","task":"main"}]}])";
    CHECK(place("errors-arrive", narrow(), body).empty());
    CHECK(place("errors-arrive", upstream(), body) == "start was cancelled as the child failed");
}

TEST_CASE("errors-arrive: 4.13.0 raises an error twice where a start is cancelled natively after started()") {
    constexpr std::string_view body = R"("main":[{"op":"group","name":"g","body":[
        {"op":"start","group":"g","task":"child","body":[{"op":"started"},{"op":"raise","error":"E"}]}]}],
        "environment":[{"at_iteration":2,"do":[{"op":"native_cancel","task":"main"}]}])";
    CHECK(place("errors-arrive", narrow(), body) == "twice in the group");
    CHECK(place("errors-arrive", upstream(), body).empty());
}

TEST_CASE("errors-arrive: every release forgets its errors where a group's last checkpoint is cancelled natively") {
    constexpr std::string_view body = R"("main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"child","body":[{"op":"raise","error":"E"}]},
        {"op":"try","body":[{"op":"sleep","for":1}],"catch":"cancelled"}]}],
        "environment":[{"at_iteration":4,"do":[{"op":"native_cancel","task":"main"}]}])";
    CHECK(place("errors-arrive", narrow(), body) == "group's exit was cancelled");
    CHECK(place("errors-arrive", upstream(), body) == "group's exit was cancelled");
}

TEST_CASE("errors-arrive: a group in which a child failed may live on under a later shield, but for the fix of 787") {
    constexpr std::string_view body = R"("main":[{"op":"scope","name":"s","body":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"failing","body":[{"op":"raise","error":"E"}]},
        {"op":"spawn","group":"g","task":"sibling","body":[
            {"op":"scope","name":"busy","shield":true,"body":[{"op":"sleep","for":2}]},{"op":"sleep","for":5}]},
        {"op":"cancel","scope":"s"},
        {"op":"scope","name":"cleanup","shield":true,"body":[{"op":"sleep","for":1}]},
        {"op":"set_shield","scope":"g","value":true}]}]}])";
    CHECK(place("errors-arrive", narrow(), body) == "group no longer cancelled");
    CHECK(place("errors-arrive", upstream(), body) == "group no longer cancelled");
    CHECK(place("errors-arrive", narrow({Fix::child_error_always_cancels_group}), body).empty());
    CHECK(place("errors-arrive", upstream({Fix::child_error_always_cancels_group}), body).empty());
}

TEST_CASE("group-outcome: every release raises where nothing was interrupted, but for the fix of 1069") {
    constexpr std::string_view body = R"("main":[{"op":"scope","name":"late","deadline":1,"body":[
        {"op":"group","name":"g","body":[{"op":"spawn","group":"g","task":"child","body":[
            {"op":"scope","name":"s","shield":true,"body":[{"op":"sleep","for":2}]}]}]}]}])";
    constexpr std::string_view known = "raised, though nothing was interrupted";
    CHECK(place("group-outcome", narrow(), body) == known);
    CHECK(place("group-outcome", upstream(), body) == known);
    CHECK(
        run("group-outcome", upstream(), body).what_happened ==
        "The exit of group `g` raised cancelled at time 2, in iteration 8, though its body and all its tasks were done "
        "and none of them had been interrupted.");
    CHECK(place("group-outcome", narrow({Fix::leaves_group_without_cancel_point}), body).empty());
    CHECK(place("group-outcome", upstream({Fix::leaves_group_without_cancel_point}), body).empty());
}

TEST_CASE("group-outcome: every release is silent about a task that was interrupted, but for the fix of 1070") {
    constexpr std::string_view body = R"("main":[{"op":"scope","name":"outer","body":[
        {"op":"group","name":"g","body":[
            {"op":"spawn","group":"g","task":"child","body":[{"op":"sleep","for":9}]},
            {"op":"scope","name":"s","shield":true,"body":[
                {"op":"checkpoint"},{"op":"cancel","scope":"outer"},{"op":"sleep","for":1}]}]}]}])";
    constexpr std::string_view known = "raised nothing, though a task was interrupted";
    CHECK(place("group-outcome", narrow(), body) == known);
    CHECK(place("group-outcome", upstream(), body) == known);
    CHECK(run("group-outcome", upstream(), body).what_happened ==
          "Task `child` of group `g` was interrupted. The exit of the group raised nothing at time 1, in iteration 7: "
          "what follows it goes on as if the work had been done.");
    CHECK(place("group-outcome", narrow({Fix::raises_cancellation_of_children}), body).empty());
    CHECK(place("group-outcome", upstream({Fix::raises_cancellation_of_children}), body).empty());
}

TEST_CASE("group-outcome: errors, native cancellations and who called start come first") {
    CHECK(holds("group-outcome", kNativeInExit));
    // A child that fails is no interruption, but what it cancels is.
    CHECK(holds("group-outcome", R"("main":[{"op":"try","catch":"all","body":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"child","body":[{"op":"sleep","for":5}]},
        {"op":"raise","error":"E"}]}]}])"));
    // A start hears of its child itself.
    CHECK(holds("group-outcome", R"("main":[{"op":"group","name":"g","body":[
        {"op":"scope","name":"s","deadline":1,"body":[
            {"op":"start","group":"g","task":"child","body":[{"op":"sleep","for":5}]}]}]}])"));
    // A task that is cancelled natively in its last step ends cancelled, without an exception.
    CHECK(holds("group-outcome", R"("main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"child","body":[{"op":"native_cancel","task":"child"}]}]}])"));
}

TEST_CASE("start-handshake catches a cancelled start that leaves its child alive") {
    CHECK(catches("start-handshake", Bug::cancelled_start_leaves_child, "left a live child", kCancelledStart));
}

TEST_CASE("start-handshake catches a start that can't be cancelled while it waits for started()") {
    CHECK(catches("start-handshake", Bug::starts_under_shield, "cancelled, still waits for started()", R"("main":[
        {"op":"group","name":"g","body":[{"op":"scope","name":"s","deadline":1,"body":[
            {"op":"start","group":"g","task":"child","body":[
                {"op":"sleep","for":9},{"op":"checkpoint"},{"op":"started"}]}]}]}])"));
}

TEST_CASE("start-handshake catches a pass that takes started() back") {
    CHECK(catches("start-handshake", Bug::cancels_woken_task, "started() was taken back",
                  R"("main":[{"op":"group","name":"g","body":[
        {"op":"scope","name":"s","body":[{"op":"start","group":"g","task":"child","body":[
            {"op":"started"},{"op":"cancel","scope":"s"}]}]}]}])"));
}

TEST_CASE("start-handshake catches a cancelled start whose child cancels the whole group") {
    // On 4.14 the scope of the child's handle swallows the cancellation, unless the child ends by another one.
    constexpr std::string_view place_name = "child of a cancelled start cancels its group";
    CHECK(place("start-handshake", narrow({Bug::cancelled_start_cancels_group}), kCancelledStart) == place_name);
    CHECK(holds("start-handshake", kCancelledStart));
}

TEST_CASE("start-handshake: 4.14.2 leaves a live child where the start is cancelled again, natively") {
    constexpr std::string_view body = R"("main":[{"op":"group","name":"g","body":[
        {"op":"start","group":"g","task":"child","body":[
            {"op":"scope","name":"busy","shield":true,"body":[{"op":"sleep","for":5}]}]}]}],
        "environment":[{"at":1,"do":[{"op":"cancel","scope":"g"}]},{"at":2,"do":[{"op":"native_cancel","task":"main"}]}])";
    CHECK(place("start-handshake", narrow(), body).empty());
    CHECK(place("start-handshake", upstream(), body) == "left a live child, cancelled again natively");
    CHECK(place("start-handshake", upstream({Fix::cancelled_start_keeps_waiting}), body).empty());
}

TEST_CASE(
    "start-handshake: on 4.15.1 only a caller in no scope is raised its child's cancellation, and not with the fix") {
    const auto body = [](std::string_view call) {
        return R"("main":[{"op":"spawn_detached","task":"caller","body":[{"op":"checkpoint"},)" + std::string(call) +
               R"(]},{"op":"group","name":"g","body":[{"op":"sleep","for":1},{"op":"cancel","scope":"g"}]}])";
    };
    const std::string start =
        R"({"op":"start","group":"g","task":"child","body":[{"op":"sleep","for":2},{"op":"started"}]})";
    const std::string in_scope = R"({"op":"scope","name":"s","body":[)" + start + "]}";
    const auto newest = [](model::Switches switches) { return kernel("4.15.1", "upstream", switches); };
    constexpr std::string_view broken = "raised a cancellation that is none of its caller's";
    CHECK(place("start-handshake", newest({}), body(start)) == broken);
    CHECK(place("start-handshake", newest({Fix::starts_in_no_scope_for_unscoped_caller}), body(start)).empty());
    CHECK(place("start-handshake", newest({}), body(in_scope)).empty());
    CHECK(place("start-handshake", upstream(), body(in_scope)) == broken);
}

TEST_CASE("start-handshake: a child that finds its future cancelled with another waiter may raise that") {
    CHECK(holds("start-handshake", R"("main":[
        {"op":"group","name":"g","body":[
            {"op":"spawn","group":"g","task":"t","body":[{"op":"future_wait","future":"f"}]},
            {"op":"checkpoint"},{"op":"cancel","scope":"g"}]},
        {"op":"group","name":"h","body":[{"op":"start","group":"h","task":"child","body":[
            {"op":"scope","name":"s","deadline":0,"body":[{"op":"checkpoint"}]},{"op":"future_wait","future":"f"}]}]}])"));
}

TEST_CASE("start-handshake: a start that is cancelled after started() waits for its child, for ever if need be") {
    CHECK(holds("start-handshake", R"("main":[{"op":"group","name":"g","body":[
        {"op":"start","group":"g","task":"child","body":[{"op":"started"},
            {"op":"scope","name":"busy","shield":true,"body":[{"op":"event_wait","event":"never"}]}]}]}],
        "environment":[{"at_iteration":2,"do":[{"op":"native_cancel","task":"main"}]}])"));
}

TEST_CASE("no-lost-wakeup catches a host that its last child does not wake") {
    CHECK(catches("no-lost-wakeup", Bug::last_child_wakes_nobody, "parked in a group's exit", kBusyChild));
}

TEST_CASE("no-lost-wakeup catches a cancelled task that nothing will ever wake") {
    constexpr std::string_view swallows = R"("main":[{"op":"scope","name":"s","deadline":1,"body":[
        {"op":"try","body":[{"op":"sleep","for":9}],"catch":"cancelled"},{"op":"event_wait","event":"never"}]}])";
    CHECK(place("no-lost-wakeup", policy("edge"), swallows) == "cancelled");
    CHECK(holds("no-lost-wakeup", swallows));
    CHECK(catches("no-lost-wakeup", Bug::entering_delivers_nothing, "cancelled", R"("main":[
        {"op":"scope","name":"s","cancel_first":true,"body":[{"op":"event_wait","event":"never"}]}])"));
}

TEST_CASE("no-lost-wakeup: who waits for what never happens is no failure") {
    CHECK(holds("no-lost-wakeup", R"("main":[{"op":"group","name":"g","body":[
        {"op":"start","group":"g","task":"child","body":[{"op":"future_wait","future":"never"}]}]}])"));
}

TEST_CASE("no-lost-wakeup: no release cancels what is spawned in a cancelled group whose delivery has ended") {
    constexpr std::string_view body = R"("main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"busy","body":[{"op":"scope","name":"s","shield":true,"body":[
            {"op":"sleep","for":1},
            {"op":"spawn","group":"g","task":"late","body":[
                {"op":"try","body":[{"op":"event_wait","event":"never"}],"finally":[{"op":"event_set","event":"end"}]}]},
            {"op":"event_wait","event":"end"}]}]},
        {"op":"cancel","scope":"g"}]}])";
    CHECK(place("no-lost-wakeup", narrow(), body) == "cancelled, spawned in a cancelled group");
    CHECK(place("no-lost-wakeup", upstream(), body) == "cancelled, spawned in a cancelled group");
    // While a pass is still scheduled, it finds the new task.
    CHECK(holds("no-lost-wakeup", R"("main":[{"op":"group","name":"g","body":[{"op":"cancel","scope":"g"},
        {"op":"spawn","group":"g","task":"late","body":[{"op":"event_wait","event":"never"}]}]}])"));
}
