#include "properties/failure/known.h"

#include <algorithm>
#include <array>
#include <string>

#include "properties/contracts/all.h"
#include "properties/failure/findings/preconditions.h"

namespace cancelsim::properties {

namespace {

using model::Fix;

constexpr Finding kPastDeadline{"F1", "a past deadline starts two delivery loops",
                                "Entering a scope whose deadline has passed delivers once from the deadline and once "
                                "more from __enter__, and both passes re-arm.",
                                &findings::past_deadline};
constexpr Finding kStubborn{
    "F2", "anyio issue 1257: a stubborn future",
    "A task that waits on a future whose cancel() refuses keeps every cancelled scope around it "
    "re-arming until the future is done.",
    &findings::stubborn};
constexpr Finding kStartThroughShield{
    "F3", "anyio issue 837: a cancelled start() cancels through shields",
    "Up to 4.13 it ends its child with asyncio's own cancel(), which no shield stops.",
    &findings::start_through_shield};
constexpr Finding kFoldedNative{"F4", "anyio issue 1214: a native cancellation is swallowed with a scope's own",
                                "asyncio folds the two into one CancelledError, or chains one to the other, and the "
                                "scope or the group's exit takes it for its own.",
                                &findings::folded_native};
constexpr Finding kFailedChild{
    "F5", "anyio issue 787: a failing child does not cancel its group",
    "It does so only if no scope around the group is cancelled: under a shield that is raised "
    "later its siblings live on.",
    &findings::failed_child};
constexpr Finding kLateChild{
    "F6", "a group is left while a child runs that was spawned in its last checkpoint",
    "An exit that finds no child makes one checkpoint and does not look again: a child spawned "
    "meanwhile outlives its group, its errors are lost and its scope is never cancelled.",
    &findings::late_child};
constexpr Finding kLateSpawn{
    "F7", "a child spawned into a cancelled group is not cancelled",
    "The delivery loop of a cancelled scope ends when it has nobody to cancel; spawning does not "
    "start it again, so that the child runs on until something else does.",
    &findings::late_spawn};
constexpr Finding kLostError{
    "F8", "an error is lost, or arrives twice, when start() or a group's exit is cancelled",
    "The error is handed to a waiter that is cancelled in the same moment, or left behind by an "
    "exit whose last checkpoint was cancelled.",
    &findings::lost_error};
constexpr Finding kCarriedFromChild{
    "F9", "a group's host is uncancelled for requests to its child",
    "A scope that a child leaves hands its pending uncancellations up to the group's scope, "
    "which the host leaves: native requests to the host are undone.",
    &findings::carried_from_child};
constexpr Finding kLoopAfterShield{
    "F10", "checkpoint_if_cancelled() loops though nothing cancels the task any more",
    "It keeps looping on the scope that it found cancelled, also after a shield was raised "
    "below it.",
    &findings::loop_after_shield};
constexpr Finding kStartGivesUp{"F11", "a start() that is cancelled again natively leaves its child behind",
                                "From 4.14 on the wait for the child's end is not repeated.",
                                &findings::start_gives_up};
constexpr Finding kGroupRaises{"F12", "anyio issue 1069: leaving a group raises though nothing was interrupted",
                               "A group's wait for its tasks is a cancel point: it raises what came to the wait even "
                               "if its body and all its tasks have done their work.",
                               &findings::group_raises};
constexpr Finding kGroupIsSilent{"F13",
                                 "anyio issue 1070: leaving a group raises nothing though a task was interrupted",
                                 "The cancellation of a task is dropped: only one that reaches the host's own wait is "
                                 "raised.",
                                 &findings::group_is_silent};
constexpr Finding kCarriedToCaller{
    "F14", "the caller of start() is uncancelled for requests to the child",
    "From 4.15 on a child that has not called started() hands its pending "
    "uncancellations up to its caller's scope: native requests to the caller are undone.",
    &findings::carried_to_caller};
constexpr Finding kForeignStart{
    "F15", "anyio issue 1197: start() raises a cancellation that is none of its caller's",
    "A child of start() that a cancelled scope ends before started() hands its cancellation to its caller, which that "
    "scope does not cover. Since 4.15.0 the child waits under its caller's scope; a caller in no scope still gets it.",
    &findings::foreign_start};
constexpr Finding kConditionSpins{
    "F16", "asyncio.Condition.wait() in a cancelled scope spins until it has its lock back",
    "It takes the lock back in a loop that swallows every cancellation, and the scope delivers another in each "
    "iteration: as long as somebody else holds the lock, the loop burns all the CPU there is.",
    &findings::condition_spins};

constexpr Finding kItemLost{
    "F17", "anyio issue 146: an item is lost with the native cancellation of its receiver",
    "A stream hands an item to a receiver that waits. If that task is cancelled natively before it wakes, `receive` "
    "raises, and nobody has the item.",
    &findings::item_lost};
constexpr Finding kSentAndRaised{"F18", "a stream's send() raises though its item was received",
                                 "A receiver takes the item of a sender that waits, also of one that is being "
                                 "cancelled; and a sender may be cancelled "
                                 "natively after that. `send` raises, and the item is received or buffered.",
                                 &findings::sent_and_raised};
constexpr Finding kWaiterQueued{"F19", "anyio issue 1145: a lock or semaphore is free, and a task waits for it",
                                "Up to 4.13 a waiter that was cancelled stays in the queue until its task runs. "
                                "`release` passes it by, and whoever acquires then queues up behind it.",
                                &findings::waiter_queued};
constexpr Finding kLimiterOvertaken{"F20", "anyio issue 1170: a limiter gives one token to two",
                                    "Up to 4.13 a waiter takes its token when its task runs, not when it is woken: "
                                    "whoever acquires in between takes the same one.",
                                    &findings::limiter_overtaken};
constexpr Finding kLimiterRaised{"F21",
                                 "anyio issue 1223: raising a limiter's total gives out more tokens than there are",
                                 "Up to 4.14 the setter wakes as many waiters as the total was raised by, however many "
                                 "tokens are out.",
                                 &findings::limiter_raised};
constexpr Finding kWaitWithoutLock{"F22",
                                   "anyio.Condition.wait() that is cancelled natively again returns without the lock",
                                   "It takes the lock back under a shield, which no native cancellation respects: "
                                   "`wait` raises without the lock, and the "
                                   "`async with` around it raises RuntimeError in place of the CancelledError.",
                                   &findings::wait_without_lock};
constexpr Finding kTokenOfAnother{"F23", "acquire_on_behalf_of() that is cancelled natively keeps the token",
                                  "In its clean-up it releases the token of the current task, whoever the borrower is: "
                                  "that raises RuntimeError, and the "
                                  "borrower's token is lost.",
                                  &findings::token_of_another};
constexpr Finding kNotificationLost{"F24",
                                    "CPython issue 112202: a notification is lost with its waiter's cancellation",
                                    "Up to 3.12.1 a waiter of an asyncio.Condition that was notified and is cancelled "
                                    "does not pass the notification on.",
                                    &findings::notification_lost};
constexpr Finding kBesideErrors{
    "F25", "CPython issue 116720: an asyncio.TaskGroup that raises errors drops a cancellation from outside",
    "Up to 3.12 the errors take its place, and nothing asks for it again.", &findings::cancelled_beside_errors};
constexpr Finding kGroupAsksInExit{"F26",
                                   "CPython issue 133747: an asyncio.TaskGroup leaves a request of its own behind",
                                   "Up to 3.12 it takes its cancellation of the parent back when its exit begins. "
                                   "Where a task fails later, `cancelling()` "
                                   "stays one too high.",
                                   &findings::group_asks_in_exit};
constexpr Finding kWaitForEats{"F27", "CPython issues 86296 and 107547: wait_for() swallows a cancellation",
                               "On 3.11, if what it waits for is done by then, it returns the result.",
                               &findings::wait_for_overtaken};
constexpr Finding kTimeoutTakes{"F28",
                                "CPython issue 134471: asyncio.timeout() takes an earlier cancellation for its own",
                                "It counts a request that is still on its way among those from before it. If it "
                                "expires at once, the one CancelledError "
                                "that comes becomes a TimeoutError.",
                                &findings::pending_at_timeout};
constexpr Finding kWaitForLosesResult{
    "F29", "wait_for() raises TimeoutError though the result is there",
    "From 3.12 on its time may be up in the iteration in which what it waits for ends: the result is thrown away.",
    &findings::result_beside_timeout};

constexpr Finding kAsyncioGroupSpins{
    "F30", "leaving an asyncio.TaskGroup in a cancelled scope spins until its tasks are done",
    "Its exit waits in a loop that swallows every cancellation, and the scope delivers another in each iteration: as "
    "long "
    "as a task of the group runs on, under a shield or in its clean-up, the loop burns all the CPU there is.",
    &findings::asyncio_group_spins};
constexpr Finding kWaitsForOwnHost{
    "F31", "a cancelled group spins whose task waits for the group's host",
    "asyncio hands each cancellation of the task on to the host, whose exit waits for the task. Neither ends, and the "
    "group cancels the task again in each iteration.",
    &findings::waits_for_own_host};

constexpr std::array kKnown{
    KnownFinding{"single-flight",
                 SingleFlight::Places::kPastDeadline,
                 &kPastDeadline,
                 {Fix::enters_with_one_pass},
                 Releases::all,
                 Pythons::all,
                 true},
    KnownFinding{"no-hot-loop", WaitingPlaces::kStubbornFuture, &kStubborn, {}, Releases::all, Pythons::all, true},
    KnownFinding{
        "shield-holds", ShieldHolds::Places::kCancelledStart, &kStartThroughShield, {}, Releases::without_task_handles},
    KnownFinding{"caught-is-ours",
                 CaughtIsOurs::Places::kNativeFoldedIntoOurs,
                 &kFoldedNative,
                 {Fix::asks_again_for_native_cancel}},
    KnownFinding{"caught-is-ours",
                 CaughtIsOurs::Places::kNativeFoldedDroppedInAGroupExit,
                 &kFoldedNative,
                 {Fix::asks_again_for_native_cancel}},
    KnownFinding{"caught-is-ours",
                 CaughtIsOurs::Places::kNativeWithOursAsItsContext,
                 &kFoldedNative,
                 {Fix::asks_again_for_native_cancel}},
    KnownFinding{"caught-is-ours",
                 CaughtIsOurs::Places::kNativeReplacedByOurs,
                 &kFoldedNative,
                 {Fix::asks_again_for_native_cancel}},
    KnownFinding{"errors-arrive",
                 ErrorsArrive::Places::kGroupNoLongerCancelled,
                 &kFailedChild,
                 {Fix::child_error_always_cancels_group}},
    KnownFinding{"group-joins",
                 GroupJoins::Places::kSpawnedInTheLastCheckpointOfAnEmptyGroup,
                 &kLateChild,
                 {Fix::waits_for_late_children}},
    KnownFinding{"group-joins",
                 GroupJoins::Places::kSpawnedInAGroupThatWasLeft,
                 &kLateChild,
                 {Fix::waits_for_late_children},
                 Releases::without_task_handles},
    KnownFinding{
        "clean-exit", CleanExit::Places::kTaskSpawnedAsItsGroupWasLeft, &kLateChild, {Fix::waits_for_late_children}},
    KnownFinding{"errors-arrive",
                 ErrorsArrive::Places::kChildSpawnedAsItsGroupWasLeft,
                 &kLateChild,
                 {Fix::waits_for_late_children}},
    KnownFinding{"redelivery",
                 ParkedWatch::Places::kInALeftScope,
                 &kLateChild,
                 {Fix::waits_for_late_children, Fix::cancels_left_scopes}},
    KnownFinding{"shield-holds",
                 ParkedWatch::Places::kInALeftScope,
                 &kLateChild,
                 {Fix::waits_for_late_children},
                 Releases::all,
                 Pythons::all,
                 true},
    KnownFinding{"deferred-self-delivery",
                 ParkedWatch::Places::kInALeftScope,
                 &kLateChild,
                 {Fix::waits_for_late_children},
                 Releases::all,
                 Pythons::all,
                 true},
    KnownFinding{"no-livelock",
                 NoLivelock::Places::kInCheckpointIfCancelledInAScopeThatWasLeft,
                 &kLateChild,
                 {Fix::waits_for_late_children},
                 Releases::all,
                 Pythons::all,
                 true},
    KnownFinding{"no-lost-wakeup",
                 NoLostWakeup::Places::kCancelledSpawnedAsItsGroupWasLeft,
                 &kLateChild,
                 {Fix::waits_for_late_children}},
    KnownFinding{"start-handshake",
                 StartHandshake::Places::kCancelledCallerSpawnedAsItsGroupWasLeft,
                 &kLateChild,
                 {Fix::waits_for_late_children}},
    KnownFinding{"redelivery",
                 ParkedWatch::Places::kSpawnedIntoACancelledScope,
                 &kLateSpawn,
                 {},
                 Releases::all,
                 Pythons::all,
                 true},
    KnownFinding{"no-livelock",
                 NoLivelock::Places::kInCheckpointIfCancelledSpawnedIntoACancelledScope,
                 &kLateSpawn,
                 {},
                 Releases::all,
                 Pythons::all,
                 true},
    KnownFinding{"no-lost-wakeup",
                 NoLostWakeup::Places::kCancelledSpawnedInACancelledGroup,
                 &kLateSpawn,
                 {},
                 Releases::all,
                 Pythons::all,
                 true},
    KnownFinding{"start-handshake",
                 StartHandshake::Places::kCancelledCallerSpawnedInACancelledGroup,
                 &kLateSpawn,
                 {},
                 Releases::all,
                 Pythons::all,
                 true},
    KnownFinding{
        "errors-arrive", ErrorsArrive::Places::kGroupExitWasCancelled, &kLostError, {Fix::waits_for_late_children}},
    KnownFinding{"errors-arrive",
                 ErrorsArrive::Places::kBodyErrorLeftOutOfTheGroup,
                 &kLostError,
                 {Fix::waits_for_late_children}},
    KnownFinding{
        "errors-arrive", ErrorsArrive::Places::kLeftOutOfTheGroup, &kLostError, {Fix::waits_for_late_children}},
    KnownFinding{"errors-arrive",
                 ErrorsArrive::Places::kEndedByACancelledStart,
                 &kLostError,
                 {Fix::cancelled_start_raises_error_of_child}},
    KnownFinding{"errors-arrive",
                 ErrorsArrive::Places::kStartWasCancelledAsTheChildFailed,
                 &kLostError,
                 {Fix::cancelled_start_raises_error_of_child}},
    KnownFinding{
        "errors-arrive", ErrorsArrive::Places::kTwiceInTheGroup, &kLostError, {}, Releases::without_task_handles},
    KnownFinding{"uncancel-balance",
                 UncancelBalance::Places::kUndoneTooMuchCarriedFromAChild,
                 &kCarriedFromChild,
                 {Fix::hands_cancels_to_same_host_only}},
    KnownFinding{"uncancel-balance",
                 UncancelBalance::Places::kUndoneTooMuchCarriedFromAChildToTheCallerOfItsStart,
                 &kCarriedToCaller,
                 {Fix::hands_cancels_to_same_host_only},
                 Releases::start_under_caller},
    KnownFinding{"no-livelock",
                 NoLivelock::Places::kInCheckpointIfCancelledNoLongerCancelled,
                 &kLoopAfterShield,
                 {},
                 Releases::all,
                 Pythons::all,
                 true},
    KnownFinding{"start-handshake",
                 StartHandshake::Places::kLeftALiveChildCancelledAgainNatively,
                 &kStartGivesUp,
                 {Fix::cancelled_start_keeps_waiting}},
    KnownFinding{"clean-exit",
                 CleanExit::Places::kChildThatItsStartLeftBehind,
                 &kStartGivesUp,
                 {Fix::cancelled_start_keeps_waiting},
                 Releases::start_under_caller},
    KnownFinding{"start-handshake",
                 StartHandshake::Places::kRaisedACancellationThatIsNoneOfItsCaller,
                 &kForeignStart,
                 {},
                 Releases::start_in_group},
    KnownFinding{"start-handshake",
                 StartHandshake::Places::kRaisedACancellationThatIsNoneOfItsCaller,
                 &kForeignStart,
                 {Fix::starts_in_no_scope_for_unscoped_caller},
                 Releases::start_under_caller},
    KnownFinding{"group-outcome",
                 GroupOutcome::Places::kRaisedThoughNothingWasInterrupted,
                 &kGroupRaises,
                 {Fix::leaves_group_without_cancel_point}},
    KnownFinding{"group-outcome",
                 GroupOutcome::Places::kRaisedNothingThoughATaskWasInterrupted,
                 &kGroupIsSilent,
                 {Fix::raises_cancellation_of_children}},
    KnownFinding{"no-livelock", Place("parked in wait"), &kConditionSpins},
    KnownFinding{"no-livelock", Place("parked in an asyncio group's exit"), &kAsyncioGroupSpins},
    KnownFinding{"no-livelock", Place("parked in an asyncio group's exit"), &kWaitsForOwnHost},
    KnownFinding{"no-livelock", Place("parked in a group's exit"), &kWaitsForOwnHost},
    KnownFinding{"caught-is-ours",
                 CaughtIsOurs::Places::kNativeOfTheBodyDroppedInAGroupExit,
                 &kLostError,
                 {Fix::waits_for_late_children}},
    KnownFinding{"items-arrive", ItemsArrive::Places::kLost, &kItemLost, {Fix::cancelled_receiver_passes_item_on}},
    KnownFinding{"items-arrive", ItemsArrive::Places::kReceivedThoughItsSendRaised, &kSentAndRaised},
    KnownFinding{"items-arrive", ItemsArrive::Places::kBufferedThoughItsSendRaised, &kSentAndRaised},
    KnownFinding{"no-lost-permit",
                 NoLostPermit::Places::kWaitsForWhatIsFree,
                 &kWaiterQueued,
                 {},
                 Releases::without_task_handles},
    KnownFinding{"permits-balance",
                 PermitsBalance::Places::kMoreOutThanThereAre,
                 &kLimiterOvertaken,
                 {},
                 Releases::without_task_handles},
    KnownFinding{
        "permits-balance", PermitsBalance::Places::kMoreOutThanThereAre, &kLimiterRaised, {}, Releases::start_in_group},
    KnownFinding{"notify-reaches", NotifyReaches::Places::kWaitEndedWithoutTheLock, &kWaitWithoutLock},
    KnownFinding{"notify-reaches",
                 NotifyReaches::Places::kWokenAndTheLockIsFree,
                 &kWaiterQueued,
                 {},
                 Releases::without_task_handles},
    KnownFinding{"notify-reaches", NotifyReaches::Places::kNotPassedOn, &kWaitWithoutLock},
    KnownFinding{"permits-balance", PermitsBalance::Places::kTokenLostBorrowedForAnother, &kTokenOfAnother},
    KnownFinding{"permits-balance", PermitsBalance::Places::kReleaseRefused, &kTokenOfAnother},
    KnownFinding{"notify-reaches",
                 NotifyReaches::Places::kNotPassedOnByAsyncio,
                 &kNotificationLost,
                 {},
                 Releases::all,
                 Pythons::up_to_3_12},
    KnownFinding{"asyncio-group",
                 AsyncioGroup::Places::kCancellationFromOutsideLostBesideErrors,
                 &kBesideErrors,
                 {},
                 Releases::all,
                 Pythons::up_to_3_12},
    KnownFinding{"cancellers-balance",
                 CancellersBalance::Places::kLeftOverByAGroup,
                 &kGroupAsksInExit,
                 {},
                 Releases::all,
                 Pythons::up_to_3_12},
    KnownFinding{"timeout-is-ours",
                 TimeoutIsOurs::Places::kWaitForLostACancellation,
                 &kWaitForEats,
                 {},
                 Releases::all,
                 Pythons::up_to_3_11},
    KnownFinding{"timeout-is-ours",
                 TimeoutIsOurs::Places::kTookAnotherCancellation,
                 &kTimeoutTakes,
                 {Fix::timeout_leaves_pending_cancel}},
    KnownFinding{"timeout-is-ours",
                 TimeoutIsOurs::Places::kWaitForTookAnotherCancellation,
                 &kTimeoutTakes,
                 {Fix::timeout_leaves_pending_cancel}},
    KnownFinding{"timeout-is-ours",
                 TimeoutIsOurs::Places::kWaitForLostAResult,
                 &kWaitForLosesResult,
                 {},
                 Releases::all,
                 Pythons::from_3_12},
};

bool is_among(const model::Version& version, Releases releases) {
    switch (releases) {
        case Releases::all: break;
        case Releases::without_task_handles: return !version.task_handles;
        case Releases::start_in_group: return !version.start_under_caller;
        case Releases::start_under_caller: return version.start_under_caller;
    }
    return true;
}

bool is_among(const sim::Python& python, Pythons pythons) {
    switch (pythons) {
        case Pythons::all: break;
        case Pythons::up_to_3_11: return !python.wait_for_is_a_timeout;
        case Pythons::up_to_3_12: return !python.uncancel_clears_must_cancel;
        case Pythons::from_3_12: return python.wait_for_is_a_timeout;
    }
    return true;
}

bool applies(const KnownFinding& known, const model::Config& config) {
    const bool polls = config.policy->parked == nullptr;
    if (!known.fixes.none() && config.switches.include(known.fixes)) return false;
    return is_among(*config.version, known.in) && is_among(*config.python, known.on) && !(known.polling_only && !polls);
}

}  // namespace

bool may_be_known(const model::Config& config, std::string_view contract, std::string_view place) {
    return std::any_of(kKnown.begin(), kKnown.end(), [&](const KnownFinding& known) {
        return known.contract == contract && known.place.name() == place && applies(known, config);
    });
}

const Finding* find_finding(std::string_view id) {
    const auto* const known =
        std::find_if(kKnown.begin(), kKnown.end(), [id](const KnownFinding& each) { return each.finding->id == id; });
    return known != kKnown.end() ? known->finding : nullptr;
}

const Finding* known_finding(const Evidence& run, const model::Config& config) {
    for (const KnownFinding& known : kKnown)
        if (known.contract == run.contract().name() && known.place == run.contract().place() &&
            applies(known, config) && known.finding->holds(run))
            return known.finding;
    return nullptr;
}

std::string_view upstream_note(const model::Config& config, std::string_view contract, std::string_view place) {
    const bool rearms = contract == "no-hot-loop" || contract == "no-rearm-without-live-tasks";
    if (!rearms || !place.starts_with("done task") || config.version->skips_done_tasks) return {};
    return "anyio issue 1111, fixed in 4.14.2. Today: upgrade; or import properties/proposal/ask_waiter.py, which "
           "stops "
           "it on 4.13.";
}

std::vector<const Finding*> all_findings() {
    std::vector<const Finding*> findings;
    for (const KnownFinding& known : kKnown)
        if (std::find(findings.begin(), findings.end(), known.finding) == findings.end())
            findings.push_back(known.finding);
    const auto number = [](const Finding* finding) { return std::stoi(std::string(finding->id.substr(1))); };
    std::sort(findings.begin(), findings.end(),
              [&](const Finding* a, const Finding* b) { return number(a) < number(b); });
    return findings;
}

std::vector<std::pair<std::string, std::string>> known_places(const model::Config& config) {
    std::vector<std::pair<std::string, std::string>> places;
    for (const KnownFinding& known : kKnown)
        if (applies(known, config)) places.emplace_back(known.contract, known.place.name());
    return places;
}

}  // namespace cancelsim::properties
