// no-double-cancel: one cancellation at a time.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"

namespace cancelsim::properties {

/// What asyncio has pending for a task: `_must_cancel`, or a wakeup that will throw a CancelledError into it. A request
/// that was handed on to an awaited task is not pending in the task that waits.
class NoDoubleCancel final : public Contract {
public:
    NoDoubleCancel()
        : Contract("no-double-cancel", "no pass calls `cancel()` on a task that has a cancellation pending") {}

    static constexpr sim::EventMask kAtFirst = sim::mask_of(events::delivered_to);
    static constexpr sim::EventMask kHears = kAtFirst;

    void start() { task_ = nullptr; }

    [[gnu::always_inline]] void on(const sim::TraceEvent& event) {
        const auto& task = static_cast<const model::Task&>(*event.task);
        const bool wakes_up = task.fut_waiter != nullptr && task.fut_waiter->cancelled();
        if (!task.must_cancel && !wakes_up) return;
        task_ = &task;
        scope_ = static_cast<const model::CancelScope*>(event.subject);
        fail(wakes_up ? "its wakeup is scheduled with a cancellation" : "`_must_cancel` is set");
    }

    std::string what_happened() const override {
        return "A pass of " + scope_words(run(), *scope_) + " cancelled " + task_words(run(), *task_) + " " +
               moment_words(broken_at_time(), broken_at_iteration()) + ", though " + std::string(place()) + ".";
    }

private:
    const model::Task* task_ = nullptr;
    const model::CancelScope* scope_ = nullptr;
};

}  // namespace cancelsim::properties
