// The findings about objects and asyncio's own cancellers: at their places, by another cause, a failure is new.
#include "properties/failure/label.h"
#include "properties/failure/other_causes_testing.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

using enum ObjectKind;

constexpr ObjectId kX = 0;
constexpr ObjectId kNoOwn = sim::kNoObject;
const sim::Error kTimeout{.kind = sim::ErrorKind::timeout_error};
sim::Error part_of_errors{.kind = sim::ErrorKind::assertion_error};
sim::Error* parts_of_errors[]{&part_of_errors};
const sim::Error kErrors{.kind = sim::ErrorKind::group, .count = 1, .children = parts_of_errors};

/// A run with the object kX, of which there are `amount`, and two tasks beside main.
class ToldOfObjects : public Told {
public:
    ToldOfObjects(const std::string& contract, ObjectKind kind, std::int64_t amount = 0,
                  const scenarios::Case* program = nullptr)
        : Told(contract, program) {
        (*this)->made(kChild).made(kOther);
        (*this)->tell(events::ObjectMade{kX, kind, amount, scenarios::ObjectSpec::kNoMaximum, kNoOwn});
    }
    ToldOfObjects& began(TaskId task, Call call, std::int64_t amount = 0) {
        return began_for(2 * task, task, call, amount);
    }
    ToldOfObjects& began_for(std::uint32_t borrower, TaskId task, Call call, std::int64_t amount = 0) {
        (*this)->tell(events::CallBegan{task, kX, call, amount, borrower});
        return *this;
    }
    ToldOfObjects& ended(TaskId task, const sim::Error* error = nullptr) {
        (*this)->tell(events::CallEnded{task, error});
        return *this;
    }
    ToldOfObjects& did(TaskId task, Call call, std::int64_t amount = 0) {
        return began(task, call, amount).ended(task);
    }
    ToldOfObjects& parked(TaskId task) {
        (*this)->waits(task, sim::WaitKind::object);
        return *this;
    }
    ToldOfObjects& woken(TaskId task, const sim::Error* thrown = nullptr) {
        (*this)->tell(events::TaskReady{task, thrown != nullptr}).tell(events::TaskResumed{task, thrown});
        return *this;
    }
    ToldOfObjects& sends(TaskId task, std::uint32_t item) {
        (*this)->tell(events::Offered{task, 0, item});
        return began(task, Call::send);
    }
    ToldOfObjects& at_rest(std::int64_t available) {
        (*this)->tell(events::ObjectAtRest{kX, available, kNobody});
        return *this;
    }
};

/// What a case breaks of `contract` on a release that has a bug beside its findings, in the ordinary order, is at
/// `place`, which a finding is known for, and is taken for new.
void check_new_in(std::string_view anyio, model::Switch bug, const std::string& contract, std::string_view place,
                  const std::string& keys) {
    const model::Config config{
        model::find_version(anyio), model::find_policy("upstream"), model::find_python("3.11"), {bug}};
    CHECK(may_be_known(config, contract, place));
    const Failure failure{config, scenarios::parse_case("{\"name\":\"test\"," + keys + "}", "test", 1), {}, contract};
    Runner runner(make_contracts(std::vector{contract}));
    const auto& broken = runner.run(failure.program, config, nullptr);
    REQUIRE(broken.size() == 1);
    CHECK(broken.front()->place().name() == place);
    CHECK(Labeller().label(failure, place, config) == Labelled{Label::news, nullptr});
}

/// Says that the loop goes round and round.
void stand_still(Told& told) { told->began(101, 0).tell(events::TimeStoodStill{}); }

}  // namespace

TEST_CASE("F17: a receiver that is cancelled before its item comes is given it all the same") {
    check_new_in("4.15.1", model::Bug::hands_item_to_cancelled_receiver, "items-arrive", "lost", R"(
        "objects":{"x":{"kind":"stream","buffer":0}},"main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"a","body":[{"op":"sleep","for":1},{"op":"cancel","scope":"s"},
            {"op":"try","catch":"error","body":[{"op":"send_nowait","object":"x"}]}]},
        {"op":"spawn","group":"g","task":"b","body":[{"op":"scope","name":"s","body":[
            {"op":"receive","object":"x"}]}]}]}])");
}

TEST_CASE("F18: a send raises of itself, and its item is received, and another's was cancelled while it waited") {
    ToldOfObjects told("items-arrive", stream);
    told.sends(kOther, 1).parked(kOther).cancelled(kOther, kByMain);
    told.woken(kOther).ended(kOther);
    told->tell(events::Received{kMain, 0, 1});
    told.sends(kChild, 2).parked(kChild).did(kMain, Call::receive)->tell(events::Received{kMain, 0, 2});
    told.woken(kChild).ended(kChild, &kAssertion).check_new("4.15.1", "received though its send raised");
}

TEST_CASE("F18: a send is cancelled before it has offered its item, which is in the buffer at the end") {
    ToldOfObjects told("items-arrive", stream, 1);
    told.sends(kChild, 1)->waits(kChild, sim::WaitKind::yield);
    told.cancelled(kChild, kByMain);
    told.woken(kChild, &kNative).ended(kChild, &kNative).at_rest(1);
    told.check_new("4.15.1", "buffered though its send raised");
}

TEST_CASE("F19: a semaphore is free, and nobody was cancelled who waited for it") {
    ToldOfObjects told("no-lost-permit", semaphore, 1);
    told.did(kMain, Call::acquire).began(kChild, Call::acquire).parked(kChild).did(kMain, Call::release).at_rest(1);
    told.check_new("4.13.0", "waits for what is free");
}

TEST_CASE("F20, F21: two have one token, and nobody was overtaken, nor was the total raised") {
    ToldOfObjects told("permits-balance", limiter, 1);
    told.did(kMain, Call::acquire).began(kChild, Call::acquire).parked(kChild).woken(kChild).ended(kChild);
    told.check_new("4.13.0", "more out than there are");
}

TEST_CASE("F22: a condition's wait that was cancelled, but not while it took the lock back, ends without it") {
    ToldOfObjects told("notify-reaches", condition);
    told.did(kChild, Call::acquire).began(kChild, Call::wait).parked(kChild).cancelled(kChild, kByMain);
    told.woken(kChild, &kNative).parked(kChild).woken(kChild).ended(kChild, &kNative);
    told.began(kChild, Call::release).ended(kChild, &kAssertion);
    told.check_new("4.15.1", "wait ended without the lock");
}

TEST_CASE("F23: a token that was to be another's is lost, and nobody was cancelled") {
    ToldOfObjects told("permits-balance", limiter, 1);
    told.began_for(1, kMain, Call::acquire).ended(kMain, &kAssertion).at_rest(0);
    told.check_new("4.15.1", "token lost, borrowed for another");
}

TEST_CASE(
    "F24: a waiter that was notified leaves by an error of its own, and the other was cancelled, but not notified") {
    ToldOfObjects told("notify-reaches", asyncio_condition);
    for (const TaskId task : {kChild, kOther}) told.did(task, Call::acquire).began(task, Call::wait).parked(task);
    told.cancelled(kOther, kByMain);
    told.did(kMain, Call::acquire).began(kMain, Call::notify, 1)->tell(events::TaskReady{kChild, false});
    told.ended(kMain).did(kMain, Call::release)->tell(events::TaskResumed{kChild, nullptr});
    told.ended(kChild, &kAssertion).check_new("4.15.1", "not passed on by asyncio");
}

TEST_CASE("F25: a group drops a cancellation for an error that it does not raise as one of a group's") {
    Told told("asyncio-group");
    told->tell(events::AsyncioGroupEntered{0, kMain}).made(kChild).tell(events::AsyncioGroupTook{0, kChild});
    told->done(kChild, &kAssertion).tell(events::AsyncioGroupExitBegan{0, nullptr});
    told->waits(kMain, sim::WaitKind::asyncio_children, 0);
    told.cancelled(kMain, kByMain)->tell(events::TaskResumed{kMain, &kNative});
    told->tell(events::AsyncioGroupBlockLeft{kMain, 0, &kAssertion});
    told.check_new("4.15.1", "cancellation from outside lost beside errors");
}

TEST_CASE("F26: a group leaves a request behind that it made before its exit, as one before had in its exit") {
    Told told("cancellers-balance");
    const By by_first{By::Kind::asyncio_group, sim::kNobody, 0};
    const By by_second{By::Kind::asyncio_group, sim::kNobody, 1};
    told->tell(events::AsyncioGroupEntered{0, kMain}).waits(kMain, sim::WaitKind::asyncio_children, 0);
    told.cancelled(kMain, by_first)->tell(events::TaskResumed{kMain, &kNative});
    told->tell(events::Uncancelled{kMain, by_first, 0}).tell(events::AsyncioGroupBlockLeft{kMain, 0, &kErrors});
    told->tell(events::AsyncioGroupEntered{1, kMain}).waits(kMain, sim::WaitKind::sleep);
    told.cancelled(kMain, by_second)->tell(events::TaskResumed{kMain, &kNative});
    told->tell(events::AsyncioGroupExitBegan{1, &kNative}).tell(events::AsyncioGroupBlockLeft{kMain, 1, &kErrors});
    told.check_new("4.15.1", "left over by a group");
}

TEST_CASE("F27: wait_for() swallows a cancellation, and what it waits for is not done") {
    Told told("timeout-is-ours");
    told->made(kChild).tell(events::WaitForBegan{kMain, kChild, 9}).waits(kMain, sim::WaitKind::asyncio);
    told.cancelled(kMain, kByMain)
        ->tell(events::TaskResumed{kMain, &kNative})
        .tell(events::WaitForEnded{kMain, nullptr});
    told.check_new("4.15.1", "wait_for lost a cancellation");
}

TEST_CASE("F28: a timeout takes a cancellation that came while it ran, as the one before had taken an earlier one") {
    Told told("timeout-is-ours");
    const auto timeout = [&](sim::ObjectId id) {
        const By by{By::Kind::timeout, sim::kNobody, id};
        told.cancelled(kMain, by)->tell(events::TaskResumed{kMain, &kNative});
        told->tell(events::TimeoutExitBegan{id, &kNative}).tell(events::Uncancelled{kMain, by, 0});
        told->tell(events::TimeoutBlockLeft{kMain, id, true, id == 0 ? &kNative : &kTimeout});
    };
    told.cancelled(kMain, kByMain)->tell(events::TimeoutEntered{kMain, 0, 0});
    timeout(0);
    told->tell(events::TimeoutEntered{kMain, 1, 0}).waits(kMain, sim::WaitKind::sleep);
    told.cancelled(kMain, kByMain);
    timeout(1);
    told.check_new("4.15.1", "took another's cancellation");
}

TEST_CASE("F29: the time of a wait_for is up long after what it waits for has ended") {
    Told told("timeout-is-ours");
    told->made(kChild).tell(events::WaitForBegan{kMain, kChild, 1}).waits(kMain, sim::WaitKind::asyncio);
    told->done(kChild).began(7, 1);
    told.cancelled(kMain, {By::Kind::wait_for, kNobody, sim::kNoObject}, true);
    told->tell(events::TaskResumed{kMain, &kNative}).tell(events::WaitForEnded{kMain, &kTimeout});
    told.check_new("4.15.1", "wait_for lost a result", "3.13");
}

TEST_CASE("F30, F31: the exit of an asyncio group goes round and round, though nobody cancels its task any more") {
    const auto program =
        scenarios::parse_case(R"({"name":"c","main":[{"op":"asyncio_group","name":"G","body":[]}]})", "test", 1);
    Told told("no-livelock", &program);
    told->at(0).made(kChild).tell(events::AsyncioGroupEntered{0, kMain});
    told.entered(kOuter, kMain)->tell(events::ScopeCancelled{kOuter, kByMain});
    const By handed_on{By::Kind::forwarded, sim::kNobody, kChild};
    told.cancelled(kMain, handed_on);
    for (int i = 0; i < 9; ++i) told->tell(events::TaskResumed{kMain, &kOurs});
    told->tell(events::TaskParked{kMain, {sim::WaitKind::asyncio_children, 0}, false, true, false, false});
    stand_still(told);
    told.check_new("4.15.1", "parked in an asyncio group's exit");
}

TEST_CASE("F31: the exit of a group is interrupted again and again, and nothing but once was handed on to its task") {
    const auto program =
        scenarios::parse_case(R"({"name":"c","main":[{"op":"group","name":"g","body":[]}]})", "test", 1);
    Told told("no-livelock", &program);
    told.group_entered(kOuter, kMain)->at(0).made(kChild);
    told.cancelled(kMain, {By::Kind::forwarded, sim::kNobody, kChild});
    for (int i = 0; i < 50; ++i) told->tell(events::TaskResumed{kMain, &kOurs});
    told->tell(events::TaskParked{kMain, {sim::WaitKind::children, 0}, false, true, false, false});
    stand_still(told);
    told.check_new("4.15.1", "parked in a group's exit");
}

}  // namespace cancelsim::properties
