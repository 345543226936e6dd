// Releases of CPython as sets of named differences.
#pragma once

namespace cancelsim::sim {

/// What one release's asyncio does differently from another's, as far as a program can see it. Each difference names
/// the release that brought it, and CPython's issue.
struct Python {
    const char* name;
    /// 3.13, gh-116720: `uncancel()` to zero also clears `_must_cancel`.
    bool uncancel_clears_must_cancel = false;
    /// 3.12, gh-96764: `wait_for` is an `asyncio.timeout` around an `await`.
    bool wait_for_is_a_timeout = false;
    /// 3.12, gh-97696: `gather` runs its callback for a future that is done already at once, not by a handle.
    bool gather_counts_done_at_once = false;
    /// 3.12, gh-103791: `contextlib.suppress` splits exception groups: it suppresses what is in one of the kind, and
    /// raises a new group of the rest.
    bool suppress_splits_groups = false;
    /// 3.13, gh-96037: an expired timeout that another exception leaves puts its TimeoutError into that one's context.
    bool timeout_marks_other_errors = false;
    /// 3.13, gh-133747: a TaskGroup takes its own cancellation of the parent back after it has joined its tasks, not
    /// before.
    bool group_uncancels_after_joining = false;
    /// 3.13, gh-116720: a TaskGroup that raises errors asks again for a cancellation that it leaves to come.
    bool group_cancels_parent_again = false;
    /// 3.13, gh-111693: a cancelled `Condition.wait` raises the last CancelledError that it was given, not a new one.
    bool condition_reraises = false;
    /// 3.13, gh-112202: a `Condition.wait` that fails passes the notification on.
    bool condition_passes_notification_on = false;
    /// 3.13, gh-111693: who leaves `Semaphore.acquire` wakes as many as there are permits, also where it fails.
    bool semaphore_wakes_while_free = false;
    // Of no release here: switches of model/switches.h.
    /// Until 3.10.5, gh-90155: a semaphore's waiter that was woken and fails keeps the permit.
    bool semaphore_keeps_permit = false;
    /// A fix of gh-134471: a timeout that was entered while a cancellation was on its way to the task leaves that
    /// alone.
    bool timeout_leaves_pending = false;
};

/// 3.11.7
inline constexpr Python kPython311{.name = "3.11"};
/// 3.12.1
inline constexpr Python kPython312{
    .name = "3.12", .wait_for_is_a_timeout = true, .gather_counts_done_at_once = true, .suppress_splits_groups = true};
/// 3.13.0
inline constexpr Python kPython313{.name = "3.13",
                                   .uncancel_clears_must_cancel = true,
                                   .wait_for_is_a_timeout = true,
                                   .gather_counts_done_at_once = true,
                                   .suppress_splits_groups = true,
                                   .timeout_marks_other_errors = true,
                                   .group_uncancels_after_joining = true,
                                   .group_cancels_parent_again = true,
                                   .condition_reraises = true,
                                   .condition_passes_notification_on = true,
                                   .semaphore_wakes_while_free = true};

}  // namespace cancelsim::sim
