// How one task waits for others: wait_for(), shield(), gather(), wait().
//
// Source: CPython 3.11.7, 3.12.1 and 3.13.0 Lib/asyncio/tasks.py.
#pragma once

#include "sim/loop.h"

namespace cancelsim::sim::asyncio {

/// `await asyncio.wait_for(fut, timeout)`, for a task or future; a `timeout` of kInfinity is None. Gives back what
/// those of locks.h do.
Poll wait_for(Loop& loop, Task& task, Future& fut, Time timeout);

/// `asyncio.shield(inner)`, to be awaited: `inner` itself where it is done.
Future& shield(Loop& loop, Future& inner);

/// What `gather()` returns, to be awaited.
struct Gathered : GatheringFuture {
    bool return_exceptions = false;
    std::uint32_t nfuts = 0;  ///< children, each counted once
    std::uint32_t nfinished = 0;
    /// With a result: of each child, null is None; without `return_exceptions` each is.
    Error** results = nullptr;
};

/// `asyncio.gather(*children, return_exceptions=...)` of `count` futures, at least one, which are copied.
Gathered& gather(Loop& loop, Future* const* children, std::uint32_t count, bool return_exceptions);

/// `set(futures)`, in the order of the first occurrences: brings those to the front and returns how many they are.
std::uint32_t unique(Arena& arena, Future** futures, std::uint32_t count);

enum class ReturnWhen : std::uint8_t { first_completed, first_exception, all_completed };

/// `await asyncio.wait(fs, timeout=..., return_when=...)` of `count` futures, at least one, each given once, which are
/// copied; a `timeout` of kInfinity is None. When it completes, `done` are those that are done. Always `Poll::called`.
Poll wait(Loop& loop, Task& task, Future* const* fs, std::uint32_t count, ReturnWhen return_when, Time timeout);

}  // namespace cancelsim::sim::asyncio
