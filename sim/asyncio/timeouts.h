// asyncio.timeout().
//
// Source: CPython 3.11.7, 3.12.1 and 3.13.0 Lib/asyncio/timeouts.py.
#pragma once

#include "sim/loop.h"

namespace cancelsim::sim::asyncio {

/// `asyncio.Timeout`: made with `asyncio.timeout(delay)` by setting `when` to now + delay.
struct Timeout {
    enum class State : std::uint8_t { created, entered, expiring, expired, exited };

    ObjectId id = kNoObject;               ///< its number, if it has one: its requests say it
    By::Kind asks_as = By::Kind::timeout;  ///< whose its requests are: also a `wait_for`'s
    State state = State::created;
    Time when = kInfinity;  ///< `_when`; kInfinity is None, any other may lie in the past
    Task* task = nullptr;   ///< who entered it
    std::uint32_t cancelling = 0;
    bool met_pending = false;  ///< a cancellation was on its way to the task when it was entered
    Timer* timeout_handler = nullptr;

    /// `__aenter__`, which never waits, in the current task. It must be created and no more.
    void enter(Loop& loop);
    /// `reschedule`: the RuntimeError that it raises where the timeout is not entered, or null.
    Error* reschedule(Loop& loop, Time new_when);
    /// `__aexit__` with the exception `exc_val`, or null, which the running frame handles; it never waits. Returns what
    /// it raises instead; where that is null, `exc_val` goes on. It must be entered.
    Error* exit(Loop& loop, Error* exc_val);
    bool expired() const { return state == State::expiring || state == State::expired; }

    /// Who asks, where this does.
    By by(const Loop& loop) const { return loop.by(asks_as, id); }

private:
    void schedule(Loop& loop);
};

}  // namespace cancelsim::sim::asyncio
