// What a Loop does with tasks: Modules/_asynciomodule.c, `task_step_impl`, `task_wakeup`,
// `_asyncio_Task_cancel_impl` of CPython 3.11.7, which 3.12.1 and 3.13.0 agree with; the frames as in
// Objects/genobject.c.
#include <cassert>

#include "sim/loop.h"

namespace cancelsim::sim {

void Loop::start_task(Task& task, Frame& frame) {
    assert(task.frame == nullptr && frame.type != nullptr);
    task.is_task = true;
    task.frame = &frame;
    task.id = static_cast<std::uint32_t>(tasks_.size());
    tasks_.push_back(&task);
    emit(events::TaskCreated{task.id, by_program().task});
    call_soon(&run_step, &task);
}

const CallbackName Loop::kStepName{&run_step, "step"};
const CallbackName Loop::kSelfAwaitName{&run_self_await, "self-await"};
const CallbackName Loop::kWakeupName{&run_wakeup, "wakeup"};

void Loop::run_step(Loop& loop, void* task) { loop.step(*static_cast<Task*>(task), nullptr); }

/// A task that awaits itself is told so in its next step.
void Loop::run_self_await(Loop& loop, void* argument) {
    loop.step(*static_cast<Task*>(argument), loop.new_error(ErrorKind::runtime_error));
}

void Loop::run_wakeup(Loop& loop, void* argument) {
    Task& task = *static_cast<Task*>(argument);
    assert(task.fut_waiter != nullptr && task.fut_waiter->done());
    Future& future = *task.fut_waiter;
    loop.step(task, future.state == FutureState::finished && future.exception == nullptr ? nullptr
                                                                                         : loop.take_exception(future));
}

bool Loop::cancel_task(Task& task, CancelMessage message, const By& by) {
    if (!wants<events::CancelRequested>()) [[likely]]
        return request_cancel(task, message);
    const events::CancelRequested request = request_of(task, message, by);
    const bool accepted = request_cancel(task, message);
    assert(accepted == request.accepted);
    emit(request);
    return accepted;
}

/// What is to be told of it afterwards; `task` as it is before.
events::CancelRequested Loop::request_of(const Task& task, CancelMessage message, const By& by) const {
    const Future* waiter = task.fut_waiter;
    const bool wait_was_over = waiter != nullptr && waiter->done();
    return {.task = task.id,
            .by = by,
            .message = message,
            .accepted = !task.done(),
            .had_started = task.started,
            .wait_was_over = wait_was_over,
            .was_pending = task.must_cancel || (wait_was_over && waiter->cancelled())};
}

bool Loop::request_cancel(Task& task, CancelMessage message) {
    if (task.done()) return false;
    ++task.num_cancels_requested;
    if (task.fut_waiter == nullptr || !ask_to_cancel(*task.fut_waiter, message, by(By::Kind::forwarded, task.id))) {
        task.must_cancel = true;
        task.cancel_message = message;
    }
    return true;
}

bool Loop::ask_to_cancel(Future& asked, CancelMessage message, const By& by) {
    return asked.is_task || asked.gathers ? hand_cancel_on(asked, message, by) : cancel_future(asked, message, by);
}

/// Who asks the next in the chain, whose first was asked by `first`: a task, not what gathers on its behalf.
By Loop::asked_by(const By& first) const {
    for (std::size_t i = askers_.size(); i-- > 0;)
        if (askers_[i].future->is_task) return by(By::Kind::forwarded, static_cast<const Task*>(askers_[i].future)->id);
    return first;
}

/// `asked.cancel(message)`, which a task hands on to what it waits for, and a gathering future to its children. CPython
/// recurses here. A case can make the chain longer than a stack is, so this keeps those who wait for an answer in a
/// list.
bool Loop::hand_cancel_on(Future& asked, CancelMessage message, const By& by) {
    // Between two gathering futures there is a task: a longer chain meets one of them again.
    const std::size_t longest = 2 * tasks_.size() + 1;
    constexpr std::uint32_t kMostAsked = 1U
                                         << 20;  // a task is asked once for each way to it: a doubling can be repeated
    std::uint32_t asked_so_far = 0;
    Future* next = &asked;
    bool answer = false;
    for (;;) {
        if (next != nullptr) {
            if (askers_.size() > longest || ++asked_so_far > kMostAsked) throw Runaway();
            answer = false;
            if (next->done()) {
                if (next->is_task) emit(request_of(*static_cast<Task*>(next), message, asked_by(by)));
                next = nullptr;
            } else if (next->is_task) {
                Task& task = static_cast<Task&>(*next);
                askers_.push_back({.future = next, .request = request_of(task, message, asked_by(by))});
                ++task.num_cancels_requested;
                next = task.fut_waiter;
            } else if (next->gathers) {
                askers_.push_back({.future = next});
                next = nullptr;
            } else {
                answer = cancel_future(*next, message);
                next = nullptr;
            }
            if (next != nullptr) continue;
        }
        if (askers_.empty()) return answer;
        Asker& asker = askers_.back();
        if (asker.future->is_task) {
            Task& task = static_cast<Task&>(*asker.future);
            if (!answer) {
                task.must_cancel = true;
                task.cancel_message = message;
            }
            emit(asker.request);
            answer = true;
            askers_.pop_back();
            continue;
        }
        GatheringFuture& gathering = static_cast<GatheringFuture&>(*asker.future);
        asker.accepted = asker.accepted || answer;
        if (asker.next_child < gathering.count) {
            next = gathering.children[asker.next_child++];
            continue;
        }
        answer = asker.accepted;
        if (answer) gathering.cancel_requested = true;
        askers_.pop_back();
    }
}

void Loop::uncancel(Task& task, const By& by) {
    if (task.num_cancels_requested > 0) {
        --task.num_cancels_requested;
        if (task.num_cancels_requested == 0 && python_.uncancel_clears_must_cancel) task.must_cancel = false;
    }
    emit(events::Uncancelled{task.id, by, task.num_cancels_requested});
}

void Loop::step(Task& task, Error* thrown) {
    assert(current_ == nullptr && !task.done() && task.frame != nullptr);
    if (task.must_cancel) [[unlikely]] {
        // A CancelledError that the future already raises is enough: two cancels fold into one.
        if (thrown == nullptr || !thrown->is_cancelled()) thrown = make_cancelled_error(task);
        task.must_cancel = false;
    }
    task.fut_waiter = nullptr;
    current_ = &task;
    emit(events::TaskResumed{task.id, thrown});
    const Poll poll = drive(task, thrown);
    if (poll.kind == Poll::Kind::yielded) {
        call_soon(&run_step, &task);
        emit(events::TaskParked{task.id, task.waits_for, true, false, false, false});
    } else if (poll.kind == Poll::Kind::awaiting && poll.future == &task) [[unlikely]] {
        task.future_blocking = true;
        call_soon(&run_self_await, &task);
        emit(events::TaskParked{task.id, task.waits_for, true, false, false, false});
    } else if (poll.kind == Poll::Kind::awaiting) {
        add_done_callback(*poll.future, {&run_wakeup, &task});
        task.fut_waiter = poll.future;
        if (task.must_cancel && ask_to_cancel(*poll.future, task.cancel_message, by(By::Kind::forwarded, task.id)))
            task.must_cancel = false;
        const Future& awaited = *poll.future;
        emit(events::TaskParked{task.id, task.waits_for, false, awaited.done(), awaited.stubborn,
                                awaited.is_task || awaited.gathers});
    } else {
        finish(task, poll);
        current_ = nullptr;
        return;
    }
    current_ = nullptr;
    if (parked_hook_ != nullptr) [[unlikely]]
        parked_hook_(*this, task);
}

/// Resumes the innermost frame, and the frames that call or are called in turn, until one gives way
/// or the outermost is done. This is `gen_send_ex2` for a send, and `_gen_throw`, with its way of
/// chaining contexts, for a throw.
Poll Loop::drive(Task& task, Error* thrown) {
    Resume with{thrown};
    task.visible_from = nullptr;
    if (thrown != nullptr) {
        if (!task.started) {  // thrown into a coroutine that has not started: it ends without
                              // running
            task.started = true;
            task.frame = nullptr;
            return Poll::raised(*thrown);
        }
        task.visible_from = task.frame;
        set_context(*thrown, task.frame->handled);
    }
    task.started = true;
    for (;;) {
        Frame* frame = task.frame;
        const Poll poll = frame->type->resume(*this, task, *frame, with);
        switch (poll.kind) {
            case Poll::Kind::yielded:
            case Poll::Kind::awaiting: return poll;
            case Poll::Kind::called: with = {}; break;
            case Poll::Kind::returned:
            case Poll::Kind::returned_true:
            case Poll::Kind::raised: {
                const bool failed = poll.kind == Poll::Kind::raised;
                task.frame = frame->caller;
                if (task.frame == nullptr) return poll;
                if (frame == task.visible_from) {
                    task.visible_from = task.frame;
                    if (failed) set_context(*poll.error, task.frame->handled);
                }
                with = failed ? Resume{poll.error} : Resume{nullptr, poll.kind == Poll::Kind::returned_true};
                break;
            }
        }
    }
}

void Loop::finish(Task& task, const Poll& poll) {
    assert(task.frame == nullptr && task.fut_waiter == nullptr);
    if (poll.kind != Poll::Kind::raised) {
        if (task.must_cancel) {  // cancelled right before the coroutine stopped
            task.must_cancel = false;
            task.state = FutureState::cancelled;
        } else {
            task.state = FutureState::finished;
        }
    } else {
        task.end_error = poll.error;
        if (poll.error->is_cancelled()) {
            task.cancelled_exc = poll.error;
            task.cancel_message = 0;
            task.state = FutureState::cancelled;
        } else {
            task.exception = poll.error;
            task.state = FutureState::finished;
        }
    }
    emit(events::TaskDone{task.id, task.cancelled(), task.cancelled() && task.cancel_message != 0, task.end_error,
                          task.num_cancels_requested});
    schedule_callbacks(task);
}

Error* Loop::topmost_handled() const {
    for (const Frame* frame = current_->frame; frame != nullptr; frame = frame->caller) {
        if (frame->handled != nullptr) return frame->handled;
        if (frame == current_->visible_from) break;
    }
    return nullptr;
}

}  // namespace cancelsim::sim
