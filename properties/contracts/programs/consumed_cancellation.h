// consumed-cancellation: a program that is cancelled natively ends, or says that it does not mean to.
#pragma once

#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/errors.h"
#include "properties/world/effective_cancellation.h"

namespace cancelsim::properties {

/// Follows each native request, from the CancelledError that brings it through handlers, `finally` blocks and the
/// exceptions that replace it, whose context it is, until it leaves the task, is taken back by `uncancel()`, or is
/// swallowed: by the program, or by a scope that the task itself cancelled while the request was in flight. What
/// another scope swallows is `caught-is-ours`'s.
class ConsumedCancellation final : public Contract {
public:
    ConsumedCancellation()
        : Contract(
              "consumed-cancellation",
              "a native cancellation that has reached a task leaves it, or is taken back by `uncancel()`: it is not "
              "swallowed while the task goes on") {}

    using Dormant = sim::EventList<events::ScopeCancelled, events::TaskResumed, events::Uncancelled, events::ScopeLeft,
                                   events::Caught, events::BodyEnded>;
    static constexpr About kAbout = About::program;

    void start() {
        requests_.clear();
        consumed_ = {};
    }

    void on(const events::CancelRequested& event) {
        const bool by_program = event.by.kind != sim::By::Kind::scope && event.by.kind != sim::By::Kind::start;
        if (!by_program || !event.accepted || event.message != 0) return;
        requests_.push_back({.task = &task(event.task), .asked = now()});
        listen(Dormant{});
    }
    void on(const events::ScopeCancelled& event) {
        if (event.by.task != sim::kNobody) cancelled(task(event.by.task), scope(event.scope));
    }
    void on(const events::TaskResumed& event) { stepped(task(event.task), event.thrown); }
    void on(const events::Uncancelled& event) {
        if (event.by.kind == sim::By::Kind::program) uncancelled(task(event.task));
    }
    void on(const events::ScopeLeft& event) {
        if (event.swallowed && event.came_in != nullptr)
            scope_swallowed(task(event.task), *event.came_in, scope(event.scope));
    }
    void on(const events::Caught& event) { caught(task(event.task), *event.error, event.statement); }
    void on(const events::BodyEnded& event) { ended(task(event.task), event.error); }

    void end() {
        if (sim::cut_short(run().verdict())) return;
        for (const Request& request : requests_)
            if (request.state == State::swallowed) return break_at(request);
    }

    std::string what_happened() const override {
        const std::string task = task_words(run(), *consumed_.task);
        std::string text = "The native request to cancel " + task + " of " +
                           moment_words(consumed_.asked.time, consumed_.asked.iteration).substr(3) + ", is gone: ";
        if (consumed_.scope == nullptr)
            text += statement_words(run(), consumed_.swallowed.site) + " caught it and did not pass it on";
        else
            text += "a cancellation of anyio's replaced it, and " + scope_words(run(), *consumed_.scope) +
                    " swallowed that";
        return text + " " + moment_words(consumed_.swallowed.time, consumed_.swallowed.iteration) +
               ". The task goes on with `cancelling()` " + std::to_string(consumed_.task->num_cancels_requested) + ".";
    }

private:
    enum class State : std::uint8_t { pending, arrived, swallowed };

    struct Request {
        const model::Task* task = nullptr;
        State state = State::pending;
        const sim::Error* brought_by = nullptr;      ///< the CancelledError; null while pending
        const model::CancelScope* inside = nullptr;  ///< the innermost scope of the task when it arrived
        const model::CancelScope* own = nullptr;     ///< the last that the task cancelled itself since it arrived
        const model::CancelScope* scope = nullptr;   ///< that swallowed it; null: the program did
        Moment asked;
        Moment swallowed;
    };

    template <class Visit>
    void for_each_arrived(const model::Task& task, const sim::Error& error, Visit visit) {
        for (Request& request : requests_)
            if (request.task == &task && request.state == State::arrived && is_in_chain(*request.brought_by, error))
                visit(request);
    }

    void stepped(const model::Task& task, const sim::Error* error) {
        if (error == nullptr || !error->is_cancelled()) return;
        for (Request& request : requests_) {
            if (request.task != &task || request.state != State::pending) continue;
            request.state = State::arrived;
            request.brought_by = error;
            request.inside = innermost_scope(task);
        }
    }
    void cancelled(const model::Task& task, const model::CancelScope& scope) {
        for (Request& request : requests_)
            if (request.task == &task && request.state == State::arrived) request.own = &scope;
    }
    void uncancelled(const model::Task& task) {
        for (std::size_t i = requests_.size(); i-- > 0;) {
            if (requests_[i].task != &task || requests_[i].state == State::pending) continue;
            requests_.erase(requests_.begin() + static_cast<std::ptrdiff_t>(i));
            return;
        }
    }
    void scope_swallowed(const model::Task& task, const sim::Error& error, const model::CancelScope& scope) {
        for_each_arrived(task, error, [&](Request& request) {
            // A scope that was entered while the request was being handled swallows its own.
            if (!is_inside(request.inside, scope)) return;
            if (request.own != &scope) {
                request = {};  // the program has not asked for that: see caught-is-ours
                return;
            }
            request.state = State::swallowed;
            request.scope = &scope;
            request.swallowed = now();
        });
    }
    void caught(const model::Task& task, const sim::Error& error, std::uint32_t statement) {
        if (run().program().statements[statement].then != scenarios::Then::swallow) return;
        for_each_arrived(task, error, [&](Request& request) {
            request.state = State::swallowed;
            request.scope = nullptr;
            request.swallowed = now();
            request.swallowed.site = statement;
        });
    }
    void ended(const model::Task& task, const sim::Error* error) {
        // It left the task, if by another exception: whoever waits for the task learns that it is cancelled.
        const bool leaves = error != nullptr && error->is_cancelled();
        for (const Request& request : requests_)
            if (request.task == &task && request.state == State::swallowed && !leaves) return break_at(request);
        std::erase_if(requests_, [&](const Request& request) { return request.task == &task; });
    }
    void break_at(const Request& request) {
        consumed_ = request;
        fail(request.scope != nullptr ? "replaced by a scope's, which swallowed it" : "swallowed by the program",
             request.swallowed);
    }

    std::vector<Request> requests_;
    Request consumed_;
};

}  // namespace cancelsim::properties
