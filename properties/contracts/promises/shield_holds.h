// shield-holds: a shield keeps cancellations away, and only as long as it is up.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/parked_watch.h"
#include "properties/contracts/reach.h"
#include "scenarios/program/case.h"

namespace cancelsim::properties {

class ShieldHolds final : public Contract {
public:
    ShieldHolds()
        : Contract("shield-holds",
                   "no pass cancels a task that its scope does not cover, and no cancelled `start` a child under a "
                   "shield; dropping a shield resumes delivery within 2 iterations") {}

    static constexpr sim::EventMask kAtFirst =
        sim::mask_of(events::delivered_to, events::start_called, events::shield_changed);
    static constexpr sim::EventMask kHears =
        kAtFirst | ParkedWatch::kWanted | sim::mask_of(sim::events::cancel_requested);

    void start() {
        watch_.reset();
        scope_ = nullptr;
        task_ = nullptr;
    }

    [[gnu::always_inline]] void on(const sim::TraceEvent& event) {
        const auto* task = static_cast<const model::Task*>(event.task);
        const auto* scope = static_cast<const model::CancelScope*>(event.subject);
        switch (event.kind) {
            case events::delivered_to:
                if (!covers(*scope, *task)) break_at(*task, *scope);
                return;
            case events::start_called: return listen(sim::mask_of(sim::events::cancel_requested));
            case sim::events::cancel_requested:
                if (event.value == 0 && event.flag && is_by_start(*task)) look_for_shield(*task);
                return;
            case events::shield_changed:
                watch_.restart_bounds(run());
                if (!event.flag) dropped(*scope);
                break;
            case sim::events::iteration:
                if (const ParkedWatch::Wait* wait = watch_.overdue(run())) return break_at(*wait);
                break;
            case sim::events::task_step: watch_.resumed(run(), *task, event.error); break;
            default: watch_.passed(run(), *scope); break;
        }
        if (watch_.empty())
            ignore(ParkedWatch::kWanted & ~sim::mask_of(events::shield_changed));
        else
            listen(ParkedWatch::kWanted);
    }

    void end() {
        if (const ParkedWatch::Wait* wait = watch_.endless(run())) break_at(*wait);
    }

    std::string what_happened() const override {
        if (task_ == nullptr)
            return "A shield was dropped, but delivery did not resume: " + ParkedWatch::words(run(), wait_);
        std::string text = moment_words(broken_at_time(), broken_at_iteration()) + ", ";
        text[0] = 'A';
        if (place() == "cancelled start")
            return text + "a `start` that was cancelled ended its child, " + task_words(run(), *task_) +
                   ", by asyncio's own `cancel()`, which went through the shield of " + scope_words(run(), *scope_) +
                   ".";
        text += "a pass of " + scope_words(run(), *scope_) + " called `cancel()` on " + task_words(run(), *task_);
        if (place() == "past a shield") return text + ", though a shield is between them.";
        if (place() == "past a cancelled scope")
            return text + ", though a scope between them has a cancellation of its own.";
        return text + ", which is not in it.";
    }

private:
    /// Whether the request comes from the `start` that the current task is in, not from a statement of the program.
    bool is_by_start(const model::Task& child) const {
        const model::Task* current = run().current_task();
        if (current == nullptr || current == &child || child.task_status_future == nullptr) return false;
        const std::uint32_t statement = run().statement_of(*current);
        return statement != scenarios::Interpreter::kNoStatement &&
               run().program().statements[statement].op == scenarios::Op::start;
    }

    void look_for_shield(const model::Task& child) {
        // What is around the child is not between it and its `start`.
        const model::CancelScope* around =
            child.handle != nullptr ? child.handle->cancel_scope : child.group->cancel_scope;
        for (const model::CancelScope* at = innermost_scope(child); at != nullptr && at != around;
             at = at->parent_scope) {
            if (!at->shield) continue;
            scope_ = at;
            task_ = &child;
            fail("cancelled start");
            return;
        }
    }

    /// Owes an interruption to each task that waits behind the shield that `scope` was, and is cancelled from outside
    /// it.
    void dropped(const model::CancelScope& scope) {
        if (scope.cancel_called) return;
        for_each_reached(scope, [this](const model::Task& task) {
            if (!is_parked_to_be_cancelled(task)) return true;
            if (const model::CancelScope* cancelling = cancelling_scope(task))
                watch_.owe(run(), history().cancels(), task, *cancelling);
            return true;
        });
    }

    void break_at(const model::Task& task, const model::CancelScope& scope) {
        scope_ = &scope;
        task_ = &task;
        for (const model::CancelScope* at = innermost_scope(task); at != nullptr && at != &scope;
             at = at->parent_scope) {
            if (at->shield) return fail("past a shield");
            if (at->cancel_called) return fail("past a cancelled scope");
        }
        fail("task outside the scope");
    }
    void break_at(const ParkedWatch::Wait& wait) {
        wait_ = wait;
        fail(ParkedWatch::place_of(run(), wait));
    }

    ParkedWatch watch_;
    ParkedWatch::Wait wait_;
    const model::CancelScope* scope_ = nullptr;
    const model::Task* task_ = nullptr;
};

}  // namespace cancelsim::properties
