// endless-wait: main comes to its end.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"

namespace cancelsim::properties {

/// Where main waits for other tasks, the one at the end of the chain is told: it waits for no task, or for one of the
/// chain.
class EndlessWait final : public Contract {
public:
    EndlessWait()
        : Contract("endless-wait", "the run does not come to rest, nothing left to do, while `main()` still waits") {}

    static constexpr About kAbout = About::program;
    static constexpr Runs kRuns = Runs::of_programs;

    void start() { task_ = kMain; }

    void end() {
        if (info().verdict() != sim::Verdict::quiescent || world().task(kMain).done()) return;
        if (info().program_end().error) return;  // it has ended the loop: see exception-leaves-main
        task_ = kMain;
        for (TaskId steps = 0; steps < world().tasks(); ++steps) {
            const TaskId next = awaited_by(task_);
            if (next == kNobody) break;
            task_ = next;
        }
        Moment moment = now();
        moment.site = Site(info().statement_of(task_));
        fail(words().waiting_place(task_), moment);
    }

    std::string what_happened() const override {
        return "The run came to rest " + moment_words(broken_at_time(), broken_at_iteration()) +
               ", and `main()` has not ended: " + words().task(task_) + " is " + std::string(place()) +
               words().in_statement(site().number()) + ", and nobody is left to wake it.";
    }

private:
    /// The task whose end, or whose `started()`, `task` waits for: kNobody where it waits for something else, or for
    /// one that is done.
    TaskId awaited_by(TaskId task) const {
        const sim::Wait& wait = world().task(task).wait;
        switch (wait.kind) {
            case sim::WaitKind::task:
            case sim::WaitKind::started:
            case sim::WaitKind::child_end: return live(wait.object);
            case sim::WaitKind::children: return first_live_of(wait.object);
            case sim::WaitKind::yield:
            case sim::WaitKind::poll:
            case sim::WaitKind::shielded_checkpoint:
            case sim::WaitKind::last_checkpoint:
            case sim::WaitKind::sleep:
            case sim::WaitKind::event:
            case sim::WaitKind::future:
            case sim::WaitKind::object:
            case sim::WaitKind::asyncio:
            case sim::WaitKind::asyncio_children: return kNobody;
        }
        return kNobody;
    }
    TaskId live(TaskId task) const { return task != kNobody && !world().task(task).done() ? task : kNobody; }
    TaskId first_live_of(GroupId group) const {
        TaskId found = kNobody;
        world().for_each_task_of(group, [&](TaskId task) {
            found = live(task);
            return found == kNobody;
        });
        return found;
    }

    TaskId task_ = kMain;
};

}  // namespace cancelsim::properties
