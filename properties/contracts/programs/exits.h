// exit-in-wrong-task, exit-out-of-order: scopes and groups are left where they were entered, and the last one first.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"

namespace cancelsim::properties {

/// The two share what they remember: where each scope was entered. A failed exit undoes nothing, so that a scope stays
/// as it was.
class Exits : public Contract {
public:
    struct Places {
        static constexpr Place kLeftByAnotherTaskItsOwnHasEnded{"left by another task, its own has ended"};
        static constexpr Place kLeftByAnotherTask{"left by another task"};
        static constexpr Place kLeftThoughItIsNotEntered{"left though it is not entered"};
        static constexpr Place kLeftBeforeWhatWasEnteredInIt{"left before what was entered in it"};
    };

    static constexpr About kAbout = About::program;

    using Contract::Contract;

    void start() {
        entered_.clear();
        scope_ = kNoScope;
        innermost_ = kNoScope;
        task_ = kNobody;
    }
    void on(const events::ScopeEntered& event) {
        entered_[event.scope] = {info().statement_of(event.task), event.task};
    }

protected:
    struct Entry {
        std::uint32_t statement = scenarios::kNoStatement;
        TaskId task = kNobody;
    };

    void break_at(Place place, const events::ScopeExitFailed& event) {
        scope_ = event.scope;
        task_ = event.task;
        statement_ = info().statement_of(task_);
        innermost_ = world().task(task_).innermost;
        fail(place);
    }
    /// Of a scope that is entered: whether the task that entered it is done.
    bool host_has_ended(ScopeId scope) const {
        return world().scope(scope).active && world().task(world().scope(scope).host).done();
    }
    std::string entry_words() const {
        const Entry* entry = entered_.find(scope_);
        if (entry == nullptr || entry->task == kNobody) return "was never entered";
        return "was entered in " + words().statement(entry->statement) + " of " + words().task(entry->task);
    }
    std::string exit_words() const {
        return "In " + words().statement(statement_) + ", " + moment_words(broken_at_time(), broken_at_iteration()) +
               ", " + words().task(task_) + " left " + words().scope(scope_) + ", which " + entry_words();
    }

    ById<Entry> entered_;
    ScopeId scope_ = kNoScope;
    ScopeId innermost_ = kNoScope;  ///< of the task that tried to leave `scope_`
    TaskId task_ = kNobody;
    std::uint32_t statement_ = 0;
};

class ExitInWrongTask final : public Exits {
public:
    ExitInWrongTask() : Exits("exit-in-wrong-task", "a scope or a group is left by the task that entered it") {}

    using Exits::on;
    void on(const events::ScopeExitFailed& event) {
        if (event.why != model::ExitFailure::other_task) return;
        break_at(host_has_ended(event.scope) ? Places::kLeftByAnotherTaskItsOwnHasEnded : Places::kLeftByAnotherTask,
                 event);
    }

    std::string what_happened() const override {
        return exit_words() + ": RuntimeError was raised, and the scope stays entered" +
               (host_has_ended(scope_) ? ". That task has ended: nobody can leave the scope any more." : ".");
    }
};

class ExitOutOfOrder final : public Exits {
public:
    ExitOutOfOrder()
        : Exits("exit-out-of-order", "a scope or a group is left once, and after all that were entered inside it") {}

    using Exits::on;
    void on(const events::ScopeExitFailed& event) {
        switch (event.why) {
            case model::ExitFailure::other_task: return;
            case model::ExitFailure::not_entered: return break_at(Places::kLeftThoughItIsNotEntered, event);
            case model::ExitFailure::not_innermost: return break_at(Places::kLeftBeforeWhatWasEnteredInIt, event);
        }
    }

    std::string what_happened() const override {
        if (place() == Places::kLeftThoughItIsNotEntered) return exit_words() + ": it is not entered any more.";
        return exit_words() + ", while " +
               (innermost_ != kNoScope ? words().scope(innermost_) + ", entered after it, is open"
                                       : "the task is in no scope") +
               ": RuntimeError was raised, and both stay entered.";
    }
};

}  // namespace cancelsim::properties
