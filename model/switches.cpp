#include "model/switches.h"

#include <algorithm>
#include <array>

namespace cancelsim::model {

namespace {

using enum Origin;

constexpr std::array<SwitchEntry, kSwitchCount> kTable{{
    {Bug::swallows_without_asking_parent, "698", 698, fixed, "4.6.0",
     "a scope swallows its cancellation without asking whether a cancelled parent is visible",
     "caught-is-ours, uncancel-balance"},
    {Bug::asks_parent_despite_shield, "774s", 774, fixed, "4.6.0",
     "whether a cancelled parent is visible is asked without regard to the scope's own shield",
     "caught-is-ours, uncancel-balance"},
    {Bug::uncancels_what_travels_on, "790", 790, fixed, "4.7.0",
     "a scope undoes its cancel() calls on its host even when the exception travels on to a parent",
     "uncancel-balance"},
    {Bug::hands_parent_no_cancels, "790c", 790, fixed, "4.7.0",
     "a scope whose exception travels on does not hand its cancel() calls to the parent to undo", "uncancel-balance"},
    {Bug::waits_for_children_unshielded, "695", 695, fixed, "4.6.0",
     "a group that waits for its children is cancelled in every iteration until they are done", "no-livelock"},
    {Bug::cancels_woken_task, "595", 595, fixed, "4.0", "a pass cancels a task whose waiter is already done",
     "no-spurious-cancel"},
    {Bug::skips_child_scope_of_shielded_host, "642", 642, fixed, "4.2.0",
     "a pass skips a child scope whose host sits under a shield, and so all other tasks in it",
     "redelivery, no-lost-wakeup"},
    {Bug::delivers_into_shielded_scopes, "642b", 642, fixed, "4.2.0", "a pass goes on into shielded child scopes",
     "shield-holds, no-spurious-cancel"},
    {Bug::restarts_parent_only_after_shield, "370", 370, fixed, "3.3.2",
     "delivery in a cancelled parent is restarted only on leaving a shielded scope", "redelivery"},
    {Bug::unshielding_delivers_nothing, "274", 274, fixed, "3.1.0", "dropping a shield restarts no delivery",
     "shield-holds, redelivery"},
    {Bug::uncancels_for_all_tasks, "774u", 774, fixed, "4.6.0",
     "a scope undoes on its host the cancel() calls that it made on all tasks", "uncancel-balance"},
    {Bug::uncancels_nothing, "551", 551, fixed, "3.7.0", "a scope undoes none of its cancel() calls",
     "uncancel-balance"},
    {Bug::looks_at_own_message_only, "606", 606, fixed, "4.0",
     "a CancelledError is told by its own message only, not by those in its context chain", "caught-is-ours"},
    {Bug::wait_for_children_drops_native_cancel, "374", 374, fixed, "4.0",
     "a native cancel that hits a group's wait for its children is not raised after them", "caught-is-ours"},
    {Bug::native_cancel_spares_children, "586", 586, fixed, "4.0",
     "a native cancel that hits a group's wait for its children does not cancel them", "group-joins"},
    {Bug::passes_mixed_groups_on, "1091", 1091, fixed, "4.13.0",
     "an exception group with other errors beside the scope's cancellation is passed on whole", "caught-is-ours"},
    {Bug::looks_into_no_groups, "634", 634, fixed, "4.1.0",
     "a scope does not look for its cancellation in exception groups", "caught-is-ours"},
    {Bug::cancelled_start_cancels_group, "685", 685, fixed, "4.4.0",
     "a child that a cancelled start() has ended cancels the whole group", "start-handshake"},
    {Bug::cancels_started_child_natively, "837", 837, fixed, "4.14.0",
     "a cancelled start() ends its child by a native cancel, shield or not (4.13.0 does anyway)", "shield-holds"},
    {Fix::child_error_always_cancels_group, "787", 787, live, "",
     "fix: a failing child cancels its group even where a parent is cancelled already", "errors-arrive"},
    {Fix::leaves_group_without_cancel_point, "1069", 1069, live, "",
     "fix: leaving a group is a cancel point only if a child was cancelled (pull 1071)", "group-outcome"},
    {Fix::raises_cancellation_of_children, "1070", 1070, live, "",
     "fix: leaving a group raises where a child was cancelled, though its host was not (pull 1071)", "group-outcome"},
    {Fix::asks_again_for_native_cancel, "1214", 1214, live, "",
     "fix: a scope that caught its cancellation, or a group's exit, asks again for a native one folded into it",
     "caught-is-ours"},
    {Bug::passes_on_after_native_cancel, "1251", 1251, planted, "",
     "the fix of 1214 proposed in pull 1251: a scope passes its own cancellation on if a native cancel came meanwhile",
     "caught-is-ours"},
    {Bug::starts_under_shield, "597", 597, fixed, "4.0", "start() waits under a shield", "start-handshake"},
    {Bug::entering_delivers_nothing, "433", 433, fixed, "3.7.0",
     "entering a scope that was cancelled before delivers nothing", "redelivery, no-lost-wakeup"},
    {Bug::fail_after_raises_for_any_cancel, "589", 589, fixed, "4.0",
     "fail_after raises TimeoutError whenever its scope was cancelled", "caught-is-ours"},
    {Bug::skips_bare_futures, "199", 199, fixed, "3.0", "a pass skips a task that waits on a bare future",
     "redelivery, no-hot-loop"},
    {Bug::empty_group_does_not_yield, "empty", 774, fixed, "4.6.0", "leaving a group without children does not yield",
     "group-joins"},
    {Fix::enters_with_one_pass, "double", 0, live, "",
     "fix: entering a scope whose deadline has passed starts one delivery loop, not two", "single-flight"},
    {Bug::done_task_stays_in_scope, "leak-host", 0, planted, "", "a done task stays in the scope that it was in",
     "clean-exit"},
    {Bug::orders_sets_by_address, "address", 0, planted, "",
     "sets iterate in an order that no choice decides, as addresses do: it differs from run to run", "determinism"},
    {Bug::deadline_comes_early, "planted-early-deadline", 0, planted, "",
     "the timer of a deadline is due a unit too early and cancels at once", "deadline"},
    {Bug::moved_deadline_keeps_timer, "planted-late-deadline", 0, planted, "",
     "moving a deadline leaves the timer where it was", "deadline"},
    {Bug::cancels_before_start, "planted-before-start", 0, planted, "", "a pass cancels tasks that have not started",
     "not-before-start"},
    {Bug::cancelled_wait_leaves_children, "planted-early-leave", 0, planted, "",
     "a group whose wait for its children is cancelled leaves without them", "group-joins"},
    {Bug::left_group_takes_tasks, "planted-late-spawn", 0, planted, "", "a group that was left still takes tasks",
     "group-joins"},
    {Bug::drops_error_after_cancel, "planted-lost-error", 0, planted, "",
     "the error of a child that fails after its group was cancelled is dropped", "errors-arrive"},
    {Bug::last_child_wakes_nobody, "planted-lost-wakeup", 0, planted, "",
     "the last child does not wake the host of a group that was cancelled", "no-lost-wakeup"},
    {Bug::cancelled_start_leaves_child, "planted-lost-child", 0, planted, "",
     "a cancelled start() raises without waiting for its child to end", "start-handshake"},
    {Fix::hands_cancels_to_same_host_only, "carried", 0, live, "",
     "fix: a scope hands the cancel() calls that it has to undo up only to a scope of the same host",
     "uncancel-balance"},
    {Fix::waits_for_late_children, "last-checkpoint", 0, live, "",
     "fix: the checkpoint of a group that has no children is part of its wait: what is spawned in it is waited for",
     "group-joins, clean-exit, errors-arrive"},
    {Fix::cancelled_start_raises_error_of_child, "start-error", 0, live, "",
     "fix: a cancelled start() raises the error with which its child ended before started()", "errors-arrive"},
    {Fix::cancelled_start_keeps_waiting, "start-waits", 0, live, "",
     "fix: a cancelled start() that is cancelled again still waits for its child to end", "start-handshake"},
    {Fix::cancels_left_scopes, "left-scope", 0, live, "",
     "fix: a scope that was left by hand, with tasks in it, can still be cancelled, and by its parents too",
     "redelivery"},
    {Bug::second_started_is_silent, "started-twice", 0, planted, "", "a second started() raises nothing",
     "start-handshake"},
    {Bug::body_error_cancels_nobody, "body-error", 0, planted, "",
     "an error that leaves a group's body does not cancel its tasks", "errors-arrive"},
    {Bug::set_event_does_not_yield, "eager-wait", 0, planted, "", "waiting for an Event that is set does not give way",
     "schedule-point"},
    {Fix::starts_in_no_scope_for_unscoped_caller, "unscoped-caller", 1197, live, "",
     "fix: what start() spawned for a caller in no scope is in none, and not in its group's, until it calls started()",
     "start-handshake"},
    {Bug::passes_on_uncaught_after_native_cancel, "1330", 1330, planted, "",
     "the fix of 1214 proposed in pull 1330: as 1251, but `cancelled_caught` stays false where a native cancel came",
     "caught-is-ours"},
    {Bug::entering_forgets_shield, "lost-shield", 0, planted, "", "a scope that is entered forgets that it is shielded",
     "shield-holds, no-spurious-cancel"},
    {Bug::entering_forgets_cancel, "lost-cancel", 0, planted, "",
     "a scope that is entered forgets that it was cancelled before", "redelivery, no-lost-wakeup"},
    {Bug::lock_keeps_cancelled_waiters, "1145-lock", 1145, fixed, "4.14.0",
     "a cancelled waiter stays in a lock's queue until its task runs, and `release` only passes it by (4.13.0 does "
     "anyway)",
     "no-lost-permit"},
    {Bug::semaphore_keeps_cancelled_waiters, "1145-semaphore", 1145, fixed, "4.14.0",
     "a cancelled waiter stays in a semaphore's queue until its task runs, and `release` only passes it by (4.13.0 "
     "does "
     "anyway)",
     "no-lost-permit"},
    {Bug::cancelled_waiter_keeps_lock, "387", 387, fixed, "3.4.0",
     "a lock's waiter that is cancelled after the lock was handed to it does not pass it on", "permits-balance"},
    {Bug::cancelled_checkpoint_keeps_lock, "398", 398, fixed, "3.5.0",
     "a lock is not released where the checkpoint after an uncontended acquire is cancelled natively",
     "permits-balance"},
    {Bug::owner_waits_for_its_lock, "798", 798, fixed, "4.6.1",
     "the owner of a lock may acquire it again, and waits for itself", "no-lost-permit"},
    {Bug::cancelled_waiter_keeps_notification, "1075", 1075, fixed, "4.13.0",
     "a condition's waiter that was notified and is cancelled does not pass the notification on", "notify-reaches"},
    {Bug::cancelled_borrower_wakes_nobody, "947", 947, fixed, "4.10.0",
     "a limiter's waiter that was woken and is cancelled does not wake the next", "no-lost-permit"},
    {Bug::takes_token_on_resuming, "1170", 1170, fixed, "4.14.2",
     "a limiter's token is taken when its waiter resumes, not when that is woken (4.13.0 does anyway)",
     "permits-balance"},
    {Bug::cancelled_borrower_keeps_token, "1170b", 1170, planted, "",
     "a limiter's waiter that was woken and is cancelled keeps the token that was taken for it", "permits-balance"},
    {Bug::raised_total_wakes_too_many, "1223", 1223, fixed, "4.15.0",
     "raising a limiter's total wakes as many waiters as it was raised by, however many tokens are out (4.13.0 and "
     "4.14.2 do anyway)",
     "permits-balance"},
    {Bug::raised_total_keeps_waiters_queued, "646", 646, fixed, "4.2.0",
     "setting a limiter's total wakes waiters but leaves them in the queue", "no-lost-permit"},
    {Bug::limiter_serves_last_first, "455", 455, fixed, "3.7.0",
     "of those that wait for a limiter the last is served first", "no-lost-permit"},
    {Bug::hands_item_to_cancelled_receiver, "728", 728, fixed, "4.4.0",
     "a stream hands an item to a receiver that is about to be cancelled", "items-arrive"},
    {Bug::asks_receiver_for_cancelling, "832", 832, fixed, "4.7.0",
     "whether a receiver is about to be cancelled is told by its `cancelling()`", "items-arrive"},
    {Bug::looks_through_shields_of_receiver, "771", 771, fixed, "4.5.0",
     "whether a receiver is about to be cancelled is told without regard to shields", "items-arrive"},
    {Bug::false_item_ends_stream, "731", 731, fixed, "4.4.0",
     "a receiver takes an item that is false, such as the first of those numbered from 0, for the end of the stream",
     "items-arrive, end-of-stream"},
    {Fix::cancelled_receiver_passes_item_on, "146", 146, live, "",
     "fix: a receiver that is cancelled natively after an item was handed to it passes the item on", "items-arrive"},
    {Bug::last_close_wakes_one_receiver, "deaf-end", 0, planted, "",
     "closing the last sending end of a stream wakes one receiver only", "end-of-stream"},
    {Bug::asyncio_group_drops_outer_cancel, "gh-116720", 116720, fixed, "CPython 3.13",
     "an asyncio group that raises errors does not ask again for a cancellation from outside (3.11 and 3.12 do anyway)",
     "asyncio-group"},
    {Bug::asyncio_group_uncancels_before_joining, "gh-133747", 133747, fixed, "CPython 3.13",
     "an asyncio group takes its cancellation of the parent back before it has joined its tasks, not after (3.11 and "
     "3.12 do anyway)",
     "cancellers-balance"},
    {Bug::wait_for_prefers_result, "gh-107547", 107547, fixed, "CPython 3.12",
     "`wait_for` returns a result though its task is cancelled in the same iteration (3.11 does anyway)",
     "timeout-is-ours"},
    {Bug::asyncio_condition_drops_notification, "gh-112202", 112202, fixed, "CPython 3.13",
     "an asyncio condition's waiter that was notified and is cancelled does not pass the notification on (3.11 and "
     "3.12 "
     "do anyway)",
     "notify-reaches"},
    {Bug::asyncio_semaphore_wakes_one, "gh-111693", 111693, fixed, "CPython 3.13",
     "who leaves an asyncio semaphore's `acquire` wakes at most one other, and a cancelled `Condition.wait` raises a "
     "CancelledError of its own (3.11 and 3.12 do anyway)",
     ""},
    {Bug::asyncio_semaphore_keeps_permit, "gh-90155", 90155, fixed, "CPython 3.10.5",
     "an asyncio semaphore's waiter that was woken and is cancelled keeps the permit", "permits-balance"},
    {Fix::timeout_leaves_pending_cancel, "gh-134471", 134471, live, "",
     "fix: an `asyncio.timeout` never takes a cancellation that was on its way when it was entered for its own",
     "timeout-is-ours"},
}};

/// Each switch has one row, and a fix is what is live.
constexpr bool is_complete() {
    Switches seen;
    for (const SwitchEntry& entry : kTable) {
        if (seen.has(entry.what) || entry.what.is_fix() != (entry.origin == live)) return false;
        seen.set(entry.what);
    }
    return true;
}
static_assert(is_complete());

}  // namespace

std::span<const SwitchEntry> all_switches() { return kTable; }

Switches all_fixes() {
    Switches fixes;
    for (const SwitchEntry& entry : kTable)
        if (entry.origin == live) fixes.set(entry.what);
    return fixes;
}

std::string names_of(const Switches& switches) {
    std::string names;
    for (const SwitchEntry& entry : kTable)
        if (switches.has(entry.what)) names += (names.empty() ? "" : ", ") + std::string(entry.name);
    return names;
}

const SwitchEntry* find_switch(std::string_view name) {
    const auto found =
        std::find_if(kTable.begin(), kTable.end(), [&](const SwitchEntry& entry) { return entry.name == name; });
    return found == kTable.end() ? nullptr : &*found;
}

const SwitchEntry& entry_of(Switch what) {
    return *std::find_if(kTable.begin(), kTable.end(), [&](const SwitchEntry& entry) { return entry.what == what; });
}

}  // namespace cancelsim::model
