#include "properties/contracts/parked_watch.h"

#include "properties/contracts/describe.h"
#include "properties/contracts/reach.h"

namespace cancelsim::properties {

using scenarios::Interpreter;

namespace {

/// The task is thrown into at most so many iterations after it was owed that, so that what it waits for is done when
/// this one begins.
constexpr std::uint64_t kBound = 2;

}  // namespace

void ParkedWatch::owe(const CancelLog& cancels, const model::Task& task, const model::CancelScope& scope,
                      const Since& since) {
    std::uint32_t& waiting = waiting_[task.id];
    if (waiting != 0) return;
    Wait& wait = waits_.emplace_back();
    wait.task = &task;
    wait.scope = &scope;
    wait.bare_yield = task.fut_waiter == nullptr;
    wait.too_late = cancels.spawned_too_late(task, scope);
    wait.pass_seen = since.pass_seen;
    wait.since = since.iteration;
    wait.time = since.time;
    waiting = static_cast<std::uint32_t>(waits_.size());
    ++live_;
}

void ParkedWatch::passed(const Interpreter& run, const model::CancelScope& origin) {
    for (Wait& wait : waits_) {
        if (wait.task == nullptr) continue;
        // A scheduled pass may come later in the iteration in which the task went on. But one that a task has caused
        // then, by leaving a scope, say, comes too late.
        if (wait.went_on && run.current_task() != nullptr) continue;
        if (&origin == wait.scope || covers(origin, *wait.task)) wait.pass_seen = true;
    }
}

void ParkedWatch::restart_bounds(const Interpreter& run) {
    for (Wait& wait : waits_) {
        if (wait.task == nullptr || wait.went_on) continue;
        wait.since = run.iteration();
        wait.time = run.now();
    }
}

const ParkedWatch::Wait* ParkedWatch::overdue(const Interpreter& run) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < waits_.size(); ++i) {
        Wait& wait = waits_[i];
        if (wait.task == nullptr) continue;
        // What a task waits for may be done, and its wakeup scheduled, because time has moved: `resumed` judges that.
        const bool waking_up = wait.task->fut_waiter != nullptr && wait.task->fut_waiter->done();
        if (run.iteration() >= wait.since + kBound && (!waking_up || wait.went_on)) {
            if (is_broken(wait)) {
                if (!wait.went_on) note_place(run, wait);
                return &wait;
            }
            if (!wait.went_on) waiting_[wait.task->id] = 0;
            --live_;
            continue;
        }
        if (kept != i) {
            waits_[kept] = wait;
            if (!wait.went_on) waiting_[wait.task->id] = static_cast<std::uint32_t>(kept + 1);
        }
        ++kept;
    }
    waits_.resize(kept);
    return nullptr;
}

const ParkedWatch::Wait* ParkedWatch::endless(const Interpreter& run) {
    if (run.verdict() != sim::Verdict::quiescent) return nullptr;
    for (Wait& wait : waits_) {
        if (wait.task == nullptr || !is_broken(wait)) continue;
        if (!wait.went_on) note_place(run, wait);
        return &wait;
    }
    return nullptr;
}

void ParkedWatch::note_place(const Interpreter& run, Wait& wait) {
    wait.left_behind = is_in_left_scope(*wait.task);
    wait.statement = run.statement_of(*wait.task);
}

bool ParkedWatch::is_broken(const Wait& wait) {
    if (wait.went_on) return !wait.pass_seen;
    return is_parked_to_be_cancelled(*wait.task) && cancelling_scope(*wait.task) != nullptr;
}

std::string_view ParkedWatch::place_of(const Interpreter& run, const Wait& wait) {
    if (wait.left_behind || is_in_left_scope(*wait.task)) return "in a scope that was left";
    if (wait.too_late) return "spawned into a cancelled scope";
    if (wait.went_on) return wait.bare_yield ? "went on after a bare yield" : "went on when time moved";
    return waiting_place(run, *wait.task);
}

std::string ParkedWatch::words(const Interpreter& run, const Wait& wait) {
    const std::string task = task_words(run, *wait.task);
    const std::string cancelled = ", though it was cancelled by " + scope_words(run, *wait.scope) + ". ";
    if (wait.went_on) {
        return task + ", which gave way in " + statement_words(run, wait.statement) + " " +
               moment_words(wait.time, wait.since) +
               ", was not interrupted there but went on as if nothing had happened" + cancelled +
               "No pass that could have come to it has begun since then.";
    }
    return task + " has waited in " + statement_words(run, wait.statement) + " since iteration " +
           std::to_string(wait.since) + " (time " + std::to_string(wait.time) + ")" + cancelled +
           (wait.pass_seen ? "A pass of that scope has begun since then, but did not interrupt it."
                           : "No pass that could come to it has begun since then.");
}

}  // namespace cancelsim::properties
