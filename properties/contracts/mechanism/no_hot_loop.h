// no-hot-loop: passes alone never keep the loop awake.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/reach.h"

namespace cancelsim::properties {

class NoHotLoop final : public Contract {
public:
    struct Places {
        static constexpr Place kNoTask{"no task"};
        static constexpr Place kDoneTask{"done task"};
    };

    NoHotLoop()
        : Contract(
              "no-hot-loop",
              "there are never 20 futile iterations in a row: ones that run nothing but delivery passes, time standing "
              "still") {}

    void start() {
        scope_ = kNoScope;
        task_ = kNobody;
    }

    void on(const events::FutileIteration& event) {
        if (event.in_a_row < sim::kFutileLimit) return;
        find_culprit();
        if (task_ != kNobody) statement_ = info().statement_of(task_);
        if (task_ == kNobody)
            fail(Places::kNoTask);
        else
            fail(world().task(task_).done() ? Places::kDoneTask : words().waiting_place(task_));
    }

    std::string what_happened() const override {
        const std::uint64_t since = broken_at_iteration() - sim::kFutileLimit + 1;
        std::string text = "From iteration " + std::to_string(since) + " to " + std::to_string(broken_at_iteration()) +
                           ", time standing still at " + std::to_string(broken_at_time()) +
                           ", only delivery passes ran, and they changed nothing";
        if (scope_ == kNoScope) return text + ".";
        text += ": " + words().scope(scope_) + " schedules its next pass for ever";
        if (task_ == kNobody) return text + " though it covers no task.";
        text += " because of " + words().task(task_);
        if (place() == Places::kDoneTask) return text + ", which is done and cannot leave the scope.";
        text += ", which waits in " + words().statement(statement_);
        if (place() == WaitingPlaces::kStubbornFuture)
            text += " for a future that refuses to be cancelled: until it is done nothing can interrupt the task";
        return text + ".";
    }

private:
    /// The armed scope, and the task that keeps it so: a live one before a done one, since a done one may be a
    /// bystander.
    void find_culprit() {
        for (ScopeId each = 0; each < world().scopes(); ++each) {
            if (!world().scope(each).armed) continue;
            if (scope_ == kNoScope) scope_ = each;
            for (TaskId task = 0; task < world().tasks(); ++task) {
                if (!reaches(world(), each, world().task(task).innermost)) continue;
                if (task_ != kNobody && !(world().task(task_).done() && !world().task(task).done())) continue;
                scope_ = each;
                task_ = task;
            }
        }
    }

    ScopeId scope_ = kNoScope;
    TaskId task_ = kNobody;
    std::uint32_t statement_ = 0;  ///< that the task waits in
};

}  // namespace cancelsim::properties
