#include "model/cancel_scope.h"

#include <cassert>

#include "model/exception_group.h"
#include "model/native_cancels.h"

namespace cancelsim::model {

using sim::ErrorKind;

bool is_anyio_cancellation(const Error& error) {
    // Sometimes third party frameworks catch a CancelledError and raise a new one, so as a
    // workaround we have to look at the previous ones in __context__ too for a matching cancel
    // message
    for (const Error* exc = &error;; exc = exc->context) {
        if (exc->message != 0) return true;
        if (exc->context == nullptr || !exc->context->is_cancelled()) return false;
    }
}

Error* CancelScope::enter(Kernel& kernel) {
    if (active) return kernel.raise(ErrorKind::runtime_error);  // may only be used for a single 'with' block

    host_task = kernel.current_task();
    assert(host_task != nullptr && host_task->cancel_scope != this);
    if (!host_task->has_state) {
        host_task->has_state = true;
        host_task->cancel_scope = this;
    } else {
        if (parent_scope != nullptr) parent_scope->child_scopes.discard(*this);  // of a scope that held tasks when left
        parent_scope = host_task->cancel_scope;
        host_task->cancel_scope = this;
        if (parent_scope != nullptr) {
            parent_scope->child_scopes.add(*this);
            parent_scope->tasks.discard(*host_task);
        }
    }
    tasks.add(*host_task);
    assert(host_task->cancel_scope == this && parent_scope != this);
    if (kernel.has(Fix::asks_again_for_native_cancel)) [[unlikely]]
        cancels_at_enter = native_cancels_met(kernel, *host_task);
    if (kernel.has(Bug::passes_on_after_native_cancel) || kernel.has(Bug::passes_on_uncaught_after_native_cancel))
        [[unlikely]]
        cancels_at_enter = host_task->num_cancels_requested;

    timeout(kernel);
    active = true;
    kernel.emit(events::ScopeEntered{id, host_task->id, shield, purpose, deadline});
    if (kernel.has(Bug::entering_forgets_shield)) [[unlikely]]
        shield = false;
    if (kernel.has(Bug::entering_forgets_cancel)) [[unlikely]]
        cancel_called = false;

    // Start cancelling the host task if the scope was cancelled before entering
    const bool delivered = kernel.has(Fix::enters_with_one_pass) && cancel_handle;
    if (cancel_called && !delivered && !kernel.has(Bug::entering_delivers_nothing))
        kernel.deliver_cancellation(*this, PassCause::enter);

    return nullptr;
}

ExitResult CancelScope::exit(Kernel& kernel, Error* exc_val) {
    if (!active) return exit_failed(kernel, ExitFailure::not_entered);
    if (kernel.current_task() != host_task) return exit_failed(kernel, ExitFailure::other_task);
    Task& host = *host_task;
    if (!host.has_state || host.cancel_scope != this) return exit_failed(kernel, ExitFailure::not_innermost);

    active = false;
    clear_timeout_handle(kernel);

    assert(tasks.contains(host));
    tasks.discard(host);
    if (parent_scope != nullptr) {
        if (!holds_tasks_when_left(kernel)) parent_scope->child_scopes.discard(*this);
        parent_scope->tasks.add(host);
    }
    host.cancel_scope = parent_scope;

    // Restart the cancellation effort in the closest visible, cancelled parent scope if necessary
    if (!kernel.has(Bug::restarts_parent_only_after_shield) || shield)
        restart_cancellation_in_parent(kernel, PassCause::parent_exit);

    ExitResult result = swallow(exc_val, kernel);
    if (result.swallow && native_cancel_came(kernel, host, cancels_at_enter)) [[unlikely]]
        ask_again_for_native_cancel(kernel, host);
    if (kernel.has(Bug::passes_on_after_native_cancel) && host.num_cancels_requested > cancels_at_enter) [[unlikely]]
        result.swallow = false;
    host_task = nullptr;
    kernel.emit(events::ScopeLeft{id, host.id, exc_val, result.swallow, cancelled_caught, host.num_cancels_requested});
    if (kernel.wants<events::ScopeAudited>()) [[unlikely]]
        kernel.audits().left(*this);
    return result;
}

ExitResult CancelScope::exit_failed(Kernel& kernel, ExitFailure why) {
    Error* error = kernel.raise(ErrorKind::runtime_error);
    kernel.emit(events::ScopeExitFailed{id, kernel.current_task()->id, why, error});
    return {false, error};
}

/// The second half of `__exit__`.
ExitResult CancelScope::swallow(Error* exc_val, Kernel& kernel) {
    // We only swallow the exception iff it was an AnyIO CancelledError, either directly as exc_val
    // or inside an exception group and there are no cancelled parent cancel scopes visible to us
    // here
    if (!cancel_called || parent_cancellation_is_visible_to_us(kernel)) {
        if (kernel.has(Bug::uncancels_what_travels_on)) [[unlikely]]
            uncancel_host(kernel);
        if (pending_uncancellations != 0) {
            if (parent_scope == nullptr) return {false, kernel.raise(ErrorKind::assertion_error)};
            const bool other_host =
                kernel.has(Fix::hands_cancels_to_same_host_only) && parent_scope->host_task != host_task;
            if (!kernel.has(Bug::hands_parent_no_cancels) && !other_host)
                parent_scope->pending_uncancellations += pending_uncancellations;
            pending_uncancellations = 0;
        }
        return {};
    }

    uncancel_host(kernel);

    // Update cancelled_caught and check for exceptions we must not swallow
    if (exc_val == nullptr) return {};
    if (kernel.has(Bug::passes_on_uncaught_after_native_cancel) && host_task->num_cancels_requested > cancels_at_enter)
        [[unlikely]]
        return {};
    if (exc_val->kind == ErrorKind::group && !kernel.has(Bug::looks_into_no_groups)) {
        const SplitGroup split = split_anyio_cancellations(kernel, exc_val);
        if (split.matching == nullptr) return {};
        cancelled_caught = true;
        if (split.rest == nullptr) return {.swallow = true};
        if (kernel.has(Bug::passes_mixed_groups_on)) [[unlikely]]
            return {};
        return {false, split.rest};  // raised with its __context__ preserved
    }
    if (!exc_val->is_cancelled() || !kernel.is_anyio_cancellation(*exc_val)) return {};
    cancelled_caught = true;
    return {.swallow = true};
}

/// Of a scope without its host: whether passes still have to come to it. Only with the fix `left-scope`.
bool CancelScope::holds_tasks_when_left(const Kernel& kernel) const {
    if (!kernel.has(Fix::cancels_left_scopes)) return false;
    if (!child_scopes.empty()) return true;
    // From 4.15 on a child that `start` has seen end may wait here for its done callback.
    for (const Task* task = tasks.first(); task != nullptr; task = decltype(tasks)::next(*task))
        if (!task->done()) return true;
    return false;
}

/// For each level-cancel() call made on the host task, calls uncancel().
void CancelScope::uncancel_host(Kernel& kernel) {
    for (; pending_uncancellations != 0; --pending_uncancellations)
        if (!kernel.has(Bug::uncancels_nothing)) kernel.uncancel(*host_task, kernel.by(By::Kind::scope, id));
}

bool CancelScope::effectively_cancelled(Kernel& kernel) const {
    for (const CancelScope* scope = this; scope != nullptr; scope = scope->parent_scope) {
        kernel.walked(1);
        if (scope->cancel_called) return true;
        if (scope->shield) return false;
    }
    return false;
}

bool CancelScope::parent_cancellation_is_visible_to_us(Kernel& kernel) const {
    if (kernel.has(Bug::swallows_without_asking_parent)) [[unlikely]]
        return false;
    return parent_scope != nullptr && (!shield || kernel.has(Bug::asks_parent_despite_shield)) &&
           parent_scope->effectively_cancelled(kernel);
}

const sim::CallbackName CancelScope::kTimeoutName{&run_timeout, "scope-timeout"};

void CancelScope::run_timeout(sim::Loop& loop, void* scope) {
    static_cast<CancelScope*>(scope)->timeout(static_cast<Kernel&>(loop));
}

void CancelScope::timeout(Kernel& kernel) {
    if (deadline == sim::kInfinity) return;
    const Time due = kernel.has(Bug::deadline_comes_early) ? deadline - 1 : deadline;
    if (kernel.now() >= due) {
        kernel.emit(events::DeadlineReached{id});
        cancel(kernel, kernel.by(By::Kind::deadline, id));
        return;
    }
    timeout_handle.callback = {&run_timeout, this};
    kernel.call_at(timeout_handle, due);
}

void CancelScope::clear_timeout_handle(Kernel& kernel) { kernel.cancel_timer(timeout_handle); }

void CancelScope::restart_cancellation_in_parent(Kernel& kernel, PassCause cause) {
    for (CancelScope* scope = parent_scope; scope != nullptr; scope = scope->parent_scope) {
        kernel.walked(1);
        if (scope->cancel_called) {
            if (!scope->cancel_handle) kernel.deliver_cancellation(*scope, cause);
            break;
        }

        // No point in looking beyond any shielded scope
        if (scope->shield) break;
    }
}

void CancelScope::reparent(Kernel& kernel, CancelScope& new_parent) {
    // A parent is always older than its child: so no scope gets above itself.
    assert(active && new_parent.id < id);
    if (parent_scope == &new_parent) return;
    if (parent_scope != nullptr) parent_scope->child_scopes.discard(*this);
    parent_scope = &new_parent;
    new_parent.child_scopes.add(*this);
    kernel.emit(events::ScopeMoved{id, new_parent.id});

    // If the new parent (or an ancestor) is already cancelled, (re)start the delivery loop to ensure we're cancelled
    // at next checkpoint like Trio.
    restart_cancellation_in_parent(kernel, PassCause::moved);
}

void CancelScope::cancel(Kernel& kernel) { cancel(kernel, kernel.by_program()); }

void CancelScope::cancel(Kernel& kernel, const By& by) {
    if (cancel_called) return;
    clear_timeout_handle(kernel);
    cancel_called = true;
    kernel.emit(events::ScopeCancelled{id, by});
    if (host_task != nullptr || holds_tasks_when_left(kernel)) kernel.deliver_cancellation(*this, PassCause::cancel);
}

void CancelScope::set_deadline(Kernel& kernel, Time value) {
    deadline = value;
    kernel.emit(events::DeadlineChanged{id, value});
    if (kernel.has(Bug::moved_deadline_keeps_timer)) [[unlikely]]
        return;
    clear_timeout_handle(kernel);
    if (active && !cancel_called) timeout(kernel);
}

void CancelScope::set_shield(Kernel& kernel, bool value) {
    if (shield == value) return;
    shield = value;
    kernel.emit(events::ShieldChanged{id, value});
    if (!value && !kernel.has(Bug::unshielding_delivers_nothing))
        restart_cancellation_in_parent(kernel, PassCause::unshield);
}

}  // namespace cancelsim::model
