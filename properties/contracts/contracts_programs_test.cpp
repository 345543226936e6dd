// The contracts that judge only runs of a user's own program, on runs of which nothing is told but events.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "properties/contracts/told_run_testing.h"

namespace cancelsim::properties {

namespace {

constexpr By kOutside{By::Kind::outside, sim::kNobody, sim::kNoObject};
constexpr By kByCallback{By::Kind::program, sim::kNobody, sim::kNoObject};
const sim::Error kCancelled{.kind = sim::ErrorKind::cancelled};
const sim::Error kAssertion{.kind = sim::ErrorKind::assertion_error};

}  // namespace

TEST_CASE("exception-leaves-main: an error, or a cancellation that the program made itself") {
    const std::string name = "exception-leaves-main";
    CHECK(ToldRun(name).began(1, 0).done(kMain).place().empty());
    ToldRun failed(name);
    CHECK(failed.began(3, 2).done(kMain, &kAssertion).place() == "AssertionError");
    CHECK(failed.what_happened() == "`main()` ended at time 2, in iteration 3 by an exception: AssertionError.");
    CHECK(ToldRun(name).done(kMain, &kCancelled).place() == "CancelledError");
    CHECK(ToldRun(name).cancelled(kMain, kByCallback).done(kMain, &kCancelled).place() == "CancelledError");
    // A child's is no one's business here.
    CHECK(ToldRun(name).made(1).done(1, &kAssertion).done(kMain).place().empty());
}

TEST_CASE("exception-leaves-main: who is cancelled from outside may end so, and in no other way") {
    const std::string name = "exception-leaves-main";
    CHECK(ToldRun(name).cancelled(kMain, kOutside).done(kMain, &kCancelled).place().empty());
    // Main has waited for the task that was cancelled.
    CHECK(ToldRun(name).made(1).cancelled(1, kOutside).done(1, &kCancelled).done(kMain, &kCancelled).place().empty());
    CHECK(ToldRun(name).cancelled(kMain, kOutside).done(kMain, &kAssertion).place() == "AssertionError");
    sim::Error cancelled = kCancelled;
    sim::Error* both[]{&cancelled, &cancelled};
    sim::Error group{.kind = sim::ErrorKind::group, .count = 2, .children = both};
    CHECK(ToldRun(name).cancelled(kMain, kOutside).done(kMain, &group).place().empty());
    sim::Error assertion = kAssertion;
    both[1] = &assertion;
    CHECK_FALSE(ToldRun(name).cancelled(kMain, kOutside).done(kMain, &group).place().empty());
}

TEST_CASE("exception-leaves-main: main returns with a request that is pending") {
    const events::TaskDone returned{kMain, true, false, nullptr, 1};
    ToldRun run("exception-leaves-main");
    CHECK(run.tell(returned).place() == "CancelledError");
    CHECK(run.what_happened().find("it returned") != std::string::npos);
    CHECK(ToldRun("exception-leaves-main").cancelled(kMain, kOutside).tell(returned).place().empty());
}

TEST_CASE("task-left-alive: the first task that has not ended when everything has run") {
    const std::string name = "task-left-alive";
    ToldRun left(name);
    left.began(1, 0).made(1).made(2).done(1).waits(2, sim::WaitKind::sleep).began(2, 5).done(kMain).began(4, 5);
    CHECK(left.place() == "parked in sleep");
    CHECK(left.what_happened() ==
          "`main()` ended at time 5, in iteration 2. When everything that was ready had run, task 2 was not done: "
          "parked in sleep.");
    // It ends after main, but it does.
    CHECK(ToldRun(name).made(1).done(kMain).done(1).place().empty());
    CHECK(ToldRun(name).tell(events::TaskCreated{1, kMain}).done(kMain).place() == "task that has not started");
    // Passes may go on for ever for a task that is left.
    CHECK_FALSE(ToldRun(name).made(1).done(kMain).place(sim::Verdict::spin).empty());
    // Nobody knows what would have come of a run that was cut short, and main has its own contract.
    CHECK(ToldRun(name).made(1).done(kMain).place(sim::Verdict::budget).empty());
    CHECK(ToldRun(name).made(1).waits(kMain, sim::WaitKind::event).place().empty());
}

TEST_CASE("endless-wait: whatever main waits for, the place is where the chain ends") {
    const std::string name = "endless-wait";
    ToldRun waits(name);
    CHECK(waits.began(7, 3).waits(kMain, sim::WaitKind::event).place() == "parked in event_wait");
    CHECK(waits.what_happened() ==
          "The run came to rest at time 3, in iteration 7, and `main()` has not ended: task `main` is parked in "
          "event_wait, and nobody is left to wake it.");
    CHECK(ToldRun(name).made(1).waits(1, sim::WaitKind::future).waits(kMain, sim::WaitKind::task, 1).place() ==
          "parked in future_wait");
    // Two tasks that wait for each other.
    CHECK(ToldRun(name).made(1).waits(1, sim::WaitKind::task, 0).waits(kMain, sim::WaitKind::task, 1).place() ==
          "parked in await_task");
    CHECK(ToldRun(name).made(1).done(1).waits(kMain, sim::WaitKind::event).done(kMain).place().empty());
    CHECK(ToldRun(name).waits(kMain, sim::WaitKind::event).place(sim::Verdict::spin).empty());
    CHECK(ToldRun(name).waits(kMain, sim::WaitKind::event).place(sim::Verdict::budget).empty());
}

TEST_CASE("endless-wait: a group that is left waits for its first task that is not done") {
    ToldRun run("endless-wait");
    run.tell(events::ScopeEntered{0, kMain, false, model::Purpose::group, sim::kInfinity})
        .tell(events::GroupEntered{0, 0, kMain});
    for (const TaskId task : {1, 2, 3}) run.made(task).tell(events::TaskSpawned{task, 0, 0, false});
    run.done(1).waits(2, sim::WaitKind::sleep).waits(3, sim::WaitKind::event);
    CHECK(run.waits(kMain, sim::WaitKind::children, 0).place() == "parked in sleep");
}

TEST_CASE("consumed-cancellation: of a program, which goes on without what it was interrupted by") {
    const By by_main{By::Kind::program, kMain, sim::kNoObject};
    const events::Caught gone{1, scenarios::kNoStatement, &kCancelled, true};
    // `by` cancels task 1, which sleeps.
    const auto interrupt = [&](ToldRun& run, const By& by) -> ToldRun& {
        return run.made(1).waits(1, sim::WaitKind::sleep).cancelled(1, by).tell(events::TaskResumed{1, &kCancelled});
    };
    const auto interrupted = [&](const By& by, const auto& then) {
        ToldRun run("consumed-cancellation");
        then(interrupt(run, by));
        return run.place();
    };
    CHECK(interrupted(by_main, [&](ToldRun& run) { run.tell(gone).done(1); }) == "swallowed by the program");
    CHECK(interrupted(by_main, [&](ToldRun& run) { run.tell(gone).waits(1, sim::WaitKind::event); }) ==
          "swallowed by the program");
    CHECK(interrupted(by_main, [](ToldRun& run) { run.done(1, &kCancelled); }).empty());
    // It was kept, and raised later.
    CHECK(interrupted(by_main, [&](ToldRun& run) { run.tell(gone).done(1, &kCancelled); }).empty());
    CHECK(interrupted(by_main, [](ToldRun& run) { run.waits(1, sim::WaitKind::event); }).empty());
    const auto taken_back_by = [&](By::Kind kind) {
        return [&, kind](ToldRun& run) {
            run.tell(events::Uncancelled{1, {kind, 1, sim::kNoObject}, 0}).tell(gone).done(1);
        };
    };
    const By by_timeout{By::Kind::timeout, kMain, 0};
    CHECK(interrupted(by_main, taken_back_by(By::Kind::program)).empty());
    CHECK(interrupted(by_timeout, taken_back_by(By::Kind::timeout)).empty());
    // A timeout takes back what it has asked for itself, not what somebody else has.
    CHECK_FALSE(interrupted(by_main, taken_back_by(By::Kind::timeout)).empty());

    ToldRun told("consumed-cancellation");
    interrupt(told.began(3, 2), by_main).tell(gone).done(1);
    REQUIRE_FALSE(told.place().empty());
    CHECK(told.what_happened() ==
          "The native request to cancel task 1 of time 2, in iteration 3, is gone: the program caught it and did not "
          "pass it on at time 2, in iteration 3. The task goes on with `cancelling()` 1.");
}

TEST_CASE("swallow-and-park: of a program, twenty times while time stands still, with nothing done between") {
    const auto place_after = [](int rounds, bool does_something, bool time_moves) {
        ToldRun run("swallow-and-park");
        run.made(1);
        for (int i = 0; i < rounds; ++i) {
            if (time_moves) run.began(static_cast<std::uint64_t>(i) + 1, i);
            run.waits(1, sim::WaitKind::event).tell(events::TaskResumed{1, &kCancelled});
            run.tell(events::Caught{1, scenarios::kNoStatement, &kCancelled, true});
            if (does_something) run.waits(1, sim::WaitKind::yield).tell(events::TaskResumed{1, nullptr});
        }
        return run.place();
    };
    CHECK(place_after(20, false, false) == "parked in event_wait");
    CHECK(place_after(19, false, false).empty());
    CHECK(place_after(40, true, false).empty());
    CHECK(place_after(40, false, true).empty());
}

TEST_CASE("orphaned-scope: of a program, whose frame that entered the scope has ended, where nobody leaves it later") {
    const auto cancelled_by_scope = [](ToldRun& run) -> ToldRun& {
        run.made(1).tell(events::ScopeEntered{0, 1, false, model::Purpose::program, sim::kInfinity});
        run.waits(1, sim::WaitKind::sleep).tell(events::ScopeCancelled{0, kByCallback});
        return run.tell(events::EntererEnded{0}).cancelled(1, {By::Kind::scope, sim::kNobody, 0});
    };
    ToldRun orphaned("orphaned-scope");
    CHECK(cancelled_by_scope(orphaned).done(1, &kCancelled).place() == "the frame that entered it has ended");
    CHECK(orphaned.what_happened().find("in no statement, which has ended: nobody can leave it") != std::string::npos);
    ToldRun left("orphaned-scope");
    CHECK(cancelled_by_scope(left).tell(events::ScopeLeft{0, 1, nullptr, false, false, 1}).place().empty());
}

TEST_CASE("exception-leaves-main: what ends the loop at once leaves main too, and main does not wait") {
    const ProgramEnd::Error exits{"SystemExit: 3", "SystemExit", 12};
    ToldRun run("exception-leaves-main");
    CHECK(run.began(2, 0).ended({exits, {}, {}}).place() == "ends the loop");
    CHECK(run.what_happened() ==
          "`main()` ended at time 0, in iteration 2 by an exception: SystemExit: 3, raised in x.py:12.");
    CHECK(ToldRun("endless-wait").waits(kMain, sim::WaitKind::event).ended({exits, {}, {}}).place().empty());
}

TEST_CASE("error-never-retrieved: the first that nobody has asked for") {
    const ProgramEnd unasked{{}, ProgramEnd::Error{"ValueError: lost", "ValueError", 5}, {}};
    ToldRun run("error-never-retrieved");
    CHECK(run.done(kMain).ended(unasked).place() == "of a task");
    CHECK(
        run.what_happened() ==
        "A task was ended by ValueError: lost, raised in x.py:5, and nobody has awaited it, or asked for its outcome, "
        "when the run is over.");
    CHECK(ToldRun("error-never-retrieved").ended(unasked).place(sim::Verdict::budget).empty());
}

TEST_CASE("own-promise: what the program promises") {
    const auto promised = [](const std::string& what) { return ProgramEnd{{}, {}, ProgramEnd::Promise{what, 7}}; };
    ToldRun run("own-promise");
    CHECK(run.began(4, 0).done(kMain).ended(promised("at_rest")).place() == "at_rest");
    CHECK(run.what_happened() == "The promise in x.py:7 did not hold at the end of the run.");
    ToldRun raises("own-promise");
    CHECK(raises.done(kMain).ended(promised("always raised KeyError: 1")).place() == "always");
    CHECK(raises.what_happened() == "The promise in x.py:7 did not hold: always raised KeyError: 1.");
    CHECK(ToldRun("own-promise").done(kMain).ended({}).place().empty());
}

TEST_CASE("a program that gives way again and again is no livelock, one that polls for ever is") {
    const auto place_after = [](sim::WaitKind kind) {
        ToldRun run("no-livelock");
        run.tell(events::TaskParked{kMain, {kind}, true, false, false, false});
        for (std::uint64_t i = 1; i < 300; ++i) run.began(i, 0).tell(events::TimeStoodStill{});
        return run.place();
    };
    CHECK(place_after(sim::WaitKind::yield).empty());
    CHECK(place_after(sim::WaitKind::poll) == "in checkpoint_if_cancelled, no longer cancelled");
}

TEST_CASE("no-lost-wakeup: once main has ended nobody knows what would have come") {
    CHECK(ToldRun("no-lost-wakeup").made(1).waits(1, sim::WaitKind::sleep).done(kMain).place().empty());
    CHECK(ToldRun("no-lost-wakeup").waits(kMain, sim::WaitKind::sleep).place() == "parked in sleep");
}

TEST_CASE("a case is not judged by what only programs owe") {
    scenarios::Case program;
    CHECK(ToldRun("exception-leaves-main", &program).done(kMain, &kAssertion).place().empty());
    CHECK(ToldRun("task-left-alive", &program).made(1).done(kMain).place().empty());
    CHECK(ToldRun("endless-wait", &program).waits(kMain, sim::WaitKind::event).place().empty());
}

}  // namespace cancelsim::properties
