// Which scope covers which task, and so which task is effectively cancelled: the definitions of
// CONTRACTS.md.
#pragma once

#include "model/cancel_scope.h"

namespace cancelsim::properties {

/// The innermost scope of `task`, as the library's bookkeeping says; null if none.
inline const model::CancelScope* innermost_scope(const model::Task& task) {
    return task.has_state ? task.cancel_scope : nullptr;
}

/// Whether `scope` covers `task`: its innermost scope is `scope` or a descendant, with no shielded
/// scope and no scope with a cancellation of its own on the path below `scope`.
inline bool covers(const model::CancelScope& scope, const model::Task& task) {
    for (const model::CancelScope* at = innermost_scope(task); at != nullptr; at = at->parent_scope) {
        if (at == &scope) return true;
        if (at->shield || at->cancel_called) return false;
    }
    return false;
}

/// Whether `inner`, which may be null, is `outer` or a scope inside it.
inline bool is_inside(const model::CancelScope* inner, const model::CancelScope& outer) {
    while (inner != nullptr && inner != &outer) inner = inner->parent_scope;
    return inner != nullptr;
}

/// The cancelled scope that cancels what is in `scope`, which may be null: itself, or one around it with no shield
/// between.
inline const model::CancelScope* cancelling_scope(const model::CancelScope* scope) {
    for (const model::CancelScope* at = scope; at != nullptr; at = at->parent_scope) {
        if (at->cancel_called) return at;
        if (at->shield) return nullptr;
    }
    return nullptr;
}

/// The cancelled scope that covers `task`, or null where it is not effectively cancelled.
inline const model::CancelScope* cancelling_scope(const model::Task& task) {
    return cancelling_scope(innermost_scope(task));
}

/// The cancelled scope that is visible outside `scope`, or null.
inline const model::CancelScope* cancelled_outside(const model::CancelScope& scope) {
    return scope.shield ? nullptr : cancelling_scope(scope.parent_scope);
}

}  // namespace cancelsim::properties
