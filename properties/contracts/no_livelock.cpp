// no-livelock: tasks that run get somewhere.
#include "properties/contracts/cancel_log.h"
#include "properties/contracts/contracts.h"
#include "properties/contracts/reach.h"
#include "properties/coverage.h"
#include "properties/words.h"
#include "scenarios/case.h"

namespace cancelsim::properties {

namespace {

constexpr std::uint64_t kLimit = 100;

/// Futile iterations are not counted: a loop of theirs is `no-hot-loop`'s, and a run may have both.
class NoLivelock : public Contract {
public:
    NoLivelock()
        : Contract("no-livelock",
                   "there are never 100 iterations in a row at one virtual time, futile ones not counted, in which "
                   "no statement of any program completes") {}

    sim::EventMask wants() const override {
        return sim::mask_of(events::cancel, events::delivered_to, sim::events::iteration, sim::events::futile_iteration,
                            events::task_start, events::task_end, events::await, events::group_exit);
    }

    void start() override {
        stuck_ = 0;
        since_ = 0;
        time_ = 0;
        task_ = nullptr;
        scope_ = nullptr;
        log_.reset();
        // An environment's statements complete without a word: each entry may account for one iteration.
        limit_ = kLimit + run().program().environment.size();
    }

    void on(const sim::TraceEvent& event) override {
        switch (event.kind) {
            case sim::events::iteration:
                if (run().now() != time_) {
                    time_ = run().now();
                    stuck_ = 0;
                }
                if (stuck_ == 0) since_ = run().iteration();
                if (stuck_ == limit_) break_here();
                ++stuck_;
                break;
            case sim::events::futile_iteration: --stuck_; break;
            case events::delivered_to: log_.delivered_to(*event.task); break;
            case events::cancel: log_.cancelled(run(), *static_cast<const model::CancelScope*>(event.subject)); break;
            default: stuck_ = 0; break;
        }
    }

    std::string what_happened() const override {
        std::string text = "From iteration " + std::to_string(since_) + " to " +
                           std::to_string(broken_at_iteration() - 1) + ", time standing still at " +
                           std::to_string(time_) + ", tasks ran, but no statement of any program was completed";
        if (task_ == nullptr) return text + ".";
        text += ": " + task_words(run(), *task_) + " goes round and round in " + statement_words(run(), statement_);
        if (scope_ == nullptr) return text + ", and no cancelled scope covers it any more.";
        return text + ", though it is cancelled by " + scope_words(run(), *scope_) + ".";
    }

private:
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
        if (log_.spawned_too_late(task, *scope)) return "in checkpoint_if_cancelled, spawned into a cancelled scope";
        return "in checkpoint_if_cancelled";
    }

    CancelLog log_;
    std::uint64_t stuck_ = 0;  ///< iterations since a statement was completed
    std::uint64_t since_ = 0;
    sim::Time time_ = 0;
    std::uint64_t limit_ = kLimit;
    const model::Task* task_ = nullptr;
    const model::CancelScope* scope_ = nullptr;  ///< that cancels the task
    std::uint32_t statement_ = 0;                ///< that the task is in
};

}  // namespace

std::unique_ptr<Contract> make_no_livelock() { return std::make_unique<NoLivelock>(); }

}  // namespace cancelsim::properties
