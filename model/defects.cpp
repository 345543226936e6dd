#include "model/defects.h"

#include <algorithm>
#include <array>

namespace cancelsim::model {

namespace {

using enum Defect;
using enum Origin;

constexpr std::array<DefectEntry, kDefects> kTable{{
    {d698, "698", 698, fixed, "4.6.0",
     "a scope swallows its cancellation without asking whether a cancelled parent is visible",
     "caught-is-ours, uncancel-balance"},
    {d774s, "774s", 774, fixed, "4.6.0",
     "whether a cancelled parent is visible is asked without regard to the scope's own shield",
     "caught-is-ours, uncancel-balance"},
    {d790, "790", 790, fixed, "4.7.0",
     "a scope undoes its cancel() calls on its host even when the exception travels on to a parent",
     "uncancel-balance"},
    {d790c, "790c", 790, fixed, "4.7.0",
     "a scope whose exception travels on does not hand its cancel() calls to the parent to undo", "uncancel-balance"},
    {d695, "695", 695, fixed, "4.6.0",
     "a group that waits for its children is cancelled in every iteration until they are done", "no-livelock"},
    {d595, "595", 595, fixed, "4.0", "a pass cancels a task whose waiter is already done", "no-spurious-cancel"},
    {d642, "642", 642, fixed, "4.2.0",
     "a pass skips a child scope whose host sits under a shield, and so all other tasks in it",
     "redelivery, no-lost-wakeup"},
    {d642b, "642b", 642, fixed, "4.2.0", "a pass goes on into shielded child scopes",
     "shield-holds, no-spurious-cancel"},
    {d370, "370", 370, fixed, "3.3.2", "delivery in a cancelled parent is restarted only on leaving a shielded scope",
     "redelivery"},
    {d274, "274", 274, fixed, "3.1.0", "dropping a shield restarts no delivery", "shield-holds, redelivery"},
    {d774u, "774u", 774, fixed, "4.6.0", "a scope undoes on its host the cancel() calls that it made on all tasks",
     "uncancel-balance"},
    {d551, "551", 551, fixed, "3.7.0", "a scope undoes none of its cancel() calls", "uncancel-balance"},
    {d606, "606", 606, fixed, "4.0",
     "a CancelledError is told by its own message only, not by those in its context chain", "caught-is-ours"},
    {d374, "374", 374, fixed, "4.0",
     "a native cancel that hits a group's wait for its children is not raised after them", "caught-is-ours"},
    {d586, "586", 586, fixed, "4.0", "a native cancel that hits a group's wait for its children does not cancel them",
     "group-joins"},
    {d1091, "1091", 1091, fixed, "4.13.0",
     "an exception group with other errors beside the scope's cancellation is passed on whole", "caught-is-ours"},
    {d634, "634", 634, fixed, "4.1.0", "a scope does not look for its cancellation in exception groups",
     "caught-is-ours"},
    {d685, "685", 685, fixed, "4.4.0", "a child that a cancelled start() has ended cancels the whole group",
     "start-handshake"},
    {d837, "837", 837, fixed, "4.14.0",
     "a cancelled start() ends its child by a native cancel, shield or not (4.13.0 does anyway)", "shield-holds"},
    {d787, "787", 787, live, "", "fix: a failing child cancels its group even where a parent is cancelled already",
     "errors-arrive"},
    {d1069, "1069", 1069, live, "", "fix: leaving a group is a cancel point only if a child was cancelled (pull 1071)",
     "group-outcome"},
    {d1070, "1070", 1070, live, "",
     "fix: leaving a group raises where a child was cancelled, though its host was not (pull 1071)", "group-outcome"},
    {d1214, "1214", 1214, live, "",
     "fix: a scope that caught its cancellation, or a group's exit, asks again for a native one folded into it",
     "caught-is-ours"},
    {d1251, "1251", 1251, planted, "",
     "the fix of 1214 proposed in pull 1251: a scope passes its own cancellation on if a native cancel came meanwhile",
     "caught-is-ours"},
    {d597, "597", 597, fixed, "4.0", "start() waits under a shield", "start-handshake"},
    {d433, "433", 433, fixed, "3.7.0", "entering a scope that was cancelled before delivers nothing",
     "redelivery, no-lost-wakeup"},
    {d589, "589", 589, fixed, "4.0", "fail_after raises TimeoutError whenever its scope was cancelled",
     "caught-is-ours"},
    {d199, "199", 199, fixed, "3.0", "a pass skips a task that waits on a bare future", "redelivery, no-hot-loop"},
    {empty_group, "empty", 774, fixed, "4.6.0", "leaving a group without children does not yield", "group-joins"},
    {double_pass, "double", 0, live, "",
     "fix: entering a scope whose deadline has passed starts one delivery loop, not two", "single-flight"},
    {leak_host, "leak-host", 0, planted, "", "a done task stays in the scope that it was in", "clean-exit"},
    {address, "address", 0, planted, "",
     "sets iterate in an order that no choice decides, as addresses do: it differs from run to run", "determinism"},
    {planted_early_deadline, "planted-early-deadline", 0, planted, "",
     "the timer of a deadline is due a unit too early and cancels at once", "deadline"},
    {planted_late_deadline, "planted-late-deadline", 0, planted, "", "moving a deadline leaves the timer where it was",
     "deadline"},
    {planted_before_start, "planted-before-start", 0, planted, "", "a pass cancels tasks that have not started",
     "not-before-start"},
    {planted_early_leave, "planted-early-leave", 0, planted, "",
     "a group whose wait for its children is cancelled leaves without them", "group-joins"},
    {planted_late_spawn, "planted-late-spawn", 0, planted, "", "a group that was left still takes tasks",
     "group-joins"},
    {planted_lost_error, "planted-lost-error", 0, planted, "",
     "the error of a child that fails after its group was cancelled is dropped", "errors-arrive"},
    {planted_lost_wakeup, "planted-lost-wakeup", 0, planted, "",
     "the last child does not wake the host of a group that was cancelled", "no-lost-wakeup"},
    {planted_lost_child, "planted-lost-child", 0, planted, "",
     "a cancelled start() raises without waiting for its child to end", "start-handshake"},
    {carried, "carried", 0, live, "",
     "fix: a scope hands the cancel() calls that it has to undo up only to a scope of the same host",
     "uncancel-balance"},
    {last_checkpoint, "last-checkpoint", 0, live, "",
     "fix: the checkpoint of a group that has no children is part of its wait: what is spawned in it is waited for",
     "group-joins, clean-exit, errors-arrive"},
    {start_error, "start-error", 0, live, "",
     "fix: a cancelled start() raises the error with which its child ended before started()", "errors-arrive"},
    {start_waits, "start-waits", 0, live, "",
     "fix: a cancelled start() that is cancelled again still waits for its child to end", "start-handshake"},
    {left_scope, "left-scope", 0, live, "",
     "fix: a scope that was left by hand, with tasks in it, can still be cancelled, and by its parents too",
     "redelivery"},
    {planted_started_twice, "started-twice", 0, planted, "", "a second started() raises nothing", "start-handshake"},
    {planted_body_error, "body-error", 0, planted, "", "an error that leaves a group's body does not cancel its tasks",
     "errors-arrive"},
    {planted_eager_wait, "eager-wait", 0, planted, "", "waiting for an Event that is set does not give way",
     "schedule-point"},
    {unscoped_caller, "unscoped-caller", 1197, live, "",
     "fix: what start() spawned for a caller in no scope is in none, and not in its group's, until it calls started()",
     "start-handshake"},
    {d1330, "1330", 1330, planted, "",
     "the fix of 1214 proposed in pull 1330: as 1251, but `cancelled_caught` stays false where a native cancel came",
     "caught-is-ours"},
    {planted_lost_shield, "lost-shield", 0, planted, "", "a scope that is entered forgets that it is shielded",
     "shield-holds, no-spurious-cancel"},
    {planted_lost_cancel, "lost-cancel", 0, planted, "", "a scope that is entered forgets that it was cancelled before",
     "redelivery, no-lost-wakeup"},
    {d1145_lock, "1145-lock", 1145, fixed, "4.14.0",
     "a cancelled waiter stays in a lock's queue until its task runs, and `release` only passes it by (4.13.0 does "
     "anyway)",
     "no-lost-permit"},
    {d1145_semaphore, "1145-semaphore", 1145, fixed, "4.14.0",
     "a cancelled waiter stays in a semaphore's queue until its task runs, and `release` only passes it by (4.13.0 "
     "does "
     "anyway)",
     "no-lost-permit"},
    {d387, "387", 387, fixed, "3.4.0",
     "a lock's waiter that is cancelled after the lock was handed to it does not pass it on", "permits-balance"},
    {d398, "398", 398, fixed, "3.5.0",
     "a lock is not released where the checkpoint after an uncontended acquire is cancelled natively",
     "permits-balance"},
    {d798, "798", 798, fixed, "4.6.1", "the owner of a lock may acquire it again, and waits for itself",
     "no-lost-permit"},
    {d1075, "1075", 1075, fixed, "4.13.0",
     "a condition's waiter that was notified and is cancelled does not pass the notification on", "notify-reaches"},
    {d947, "947", 947, fixed, "4.10.0", "a limiter's waiter that was woken and is cancelled does not wake the next",
     "no-lost-permit"},
    {d1170, "1170", 1170, fixed, "4.14.2",
     "a limiter's token is taken when its waiter resumes, not when that is woken (4.13.0 does anyway)",
     "permits-balance"},
    {d1170b, "1170b", 1170, planted, "",
     "a limiter's waiter that was woken and is cancelled keeps the token that was taken for it", "permits-balance"},
    {d1223, "1223", 1223, fixed, "4.15.0",
     "raising a limiter's total wakes as many waiters as it was raised by, however many tokens are out (4.13.0 and "
     "4.14.2 do anyway)",
     "permits-balance"},
    {d646, "646", 646, fixed, "4.2.0", "setting a limiter's total wakes waiters but leaves them in the queue",
     "no-lost-permit"},
    {d455, "455", 455, fixed, "3.7.0", "of those that wait for a limiter the last is served first", "no-lost-permit"},
    {d728, "728", 728, fixed, "4.4.0", "a stream hands an item to a receiver that is about to be cancelled",
     "items-arrive"},
    {d832, "832", 832, fixed, "4.7.0", "whether a receiver is about to be cancelled is told by its `cancelling()`",
     "items-arrive"},
    {d771, "771", 771, fixed, "4.5.0", "whether a receiver is about to be cancelled is told without regard to shields",
     "items-arrive"},
    {d731, "731", 731, fixed, "4.4.0",
     "a receiver takes an item that is false, such as the first of those numbered from 0, for the end of the stream",
     "items-arrive, end-of-stream"},
    {d146, "146", 146, live, "",
     "fix: a receiver that is cancelled natively after an item was handed to it passes the item on", "items-arrive"},
    {planted_deaf_end, "deaf-end", 0, planted, "", "closing the last sending end of a stream wakes one receiver only",
     "end-of-stream"},
    {gh116720, "gh-116720", 116720, fixed, "CPython 3.13",
     "an asyncio group that raises errors does not ask again for a cancellation from outside (3.11 and 3.12 do anyway)",
     "asyncio-group"},
    {gh133747, "gh-133747", 133747, fixed, "CPython 3.13",
     "an asyncio group takes its cancellation of the parent back before it has joined its tasks, not after (3.11 and "
     "3.12 do anyway)",
     "cancellers-balance"},
    {gh107547, "gh-107547", 107547, fixed, "CPython 3.12",
     "`wait_for` returns a result though its task is cancelled in the same iteration (3.11 does anyway)",
     "timeout-is-ours"},
    {gh112202, "gh-112202", 112202, fixed, "CPython 3.13",
     "an asyncio condition's waiter that was notified and is cancelled does not pass the notification on (3.11 and "
     "3.12 "
     "do anyway)",
     "notify-reaches"},
    {gh111693, "gh-111693", 111693, fixed, "CPython 3.13",
     "who leaves an asyncio semaphore's `acquire` wakes at most one other, and a cancelled `Condition.wait` raises a "
     "CancelledError of its own (3.11 and 3.12 do anyway)",
     ""},
    {gh90155, "gh-90155", 90155, fixed, "CPython 3.10.5",
     "an asyncio semaphore's waiter that was woken and is cancelled keeps the permit", "permits-balance"},
    {gh134471, "gh-134471", 134471, live, "",
     "fix: an `asyncio.timeout` never takes a cancellation that was on its way when it was entered for its own",
     "timeout-is-ours"},
}};

constexpr bool rows_are_by_defect() {
    for (std::size_t row = 0; row < kTable.size(); ++row)
        if (static_cast<std::size_t>(kTable[row].defect) != row) return false;
    return true;
}
static_assert(rows_are_by_defect());

}  // namespace

std::span<const DefectEntry> all_defects() { return kTable; }

Defects all_fixes() {
    Defects fixes;
    for (const DefectEntry& entry : kTable)
        if (entry.origin == live) fixes.set(entry.defect);
    return fixes;
}

std::string names_of(const Defects& defects) {
    std::string names;
    for (const DefectEntry& entry : kTable)
        if (defects.has(entry.defect)) names += (names.empty() ? "" : ", ") + std::string(entry.name);
    return names;
}

std::optional<Defect> find_defect(std::string_view name) {
    const auto found =
        std::find_if(kTable.begin(), kTable.end(), [&](const DefectEntry& entry) { return entry.name == name; });
    if (found == kTable.end()) return std::nullopt;
    return found->defect;
}

}  // namespace cancelsim::model
