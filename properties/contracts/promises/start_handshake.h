// start-handshake: what `start` tells its caller is true.
#pragma once

#include <algorithm>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/errors.h"
#include "properties/world/history.h"
#include "properties/world/id_set.h"

namespace cancelsim::properties {

class StartHandshake final : public Contract {
public:
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
        if (event.by.kind != sim::By::Kind::scope) {
            if (event.accepted && event.message == 0) cancelled_natively(task(event.task));
            return;
        }
        for (Start& start : starts_)
            if (start.child->id == event.task)
                start.child_interrupted |= scope(event.by.id).host_task != start.child;
            else if (start.host->id == event.task)
                start.interrupted = true;
    }
    void on(const events::StartCalled& event) {
        listen(Dormant{});
        const model::Task& caller = task(event.caller);
        starts_.push_back({.child = &task(event.task),
                           .host = &caller,
                           .scope = scope_of_caller(caller),
                           .iteration = run().iteration(),
                           .time = run().now()});
    }
    void on(const events::StartedCalled& event) {
        started(task(event.task), event);
        if (Start* start = find(task(event.task))) start->started = start->started || event.accepted;
    }
    void on(const events::StartReturned& event) {
        if (Start* start = find(task(event.task))) returned(*start, event.error);
    }
    void on(const events::ChildReported& event) {
        const model::Task& child = task(event.task);
        // Only a start that was cancelled has a cancelled task status.
        if (!event.cancelled_group || child.task_status_future == nullptr || !child.task_status_future->cancelled())
            return;
        broken_ = {.child = &child, .iteration = run().iteration(), .time = run().now()};
        fail("child of a cancelled start cancels its group");
    }

    void end() {
        if (sim::cut_short(run().verdict())) return;
        for (const Start& start : starts_) {
            // A cancelled one waits for its child to end, whatever that has said before.
            if (!start.child->done() && (!start.started || waits_for_end(start))) continue;
            broken_ = start;
            return fail("never returned");
        }
    }

    std::string what_happened() const override;

private:
    /// How many iterations a start that is cancelled may go on waiting for `started()`.
    static constexpr std::uint64_t kBound = 2;

    struct Start {
        const model::Task* child = nullptr;
        const model::Task* host = nullptr;
        const model::CancelScope* scope = nullptr;  ///< the innermost one around the call
        bool started = false;
        bool child_cancelled = false;    ///< natively, by its caller: up to 4.13 this is how it ends its child
        bool interrupted = false;        ///< a pass has cancelled its caller
        bool child_interrupted = false;  ///< a pass of a scope that is none of the child's own has cancelled its child
        bool cancelled_again = false;    ///< natively, while it waited for the child to end
        std::uint64_t cancelled_since =
            0;                        ///< the iteration since when it is cancelled and waits for `started()`: 0 is none
        std::uint64_t iteration = 0;  ///< of the call
        sim::Time time = 0;
    };

    Start* find(const model::Task& child) {
        for (Start& start : starts_)
            if (start.child == &child) return &start;
        return nullptr;
    }

    /// A shield that `start` itself puts up is none of its caller's.
    static const model::CancelScope* scope_of_caller(const model::Task& host) {
        const model::CancelScope* scope = host.cancel_scope;
        while (scope != nullptr && !scope->label && scope->shield && scope->host_task == &host)
            scope = scope->parent_scope;
        return scope;
    }

    void look_at_waiting() {
        for (Start& start : starts_) {
            if (start.child->task_status_future->done() || cancelling_scope(start.scope) == nullptr) {
                start.cancelled_since = 0;
                continue;
            }
            if (start.cancelled_since == 0) start.cancelled_since = run().iteration();
            if (run().iteration() - start.cancelled_since < kBound) continue;
            broken_ = start;
            return fail(history().spawns().left_behind(*start.host) ? "cancelled, caller spawned as its group was left"
                        : history().spawns().in_cancelled_group(*start.host)
                            ? "cancelled, caller spawned in a cancelled group"
                            : "cancelled, still waits for started()");
        }
    }

    static bool waits_for_end(const Start& start) {
        const model::TaskHandle* handle = start.child->handle;
        return handle != nullptr ? handle->cancel_scope->cancel_called : start.child_cancelled;
    }

    /// A native request is how `start` of 4.13 ends its child; and one may reach a start that waits for that end.
    void cancelled_natively(const model::Task& task) {
        for (Start& start : starts_) {
            if (start.host == &task && waits_for_end(start)) start.cancelled_again = true;
            if (start.child == &task && start.host == run().current_task()) start.child_cancelled = true;
        }
    }

    void started(const model::Task& task, const events::StartedCalled& event) {
        const bool earlier = succeeded_.has(task.id);
        if (event.accepted) succeeded_.add(task.id);
        if (earlier == (event.error != nullptr)) return;
        broken_ = {.child = &task, .iteration = run().iteration(), .time = run().now()};
        fail(earlier ? "a second started() did not raise" : "started() raised, though none had succeeded");
    }

    void returned(const Start& start, const sim::Error* error) {
        const Start ended = start;
        starts_.erase(starts_.begin() + (&start - starts_.data()));
        const model::Task& child = *ended.child;
        const char* broke = nullptr;
        if (error == nullptr) {
            if (!ended.started) broke = "returned before started()";
        } else if (ended.started && error->is_cancelled() && error->message != 0) {
            broke = "started() was taken back";
        } else if (!child.done()) {
            broke = ended.cancelled_again ? "left a live child, cancelled again natively" : "left a live child";
        } else if (error->is_cancelled() && is_ours(*error) && ended.child_interrupted && !ended.interrupted &&
                   cancelling_scope(ended.host->cancel_scope) == nullptr) {
            broke = "raised a cancellation that is none of its caller's";
        } else if (!error->is_cancelled() && error != child.end_error) {
            // A child that ends without a word makes `start` raise a RuntimeError of its own.
            const bool silent = child.end_error == nullptr && !ended.started;
            if (!silent || error->kind != sim::ErrorKind::runtime_error) broke = "raised what the child did not";
        }
        if (broke == nullptr) return;
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
    const model::Task& child = *broken_.child;
    const std::string now = moment_words(broken_at_time(), broken_at_iteration());
    if (place() == "child of a cancelled start cancels its group")
        return "The `start` that waited for " + task_words(run(), child) +
               " was cancelled, and so ended the task. Its end, " + now + ", cancelled the group `" +
               run().label_text(child.group->label) + "`, though nothing failed in it.";
    if (place() == "a second started() did not raise" || place() == "started() raised, though none had succeeded")
        return task_words(run(), child) + " called `started()` " + now +
               (place().starts_with("a ") ? " once more, and nothing was raised."
                                          : ", which raised, though no earlier call had succeeded.");
    std::string text = "The `start` that " + task_words(run(), *broken_.host) + " called " +
                       moment_words(broken_.time, broken_.iteration);
    if (place() == "never returned")
        return text + " never returned, though its child " + (broken_.started ? "called `started()`." : "ended.");
    if (place().starts_with("cancelled, "))
        return text + " is cancelled since iteration " + std::to_string(broken_.cancelled_since) +
               ", and still waits for its child to call `started()` " + now + ".";
    text += outcome_ == nullptr ? " returned " + now : " raised " + run().outcome_text(outcome_) + " " + now;
    if (place() == "started() was taken back")
        return text + ", though its child had called `started()` before a scope came to cancel it: the result is lost.";
    if (place() == "raised a cancellation that is none of its caller's")
        return text + ", which no cancelled scope covers: the cancellation was its child's, " +
               task_words(run(), child) + ", of the group that this was to join.";
    if (place() == "returned before started()") return text + ", though its child has not called `started()`.";
    if (place() == "raised what the child did not")
        return text + ", though its child ended with " + run().outcome_text(child.end_error) + ".";
    text += ", while its child, " + task_words(run(), child) + ", was not done";
    if (broken_.cancelled_again) text += ": a native cancellation reached it while it waited for the child to end";
    return text + ".";
}

}  // namespace cancelsim::properties
