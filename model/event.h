// anyio.Event on asyncio.
//
// Source: anyio 4.13.0 src/anyio/_backends/_asyncio.py, `class Event`; CPython 3.11.7
// Lib/asyncio/locks.py, `class Event`.
#pragma once

#include "sim/task.h"

namespace cancelsim::model {

class Kernel;
struct Task;

struct Event {
    bool is_set = false;
    sim::Task* first_waiting = nullptr;  ///< `_waiters`
    sim::Task* last_waiting = nullptr;

    void set(Kernel& kernel);
};

/// `await event.wait()` in the current task, up to where it parks: a bare yield where the event is
/// set.
sim::Poll event_wait(Kernel& kernel, Event& event, Task& task);
/// The rest of it, when the task was resumed. `parked` says whether it had parked on a future.
void event_wait_ends(Event& event, Task& task);

}  // namespace cancelsim::model
