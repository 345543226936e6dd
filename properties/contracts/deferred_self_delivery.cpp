// deferred-self-delivery: who cancels a scope from inside is interrupted when it next waits.
#include "properties/contracts/contracts.h"
#include "properties/contracts/parked_watch.h"
#include "properties/words.h"

namespace cancelsim::properties {

namespace {

/// A pass never interrupts the task that runs it: it must come back for that task.
class DeferredSelfDelivery : public Contract {
public:
    DeferredSelfDelivery()
        : Contract(
              "deferred-self-delivery",
              "a task that cancels a scope that covers it is interrupted where it next gives way, within 2 iterations, "
              "time standing still") {}

    sim::EventMask wants() const override {
        return sim::mask_of(events::cancel, events::delivered_to, sim::events::task_parked, sim::events::task_step,
                            events::pass_begins, events::shield_changed, sim::events::iteration);
    }

    void start() override {
        watch_.reset();
        canceller_ = nullptr;
    }

    void on(const sim::TraceEvent& event) override {
        if (event.kind == events::cancel) {
            const auto* task = static_cast<const model::Task*>(event.task);
            const auto& scope = *static_cast<const model::CancelScope*>(event.subject);
            watch_.cancelled(run(), scope);
            if (task != nullptr && covers(scope, *task)) canceller_ = task;
            return;
        }
        if (event.kind == sim::events::task_parked) {
            if (canceller_ == nullptr) return;
            // The task may have left the scope since, or sit under a shield, or wait for what refuses to be cancelled.
            const model::CancelScope* scope = cancelling_scope(*canceller_);
            if (event.task == canceller_ && scope != nullptr &&
                (event.subject == nullptr || is_parked_to_be_cancelled(*canceller_)))
                watch_.owe(run(), *canceller_, *scope);
            canceller_ = nullptr;
            return;
        }
        if (event.kind == events::delivered_to) return watch_.delivered_to(*event.task);
        if (watch_.empty()) return;
        switch (event.kind) {
            case sim::events::iteration:
                if (const ParkedWatch::Wait* wait = watch_.overdue(run())) break_at(*wait);
                break;
            case sim::events::task_step:
                watch_.resumed(run(), *static_cast<const model::Task*>(event.task), event.error);
                break;
            case events::pass_begins:
                watch_.pass_begins(run(), *static_cast<const model::CancelScope*>(event.subject));
                break;
            default: watch_.restart_bounds(run()); break;
        }
    }

    void end() override {
        if (const ParkedWatch::Wait* wait = watch_.endless(run())) break_at(*wait);
    }

    std::string what_happened() const override {
        return "The one that called `cancel()` is still to be interrupted: " + ParkedWatch::words(run(), wait_);
    }

private:
    void break_at(const ParkedWatch::Wait& wait) {
        wait_ = wait;
        fail(watch_.place_of(run(), wait));
    }

    ParkedWatch watch_;
    const model::Task* canceller_ = nullptr;  ///< the running task, where it has cancelled a scope that covers it
    ParkedWatch::Wait wait_;
};

}  // namespace

std::unique_ptr<Contract> make_deferred_self_delivery() { return std::make_unique<DeferredSelfDelivery>(); }

}  // namespace cancelsim::properties
