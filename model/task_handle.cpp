// anyio 4.14's TaskHandle.
#include "model/kernel.h"
#include "model/state_hash.h"

namespace cancelsim::model {

using sim::Poll;
using sim::Resume;

namespace {

struct RunCoro : sim::Frame {
    TaskHandle* handle;
    sim::Frame* coro;
};

/// async def _run_coro: with self._cancel_scope: try: await self._coro ... finally:
/// self._finished_event.set()
Poll resume_run_coro(sim::Loop& loop, sim::Task& task, sim::Frame& base, Resume with) {
    Kernel& kernel = static_cast<Kernel&>(loop);
    auto& frame = static_cast<RunCoro&>(base);
    TaskHandle& handle = *frame.handle;
    if (frame.at == 0) {
        handle.cancel_scope->enter(kernel);
        frame.at = 1;
        return kernel.call(task, *frame.coro);
    }
    frame.handled = with.thrown;
    handle.finished_event.set(kernel);
    const ExitResult exit = handle.cancel_scope->exit(kernel, with.thrown);
    if (exit.raised != nullptr) return Poll::raised(*exit.raised);
    if (with.thrown != nullptr && !exit.swallow) return Poll::raised(*with.thrown);
    return Poll::returned();
}

void hash_run_coro(StateHash& hash, const sim::Frame& base) {
    const auto& frame = static_cast<const RunCoro&>(base);
    hash.add_handle(frame.handle);
    // Before it has begun, nothing else tells what it will run.
    if (frame.at == 0) hash.add_frames(frame.coro);
}

constexpr sim::FrameType kRunCoro{&resume_run_coro, &hash_with<&hash_run_coro>, "anyio.TaskHandle._run_coro"};

}  // namespace

void TaskHandle::cancel(Kernel& kernel, const By& by) {
    if (!finished_event.is_set) cancel_scope->cancel(kernel, by);
}

TaskHandle& new_task_handle(Kernel& kernel, sim::Frame& coro, sim::Frame*& run_coro) {
    TaskHandle& handle = *kernel.arena().make<TaskHandle>();
    handle.cancel_scope = &kernel.new_scope(sim::kInfinity, false, Purpose::handle);
    auto& frame = *kernel.arena().make<RunCoro>();
    frame.type = &kRunCoro;
    frame.handle = &handle;
    frame.coro = &coro;
    run_coro = &frame;
    return handle;
}

}  // namespace cancelsim::model
