#include "properties/contracts/parked_watch.h"

#include "properties/contracts/reach.h"
#include "properties/words.h"

namespace cancelsim::properties {

using scenarios::Interpreter;

namespace {

/// The task is thrown into at most so many iterations after it was owed that, so that what it waits for is done when
/// this one begins.
constexpr std::uint64_t kBound = 2;

}  // namespace

void ParkedWatch::owe(const Interpreter& run, const CancelLog& cancels, const model::Task& task,
                      const model::CancelScope& scope) {
    for (const Wait& wait : waits_)
        if (wait.task == &task && !wait.went_on) return;
    waits_.push_back({.task = &task,
                      .scope = &scope,
                      .bare_yield = task.fut_waiter == nullptr,
                      .left_behind = is_in_left_scope(task),
                      .too_late = cancels.spawned_too_late(task, scope),
                      .statement = run.statement_of(task),
                      .since = run.iteration(),
                      .time = run.now()});
}

void ParkedWatch::pass_begins(const Interpreter& run, const model::CancelScope& origin) {
    for (Wait& wait : waits_) {
        // A scheduled pass may come later in the iteration in which the task went on. But one that a task has caused
        // then, by leaving a scope, say, comes too late.
        if (wait.went_on && run.current_task() != nullptr) continue;
        if (&origin == wait.scope || covers(origin, *wait.task)) wait.pass_seen = true;
    }
}

void ParkedWatch::resumed(const Interpreter& run, const model::Task& task, const sim::Error* error) {
    for (std::size_t i = 0; i < waits_.size(); ++i) {
        if (waits_[i].task != &task || waits_[i].went_on) continue;
        // What came while time stood still came in a race with the pass, and won. But where time has moved, the loop
        // had nothing else to do, or the pass had its chance in the iteration that moved it.
        const bool fair =
            (error != nullptr && error->is_cancelled()) || (!waits_[i].bare_yield && run.now() == waits_[i].time);
        if (fair)
            forget(i);
        else
            waits_[i].went_on = true;
        return;
    }
}

void ParkedWatch::restart_bounds(const Interpreter& run) {
    for (Wait& wait : waits_) {
        if (wait.went_on) continue;
        wait.since = run.iteration();
        wait.time = run.now();
    }
}

const ParkedWatch::Wait* ParkedWatch::overdue(const Interpreter& run) {
    for (std::size_t i = 0; i < waits_.size();) {
        const Wait& wait = waits_[i];
        // What a task waits for may be done, and its wakeup scheduled, because time has moved: `resumed` judges that.
        const bool waking_up = wait.task->fut_waiter != nullptr && wait.task->fut_waiter->done();
        if (run.iteration() < wait.since + kBound || (waking_up && !wait.went_on)) {
            ++i;
            continue;
        }
        if (is_broken(wait)) return &wait;
        forget(i);
    }
    return nullptr;
}

const ParkedWatch::Wait* ParkedWatch::endless(const Interpreter& run) const {
    if (run.verdict() != sim::Verdict::quiescent) return nullptr;
    for (const Wait& wait : waits_)
        if (is_broken(wait)) return &wait;
    return nullptr;
}

bool ParkedWatch::is_broken(const Wait& wait) {
    if (wait.went_on) return !wait.pass_seen;
    return is_parked_to_be_cancelled(*wait.task) && cancelling_scope(*wait.task) != nullptr;
}

void ParkedWatch::forget(std::size_t i) {
    waits_[i] = waits_.back();
    waits_.pop_back();
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
