// The smallest sound change: `narrow`, but a task that nothing can interrupt before its waiter is done sets no retry; a
// done callback on that waiter runs the pass again. ../../properties/PROPOSAL.md proposes it to anyio.
#include "model/kernel.h"
#include "model/policies/asked_waiter.h"
#include "model/policies/policies.h"

namespace cancelsim::model::policies {

namespace {

void run_pass_again(sim::Loop& loop, void* argument) {
    auto& asked = *static_cast<AskedWaiter*>(argument);
    asked.waiter = nullptr;
    CancelScope& origin = *asked.origin;
    // A scope that was left meanwhile has nothing to deliver, and one that is armed will run its pass anyway.
    if (origin.host_task != nullptr && !origin.cancel_handle)
        static_cast<Kernel&>(loop).deliver_cancellation(origin, PassCause::asked);
}
const sim::CallbackName kRunPassAgainName{&run_pass_again, "ask-waiter"};

void run_again_when_done(Kernel& kernel, sim::Future& waiter, CancelScope& origin) {
    for (const AskedWaiter* asked = origin.asked_waiters; asked != nullptr; asked = asked->next)
        if (asked->waiter == &waiter) return;
    origin.asked_waiters = kernel.arena().make<AskedWaiter>(AskedWaiter{&origin, &waiter, origin.asked_waiters});
    kernel.add_done_callback(waiter, {&run_pass_again, origin.asked_waiters});
}

bool deliver(Kernel& kernel, CancelScope& scope, CancelScope& origin) {
    bool should_retry = false;
    Task* current = kernel.current_task();
    kernel.for_each_task(scope, [&](Task& task) {
        if (task.done()) return;
        // The task is eligible for cancellation if it has started
        if (!task.must_cancel && &task != current && (&task == scope.host_task || kernel.task_started(task)) &&
            kernel.can_be_interrupted(task))
            kernel.cancel_on_behalf_of(origin, task);
        sim::Future* waiter = task.fut_waiter;
        if (task.must_cancel && waiter != nullptr && !waiter->done())
            run_again_when_done(kernel, *waiter, origin);
        else
            should_retry = true;
    });
    return should_retry;
}

}  // namespace

const Policy ask_waiter{"ask_waiter", 7, "narrow, but a task that cannot be interrupted yet is waited for, not polled",
                        &deliver};

}  // namespace cancelsim::model::policies
