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

    bool operator==(const Callback&) const = default;
};

/// A name for a function that callbacks call, so that a state can tell which it is: its address differs from build to
/// build. Defined beside the function, for as long as the program runs. Names are distinct.
class CallbackName {
public:
    CallbackName(void (*function)(Loop&, void*), const char* name) : function_(function), name_(name), next_(first_) {
        first_ = this;
    }
    CallbackName(const CallbackName&) = delete;
    CallbackName& operator=(const CallbackName&) = delete;

    /// The name of `function`; null where it has none.
    static const char* find(void (*function)(Loop&, void*)) {
        for (const CallbackName* each = first_; each != nullptr; each = each->next_)
            if (each->function_ == function) return each->name_;
        return nullptr;
    }

private:
    static inline constinit const CallbackName* first_ = nullptr;

    void (*function_)(Loop&, void*);
    const char* name_;
    const CallbackName* next_;
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
    bool gathers = false;   ///< this is the Future that a GatheringFuture is
    CancelMessage cancel_message = 0;
    Error* exception = nullptr;             ///< of a finished future
    Error* cancelled_exc = nullptr;         ///< of a cancelled task: what it raised; the first to ask gets it
    Callback callback0;                     ///< the first callback: mostly the only one
    CallbackNode* last_callback = nullptr;  ///< of a ring of further callbacks: its `next` is the first of them

    bool done() const { return state != FutureState::pending; }
    bool cancelled() const { return state == FutureState::cancelled; }
};

/// What `gather()` returns: `cancel()` cancels its children instead of itself.
///
/// Source: CPython 3.11.7, 3.12.1 and 3.13.0 Lib/asyncio/tasks.py, `class _GatheringFuture`.
struct GatheringFuture : Future {
    Future** children = nullptr;  ///< one that was given twice is here twice
    std::uint32_t count = 0;
    bool cancel_requested = false;  ///< a child accepted a `cancel()` of this future

    GatheringFuture() { gathers = true; }
};

}  // namespace cancelsim::sim
