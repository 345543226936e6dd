// asyncio.Future.
//
// Source: CPython 3.11.7 Modules/_asynciomodule.c (FutureObj); Lib/asyncio/futures.py says the same
// in Python.
#pragma once

#include <cstdint>

#include "sim/error.h"

namespace cancelsim::sim {

class Loop;

/// A function that the loop can call, with its argument.
struct Callback {
    void (*function)(Loop& loop, void* argument) = nullptr;
    void* argument = nullptr;
};

struct CallbackNode {
    Callback callback;
    CallbackNode* next = nullptr;
};

enum class FutureState : std::uint8_t { pending, cancelled, finished };

/// A result to come. The value of a result is of no interest here: only whether it is there.
struct Future {
    FutureState state = FutureState::pending;
    bool is_task = false;   ///< this is the Future that a Task is
    bool stubborn = false;  ///< a subclass whose `cancel()` returns false and does nothing
    CancelMessage cancel_message = 0;
    Error* exception = nullptr;         ///< of a finished future
    Error* cancelled_exc = nullptr;     ///< of a cancelled task: what it raised; the first to ask gets it
    Callback callback0;                 ///< the first callback: mostly the only one
    CallbackNode* callbacks = nullptr;  ///< further callbacks, in order

    bool done() const { return state != FutureState::pending; }
    bool cancelled() const { return state == FutureState::cancelled; }
};

}  // namespace cancelsim::sim
