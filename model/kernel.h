// The kernel under test: a loop, and anyio's state on it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "model/audit/scope_audits.h"
#include "model/cancel_scope.h"
#include "model/events.h"
#include "model/policies/policy.h"
#include "model/switches.h"
#include "model/task_group.h"
#include "model/version.h"
#include "sim/loop.h"

namespace cancelsim::model {

/// Which kernel: everything that is fixed before a run.
struct Config {
    const Version* version = nullptr;
    const Policy* policy = nullptr;
    const sim::Python* python = nullptr;
    Switches switches;
};

/// anyio's asyncio backend on the loop that it is. Everything else in model/ takes it as its first
/// argument, where anyio finds the running loop, the current task and `_task_states` through
/// globals.
class Kernel : public sim::Loop {
public:
    Kernel() : audits_(*this) {}

    /// Forgets the last run.
    void reset(const Config& config, sim::Choices* choices);
    const Config& config() const { return config_; }
    const Version& version() const { return *config_.version; }
    /// Mostly none is on.
    bool has(Switch one) const { return __builtin_expect(config_.switches.has(one), false); }

    Task* current_task() const { return static_cast<Task*>(sim::Loop::current_task()); }

    CancelScope& new_scope(Time deadline = sim::kInfinity, bool shield = false, Purpose purpose = Purpose::program);
    TaskGroup& new_group();
    Task& new_task() { return *arena().make<Task>(); }
    /// `asyncio.create_task`: a task in no group.
    Task& create_task(sim::Frame& coro);

    /// `scope._deliver_cancellation(scope)`: a pass that the scope itself originates. The policy decides about the
    /// tasks of each scope; child scopes that are shielded, or run their own cancellation, are left out with all below
    /// them.
    bool deliver_cancellation(CancelScope& scope, PassCause cause);

    // The parts of a policy's pass.

    /// Calls `visit(task)` for the tasks directly in `scope`, in the order that iterating the set
    /// gives.
    template <class Visit>
    void for_each_task(CancelScope& scope, Visit visit) {
        in_set_order(
            scope.tasks, [&scope] { return order_of_tasks(scope); }, visit);
    }
    /// `_task_started`: its coroutine runs or is suspended. A done task's is neither.
    bool task_started(const Task& task) const {
        return (task.started || has(Bug::cancels_before_start)) && !task.done();
    }
    /// Whether a pass may interrupt `task`: it does not wait, or what it waits for is not done.
    bool can_be_interrupted(const Task& task) const {
        return task.fut_waiter == nullptr || !task.fut_waiter->done() || has(Bug::cancels_woken_task);
    }
    /// `task.cancel(origin._cancel_reason)`, counted where the task hosts `origin`.
    void cancel_on_behalf_of(CancelScope& origin, Task& task);
    /// A pass of `origin` over `task` alone.
    void deliver_to_task(CancelScope& origin, Task& task);
    /// Whether this kernel takes the CancelledError `exc` for anyio's own.
    bool is_anyio_cancellation(const Error& exc) const {
        if (has(Bug::looks_at_own_message_only)) [[unlikely]]
            return exc.message != 0;
        return model::is_anyio_cancellation(exc);
    }

    /// The tasks on which the pass that has just ended called `cancel()`, in order.
    const std::vector<Task*>& delivered() const { return delivered_; }
    const std::vector<CancelScope*>& scopes() const { return scopes_; }
    const std::vector<TaskGroup*>& groups() const { return groups_; }
    const Task& task(TaskId id) const { return static_cast<const Task&>(*tasks()[id]); }

    /// For the events ScopeAudited.
    ScopeAudits& audits() { return audits_; }

    // As sim::Loop's, for the events of this room too.

    template <class Listener, class... Set>
    void watch(Listener& observer, const Set&... first) {
        sim::Loop::watch(observer, first...);
        hub_.add(observer, first...);
    }
    void unwatch() {
        sim::Loop::unwatch();
        hub_.clear();
    }
    /// Of the events of this room alone, and of those of the loop.
    sim::EventHub<events::Own>& hub() { return hub_; }
    sim::EventHub<sim::events::All>& loop_hub() { return sim::Loop::hub(); }
    template <class Event>
    bool wants() const {
        if constexpr (events::Own::has<Event>)
            return hub_.template wants<Event>();
        else
            return sim::Loop::wants<Event>();
    }
    template <class Event>
    [[gnu::always_inline]] void emit(const Event& event) {
        if constexpr (events::Own::has<Event>) {
            if (hub_.template wants<Event>()) [[unlikely]]
                hub_.send(event);
        } else {
            sim::Loop::emit(event);
        }
    }

private:
    static void run_pass(sim::Loop& loop, void* scope);
    static const sim::CallbackName kPassName;
    bool is_delivered_to(const CancelScope& child) const;
    bool deliver_below(CancelScope& origin);
    bool deliver_below_in_chosen_order(CancelScope& origin);

    // The question for the first of the tasks, or of the child scopes, of `scope`, which are iterated now.
    static sim::Question order_of_tasks(CancelScope& scope);
    static sim::Question order_of_child_scopes(CancelScope& scope);

    void inject();
    template <class Visit>
    void for_each_target(Visit visit) const;

    Config config_;
    std::vector<CancelScope*> scopes_;
    std::vector<TaskGroup*> groups_;
    sim::EventHub<events::Own> hub_;
    ScopeAudits audits_;
    std::vector<Task*> delivered_;
    std::unique_ptr<sim::Choices> by_address_;  ///< only with Bug::orders_sets_by_address
};

}  // namespace cancelsim::model
