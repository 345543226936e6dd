// What a Loop does with futures: Modules/_asynciomodule.c, `future_*` of CPython 3.11.7.
#include "sim/loop.h"

namespace cancelsim::sim {

void Loop::schedule_further_callbacks(Future& future) {
    for (CallbackNode* node = future.callbacks; node != nullptr; node = node->next)
        call_soon(node->callback.function, node->callback.argument);
    future.callbacks = nullptr;
}

void Loop::set_exception(Future& future, Error& error) {
    future.state = FutureState::finished;
    future.exception = &error;
    schedule_callbacks(future);
}

bool Loop::cancel_future(Future& future, CancelMessage message) {
    if (future.is_task) return cancel_task(static_cast<Task&>(future), message);
    if (future.done() || future.stubborn) return false;
    future.state = FutureState::cancelled;
    future.cancel_message = message;
    schedule_callbacks(future);
    return true;
}

void Loop::add_further_callback(Future& future, Callback callback) {
    if (future.done()) return call_soon(callback.function, callback.argument);
    CallbackNode** end = &future.callbacks;
    while (*end != nullptr) end = &(*end)->next;
    *end = arena_.make<CallbackNode>(CallbackNode{callback});
}

Error* Loop::make_cancelled_error(Future& future) {
    if (future.cancelled_exc != nullptr) {
        Error* error = future.cancelled_exc;
        future.cancelled_exc = nullptr;
        return error;
    }
    return new_error(ErrorKind::cancelled, future.cancel_message);
}

Error* Loop::take_exception(Future& future) {
    return future.cancelled() ? make_cancelled_error(future) : future.exception;
}

}  // namespace cancelsim::sim
