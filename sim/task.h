// asyncio.Task, and the coroutine frames that it runs.
//
// Source: CPython 3.11.7 Modules/_asynciomodule.c (TaskObj), Objects/genobject.c. DESIGN_NOTES.md
// says why frames are explicit state machines.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/events.h"
#include "sim/future.h"
#include "sim/timers.h"

namespace cancelsim::sim {

class StateHash;
struct Task;
struct Frame;

/// What a frame gives back to whoever resumed it. Two whole words: it travels in registers.
struct Poll {
    enum class Kind : std::uintptr_t {
        yielded,        ///< a bare yield: `sleep(0)`
        awaiting,       ///< parked on `future`
        called,         ///< a frame that it awaits was put on the task's stack: start it
        returned,       ///< done: it returned, None or False where that matters
        returned_true,  ///< done: it returned True
        raised,         ///< done: `error` leaves it
    };
    Kind kind;
    union {
        Future* future;
        Error* error;
    };

    static Poll yielded() { return {Kind::yielded, {nullptr}}; }
    static Poll called() { return {Kind::called, {nullptr}}; }
    static Poll returned(bool value = false) { return {value ? Kind::returned_true : Kind::returned, {nullptr}}; }
    static Poll awaiting(Future& future) { return {Kind::awaiting, {&future}}; }
    static Poll raised(Error& error) { return {Kind::raised, {.error = &error}}; }
    /// `raised(*error)`, or `returned()` where `error` is null.
    static Poll ended(Error* error) { return error != nullptr ? raised(*error) : returned(); }

    /// It gave way: the frame will be resumed.
    bool gives_way() const { return kind <= Kind::called; }
};

/// What a frame is resumed with: `thrown`, or null and the `value` of the frame that it awaited.
struct Resume {
    Error* thrown = nullptr;
    bool value = false;
};

/// A kind of frame.
struct FrameType {
    /// Runs the frame from `at` to where it next gives way.
    Poll (*resume)(Loop& loop, Task& task, Frame& frame, Resume with);
    /// Adds what of the frame decides how it goes on, beside `at` and `handled`. Null where that is not known: a state
    /// with such a frame in it is like no other.
    void (*hash)(StateHash& hash, const Frame& frame);
    std::string_view name;  ///< no two types have the same
};

/// One coroutine frame: derived structs hold its variables.
struct Frame {
    const FrameType* type = nullptr;
    Frame* caller = nullptr;   ///< the frame that awaits this one
    Error* handled = nullptr;  ///< the exception that it is handling (CPython's `gi_exc_state`)
    std::uint32_t at = 0;      ///< where it is suspended: 0 is not started
};

/// A task. It is itself a Future: of its own end.
struct Task : Future {
    Frame* frame = nullptr;  ///< the innermost frame; null once the task is done
    /// The outermost frame whose handled exception a `raise` in the running frame sees. After a
    /// throw this is the innermost frame only, since `_gen_throw` does not link the outer ones;
    /// null: all of them.
    Frame* visible_from = nullptr;
    Future* fut_waiter = nullptr;             ///< `_fut_waiter`: null while running, ready, or in a bare yield
    std::uint32_t num_cancels_requested = 0;  ///< `cancelling()`
    TaskId id = 0;                            ///< in order of creation, from 0
    bool must_cancel = false;                 ///< `_must_cancel`
    bool started = false;                     ///< its coroutine has begun to run
    /// `_asyncio_future_blocking`, as a task that awaited itself leaves it: nobody can await it any more.
    bool future_blocking = false;
    /// The future of what it awaits now and nobody else can await: a sleep, an Event. A task awaits
    /// one thing at a time.
    Future waiter;
    Wait waits_for;  ///< what it gives way for, as far as whoever gives way says: set before
    Timer sleep_timer;
    Error* end_error = nullptr;    ///< how it ended: null while it lives, or with a result
    Task* next_waiting = nullptr;  ///< neighbours in the queue of an Event
    Task* previous_waiting = nullptr;

    /// `_must_cancel`'s message is kept where C keeps it: in the Future part's `cancel_message`.
    bool live() const { return !done(); }
};

}  // namespace cancelsim::sim
