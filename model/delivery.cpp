// The part of the delivery pass that all policies share: `_deliver_cancellation` of anyio 4.13.0, less the
// loop over the tasks.
#include <algorithm>
#include <cassert>

#include "model/native_cancels.h"

namespace cancelsim::model {

namespace {

/// Whether the host of `scope`, which is entered, is in a shielded scope inside it.
bool host_is_shielded_in(const CancelScope& scope) {
    const CancelScope* at = scope.host_task->cancel_scope;
    for (; at != nullptr && at != &scope; at = at->parent_scope)
        if (at->shield) return true;
    return false;
}

/// A future that is nobody's sleep, event or end: the program's own.
bool waits_on_bare_future(const Task& task) {
    return task.fut_waiter != nullptr && task.fut_waiter != &task.waiter && !task.fut_waiter->is_task;
}

}  // namespace

const sim::CallbackName Kernel::kPassName{&run_pass, "delivery-pass"};

void Kernel::run_pass(sim::Loop& loop, void* argument) {
    CancelScope& scope = *static_cast<CancelScope*>(argument);
    loop.only_polled();
    static_cast<Kernel&>(loop).deliver_cancellation(scope, PassCause::retry);
}

bool Kernel::deliver_cancellation(CancelScope& scope, PassCause cause) {
    delivered_.clear();
    bool should_retry = config_.policy->deliver(*this, scope, scope);
    // Deliver cancellation to child scopes that aren't shielded or running their own cancellation callbacks
    if (!scope.child_scopes.empty()) should_retry = deliver_below(scope) || should_retry;
    scope.cancel_handle = should_retry;
    if (should_retry) call_soon(&run_pass, &scope);
    emit(events::PassEnded{scope.id, cause, scope.cancel_handle});
    return should_retry;
}

bool Kernel::is_delivered_to(const CancelScope& child) const {
    if (has(Bug::skips_child_scope_of_shielded_host) && host_is_shielded_in(child)) [[unlikely]]
        return false;
    return (!child.shield || has(Bug::delivers_into_shielded_scopes)) && !child.cancel_called;
}

// The library recurses here. A case can nest scopes deeper than a stack is, so this walks the tree instead, in the same
// order: each scope before those below it.
bool Kernel::deliver_below(CancelScope& origin) {
    if (asks(sim::ChoiceKind::set_order)) return deliver_below_in_chosen_order(origin);
    bool should_retry = false;
    CancelScope* parent = &origin;
    CancelScope* child = origin.child_scopes.first();
    while (true) {
        walked(1);
        if (child == nullptr) {
            if (parent == &origin) return should_retry;
            child = decltype(parent->child_scopes)::next(*parent);
            parent = parent->parent_scope;
        } else if (is_delivered_to(*child)) {
            assert(child->parent_scope == parent);
            should_retry = config_.policy->deliver(*this, *child, origin) || should_retry;
            parent = child;
            child = child->child_scopes.first();
        } else {
            child = decltype(parent->child_scopes)::next(*child);
        }
    }
}

bool Kernel::deliver_below_in_chosen_order(CancelScope& origin) {
    struct Level {
        ChosenOrder<CancelScope> order;
        Level* outer;
    };
    auto level_of = [this](CancelScope& scope, Level* outer) {
        return arena().make<Level>(Level{chosen_order(scope.child_scopes, order_of_child_scopes(scope)), outer});
    };
    bool should_retry = false;
    for (Level* level = level_of(origin, nullptr); level != nullptr;) {
        walked(1);
        CancelScope* child = level->order.next(*this);
        if (child == nullptr) {
            level = level->outer;
        } else if (is_delivered_to(*child)) {
            should_retry = config_.policy->deliver(*this, *child, origin) || should_retry;
            if (!child->child_scopes.empty()) level = level_of(*child, level);
        }
    }
    return should_retry;
}

void Kernel::cancel_on_behalf_of(CancelScope& origin, Task& task) {
    if (has(Bug::skips_bare_futures) && waits_on_bare_future(task)) [[unlikely]]
        return;
    delivered_.push_back(&task);
    cancel_task(task, origin.cancel_reason(), by(By::Kind::scope, origin.id));
    if (&task == origin.host_task || has(Bug::uncancels_for_all_tasks))
        ++origin.pending_uncancellations;
    else if (has(Fix::asks_again_for_native_cancel)) [[unlikely]]
        ++task.cancels_by_others;
    if (has(Fix::asks_again_for_native_cancel) && &task == origin.host_task)
        [[unlikely]]  // the program may have called uncancel()
        origin.cancels_at_enter = std::min(origin.cancels_at_enter, native_cancels(*this, task));
}

void Kernel::deliver_to_task(CancelScope& origin, Task& task) {
    delivered_.clear();
    cancel_on_behalf_of(origin, task);
    emit(events::PassEnded{origin.id, PassCause::asked, origin.cancel_handle});
}

}  // namespace cancelsim::model
