// no-hot-loop: passes alone never keep the loop awake.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/reach.h"

namespace cancelsim::properties {

class NoHotLoop final : public Contract {
public:
    NoHotLoop()
        : Contract(
              "no-hot-loop",
              "there are never 20 futile iterations in a row: ones that run nothing but delivery passes, time standing "
              "still") {}

    void start() {
        scope_ = nullptr;
        task_ = nullptr;
    }

    void on(const events::FutileIteration& event) {
        if (event.in_a_row < sim::kFutileLimit) return;
        find_culprit();
        if (task_ != nullptr) statement_ = run().statement_of(*task_);
        if (task_ == nullptr)
            fail("no task");
        else
            fail(task_->done() ? "done task" : waiting_place(run(), *task_));
    }

    std::string what_happened() const override {
        const std::uint64_t since = broken_at_iteration() - sim::kFutileLimit + 1;
        std::string text = "From iteration " + std::to_string(since) + " to " + std::to_string(broken_at_iteration()) +
                           ", time standing still at " + std::to_string(broken_at_time()) +
                           ", only delivery passes ran, and they changed nothing";
        if (scope_ == nullptr) return text + ".";
        text += ": " + scope_words(run(), *scope_) + " schedules its next pass for ever";
        if (task_ == nullptr) return text + " though it covers no task.";
        text += " because of " + task_words(run(), *task_);
        if (place() == "done task") return text + ", which is done and cannot leave the scope.";
        text += ", which waits in " + statement_words(run(), statement_);
        if (place() == "stubborn future")
            text += " for a future that refuses to be cancelled: until it is done nothing can interrupt the task";
        return text + ".";
    }

private:
    /// The armed scope, and the task that keeps it so: a live one before a done one, since a done one may be a
    /// bystander.
    void find_culprit() {
        for (const model::CancelScope* each : run().scopes()) {
            if (!each->cancel_handle) continue;
            if (scope_ == nullptr) scope_ = each;
            for_each_reached(*each, [&](const model::Task& task) {
                if (task_ != nullptr && !(task_->done() && !task.done())) return true;
                scope_ = each;
                task_ = &task;
                return true;
            });
        }
    }

    const model::CancelScope* scope_ = nullptr;
    const model::Task* task_ = nullptr;
    std::uint32_t statement_ = 0;  ///< that the task waits in
};

}  // namespace cancelsim::properties
