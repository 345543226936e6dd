// start-handshake: what `start` tells its caller is true.
#pragma once

#include <algorithm>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/errors.h"
#include "properties/world/id_set.h"

namespace cancelsim::properties {

class StartHandshake final : public Contract {
public:
    struct Places {
        static constexpr Place kChildOfACancelledStartCancelsItsGroup{"child of a cancelled start cancels its group"};
        static constexpr Place kNeverReturned{"never returned"};
        static constexpr Place kCancelledCallerSpawnedAsItsGroupWasLeft{
            "cancelled, caller spawned as its group was left"};
        static constexpr Place kCancelledCallerSpawnedInACancelledGroup{
            "cancelled, caller spawned in a cancelled group"};
        static constexpr Place kCancelledStillWaitsForStarted{"cancelled, still waits for started()"};
        static constexpr Place kASecondStartedDidNotRaise{"a second started() did not raise"};
        static constexpr Place kStartedRaisedThoughNoneHadSucceeded{"started() raised, though none had succeeded"};
        static constexpr Place kReturnedBeforeStarted{"returned before started()"};
        static constexpr Place kStartedWasTakenBack{"started() was taken back"};
        static constexpr Place kLeftALiveChildCancelledAgainNatively{"left a live child, cancelled again natively"};
        static constexpr Place kLeftALiveChild{"left a live child"};
        static constexpr Place kRaisedACancellationThatIsNoneOfItsCaller{
            "raised a cancellation that is none of its caller's"};
        static constexpr Place kRaisedWhatTheChildDidNot{"raised what the child did not"};
    };

    StartHandshake()
        : Contract(
              "start-handshake",
              "`start` returns once its child has called `started()`, or raises what the child raised, and raises a "
              "cancellation of anyio's only if its caller is cancelled; cancelled, it stops waiting for `started()`, "
              "waits for the child to end, and leaves the child's group as it is; `started()` raises if and only if an "
              "earlier one succeeded") {}

    using Dormant = sim::EventList<events::IterationBegan, events::CancelRequested, events::StartedCalled,
                                   events::StartReturned, events::ChildReported>;
    static constexpr bool kPresupposesBlocks = true;

    void start() {
        starts_.clear();
        succeeded_.clear();
        broken_ = {};
    }

    void on(const events::IterationBegan&) {
        if (starts_.empty())
            ignore<events::IterationBegan>();
        else
            look_at_waiting();
    }
    void on(const events::CancelRequested& event) {
        for (Start& start : starts_) {
            if (event.by.kind != By::Kind::scope) {
                // A native one may reach a start that waits for its child to end; and so may one that is handed on from
                // a task that waits for the caller, whatever its message.
                const bool handed_on = event.accepted && event.by.kind == By::Kind::forwarded;
                const bool native = event.accepted && event.message == 0;
                if (start.host != event.task) continue;
                if ((native || handed_on) && waits_for_end(start)) start.cancelled_again = true;
                start.handed_on = start.handed_on || handed_on;
            } else if (start.child == event.task) {
                start.child_interrupted |= world().scope(event.by.id).host != start.child;
            } else if (start.host == event.task) {
                start.interrupted = true;
            }
        }
    }
    void on(const events::StartCalled& event) {
        listen(Dormant{});
        starts_.push_back({.child = event.task,
                           .host = event.caller,
                           .scope = scope_of_caller(event.caller),
                           .iteration = iteration(),
                           .time = time()});
    }
    void on(const events::StartedCalled& event) {
        started(event);
        if (Start* start = find(event.task)) start->started = start->started || event.accepted;
    }
    void on(const events::StartReturned& event) {
        if (Start* start = find(event.task)) returned(*start, event.error);
    }
    void on(const events::ChildReported& event) {
        if (!event.cancelled_group || world().task(event.task).handshake != World::Handshake::abandoned) return;
        broken_ = {.child = event.task, .iteration = iteration(), .time = time()};
        fail(Places::kChildOfACancelledStartCancelsItsGroup);
    }

    void end() {
        if (sim::cut_short(info().verdict())) return;
        for (const Start& start : starts_) {
            // A cancelled one waits for its child to end, whatever that has said before.
            if (!world().task(start.child).done() && (!start.started || waits_for_end(start))) continue;
            broken_ = start;
            return fail(Places::kNeverReturned);
        }
    }

    std::string what_happened() const override;

private:
    /// How many iterations a start that is cancelled may go on waiting for `started()`.
    static constexpr std::uint64_t kBound = 2;

    struct Start {
        TaskId child = kNobody;
        TaskId host = kNobody;
        ScopeId scope = kNoScope;  ///< the innermost one around the call
        bool started = false;
        bool interrupted = false;        ///< a pass has cancelled its caller
        bool child_interrupted = false;  ///< a pass of a scope that is none of the child's own has cancelled its child
        bool cancelled_again = false;    ///< natively, while it waited for the child to end
        bool handed_on = false;          ///< a request to a task that waits for its caller was handed on to that
        std::uint64_t cancelled_since =
            0;                        ///< the iteration since when it is cancelled and waits for `started()`: 0 is none
        std::uint64_t iteration = 0;  ///< of the call
        sim::Time time = 0;
    };

    Start* find(TaskId child) {
        for (Start& start : starts_)
            if (start.child == child) return &start;
        return nullptr;
    }

    /// A shield that `start` itself puts up is none of its caller's.
    ScopeId scope_of_caller(TaskId host) const {
        ScopeId scope = world().task(host).innermost;
        while (scope != kNoScope && world().scope(scope).purpose == model::Purpose::start)
            scope = world().scope(scope).parent;
        return scope;
    }

    void look_at_waiting() {
        for (Start& start : starts_) {
            const bool waits = world().task(start.child).handshake == World::Handshake::waiting;
            if (!waits || world().cancelling_scope(start.scope) == kNoScope) {
                start.cancelled_since = 0;
                continue;
            }
            if (start.cancelled_since == 0) start.cancelled_since = iteration();
            if (iteration() - start.cancelled_since < kBound) continue;
            broken_ = start;
            return fail(world().left_behind(start.host) ? Places::kCancelledCallerSpawnedAsItsGroupWasLeft
                        : world().task(start.host).spawned == World::Spawned::group_cancelled
                            ? Places::kCancelledCallerSpawnedInACancelledGroup
                            : Places::kCancelledStillWaitsForStarted);
        }
    }

    bool waits_for_end(const Start& start) const {
        const World::Task& host = world().task(start.host);
        return host.parked && host.wait.kind == sim::WaitKind::child_end;
    }

    void started(const events::StartedCalled& event) {
        const bool earlier = succeeded_.has(event.task);
        if (event.accepted) succeeded_.add(event.task);
        if (earlier == (event.error != nullptr)) return;
        broken_ = {.child = event.task, .iteration = iteration(), .time = time()};
        fail(earlier ? Places::kASecondStartedDidNotRaise : Places::kStartedRaisedThoughNoneHadSucceeded);
    }

    void returned(const Start& start, const sim::Error* error) {
        const Start ended = start;
        starts_.erase(starts_.begin() + (&start - starts_.data()));
        const World::Task& child = world().task(ended.child);
        Place broke;
        if (error == nullptr) {
            if (!ended.started) broke = Places::kReturnedBeforeStarted;
        } else if (ended.started && error->is_cancelled() && error->message != 0 && !ended.handed_on) {
            broke = Places::kStartedWasTakenBack;
        } else if (!child.done()) {
            broke = ended.cancelled_again ? Places::kLeftALiveChildCancelledAgainNatively : Places::kLeftALiveChild;
        } else if (error->is_cancelled() && is_ours(*error) && ended.child_interrupted && !ended.interrupted &&
                   world().cancelling_scope_of(ended.host) == kNoScope) {
            broke = Places::kRaisedACancellationThatIsNoneOfItsCaller;
        } else if (!error->is_cancelled() && error != child.end_error) {
            // A child that ends without a word makes `start` raise a RuntimeError of its own.
            const bool silent = child.end_error == nullptr && !ended.started;
            if (!silent || error->kind != sim::ErrorKind::runtime_error) broke = Places::kRaisedWhatTheChildDidNot;
        }
        if (broke == Place{}) return;
        broken_ = ended;
        outcome_ = error;
        fail(broke);
    }

    std::vector<Start> starts_;  ///< those that have not returned: mostly none or one
    IdSet succeeded_;            ///< tasks of which a `started()` has succeeded
    Start broken_;
    const sim::Error* outcome_ = nullptr;
};

inline std::string StartHandshake::what_happened() const {
    const std::string now = moment_words(broken_at_time(), broken_at_iteration());
    if (place() == Places::kChildOfACancelledStartCancelsItsGroup)
        return "The `start` that waited for " + words().task(broken_.child) +
               " was cancelled, and so ended the task. Its end, " + now + ", cancelled the " +
               words().group(world().task(broken_.child).group) + ", though nothing failed in it.";
    if (place() == Places::kASecondStartedDidNotRaise || place() == Places::kStartedRaisedThoughNoneHadSucceeded)
        return words().task(broken_.child) + " called `started()` " + now +
               (place() == Places::kASecondStartedDidNotRaise
                    ? " once more, and nothing was raised."
                    : ", which raised, though no earlier call had succeeded.");
    std::string text =
        "The `start` that " + words().task(broken_.host) + " called " + moment_words(broken_.time, broken_.iteration);
    if (place() == Places::kNeverReturned)
        return text + " never returned, though its child " + (broken_.started ? "called `started()`." : "ended.");
    if (place() == Places::kCancelledCallerSpawnedAsItsGroupWasLeft ||
        place() == Places::kCancelledCallerSpawnedInACancelledGroup ||
        place() == Places::kCancelledStillWaitsForStarted)
        return text + " is cancelled since iteration " + std::to_string(broken_.cancelled_since) +
               ", and still waits for its child to call `started()` " + now + ".";
    text += outcome_ == nullptr ? " returned " + now : " raised " + words().outcome(outcome_) + " " + now;
    if (place() == Places::kStartedWasTakenBack)
        return text + ", though its child had called `started()` before a scope came to cancel it: the result is lost.";
    if (place() == Places::kRaisedACancellationThatIsNoneOfItsCaller)
        return text + ", which no cancelled scope covers: the cancellation was its child's, " +
               words().task(broken_.child) + ", of the group that this was to join.";
    if (place() == Places::kReturnedBeforeStarted) return text + ", though its child has not called `started()`.";
    if (place() == Places::kRaisedWhatTheChildDidNot)
        return text + ", though its child ended with " + words().outcome(world().task(broken_.child).end_error) + ".";
    text += ", while its child, " + words().task(broken_.child) + ", was not done";
    if (broken_.cancelled_again) text += ": a native cancellation reached it while it waited for the child to end";
    return text + ".";
}

}  // namespace cancelsim::properties
