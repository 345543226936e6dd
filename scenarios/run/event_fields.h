// What events, their fields and the values of those are called: for those who print, encode or decode events. The order
// of fields is that of their declaration, which sim::for_each_field visits; here they have only names.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

#include "scenarios/run/events.h"
#include "sim/event_fields.h"

namespace cancelsim::scenarios::events {

template <std::size_t Count>
struct Names {
    const char* of_type;
    std::array<const char*, Count> of_fields;
};
template <class... Fields>
constexpr Names<sizeof...(Fields)> names(const char* of_type, Fields... of_fields) {
    return {of_type, {of_fields...}};
}

/// The names of an event and its fields, and those of a struct that is the type of some field. An event of `All` that
/// has none does not compile.
template <class Event>
inline constexpr std::nullptr_t kNames = nullptr;

template <>
inline constexpr auto kNames<sim::By> = names("By", "kind", "task", "id");
template <>
inline constexpr auto kNames<sim::Wait> = names("Wait", "kind", "object");

template <>
inline constexpr auto kNames<IterationBegan> = names("IterationBegan", "number");
template <>
inline constexpr auto kNames<TimeStoodStill> = names("TimeStoodStill");
template <>
inline constexpr auto kNames<AlarmRang> = names("AlarmRang");
template <>
inline constexpr auto kNames<FutileIteration> = names("FutileIteration", "in_a_row");
template <>
inline constexpr auto kNames<TaskCreated> = names("TaskCreated", "task", "by");
template <>
inline constexpr auto kNames<TaskResumed> = names("TaskResumed", "task", "thrown");
template <>
inline constexpr auto kNames<TaskParked> = names("TaskParked", "task", "wait", "bare", "ready", "refuses", "forwards");
template <>
inline constexpr auto kNames<TaskReady> = names("TaskReady", "task", "cancelled");
template <>
inline constexpr auto kNames<TaskDone> = names("TaskDone", "task", "cancelled", "marked", "error", "requests");
template <>
inline constexpr auto kNames<CancelRequested> = names("CancelRequested", "task", "by", "message", "accepted",
                                                      "had_started", "wait_was_over", "was_pending");
template <>
inline constexpr auto kNames<Uncancelled> = names("Uncancelled", "task", "by", "requests");
template <>
inline constexpr auto kNames<CallbackFailed> = names("CallbackFailed", "error");

template <>
inline constexpr auto kNames<TaskSpawned> = names("TaskSpawned", "task", "group", "scope", "by_start");
template <>
inline constexpr auto kNames<ScopeEntered> = names("ScopeEntered", "scope", "task", "shield", "purpose", "deadline");
template <>
inline constexpr auto kNames<ScopeLeft> = names("ScopeLeft", "scope", "task", "came_in", "swallowed",
                                                "cancelled_caught", "requests");
template <>
inline constexpr auto kNames<ScopeExitFailed> = names("ScopeExitFailed", "scope", "task", "why", "error");
template <>
inline constexpr auto kNames<ScopeCancelled> = names("ScopeCancelled", "scope", "by");
template <>
inline constexpr auto kNames<DeadlineReached> = names("DeadlineReached", "scope");
template <>
inline constexpr auto kNames<DeadlineChanged> = names("DeadlineChanged", "scope", "deadline");
template <>
inline constexpr auto kNames<ShieldChanged> = names("ShieldChanged", "scope", "shield");
template <>
inline constexpr auto kNames<ScopeMoved> = names("ScopeMoved", "scope", "parent");
template <>
inline constexpr auto kNames<PassEnded> = names("PassEnded", "scope", "cause", "rearmed");
template <>
inline constexpr auto kNames<ScopeAudited> = names("ScopeAudited", "scope", "task", "timer", "pass", "held");
template <>
inline constexpr auto kNames<GroupEntered> = names("GroupEntered", "group", "scope", "task");
template <>
inline constexpr auto kNames<GroupExitBegan> = names("GroupExitBegan", "group", "task", "error");
template <>
inline constexpr auto kNames<GroupLeft> = names("GroupLeft", "group", "task", "error", "gave_way", "body_cancelled");
template <>
inline constexpr auto kNames<ChildReported> = names("ChildReported", "task", "group", "cancelled_group");
template <>
inline constexpr auto kNames<StartCalled> = names("StartCalled", "task", "group", "caller");
template <>
inline constexpr auto kNames<StartedCalled> = names("StartedCalled", "task", "accepted", "error");
template <>
inline constexpr auto kNames<StartReturned> = names("StartReturned", "task", "caller", "error");

template <>
inline constexpr auto kNames<BodyBegan> = names("BodyBegan", "task");
template <>
inline constexpr auto kNames<BodyEnded> = names("BodyEnded", "task", "error");
template <>
inline constexpr auto kNames<StatementBegan> = names("StatementBegan", "task", "statement");
template <>
inline constexpr auto kNames<StatementWaits> = names("StatementWaits", "task", "statement");
template <>
inline constexpr auto kNames<StatementEnded> = names("StatementEnded", "task", "statement", "error");
template <>
inline constexpr auto kNames<Raised> = names("Raised", "task", "statement", "error");
template <>
inline constexpr auto kNames<Skipped> = names("Skipped", "task", "statement");
template <>
inline constexpr auto kNames<Noted> = names("Noted", "task", "statement");
template <>
inline constexpr auto kNames<Caught> = names("Caught", "task", "statement", "error", "swallows");
template <>
inline constexpr auto kNames<ByHand> = names("ByHand", "task", "statement");
template <>
inline constexpr auto kNames<ScopeBlockLeft> = names("ScopeBlockLeft", "task", "scope", "error");
template <>
inline constexpr auto kNames<GroupBlockLeft> = names("GroupBlockLeft", "task", "group", "error");
template <>
inline constexpr auto kNames<ObjectMade> = names("ObjectMade", "object", "kind", "amount", "max_value", "lock");
template <>
inline constexpr auto kNames<CallBegan> = names("CallBegan", "task", "object", "call", "amount", "borrower");
template <>
inline constexpr auto kNames<CallEnded> = names("CallEnded", "task", "error");
template <>
inline constexpr auto kNames<ObjectAtRest> = names("ObjectAtRest", "object", "available", "owner");
template <>
inline constexpr auto kNames<ObjectBlockLeft> = names("ObjectBlockLeft", "task", "statement", "error");
template <>
inline constexpr auto kNames<Offered> = names("Offered", "task", "statement", "item");
template <>
inline constexpr auto kNames<Received> = names("Received", "task", "statement", "item");
template <>
inline constexpr auto kNames<TimeoutEntered> = names("TimeoutEntered", "task", "timeout", "when");
template <>
inline constexpr auto kNames<TimeoutRescheduled> = names("TimeoutRescheduled", "timeout", "when");
template <>
inline constexpr auto kNames<TimeoutExitBegan> = names("TimeoutExitBegan", "timeout", "error");
template <>
inline constexpr auto kNames<TimeoutBlockLeft> = names("TimeoutBlockLeft", "task", "timeout", "expired", "error");
template <>
inline constexpr auto kNames<AsyncioGroupEntered> = names("AsyncioGroupEntered", "group", "task");
template <>
inline constexpr auto kNames<AsyncioGroupTook> = names("AsyncioGroupTook", "group", "task");
template <>
inline constexpr auto kNames<AsyncioGroupExitBegan> = names("AsyncioGroupExitBegan", "group", "error");
template <>
inline constexpr auto kNames<AsyncioGroupBlockLeft> = names("AsyncioGroupBlockLeft", "task", "group", "error");
template <>
inline constexpr auto kNames<WaitForBegan> = names("WaitForBegan", "task", "awaited", "delay");
template <>
inline constexpr auto kNames<WaitForEnded> = names("WaitForEnded", "task", "error");
template <>
inline constexpr auto kNames<Gathered> = names("Gathered", "task", "statement", "results");
template <>
inline constexpr auto kNames<EntererEnded> = names("EntererEnded", "scope");
template <>
inline constexpr auto kNames<Waited> = names("Waited", "task", "statement", "done");

/// Calls `visit(std::type_identity<Event>{}, names)` for every event, in the order of `All`.
template <class Visit>
constexpr void for_each_event(Visit visit) {
    All::for_each([&visit]<class Event>(std::type_identity<Event> event) {
        static_assert(!std::is_null_pointer_v<std::remove_const_t<decltype(kNames<Event>)>>, "the event has no names");
        static_assert(kNames<Event>.of_fields.size() == sim::kFieldCount<Event>, "a name for each field");
        visit(event, kNames<Event>);
    });
}

/// Calls `visit(name, value)` for each field of `event`, those of a struct in it one by one: `by.kind`.
template <class Event, class Visit>
void for_each_value(Event& event, Visit visit, const std::string& prefix = {}) {
    const char* const* name = kNames<std::remove_const_t<Event>>.of_fields.data();
    sim::for_each_field(event, [&]<class Field>(Field& field) {
        using Type = std::remove_const_t<Field>;
        if constexpr (std::is_same_v<Type, sim::By> || std::is_same_v<Type, sim::Wait>)
            for_each_value(field, visit, prefix + *name++ + ".");
        else
            visit(prefix + *name++, field);
    });
}

/// The words for the values of an enumeration that is the type of a field, in their order.
template <class Enum>
inline constexpr std::nullptr_t kWords = nullptr;
template <>
inline constexpr std::array kWords<sim::By::Kind>{"program", "outside",       "scope",    "deadline",
                                                  "group",   "child",         "start",    "forwarded",
                                                  "timeout", "asyncio_group", "wait_for", "again"};
template <>
inline constexpr std::array kWords<sim::WaitKind>{
    "yield", "poll",     "shielded_checkpoint", "sleep",   "event",     "future",  "object",
    "task",  "children", "last_checkpoint",     "started", "child_end", "asyncio", "asyncio_children"};
template <>
inline constexpr std::array kWords<model::Purpose>{"program", "group", "group_wait", "handle", "checkpoint", "start"};
template <>
inline constexpr std::array kWords<model::PassCause>{"cancel", "enter", "parent_exit", "unshield",
                                                     "moved",  "retry", "asked"};
template <>
inline constexpr std::array kWords<model::ExitFailure>{"not_entered", "other_task", "not_innermost"};
template <>
inline constexpr std::array kWords<sim::ErrorKind>{
    "cancelled",   "runtime_error",   "timeout_error",   "assertion_error", "attribute_error",
    "value_error", "queue_empty",     "queue_full",      "named",           "group",
    "would_block", "closed_resource", "broken_resource", "end_of_stream"};
template <>
inline constexpr std::array kWords<Call>{"acquire",        "acquire_nowait", "release",       "wait",
                                         "notify",         "send",           "send_nowait",   "receive",
                                         "receive_nowait", "close_send",     "close_receive", "clone_send",
                                         "clone_receive",  "set_tokens",     "task_done",     "join"};
/// Those of CASES.md.
template <>
inline constexpr std::array kWords<ObjectKind>{
#define CANCELSIM_ROW(kind) #kind,
    CANCELSIM_OBJECTS(CANCELSIM_ROW)
#undef CANCELSIM_ROW
};

}  // namespace cancelsim::scenarios::events
