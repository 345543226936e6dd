// What a Loop does with futures: Modules/_asynciomodule.c, `future_*` of CPython 3.11.7.
#include <cassert>

#include "sim/loop.h"

namespace cancelsim::sim {

void Loop::schedule_further_callbacks(Future& future) {
    CallbackNode* node = future.last_callback;
    do {
        node = node->next;
        call_soon(node->callback.function, node->callback.argument);
    } while (node != future.last_callback);
    future.last_callback = nullptr;
}

/// The tasks that `future`, which is done, is about to wake.
void Loop::tell_who_is_ready(const Future& future) {
    const auto tell = [&](const Callback& callback) {
        if (callback.function == &run_wakeup)
            emit(events::TaskReady{static_cast<const Task*>(callback.argument)->id, future.cancelled()});
    };
    tell(future.callback0);
    const CallbackNode* node = future.last_callback;
    if (node == nullptr) return;
    do {
        node = node->next;
        tell(node->callback);
    } while (node != future.last_callback);
}

void Loop::set_exception(Future& future, Error& error) {
    assert(!future.done());
    future.state = FutureState::finished;
    future.exception = &error;
    schedule_callbacks(future);
}

bool Loop::cancel_future(Future& future, CancelMessage message, const By& by) {
    if (future.is_task || future.gathers) return hand_cancel_on(future, message, by);
    if (future.done() || future.stubborn) return false;
    future.state = FutureState::cancelled;
    future.cancel_message = message;
    schedule_callbacks(future);
    return true;
}

void Loop::add_further_callback(Future& future, Callback callback) {
    if (future.done()) return call_soon(callback.function, callback.argument);
    CallbackNode& node = *arena_.make<CallbackNode>(CallbackNode{callback});
    CallbackNode* last = future.last_callback;
    node.next = last != nullptr ? last->next : &node;
    if (last != nullptr) last->next = &node;
    future.last_callback = &node;
}

void Loop::remove_done_callback(Future& future, const Callback& callback) {
    if (future.callback0 == callback) {
        future.callback0 = {};
        if (future.last_callback != nullptr) future.callback0 = take_after(future, *future.last_callback);
        return;
    }
    CallbackNode* before = future.last_callback;
    if (before == nullptr) return;
    do {
        if (before->next->callback == callback) {
            take_after(future, *before);
            return;
        }
        before = before->next;
    } while (before != future.last_callback);
}

/// Takes the callback after `before` out of the ring.
Callback Loop::take_after(Future& future, CallbackNode& before) {
    CallbackNode& taken = *before.next;
    before.next = taken.next;
    if (future.last_callback == &taken) future.last_callback = &before == &taken ? nullptr : &before;
    return taken.callback;
}

Error* Loop::make_cancelled_error(Future& future) {
    if (future.cancelled_exc != nullptr) {
        Error* error = future.cancelled_exc;
        future.cancelled_exc = nullptr;
        return error;
    }
    return new_error(ErrorKind::cancelled, future.cancel_message);
}

Error* Loop::result(Future& future) {
    Error* error = take_exception(future);
    return error != nullptr ? raise(error) : nullptr;
}

Poll Loop::await(Future& future) {
    if (future.done()) return Poll::ended(result(future));
    // await wasn't used with future
    if (future.is_task && static_cast<Task&>(future).future_blocking)
        return Poll::raised(*raise(ErrorKind::runtime_error));
    return park(future);
}

Error* Loop::take_exception(Future& future) {
    assert(future.done());
    return future.cancelled() ? make_cancelled_error(future) : future.exception;
}

}  // namespace cancelsim::sim
