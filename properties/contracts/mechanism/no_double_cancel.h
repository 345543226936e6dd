// no-double-cancel: one cancellation at a time.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"

namespace cancelsim::properties {

/// What asyncio has pending for a task: `_must_cancel`, or a wakeup that will throw a CancelledError into it. A request
/// that was handed on to an awaited task is not pending in the task that waits.
class NoDoubleCancel final : public Contract {
public:
    struct Places {
        static constexpr Place kItsWakeupIsScheduledWithACancellation{"its wakeup is scheduled with a cancellation"};
        static constexpr Place kMustCancelIsSet{"`_must_cancel` is set"};
    };

    NoDoubleCancel()
        : Contract("no-double-cancel", "no pass calls `cancel()` on a task that has a cancellation pending") {}

    void start() {
        task_ = kNobody;
        scope_ = kNoScope;
    }

    void on(const events::CancelRequested& event) {
        if (event.by.kind != By::Kind::scope || !event.was_pending) return;
        task_ = event.task;
        scope_ = event.by.id;
        fail(event.wait_was_over ? Places::kItsWakeupIsScheduledWithACancellation : Places::kMustCancelIsSet);
    }

    std::string what_happened() const override {
        return "A pass of " + words().scope(scope_) + " cancelled " + words().task(task_) + " " +
               moment_words(broken_at_time(), broken_at_iteration()) + ", though " + std::string(place()) + ".";
    }

private:
    TaskId task_ = kNobody;
    ScopeId scope_ = kNoScope;
};

}  // namespace cancelsim::properties
