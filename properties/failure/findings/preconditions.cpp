#include "properties/failure/findings/preconditions.h"

#include "properties/contracts/errors.h"

namespace cancelsim::properties::findings {

namespace {

/// How often a task has swallowed its cancellation within one statement: often enough that it does so for ever.
constexpr std::uint32_t kAgainAndAgain = 10;

bool came_to_exit(const Evidence::Group& group) { return group.wait_interrupted || group.checkpoint_interrupted; }

/// Whether `task`, or one that it descends from, was spawned when its group did not look after it any more.
bool comes_late(const Evidence& run, TaskId task) {
    const World& world = run.world();
    for (TaskId at = task; at != kNobody && world.task(at).group != kNoGroup;
         at = world.group(world.task(at).group).host) {
        const World::Spawned spawned = world.task(at).spawned;
        if (spawned == World::Spawned::last_checkpoint) return true;
        if (spawned == World::Spawned::group_left && run.group(world.task(at).group).checkpoint_interrupted)
            return true;
    }
    return false;
}

/// Whether the scope that was left last has undone all that is its own and `handed`, which is something.
bool has_undone(const Evidence& run, std::uint32_t handed) {
    const Evidence::Scope& left = run.scope(run.scope_left());
    return handed != 0 && left.undone == left.own + left.of_children + left.of_started;
}

}  // namespace

bool past_deadline(const Evidence& run) {
    for (ScopeId id = 0; id < run.world().scopes(); ++id)
        if (run.scope(id).entered_twice != 0 && run.scope(id).entered_twice == run.contract().broken_at_iteration())
            return true;
    return false;
}

bool stubborn(const Evidence& run) {
    return run.any_task([&](TaskId id) {
        const World::Task& task = run.world().task(id);
        return task.parked && run.task(id).refused && run.world().cancelling_scope_of(id) != kNoScope;
    });
}

bool start_through_shield(const Evidence& run) {
    return run.ended_by_start() != kNobody && run.task(run.ended_by_start()).caller_interrupted;
}

bool folded_native(const Evidence& run) {
    if (run.task_that_left() == kNobody) return false;
    const Evidence::Task& task = run.task(run.task_that_left());
    if (task.folded) return true;
    // Else it came by itself: with no mark of anyio's.
    if (task.native == nullptr || task.native->message != 0) return false;
    const sim::Error* left_with = run.left_with();
    return is_ours(*task.native) ||
           (left_with != nullptr && is_ours(*left_with) && is_in_chain(*task.native, *left_with));
}

bool failed_child(const Evidence& run) {
    return run.any_task([&](TaskId id) {
        if (!run.task(id).failed_unheeded) return false;
        const World::Group& group = run.world().group(run.world().task(id).group);
        return !group.left && run.world().cancelling_scope(group.scope) == kNoScope;
    });
}

bool late_child(const Evidence& run) {
    return run.any_task([&](TaskId id) { return comes_late(run, id) || (run.by_hand() && run.task(id).left_behind); });
}

bool late_spawn(const Evidence& run) {
    return run.any_task([&](TaskId id) {
        const World::Task& task = run.world().task(id);
        return run.task(id).spawned_unnoticed && (!task.reached || run.task(id).went_on_unreached);
    });
}

bool lost_error(const Evidence& run) {
    if (run.group_left() != kNoGroup && run.group(run.group_left()).checkpoint_interrupted) return true;
    return run.any_task(
        [&](TaskId id) { return run.task(id).caller_interrupted && run.world().task(id).end == World::End::failed; });
}

bool carried_from_child(const Evidence& run) {
    return run.scope_left() != kNoScope && has_undone(run, run.scope(run.scope_left()).of_children);
}

bool loop_after_shield(const Evidence& run) {
    return run.any_task(
        [&](TaskId id) { return run.task(id).poll_cut_off && run.world().cancelling_scope_of(id) == kNoScope; });
}

bool start_gives_up(const Evidence& run) {
    return run.any_task([&](TaskId id) { return run.task(id).given_up; });
}

bool group_raises(const Evidence& run) {
    return run.group_left() != kNoGroup && came_to_exit(run.group(run.group_left()));
}

bool group_is_silent(const Evidence& run) {
    if (run.group_left() == kNoGroup || came_to_exit(run.group(run.group_left()))) return false;
    bool cancelled = false;
    run.world().for_each_task_of(run.group_left(), [&](TaskId id) {
        cancelled = cancelled || run.world().task(id).end == World::End::cancelled;
        return !cancelled;
    });
    return cancelled;
}

bool carried_to_caller(const Evidence& run) {
    return run.scope_left() != kNoScope && has_undone(run, run.scope(run.scope_left()).of_started);
}

bool foreign_start(const Evidence& run) {
    const TaskId child = run.start_returned();
    if (child == kNobody) return false;
    const bool cancelled = run.world().task(child).end == World::End::cancelled && run.task(child).covered;
    return cancelled && run.task(child).began_in_group &&
           run.world().cancelling_scope_of(run.world().task(child).by) == kNoScope;
}

bool condition_spins(const Evidence& run) {
    return run.any_task([&](TaskId id) {
        return run.world().task(id).wait.kind == sim::WaitKind::object &&
               run.task(id).interruptions >= kAgainAndAgain && run.world().cancelling_scope_of(id) != kNoScope;
    });
}

bool item_lost(const Evidence& run) { return run.objects().item_dropped(); }
bool sent_and_raised(const Evidence& run) { return run.objects().sent_and_raised(); }
bool waiter_queued(const Evidence& run) { return run.objects().passed_cancelled(); }
bool limiter_overtaken(const Evidence& run) { return run.objects().overtook(); }
bool limiter_raised(const Evidence& run) { return run.objects().raised_without_room(); }
bool wait_without_lock(const Evidence& run) { return run.objects().interrupted_at_lock(); }
bool token_of_another(const Evidence& run) { return run.objects().asked_for_another(); }
bool notification_lost(const Evidence& run) { return run.objects().notified_and_asked(); }
bool cancelled_beside_errors(const Evidence& run) { return run.objects().cancelled_beside_errors(); }
bool group_asks_in_exit(const Evidence& run) { return run.objects().asked_in_exit(); }
bool wait_for_overtaken(const Evidence& run) { return run.objects().asked_in_wait_for(); }
bool result_beside_timeout(const Evidence& run) { return run.objects().result_beside_timeout(); }
bool asyncio_group_spins(const Evidence& run) {
    return run.any_task([&](TaskId id) {
        return run.world().task(id).wait.kind == sim::WaitKind::asyncio_children &&
               run.task(id).interruptions >= kAgainAndAgain && run.world().cancelling_scope_of(id) != kNoScope;
    });
}
bool waits_for_own_host(const Evidence& run) {
    return run.any_task([&](TaskId id) {
        const sim::WaitKind wait = run.world().task(id).wait.kind;
        return (wait == sim::WaitKind::children || wait == sim::WaitKind::asyncio_children) &&
               run.task(id).interruptions >= kAgainAndAgain && run.task(id).handed_on >= kAgainAndAgain;
    });
}
bool pending_at_timeout(const Evidence& run) { return run.objects().pending_at_timeout(); }

}  // namespace cancelsim::properties::findings
