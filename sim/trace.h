// What a run tells those who watch it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sim/error.h"

namespace cancelsim::sim {

struct Task;

/// What happened. Each room names its own kinds: sim/ from 0, model/events.h from 16,
/// scenarios/events.h from 40.
using EventKind = std::uint8_t;

namespace events {
inline constexpr EventKind iteration = 0;     ///< an iteration begins
inline constexpr EventKind task_created = 1;  ///< `task`: its first step is scheduled
inline constexpr EventKind task_step = 2;     ///< `task` is about to run; `error` is thrown into it, if any
inline constexpr EventKind task_parked = 3;   ///< `task` gave way: to `subject`, a Future, or null: a bare yield
inline constexpr EventKind task_done = 4;     ///< `task` is done, with `error` if it failed or was cancelled
/// `Task.cancel()` on `task`, `value` its message, `flag` its return; not where the caller has told of it otherwise
inline constexpr EventKind cancel_requested = 5;
inline constexpr EventKind uncancelled = 6;       ///< `Task.uncancel()` on `task`
inline constexpr EventKind callback_error = 7;    ///< a loop callback raised `error`
inline constexpr EventKind futile_iteration = 8;  ///< an iteration ended that only polled; `value` of them in a row
inline constexpr EventKind standstill = 9;        ///< an iteration begins, at the same virtual time as many before it
inline constexpr EventKind alarm = 10;            ///< an iteration begins, for which `alarm_at` has asked
}  // namespace events

/// One event. Which fields count is said beside its kind; pointers are valid while the run lasts.
struct TraceEvent {
    EventKind kind;
    bool flag = false;
    std::uint32_t value = 0;
    Task* task = nullptr;
    const void* subject = nullptr;
    Error* error = nullptr;
};

inline constexpr std::size_t kEventKinds = 64;

/// What of an event is no pointer: it fits a register.
struct EventHead {
    EventKind kind;
    bool flag;
    std::uint32_t value;
};

/// Watches a run; changes nothing of it.
class Observer {
public:
    /// Tells `observer` of an event, in pieces that travel in registers.
    using Tell = void (*)(Observer& observer, EventHead head, Task* task, const void* subject, Error* error);
    using Tells = std::array<Tell, kEventKinds>;

    virtual ~Observer() = default;
    virtual void on(const TraceEvent& event) = 0;
    /// How it is told of each kind: by `on`, unless it has a function for each kind. Must outlive it.
    virtual const Tells& tells() const;
};

/// Has `on` told of each kind.
inline constexpr Observer::Tells kTellOn = [] {
    Observer::Tells tells{};
    tells.fill([](Observer& observer, EventHead head, Task* task, const void* subject, Error* error) {
        observer.on({head.kind, head.flag, head.value, task, subject, error});
    });
    return tells;
}();

inline const Observer::Tells& Observer::tells() const { return kTellOn; }

/// A set of event kinds.
using EventMask = std::uint64_t;
template <class... Kinds>
constexpr EventMask mask_of(Kinds... kinds) {
    return (EventMask{0} | ... | (EventMask{1} << kinds));
}

}  // namespace cancelsim::sim
