// no-livelock: tasks that run get somewhere.
#pragma once

#include <algorithm>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/reach.h"
#include "properties/world/effective_cancellation.h"
#include "properties/world/history.h"
#include "scenarios/program/case.h"

namespace cancelsim::properties {

/// Futile iterations are not counted: a loop of theirs is `no-hot-loop`'s, and a run may have both.
class NoLivelock final : public Contract {
public:
    NoLivelock()
        : Contract("no-livelock",
                   "there are never 100 iterations in a row at one virtual time, futile ones not counted, in which "
                   "no statement of any program completes") {}

    void start() {
        progress_ = 0;
        futile_ = 0;
        since_ = 1;
        task_ = nullptr;
        scope_ = nullptr;
        // An environment's statements complete without a word: each entry may account for one iteration.
        limit_ = kLimit + run().program().environment.size();
    }

    void on(const events::TimeStoodStill&) {
        note_progress();
        if (run().iteration() - 1 - progress_ - futile_ == limit_) break_here();
    }
    void on(const events::FutileIteration&) {
        note_progress();
        ++futile_;
        if (futile_ == run().iteration() - progress_) since_ = run().iteration() + 1;
    }

    std::string what_happened() const override {
        std::string text = "From iteration " + std::to_string(since_) + " to " +
                           std::to_string(broken_at_iteration() - 1) + ", time standing still at " +
                           std::to_string(broken_at_time()) +
                           ", tasks ran, but no statement of any program was completed";
        if (task_ == nullptr) return text + ".";
        text += ": " + task_words(run(), *task_) + " goes round and round in " + statement_words(run(), statement_);
        if (scope_ == nullptr) return text + ", and no cancelled scope covers it any more.";
        return text + ", though it is cancelled by " + scope_words(run(), *scope_) + ".";
    }

private:
    static constexpr std::uint64_t kLimit = 100;

    void note_progress() {
        const std::uint64_t progress = std::max(run().progressed_in(), run().clock().time_moved_in);
        if (progress == progress_) return;
        progress_ = progress;
        futile_ = 0;
        since_ = progress + 1;
    }

    /// Blames the first task that is neither done nor waits for anything, one in `checkpoint_if_cancelled` before
    /// others.
    void break_here() {
        bool polls = false;
        for (const sim::Task* each : run().tasks()) {
            const auto& task = static_cast<const model::Task&>(*each);
            if (task.done() || !task.started || (task.fut_waiter != nullptr && !task.fut_waiter->done())) continue;
            const std::uint32_t statement = run().statement_of(task);
            const bool is_poll = statement != scenarios::Interpreter::kNoStatement &&
                                 run().program().statements[statement].op == scenarios::Op::checkpoint_if_cancelled;
            if (task_ != nullptr && (polls || !is_poll)) continue;
            task_ = &task;
            polls = is_poll;
        }
        if (task_ == nullptr) return fail("no task");
        scope_ = cancelling_scope(*task_);
        statement_ = run().statement_of(*task_);
        fail(polls ? place_of_poll(*task_) : waiting_place(run(), *task_));
    }

    std::string_view place_of_poll(const model::Task& task) const {
        const model::CancelScope* scope = cancelling_scope(task);
        if (scope == nullptr) return "in checkpoint_if_cancelled, no longer cancelled";
        if (is_in_left_scope(task)) return "in checkpoint_if_cancelled, in a scope that was left";
        if (history().cancels().spawned_too_late(task, *scope))
            return "in checkpoint_if_cancelled, spawned into a cancelled scope";
        return "in checkpoint_if_cancelled";
    }

    std::uint64_t progress_ = 0;  ///< the last iteration in which a statement was completed, or time moved
    std::uint64_t futile_ = 0;    ///< futile iterations since
    std::uint64_t since_ = 1;     ///< the first iteration since, but for futile ones
    std::uint64_t limit_ = kLimit;
    const model::Task* task_ = nullptr;
    const model::CancelScope* scope_ = nullptr;  ///< that cancels the task
    std::uint32_t statement_ = 0;                ///< that the task is in
};

}  // namespace cancelsim::properties
