#include "sim/asyncio/timeouts.h"

#include <cassert>

namespace cancelsim::sim::asyncio {

namespace {

void on_timeout(Loop& loop, void* argument) {
    Timeout& timeout = *static_cast<Timeout*>(argument);
    assert(timeout.state == Timeout::State::entered);
    loop.cancel_task(*timeout.task, 0, timeout.by(loop));
    timeout.state = Timeout::State::expiring;
    // drop the reference early
    timeout.timeout_handler = nullptr;
}
const CallbackName kOnTimeoutName{&on_timeout, "timeout"};

/// `_insert_timeout_error`
void insert_timeout_error(Loop& loop, Error* exc_val) {
    for (; exc_val->context != nullptr; exc_val = exc_val->context) {
        if (!exc_val->context->is_cancelled()) continue;
        Error* error = loop.new_error(ErrorKind::timeout_error);
        error->context = exc_val->context;
        exc_val->context = error;
        break;
    }
}

}  // namespace

void Timeout::enter(Loop& loop) {
    assert(state == State::created);
    state = State::entered;
    task = loop.current_task();
    cancelling = task->num_cancels_requested;
    met_pending = task->must_cancel;
    schedule(loop);
}

Error* Timeout::reschedule(Loop& loop, Time new_when) {
    // Timeout has not been entered, or: Cannot change state of ... Timeout
    if (state != State::entered) return loop.raise(ErrorKind::runtime_error);
    when = new_when;
    schedule(loop);
    return nullptr;
}

/// What is common to `__aenter__` and `reschedule`.
void Timeout::schedule(Loop& loop) {
    // A handle that is due stays in the queue when it is cancelled, and so cannot serve again.
    const bool can_serve = timeout_handler != nullptr && timeout_handler->state == TimerState::scheduled;
    Timer* idle = can_serve ? timeout_handler : nullptr;
    if (timeout_handler != nullptr) loop.cancel_timer(*timeout_handler);
    timeout_handler = nullptr;
    if (when == kInfinity) return;
    if (idle == nullptr) idle = loop.arena().make<Timer>();
    timeout_handler = idle;
    timeout_handler->callback = {&on_timeout, this};
    if (when <= loop.now())
        loop.call_soon(*timeout_handler);
    else
        loop.call_at(*timeout_handler, when);
}

Error* Timeout::exit(Loop& loop, Error* exc_val) {
    assert(state == State::entered || state == State::expiring);
    if (timeout_handler != nullptr) {
        loop.cancel_timer(*timeout_handler);
        timeout_handler = nullptr;
    }
    if (state == State::entered) {
        state = State::exited;
        return nullptr;
    }
    state = State::expired;
    loop.uncancel(*task, by(loop));
    if (task->num_cancels_requested > cancelling || exc_val == nullptr) return nullptr;
    if (met_pending && loop.python().timeout_leaves_pending) return nullptr;
    // Since there are no new cancel requests, we're handling this.
    if (exc_val->is_cancelled()) return loop.raise(ErrorKind::timeout_error);
    if (loop.python().timeout_marks_other_errors) {
        insert_timeout_error(loop, exc_val);
        if (exc_val->kind == ErrorKind::group)
            for (std::uint32_t i = 0; i < exc_val->count; ++i) insert_timeout_error(loop, exc_val->children[i]);
    }
    return nullptr;
}

}  // namespace cancelsim::sim::asyncio
