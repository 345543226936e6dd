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

std::optional<Defect> find_defect(std::string_view name) {
    const auto found =
        std::find_if(kTable.begin(), kTable.end(), [&](const DefectEntry& entry) { return entry.name == name; });
    if (found == kTable.end()) return std::nullopt;
    return found->defect;
}

}  // namespace cancelsim::model
