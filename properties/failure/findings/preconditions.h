// What has to hold where a contract breaks for the breach to be of a finding: the cause, not the place.
#pragma once

#include "properties/failure/findings/evidence.h"

namespace cancelsim::properties::findings {

/// F1: a scope was cancelled by its past deadline while it was entered, and then once more by `__enter__`.
bool past_deadline(const Evidence& run);
/// F2: a task that a scope cancels waits for a future that has refused a request, the scope's or one before it.
bool stubborn(const Evidence& run);
/// F3: a `start` whose wait for `started()` was interrupted has cancelled its child.
bool start_through_shield(const Evidence& run);
/// F4: in the task that has just left a scope or a group, a native request was made while a scope's was pending, or one
/// CancelledError was raised while the other was handled.
bool folded_native(const Evidence& run);
/// F5: a child failed while a scope around its group was cancelled, so that it did not cancel the group; and nothing
/// cancels the group now.
bool failed_child(const Evidence& run);
/// F6: a task was spawned in the last checkpoint of its group, or after it where a cancellation came to that
/// checkpoint; or misuse has left a scope with a task in it.
bool late_child(const Evidence& run);
/// F7: a task was spawned into a cancelled scope that covered nobody by then but others of its kind, and no pass had
/// come to it when it ran last.
bool late_spawn(const Evidence& run);
/// F8: a cancellation came to the last checkpoint of the group that has just been left, or to the wait for `started()`
/// of a child that failed.
bool lost_error(const Evidence& run);
/// F9: a scope that has just been left has undone what scopes that children left inside it handed up, and no more.
bool carried_from_child(const Evidence& run);
/// F10: a task is in `checkpoint_if_cancelled` and was cancelled there, and a shield was raised since.
bool loop_after_shield(const Evidence& run);
/// F11: a native request interrupted a cancelled `start` that waited for its child's end.
bool start_gives_up(const Evidence& run);
/// F12: a cancellation came to a wait of the group that has just been left.
bool group_raises(const Evidence& run);
/// F13: none did, and a task of the group was cancelled.
bool group_is_silent(const Evidence& run);
/// F14: as F9, of a child that `start` put into its caller's scope.
bool carried_to_caller(const Evidence& run);
/// F15: a child of `start` that began in its group's scope was cancelled by a scope that covered it, and does not cover
/// the caller, which `start` has just returned to.
bool foreign_start(const Evidence& run);
/// F16: a task that waits for an object is cancelled by a scope, and has swallowed that again and again within one
/// statement.
bool condition_spins(const Evidence& run);

/// F17: a `receive` was cancelled that had its item.
bool item_lost(const Evidence& run);
/// F18: a `send` was cancelled while it waited with its item.
bool sent_and_raised(const Evidence& run);
/// F19: a lock or semaphore was released while a waiter that had been cancelled was still queued.
bool waiter_queued(const Evidence& run);
/// F20: a limiter was acquired while a waiter that had been woken had not run since.
bool limiter_overtaken(const Evidence& run);
/// F21: a limiter's total was raised while more tokens were out than there were.
bool limiter_raised(const Evidence& run);
/// F22: a condition's `wait` was cancelled while it took the lock back.
bool wait_without_lock(const Evidence& run);
/// F23: a task was asked to be cancelled while it acquired a limiter on behalf of another.
bool token_of_another(const Evidence& run);
/// F24: a condition's `wait` has raised whose task was asked to be cancelled after it was notified.
bool notification_lost(const Evidence& run);
/// F25: the asyncio group that has just been left was left by errors, and its task had been asked to be cancelled.
bool cancelled_beside_errors(const Evidence& run);
/// F26: the asyncio group that has just been left had cancelled its task where that waited for the group's tasks.
bool group_asks_in_exit(const Evidence& run);
/// F27: the task of the `wait_for` that has just ended was asked to be cancelled in it, and what that waits for was
/// done.
bool wait_for_overtaken(const Evidence& run);
/// F29: the time of a `wait_for` was up before its task had learned that what it waits for had just ended.
bool result_beside_timeout(const Evidence& run);
/// F28: a cancellation was on its way to the task when it entered the `asyncio.timeout`, or began the `wait_for`, that
/// has just been left.
bool pending_at_timeout(const Evidence& run);
/// F30: a task that waits at the end of an asyncio group is cancelled by a scope again and again, while a task of the
/// group runs on.
bool asyncio_group_spins(const Evidence& run);
/// F31: a task that waits at the end of a group is interrupted again and again by what is handed on to it.
bool waits_for_own_host(const Evidence& run);

}  // namespace cancelsim::properties::findings
