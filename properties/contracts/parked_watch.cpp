#include "properties/contracts/parked_watch.h"

#include "properties/contracts/describe.h"

namespace cancelsim::properties {

namespace {

/// The task is thrown into at most so many iterations after it was owed that, so that what it waits for is done when
/// this one begins.
constexpr std::uint64_t kBound = 2;

}  // namespace

void ParkedWatch::owe(const World& world, TaskId task, ScopeId scope, const Since& since) {
    std::uint32_t& waiting = waiting_[task];
    if (waiting != 0) return;
    Wait& wait = waits_.emplace_back();
    wait.task = task;
    wait.scope = scope;
    wait.bare_yield = world.task(task).bare;
    wait.too_late = world.spawned_too_late(task, scope);
    wait.pass_seen = since.pass_seen;
    wait.since = since.iteration;
    wait.time = since.time;
    waiting = static_cast<std::uint32_t>(waits_.size());
    ++live_;
}

void ParkedWatch::passed(const World& world, ScopeId origin) {
    for (Wait& wait : waits_) {
        if (wait.task == kNobody || wait.pass_seen) continue;
        // A scheduled pass may come later in the iteration in which the task went on. But one that a task has caused
        // then, by leaving a scope, say, comes too late.
        if (wait.went_on && world.running() != kNobody) continue;
        if (origin == wait.scope || world.covers(origin, wait.task)) wait.pass_seen = true;
    }
}

void ParkedWatch::restart_bounds(const World& world) {
    for (Wait& wait : waits_) {
        if (wait.task == kNobody || wait.went_on) continue;
        wait.since = world.iteration();
        wait.time = world.now();
    }
}

const ParkedWatch::Wait* ParkedWatch::overdue(const World& world, const RunInfo& info) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < waits_.size(); ++i) {
        Wait& wait = waits_[i];
        if (wait.task == kNobody) continue;
        // What a task waits for may be done, and its wakeup scheduled, because time has moved: `resumed` judges that.
        const World::Task& task = world.task(wait.task);
        const bool waking_up = task.parked && task.ready;
        if (world.iteration() >= wait.since + kBound && (!waking_up || wait.went_on)) {
            if (is_broken(world, wait)) {
                if (!wait.went_on) note_place(world, info, wait);
                return &wait;
            }
            if (!wait.went_on) waiting_[wait.task] = 0;
            --live_;
            continue;
        }
        if (kept != i) {
            waits_[kept] = wait;
            if (!wait.went_on) waiting_[wait.task] = static_cast<std::uint32_t>(kept + 1);
        }
        ++kept;
    }
    waits_.resize(kept);
    return nullptr;
}

const ParkedWatch::Wait* ParkedWatch::endless(const World& world, const RunInfo& info) {
    if (info.verdict() != sim::Verdict::quiescent) return nullptr;
    for (Wait& wait : waits_) {
        if (wait.task == kNobody || !is_broken(world, wait)) continue;
        if (!wait.went_on) note_place(world, info, wait);
        return &wait;
    }
    return nullptr;
}

void ParkedWatch::note_place(const World& world, const RunInfo& info, Wait& wait) {
    wait.left_behind = world.is_in_left_scope(wait.task);
    wait.statement = info.statement_of(wait.task);
}

bool ParkedWatch::is_broken(const World& world, const Wait& wait) {
    if (wait.went_on) return !wait.pass_seen;
    return world.task(wait.task).can_be_interrupted() && world.cancelling_scope_of(wait.task) != kNoScope;
}

Place ParkedWatch::place_of(const World& world, const RunInfo& info, const Wait& wait) {
    if (wait.left_behind || world.is_in_left_scope(wait.task)) return Places::kInALeftScope;
    if (wait.too_late) return Places::kSpawnedIntoACancelledScope;
    if (wait.went_on) return wait.bare_yield ? Places::kWentOnAfterABareYield : Places::kWentOnWhenTimeMoved;
    return Words(world, info).waiting_place(wait.task);
}

std::string ParkedWatch::words(const Words& words, const Wait& wait) {
    const std::string task = words.task(wait.task);
    const std::string cancelled = ", though it was cancelled by " + words.scope(wait.scope) + ". ";
    if (wait.went_on) {
        return task + ", which gave way in " + words.statement(wait.statement) + " " +
               moment_words(wait.time, wait.since) +
               ", was not interrupted there but went on as if nothing had happened" + cancelled +
               "No pass that could have come to it has begun since then.";
    }
    return task + " has waited in " + words.statement(wait.statement) + " since iteration " +
           std::to_string(wait.since) + " (time " + std::to_string(wait.time) + ")" + cancelled +
           (wait.pass_seen ? "A pass of that scope has begun since then, but did not interrupt it."
                           : "No pass that could come to it has begun since then.");
}

}  // namespace cancelsim::properties
