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
    for (const model::CancelScope* at = innermost_scope(task); at != nullptr;
         at = at->parent_scope) {
        if (at == &scope) return true;
        if (at->shield || at->cancel_called) return false;
    }
    return false;
}

/// The cancelled scope that covers `task`, or null where it is not effectively cancelled.
inline const model::CancelScope* cancelling_scope(const model::Task& task) {
    for (const model::CancelScope* at = innermost_scope(task); at != nullptr;
         at = at->parent_scope) {
        if (at->cancel_called) return at;
        if (at->shield) return nullptr;
    }
    return nullptr;
}

}  // namespace cancelsim::properties
