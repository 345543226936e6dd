// What a delivery pass can reach, and what it cannot.
#pragma once

#include "model/cancel_scope.h"
#include "properties/world/world.h"

namespace cancelsim::properties {

/// Whether a pass that `origin` originates comes to what is in `scope`, which may be kNoScope.
inline bool reaches(const World& world, ScopeId origin, ScopeId scope) {
    while (scope != kNoScope && scope != origin) {
        const World::Scope& each = world.scope(scope);
        if (each.shield || each.cancelled || !each.active) return false;
        scope = each.parent;
    }
    return scope != kNoScope;
}

/// Whether `pass` is of a scope whose deadline had passed already, and which is being entered: its ScopeEntered is
/// still to come. A deadline cancels no other scope that is not entered.
inline bool is_being_entered(const World& world, const events::PassEnded& pass) {
    const World::Scope& scope = world.scope(pass.scope);
    return !scope.active && scope.cancelled_by.kind == By::Kind::deadline && pass.cause == model::PassCause::cancel;
}

/// Calls `visit(task)` for every task, done or not, that a pass originated by `scope` comes to, until a visit returns
/// false; returns whether none did.
template <class Visit>
bool for_each_reached(const model::CancelScope& scope, Visit visit) {
    for (model::Task* task = scope.tasks.first(); task != nullptr; task = decltype(scope.tasks)::next(*task))
        if (!visit(*task)) return false;
    for (model::CancelScope* child = scope.child_scopes.first(); child != nullptr;
         child = decltype(scope.child_scopes)::next(*child)) {
        if (child->shield || child->cancel_called) continue;
        if (!for_each_reached(*child, visit)) return false;
    }
    return true;
}

}  // namespace cancelsim::properties
