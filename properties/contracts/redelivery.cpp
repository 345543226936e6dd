// redelivery: a cancellation does not go away because it was swallowed.
#include "properties/contracts/contracts.h"
#include "properties/contracts/parked_watch.h"
#include "properties/contracts/reach.h"
#include "properties/words.h"

namespace cancelsim::properties {

namespace {

class Redelivery : public Contract {
public:
    Redelivery()
        : Contract("redelivery",
                   "a live, started task that is effectively cancelled and parked on a waiter that can be "
                   "cancelled is interrupted within 2 iterations, however often it swallowed") {}

    sim::EventMask wants() const override {
        return sim::mask_of(events::cancel, events::delivered_to, sim::events::task_parked, sim::events::task_step,
                            events::pass_begins, events::shield_changed, sim::events::iteration);
    }

    void start() override {
        watch_.reset();
        cancelled_ = false;
    }

    void on(const sim::TraceEvent& event) override {
        if (event.kind == sim::events::task_parked) {
            if (cancelled_ && event.subject != nullptr) owe(*static_cast<const model::Task*>(event.task));
            return;
        }
        if (event.kind == events::cancel) {
            const auto& scope = *static_cast<const model::CancelScope*>(event.subject);
            cancelled_ = true;
            watch_.cancelled(run(), scope);
            owe_all(scope);
            return;
        }
        if (event.kind == events::delivered_to) return watch_.delivered_to(*event.task);
        if (event.kind == events::shield_changed) {
            watch_.restart_bounds(run());
            if (cancelled_ && !event.flag) owe_all(*static_cast<const model::CancelScope*>(event.subject));
            return;
        }
        if (watch_.empty()) return;
        switch (event.kind) {
            case sim::events::iteration:
                if (const ParkedWatch::Wait* wait = watch_.overdue(run())) break_at(*wait);
                break;
            case sim::events::task_step:
                watch_.resumed(run(), *static_cast<const model::Task*>(event.task), event.error);
                break;
            default: watch_.pass_begins(run(), *static_cast<const model::CancelScope*>(event.subject)); break;
        }
    }

    void end() override {
        if (const ParkedWatch::Wait* wait = watch_.endless(run())) break_at(*wait);
    }

    std::string what_happened() const override { return "No interruption: " + ParkedWatch::words(run(), wait_); }

private:
    void owe(const model::Task& task) {
        if (!is_parked_to_be_cancelled(task)) return;
        if (const model::CancelScope* scope = cancelling_scope(task)) watch_.owe(run(), task, *scope);
    }
    void owe_all(const model::CancelScope& scope) {
        for_each_reached(scope, [this](const model::Task& task) {
            owe(task);
            return true;
        });
    }
    void break_at(const ParkedWatch::Wait& wait) {
        wait_ = wait;
        fail(watch_.place_of(run(), wait));
    }

    ParkedWatch watch_;
    bool cancelled_ = false;  ///< some scope was cancelled
    ParkedWatch::Wait wait_;
};

}  // namespace

std::unique_ptr<Contract> make_redelivery() { return std::make_unique<Redelivery>(); }

}  // namespace cancelsim::properties
