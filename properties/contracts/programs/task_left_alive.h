// task-left-alive: what main has started is over when main is.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"

namespace cancelsim::properties {

/// Once main has ended what is ready still runs: a task that was cancelled, and needs no more than that, ends too.
class TaskLeftAlive final : public Contract {
public:
    TaskLeftAlive() : Contract("task-left-alive", "when `main()` has ended, every task that it has made ends too") {}

    static constexpr About kAbout = About::program;
    static constexpr Runs kRuns = Runs::of_programs;

    void start() { task_ = kNobody; }

    void on(const events::TaskDone& event) {
        if (event.task == kMain) main_ended_ = now();
    }

    void end() {
        if (sim::cut_short(info().verdict()) || !world().task(kMain).done()) return;
        for (TaskId task = kMain + 1; task < world().tasks() && task_ == kNobody; ++task)
            if (!world().task(task).done()) task_ = task;
        if (task_ == kNobody) return;
        Moment moment = now();
        moment.site = Site(info().statement_of(task_));
        fail(words().waiting_place(task_), moment);
    }

    std::string what_happened() const override {
        return "`main()` ended " + moment_words(main_ended_.time, main_ended_.iteration) +
               ". When everything that was ready had run, " + words().task(task_) +
               " was not done: " + std::string(place()) + words().in_statement(site().number()) + ".";
    }

private:
    TaskId task_ = kNobody;  ///< the first that is left
    Moment main_ended_;
};

}  // namespace cancelsim::properties
