// A finding is known by its cause: at its place, by another cause, a failure is new. The runs here are told, not run:
// what they tell of, no release does. Four findings more have kernels that do it: see
// properties/search/labels_test.cpp.
#include <doctest/doctest.h>

#include "properties/failure/other_causes_testing.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

TEST_CASE("F1: two delivery loops after a past deadline, of which entering the scope has not begun the second") {
    Told told("single-flight");
    told->tell(events::ScopeCancelled{kOuter, {By::Kind::deadline, kMain, kOuter}})
        .tell(events::PassEnded{kOuter, model::PassCause::cancel, true});
    told.entered(kOuter, kMain)->tell(events::PassEnded{kOuter, model::PassCause::asked, true});
    told.check_new("4.15.1", "past deadline");
}

TEST_CASE("F2: a scope spins because of a stubborn future, but has never cancelled the task") {
    Told told("no-hot-loop");
    told.entered(kOuter, kMain)->tell(events::TaskParked{kMain, {sim::WaitKind::future}, false, false, true, false});
    told->tell(events::ScopeCancelled{kOuter, kByMain}).tell(events::PassEnded{kOuter, model::PassCause::retry, true});
    told->tell(events::FutileIteration{sim::kFutileLimit});
    told.check_new("4.15.1", "stubborn future");
}

TEST_CASE("F3: a start() that nobody has interrupted ends its child, past a shield") {
    Told told("shield-holds");
    told.group_entered(kOuter, kMain).spawned(kChild, kOuter, true).entered(1, kChild, true);
    told.cancelled(kChild, {By::Kind::start, kMain, kChild}).check_new("4.13.0", "cancelled start");
}

TEST_CASE("F4: a native cancellation comes with a scope's mark, though no scope had asked") {
    Told told("caught-is-ours");
    told.entered(kOuter, kMain)->tell(events::ScopeCancelled{kOuter, kByMain});
    told.cancelled(kMain, by_scope(kOuter)).cancelled(kMain, kByMain, false, true);
    told->tell(events::TaskResumed{kMain, &kOurs}).tell(events::Uncancelled{kMain, kByMain, 1});
    told.cancelled(kMain, kByMain)->tell(events::TaskResumed{kMain, &kOursAgain});
    told->tell(events::ScopeLeft{kOuter, kMain, &kOursAgain, true, true, 0});
    told.check_new("4.15.1", "native folded into ours");
}

TEST_CASE("F5: the body's error, not a child's, did not cancel the group") {
    Told told("errors-arrive");
    told.entered(kOuter, kMain).group_entered(1, kMain)->tell(events::ScopeCancelled{kOuter, kByMain});
    told->tell(events::GroupExitBegan{0, kMain, &kAssertion}).waits(kMain, sim::WaitKind::children, 0);
    told->tell(events::ShieldChanged{1, true});
    told.check_new("4.15.1", "group no longer cancelled");
}

TEST_CASE("F7: a child is not cancelled though a pass was scheduled when it was spawned") {
    Told told("redelivery");
    told.group_entered(kOuter, kMain)->tell(events::ScopeCancelled{kOuter, kByMain});
    told->tell(events::PassEnded{kOuter, model::PassCause::cancel, true});
    told.spawned(kChild, kOuter)->waits(kChild, sim::WaitKind::event);
    for (std::uint64_t iteration = 2; iteration < 7; ++iteration) told->began(iteration, 0);
    told.check_new("4.15.1", "spawned into a cancelled scope");
}

TEST_CASE("F10: checkpoint_if_cancelled() loops in a task that was never cancelled") {
    Told told("no-livelock");
    told->tell(events::TaskParked{kMain, {sim::WaitKind::poll}, true, false, false, false}).began(101, 0);
    told->tell(events::TimeStoodStill{});
    told.check_new("4.15.1", "in checkpoint_if_cancelled, no longer cancelled");
}

TEST_CASE("F11: a start() leaves its child when it is cancelled again, though its wait for the child was over") {
    Told told("start-handshake");
    told.group_entered(kOuter, kMain).spawned(kChild, kOuter, true);
    told->waits(kMain, sim::WaitKind::child_end, kChild);
    told.cancelled(kMain, kByMain, true)->tell(events::StartReturned{kChild, kMain, &kNative});
    told.check_new("4.15.1", "left a live child, cancelled again natively");
}

TEST_CASE("F12: a group raises a cancellation that did not come to its exit either") {
    Told told("group-outcome");
    told.group_entered(kOuter, kMain)->tell(events::ScopeLeft{kOuter, kMain, &kOurs, false, false, 0});
    told->tell(events::GroupLeft{0, kMain, &kOurs, true, false});
    told.check_new("4.15.1", "raised, though nothing was interrupted");
}

TEST_CASE("F14: the caller of start() is uncancelled for more than what its child has handed up") {
    Told told("uncancel-balance", nullptr, true);
    told.group_entered(kOuter, kMain).entered(1, kMain).spawned(kChild, 1, true).entered(2, kChild);
    told->tell(events::ScopeCancelled{2, kByMain}).tell(events::ScopeCancelled{1, kByMain});
    told.cancelled(kChild, by_scope(2))->tell(events::ScopeLeft{2, kChild, &kOurs, false, false, 1});
    told.cancelled(kMain, by_scope(1)).cancelled(kMain, kByMain).cancelled(kMain, kByMain);
    for (std::uint32_t left = 3; left-- > 0;) told->tell(events::Uncancelled{kMain, by_scope(1), left});
    told->tell(events::ScopeLeft{1, kMain, &kOurs, true, true, 0});
    told.check_new("4.15.1", "undone too much, carried from a child to the caller of its start");
}

TEST_CASE("F15: start() raises a cancellation by a scope that does not cover its child") {
    Told told("start-handshake");
    told.group_entered(kOuter, kMain).spawned(kChild, kOuter, true);
    told->made(kOther);
    told.entered(1, kOther)->tell(events::ScopeCancelled{1, kByMain});
    told.cancelled(kChild, by_scope(1))->done(kChild, &kOurs).tell(events::StartReturned{kChild, kMain, &kOurs});
    told.check_new("4.14.2", "raised a cancellation that is none of its caller's");
}

TEST_CASE("F16: a task goes round and round in Condition.wait(), and nobody cancels it") {
    const auto program = scenarios::parse_case(
        R"({"name":"c","main":[{"op":"wait","object":"x"}],"objects":{"x":{"kind":"asyncio_condition"}}})", "test", 1);
    Told told("no-livelock", &program);
    told->at(0).tell(events::TaskParked{kMain, {sim::WaitKind::object}, false, true, false, false}).began(101, 0);
    told->tell(events::TimeStoodStill{});
    told.check_new("4.15.1", "parked in wait");
}

}  // namespace cancelsim::properties
