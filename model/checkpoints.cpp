#include "model/checkpoints.h"

#include "model/kernel.h"
#include "model/state_hash.h"

namespace cancelsim::model {

using sim::ErrorKind;
using sim::Poll;

namespace {

void set_result_unless_cancelled(sim::Loop& loop, void* task) {
    sim::Future& future = static_cast<Task*>(task)->waiter;
    if (!future.cancelled()) loop.set_result(future);
}
const sim::CallbackName kSetResultUnlessCancelledName{&set_result_unless_cancelled, "set-result-unless-cancelled"};

struct ShieldedCheckpoint : sim::Frame {
    CancelScope* scope;
};

/// async def cancel_shielded_checkpoint(): with CancelScope(shield=True): await sleep(0)
Poll resume_shielded_checkpoint(sim::Loop& loop, sim::Task&, sim::Frame& base, sim::Resume with) {
    Kernel& kernel = static_cast<Kernel&>(loop);
    auto& frame = static_cast<ShieldedCheckpoint&>(base);
    if (frame.at == 0) {
        frame.scope = &kernel.new_scope(sim::kInfinity, true, Purpose::checkpoint);
        frame.scope->enter(kernel);
        frame.at = 1;
        return Poll::yielded();
    }
    // Nobody else can leave or cancel this scope: leaving it neither raises nor swallows.
    frame.scope->exit(kernel, with.thrown);
    return Poll::ended(with.thrown);
}

void hash_shielded_checkpoint(StateHash& hash, const sim::Frame& frame) {
    hash.refer(static_cast<const ShieldedCheckpoint&>(frame).scope);
}

constexpr sim::FrameType kShieldedCheckpoint{&resume_shielded_checkpoint, &hash_with<&hash_shielded_checkpoint>,
                                             "anyio.lowlevel.cancel_shielded_checkpoint"};

}  // namespace

Poll sleep(Kernel& kernel, Task& task, Time delay) {
    task.waits_for = {sim::WaitKind::sleep};
    if (delay <= 0) return Poll::yielded();
    task.waiter = {};
    task.sleep_timer.callback = {&set_result_unless_cancelled, &task};
    kernel.call_at(task.sleep_timer, kernel.after(delay));
    return Poll::awaiting(task.waiter);
}

void sleep_ends(Kernel& kernel, Task& task) { kernel.cancel_timer(task.sleep_timer); }

bool checkpoint_if_cancelled_yields(Kernel& kernel, const Task& task) {
    if (!task.has_state) return false;
    for (const CancelScope* scope = task.cancel_scope; scope != nullptr; scope = scope->parent_scope) {
        kernel.walked(1);
        if (scope->cancel_called) return true;
        if (scope->shield) return false;
    }
    return false;
}

sim::Frame& cancel_shielded_checkpoint(Kernel& kernel) {
    auto& frame = *kernel.arena().make<ShieldedCheckpoint>();
    frame.type = &kShieldedCheckpoint;
    return frame;
}

ExitResult fail_after_exit(Kernel& kernel, CancelScope& scope, Error* exc_val) {
    const ExitResult exit = scope.exit(kernel, exc_val);
    if (kernel.has(Bug::fail_after_raises_for_any_cancel) && exit.raised == nullptr && scope.cancel_called) [[unlikely]]
        return {false, kernel.raise(ErrorKind::timeout_error)};
    const bool left_normally = exit.raised == nullptr && (exc_val == nullptr || exit.swallow);
    if (left_normally && scope.cancelled_caught && kernel.now() >= scope.deadline)
        return {false, kernel.raise(ErrorKind::timeout_error)};
    return exit;
}

}  // namespace cancelsim::model
