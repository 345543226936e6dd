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

    static constexpr sim::EventMask kAtFirst = sim::mask_of(sim::events::cancel_requested);
    static constexpr sim::EventMask kHears =
        kAtFirst | sim::mask_of(events::cancel, sim::events::task_step, sim::events::uncancelled, events::scope_left,
                                events::caught, events::task_end);
    static constexpr About kAbout = About::program;

    void start() {
        requests_.clear();
        consumed_ = {};
    }

    [[gnu::always_inline]] void on(const sim::TraceEvent& event) {
        if (event.task == nullptr) return;
        const auto& task = static_cast<const model::Task&>(*event.task);
        switch (event.kind) {
            case sim::events::cancel_requested:
                if (!event.flag || event.value != 0 || is_made_by_start()) return;
                requests_.push_back({.task = &task, .asked = now()});
                listen(kHears);
                break;
            case events::cancel: cancelled(task, *static_cast<const model::CancelScope*>(event.subject)); break;
            case sim::events::task_step: stepped(task, event.error); break;
            case sim::events::uncancelled: uncancelled(task); break;
            case events::scope_left:
                if (event.flag && event.error != nullptr)
                    scope_swallowed(task, *event.error, *static_cast<const model::CancelScope*>(event.subject));
                break;
            case events::caught: caught(task, *event.error, event.value); break;
            default: ended(task, event.error); break;
        }
    }

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

    /// `start` of 4.13 ends its child so; that is no request of the program's.
    bool is_made_by_start() const {
        const model::Task* task = run().current_task();
        if (task == nullptr) return false;
        const std::uint32_t statement = run().statement_of(*task);
        return statement != scenarios::Interpreter::kNoStatement &&
               run().program().statements[statement].op == scenarios::Op::start;
    }

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
        const std::uint32_t statement = run().statement_of(task);
        if (statement == scenarios::Interpreter::kNoStatement ||
            run().program().statements[statement].op != scenarios::Op::uncancel)
            return;
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
