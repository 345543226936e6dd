// consumed-cancellation: a program that is cancelled natively ends, or says that it does not mean to.
#pragma once

#include <algorithm>
#include <iterator>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/errors.h"

namespace cancelsim::properties {

/// Follows each native request, from the CancelledError that brings it through handlers, `finally` blocks and the
/// exceptions that replace it, whose context it is, until it leaves the task, is taken back by `uncancel()`, or is
/// swallowed: by the program, or by a scope that the task itself cancelled while the request was in flight. What
/// another scope swallows is `caught-is-ours`'s. asyncio's own cancellers take back what they asked for themselves.
class ConsumedCancellation final : public Contract {
public:
    struct Places {
        static constexpr Place kReplacedByAScopeWhichSwallowedIt{"replaced by a scope's, which swallowed it"};
        static constexpr Place kSwallowedByTheProgram{"swallowed by the program"};
    };

    ConsumedCancellation()
        : Contract(
              "consumed-cancellation",
              "a native cancellation that has reached a task leaves it, or is taken back by `uncancel()`: it is not "
              "swallowed while the task goes on") {}

    using Dormant = sim::EventList<events::ScopeCancelled, events::TaskResumed, events::Uncancelled, events::ScopeLeft,
                                   events::Caught, events::BodyEnded, events::TaskDone>;
    static constexpr About kAbout = About::program;

    void start() {
        requests_.clear();
        consumed_ = {};
    }

    void on(const events::CancelRequested& event) {
        const bool by_library = event.by.kind == By::Kind::scope || event.by.kind == By::Kind::start;
        if (by_library || !event.accepted || event.message != 0) return;
        requests_.push_back({.task = event.task, .by = event.by.kind, .asked = now()});
        listen(Dormant{});
    }
    void on(const events::ScopeCancelled& event) {
        for (Request& request : requests_)
            if (request.task == event.by.task && request.state == State::arrived) request.own = event.scope;
    }
    void on(const events::TaskResumed& event) {
        if (event.thrown == nullptr || !event.thrown->is_cancelled()) return;
        for (Request& request : requests_) {
            if (request.task != event.task) continue;
            if (request.state == State::swallowed && event.thrown->message == 0) request.outlived = true;
            if (request.state != State::pending) continue;
            request.state = State::arrived;
            request.brought_by = event.thrown;
            request.inside = world().task(event.task).innermost;
        }
    }
    void on(const events::Uncancelled& event) {
        const auto found = std::find_if(requests_.rbegin(), requests_.rend(), [&](const Request& request) {
            if (request.task != event.task) return false;
            if (event.by.kind == By::Kind::program) return request.state != State::pending;
            return request.by == event.by.kind;
        });
        if (found != requests_.rend()) requests_.erase(std::next(found).base());
    }
    void on(const events::ScopeLeft& event) {
        if (!event.swallowed || event.came_in == nullptr) return;
        for_each_arrived(event.task, *event.came_in, [&](Request& request) {
            // A scope that was entered while the request was being handled swallows its own.
            if (!world().is_inside(request.inside, event.scope)) return;
            if (request.own != event.scope) {
                request = {};  // the program has not asked for that: see caught-is-ours
                return;
            }
            request.state = State::swallowed;
            request.scope = event.scope;
            request.swallowed = now();
        });
    }
    void on(const events::Caught& event) {
        if (!event.swallows) return;
        for_each_arrived(event.task, *event.error, [&](Request& request) {
            request.state = State::swallowed;
            request.scope = kNoScope;
            request.swallowed = now();
            request.swallowed.site = Site(event.statement);
        });
    }
    void on(const events::BodyEnded& event) {
        // It left the task, if by another exception: whoever waits for the task learns that it is cancelled.
        ended(event.task, event.error != nullptr && event.error->is_cancelled(), event.error);
    }
    /// Of a task without a body of a case's.
    void on(const events::TaskDone& event) { ended(event.task, event.cancelled, event.error); }

    void end() {
        if (sim::cut_short(info().verdict())) return;
        for (const Request& request : requests_)
            if (request.state == State::swallowed) return break_at(request);
    }

    std::string what_happened() const override {
        std::string text = "The native request to cancel " + words().task(consumed_.task) + " of " +
                           moment_words(consumed_.asked.time, consumed_.asked.iteration).substr(3) + ", is gone: ";
        if (consumed_.scope == kNoScope)
            text += words().handler(consumed_.swallowed.site.number()) + " caught it and did not pass it on";
        else
            text += "a cancellation of anyio's replaced it, and " + words().scope(consumed_.scope) + " swallowed that";
        return text + " " + moment_words(consumed_.swallowed.time, consumed_.swallowed.iteration) +
               ". The task goes on with `cancelling()` " + std::to_string(world().task(consumed_.task).requests) + ".";
    }

private:
    enum class State : std::uint8_t { pending, arrived, swallowed };

    struct Request {
        TaskId task = kNobody;
        By::Kind by = By::Kind::program;
        State state = State::pending;
        const sim::Error* brought_by = nullptr;  ///< the CancelledError; null while pending
        ScopeId inside = kNoScope;               ///< the innermost scope of the task when it arrived
        ScopeId own = kNoScope;                  ///< the last that the task cancelled itself since it arrived
        ScopeId scope = kNoScope;                ///< that swallowed it; kNoScope: the program did
        bool outlived = false;                   ///< the task went on until another native request came
        Moment asked;
        Moment swallowed;
    };

    template <class Visit>
    void for_each_arrived(TaskId task, const sim::Error& error, Visit visit) {
        for (Request& request : requests_)
            if (request.task == task && request.state == State::arrived && is_in_chain(*request.brought_by, error))
                visit(request);
    }

    void ended(TaskId task, bool cancelled, const sim::Error* error) {
        for (const Request& request : requests_) {
            if (request.task != task || request.state != State::swallowed) continue;
            // What ends the task may be another's.
            const bool is_it = error == nullptr || is_in_chain(*request.brought_by, *error);
            if (!cancelled || (request.outlived && !is_it)) return break_at(request);
        }
        std::erase_if(requests_, [&](const Request& request) { return request.task == task; });
    }
    void break_at(const Request& request) {
        consumed_ = request;
        fail(request.scope != kNoScope ? Places::kReplacedByAScopeWhichSwallowedIt : Places::kSwallowedByTheProgram,
             request.swallowed);
    }

    std::vector<Request> requests_;
    Request consumed_;
};

}  // namespace cancelsim::properties
