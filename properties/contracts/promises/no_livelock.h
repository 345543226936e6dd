// no-livelock: tasks that run get somewhere.
#pragma once

#include <algorithm>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"

namespace cancelsim::properties {

/// Futile iterations are not counted: a loop of theirs is `no-hot-loop`'s, and a run may have both.
class NoLivelock final : public Contract {
public:
    struct Places {
        static constexpr Place kNoTask{"no task"};
        static constexpr Place kInCheckpointIfCancelledNoLongerCancelled{
            "in checkpoint_if_cancelled, no longer cancelled"};
        static constexpr Place kInCheckpointIfCancelledInAScopeThatWasLeft{
            "in checkpoint_if_cancelled, in a scope that was left"};
        static constexpr Place kInCheckpointIfCancelledSpawnedIntoACancelledScope{
            "in checkpoint_if_cancelled, spawned into a cancelled scope"};
        static constexpr Place kInCheckpointIfCancelled{"in checkpoint_if_cancelled"};
    };

    NoLivelock()
        : Contract("no-livelock",
                   "there are never 100 iterations in a row at one virtual time, futile ones not counted, in which "
                   "no statement of any program completes") {}

    void start() {
        progressed_in_ = 0;
        progress_ = 0;
        futile_ = 0;
        since_ = 1;
        task_ = kNobody;
        scope_ = kNoScope;
        limit_ = kLimit;
        // An environment's statements complete without a word: each entry may account for one iteration.
        if (const scenarios::Case* program = info().program()) limit_ += program->environment.size();
    }

    void on(const events::BodyBegan&) { progressed_in_ = iteration(); }
    void on(const events::BodyEnded&) { progressed_in_ = iteration(); }
    void on(const events::StatementEnded&) { progressed_in_ = iteration(); }
    void on(const events::GroupBlockLeft&) { progressed_in_ = iteration(); }
    void on(const events::TimeoutBlockLeft&) { progressed_in_ = iteration(); }
    void on(const events::AsyncioGroupBlockLeft&) { progressed_in_ = iteration(); }

    void on(const events::TimeStoodStill&) {
        note_progress();
        if (iteration() - 1 - progress_ - futile_ == limit_) break_here();
    }
    void on(const events::FutileIteration&) {
        note_progress();
        ++futile_;
        if (futile_ == iteration() - progress_) since_ = iteration() + 1;
    }

    std::string what_happened() const override {
        std::string text = "From iteration " + std::to_string(since_) + " to " +
                           std::to_string(broken_at_iteration() - 1) + ", time standing still at " +
                           std::to_string(broken_at_time()) +
                           ", tasks ran, but no statement of any program was completed";
        if (task_ == kNobody) return text + ".";
        text += ": " + words().task(task_) + " goes round and round in " + words().statement(statement_);
        if (scope_ == kNoScope) return text + ", and no cancelled scope covers it any more.";
        return text + ", though it is cancelled by " + words().scope(scope_) + ".";
    }

private:
    static constexpr std::uint64_t kLimit = 100;

    void note_progress() {
        const std::uint64_t progress = std::max(progressed_in_, world().time_moved_in());
        if (progress == progress_) return;
        progress_ = progress;
        futile_ = 0;
        since_ = progress + 1;
    }

    /// Blames the first task that is neither done nor waits for anything, one that polls in `checkpoint_if_cancelled`
    /// before others.
    void break_here() {
        bool polls = false;
        for (TaskId id = 0; id < world().tasks(); ++id) {
            const World::Task& task = world().task(id);
            if (task.done() || !task.started || task.waits()) continue;
            const bool is_poll = task.wait.kind == sim::WaitKind::poll;
            if (task_ != kNobody && (polls || !is_poll)) continue;
            task_ = id;
            polls = is_poll;
        }
        // A user's own program has no statements, and may give way as often as it likes.
        if (info().program() == nullptr && !polls) return;
        if (task_ == kNobody) return fail(Places::kNoTask);
        scope_ = world().cancelling_scope_of(task_);
        statement_ = info().statement_of(task_);
        fail(polls ? place_of_poll() : words().waiting_place(task_));
    }

    Place place_of_poll() const {
        if (scope_ == kNoScope) return Places::kInCheckpointIfCancelledNoLongerCancelled;
        if (world().is_in_left_scope(task_)) return Places::kInCheckpointIfCancelledInAScopeThatWasLeft;
        if (world().spawned_too_late(task_, scope_)) return Places::kInCheckpointIfCancelledSpawnedIntoACancelledScope;
        return Places::kInCheckpointIfCancelled;
    }

    std::uint64_t progressed_in_ = 0;  ///< the last iteration in which a statement was completed
    std::uint64_t progress_ = 0;       ///< the last iteration in which a statement was completed, or time moved
    std::uint64_t futile_ = 0;         ///< futile iterations since
    std::uint64_t since_ = 1;          ///< the first iteration since, but for futile ones
    std::uint64_t limit_ = kLimit;
    TaskId task_ = kNobody;
    ScopeId scope_ = kNoScope;     ///< that cancels the task
    std::uint32_t statement_ = 0;  ///< that the task is in
};

}  // namespace cancelsim::properties
