// uncancel-balance: a task's count of cancel requests is what others may rely on.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"

namespace cancelsim::properties {

/// A second set of books: each request is booked to the scope whose pass made it, if that scope's host is the task.
/// asyncio's own `timeout()` and `TaskGroup` read `cancelling()` to tell whose a CancelledError is, so that a request
/// too many, or too few, makes them take it for somebody else's. A program that calls `uncancel()` does its own
/// accounting: the tasks that did are not looked at.
class UncancelBalance final : public Contract {
public:
    struct Places {
        static constexpr Place kUndoneTooMuch{"undone too much"};
        static constexpr Place kLeftOver{"left over"};
        static constexpr Place kUndoneTooMuchCarriedFromAChild{"undone too much, carried from a child"};
        static constexpr Place kUndoneTooMuchCarriedFromAChildToTheCallerOfItsStart{
            "undone too much, carried from a child to the caller of its start"};
    };

    UncancelBalance()
        : Contract("uncancel-balance",
                   "when a cancelled scope outside which no cancelled scope is visible is left, each `cancel()` by "
                   "which its "
                   "passes, or those of scopes left inside it, reached its host is undone, and no other one is") {}

    static constexpr bool kPresupposesBlocks = true;

    void start() {
        tasks_.clear();
        scopes_.clear();
        uncancelled_ = kNobody;
    }

    void on(const events::CancelRequested& event) {
        if (event.by.kind == By::Kind::scope)
            delivered(event.by.id, event.task, event.accepted);
        else
            requested(event.task, event.accepted);
    }
    void on(const events::Uncancelled& event) {
        uncancelled_ = event.task;
        if (event.by.kind == By::Kind::program) tasks_[event.task].own_accounting = true;
        // asyncio's own cancellers answer their requests themselves: cancellers-balance is about that.
        if (is_asyncios(event.by.kind)) {
            Account& account = tasks_[event.task];
            account.owed -= account.owed > 0 ? 1 : 0;
            uncancelled_ = kNobody;
        }
    }
    void on(const events::ScopeLeft& event) { left(event); }

    std::string what_happened() const override {
        std::string text = "When " + words().task(task_) + " left " + words().scope(scope_) + " " +
                           moment_words(broken_at_time(), broken_at_iteration()) + ", its `cancelling()` was " +
                           std::to_string(actual_) + " and should have been " + std::to_string(expected_) + ": ";
        if (actual_ > expected_) return text + "requests that are answered are still counted.";
        if (place() != Places::kUndoneTooMuch)
            return text +
                   "the scope also undid requests to a child's task, which a scope that the child had left handed up.";
        return text + "requests that are nobody's business here were undone.";
    }

private:
    struct Account {
        std::uint32_t owed = 0;  ///< requests that nothing has answered yet
        bool own_accounting = false;
    };
    struct Book {
        std::uint32_t on_host = 0;    ///< requests to its host that it, or what was left inside it, is to undo
        std::uint32_t on_others = 0;  ///< requests to children's tasks, of scopes that children left inside it
        std::uint32_t on_called = 0;  ///< the same of children that `start` had put there, for its caller
    };

    static bool is_asyncios(By::Kind kind) {
        return kind == By::Kind::timeout || kind == By::Kind::asyncio_group || kind == By::Kind::wait_for;
    }

    void delivered(ScopeId origin, TaskId task, bool accepted) {
        uncancelled_ = kNobody;
        if (!accepted) return;
        ++tasks_[task].owed;
        if (host_of(origin) == task) ++scopes_[origin].on_host;
    }

    void requested(TaskId task, bool accepted) {
        // What takes a request back only to make it again has not changed what is owed.
        const bool again = uncancelled_ == task;
        uncancelled_ = kNobody;
        if (accepted && !again) ++tasks_[task].owed;
    }

    /// kNobody where it is not entered.
    TaskId host_of(ScopeId scope) const { return world().scope(scope).active ? world().scope(scope).host : kNobody; }

    void left(const events::ScopeLeft& event) {
        uncancelled_ = kNobody;
        const World::Scope& scope = world().scope(event.scope);
        Account& account = tasks_[event.task];
        Book book;
        std::swap(book, scopes_[event.scope]);
        if (scope.cancelled && world().cancelled_outside(event.scope) == kNoScope) {
            account.owed -= book.on_host;
        } else if (scope.parent != kNoScope && book.on_host + book.on_others + book.on_called != 0) {
            // Who leaves a scope without having caught hands its requests up. A child's outermost scope is inside its
            // group's, or inside that of the caller of its `start`, whose host is another task: that one has nothing to
            // undo.
            Book& outer = scopes_[scope.parent];
            const GroupId group = world().task(event.task).group;
            const bool in_group = group == kNoGroup || world().group(group).scope == scope.parent;
            (host_of(scope.parent) == event.task ? outer.on_host
             : in_group                          ? outer.on_others
                                                 : outer.on_called) += book.on_host;
            outer.on_others += book.on_others;
            outer.on_called += book.on_called;
        }
        if (account.own_accounting || event.requests == account.owed) return;
        scope_ = event.scope;
        task_ = event.task;
        actual_ = event.requests;
        expected_ = account.owed;
        if (actual_ > expected_) return fail(Places::kLeftOver);
        fail(book.on_others != 0   ? Places::kUndoneTooMuchCarriedFromAChild
             : book.on_called != 0 ? Places::kUndoneTooMuchCarriedFromAChildToTheCallerOfItsStart
                                   : Places::kUndoneTooMuch);
    }

    ById<Account> tasks_;
    ById<Book> scopes_;
    TaskId uncancelled_ = kNobody;  ///< `uncancel()` on it was the last thing that happened
    ScopeId scope_ = kNoScope;
    TaskId task_ = kNobody;
    std::uint32_t actual_ = 0;
    std::uint32_t expected_ = 0;
};

}  // namespace cancelsim::properties
