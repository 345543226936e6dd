// caught-is-ours: a scope catches its own cancellation, all of it, and nothing else.
#pragma once

#include <algorithm>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/errors.h"
#include "properties/world/by_id.h"

namespace cancelsim::properties {

/// Whose a CancelledError is, is told by its message and its context chain, as the library itself says. A native
/// request has no exception of its own where it is folded into that of a scope: so the requests are followed to the
/// exceptions that bring them.
class CaughtIsOurs final : public Contract {
public:
    struct Places {
        static constexpr Place kSwallowedThoughNotCancelled{"swallowed though not cancelled"};
        static constexpr Place kSwallowedThoughCancelledOutside{"swallowed though cancelled outside"};
        static constexpr Place kSwallowedWhatIsNotOurs{"swallowed what is not ours"};
        static constexpr Place kDidNotSwallowItsOwn{"did not swallow its own"};
        static constexpr Place kCancelledCaught{"cancelled_caught"};
        static constexpr Place kNativeFoldedIntoOurs{"native folded into ours"};
        static constexpr Place kNativeWithOursAsItsContext{"native with ours as its context"};
        static constexpr Place kNativeReplacedByOurs{"native replaced by ours"};
        static constexpr Place kNativeOfTheBodyDroppedInAGroupExit{"native of the body dropped in a group's exit"};
        static constexpr Place kNativeFoldedDroppedInAGroupExit{"native folded, dropped in a group's exit"};
        static constexpr Place kNativeDroppedInAGroupExit{"native dropped in a group's exit"};
        static constexpr Place kPassedOnWhatItCaught{"passed on what it caught"};
        static constexpr Place kWrongTimeoutError{"wrong TimeoutError"};
        static constexpr Place kNoTimeoutError{"no TimeoutError"};
    };

    CaughtIsOurs()
        : Contract(
              "caught-is-ours",
              "a scope swallows a cancellation if and only if it was cancelled itself, no cancelled scope is visible "
              "outside it and the cancellation is anyio's; `cancelled_caught` says exactly that; a native cancellation "
              "is never swallowed; `fail_after` raises TimeoutError for what it caught, at or after its deadline, and "
              "only then") {}

    using Dormant = sim::EventList<events::TaskResumed, events::ScopeCancelled, events::Caught>;
    static constexpr bool kPresupposesBlocks = true;

    void start() {
        natives_.clear();
        timeouts_.clear();
        arrivals_.clear();
        out_of_body_.clear();
        uncancelled_ = kNobody;
        scope_ = kNoScope;
        task_ = kNobody;
        left_ = kNoScope;
    }

    void on(const events::TaskResumed& event) { stepped(event.task, event.thrown); }
    void on(const events::CancelRequested& event) {
        if (event.by.kind == By::Kind::scope || !event.accepted || event.message != 0) return;
        requested(event.task);
        listen(Dormant{});
    }
    void on(const events::ScopeCancelled& event) {
        const TaskId by = event.by.task;
        if (by != kNobody && natives_.find(by) != nullptr) natives_[by].own = event.scope;
    }
    void on(const events::Caught& event) {
        if (event.swallows) swallowed(event.task, *event.error);
    }
    void on(const events::Uncancelled& event) { uncancelled(event.task, event.by); }
    void on(const events::ScopeLeft& event) { left(event.scope, event.task, event.came_in, event.swallowed); }
    void on(const events::GroupExitBegan& event) {
        if (event.error != nullptr && event.error->is_cancelled() && !is_ours(*event.error))
            out_of_body_[event.group] = event.error;
    }
    void on(const events::GroupLeft& event) { group_left(event.group, event.task, event.error); }
    void on(const events::GroupBlockLeft& event) {
        passed_on(world().group(event.group).scope, event.task, event.error);
    }
    void on(const events::ScopeEntered& event) {
        // Of a user's own program nobody knows.
        const scenarios::Case* program = info().program();
        const std::uint32_t statement = info().statement_of(event.task);
        if (program != nullptr && event.purpose == model::Purpose::program && statement != scenarios::kNoStatement &&
            program->statements[statement].op == scenarios::Op::fail_after)
            timeouts_[event.scope] = 1;
    }
    void on(const events::ScopeBlockLeft& event) {
        passed_on(event.scope, event.task, event.error);
        const World::Scope& scope = world().scope(event.scope);
        if (event.error == nullptr && scope.caught && time() >= scope.deadline && is_timeout(event.scope))
            break_at(Places::kNoTimeoutError, event.scope, event.task, nullptr);
    }

    std::string what_happened() const override;

private:
    /// A native request to a task.
    struct Native {
        bool pending = false;                 ///< no exception has brought it yet
        bool in_group_exit = false;           ///< it arrived while the task was leaving a group
        const sim::Error* arrived = nullptr;  ///< what brought it
        ScopeId inside = kNoScope;            ///< the innermost scope of the task when it arrived
        ScopeId own = kNoScope;               ///< the last scope that the task itself has cancelled since
        std::uint64_t iteration = 0;          ///< of the request
        sim::Time time = 0;
        std::uint32_t owed = 0;   ///< how many requests there were that the program has not taken back
        bool miscounted = false;  ///< the program has taken back what no native request had asked for
    };
    struct Parts {
        bool ours = false;
        bool rest = false;
    };

    /// What brings a request is the CancelledError that is thrown into the task next, whoever made that.
    void stepped(TaskId task, const sim::Error* error) {
        if (natives_.find(task) == nullptr || !natives_[task].pending) return;
        Native& native = natives_[task];
        native.pending = false;
        if (error == nullptr || !error->is_cancelled()) return;
        native.arrived = error;
        arrivals_.push_back({task, error});
        native.inside = world().task(task).innermost;
        native.own = kNoScope;
        const sim::WaitKind waited = world().task(task).wait.kind;
        native.in_group_exit = waited == sim::WaitKind::children || waited == sim::WaitKind::last_checkpoint;
    }

    void requested(TaskId task) {
        Native& native = natives_[task];
        // What takes a request back only to make it again has not changed how many there are.
        if (uncancelled_ != task) ++native.owed;
        uncancelled_ = kNobody;
        native = {.pending = native.owed != 0 && !native.miscounted,
                  .iteration = iteration(),
                  .time = time(),
                  .owed = native.owed,
                  .miscounted = native.miscounted};
    }

    /// A request that the program itself takes back is over. Where it takes back a scope's, nobody can tell by the
    /// count of requests any more whether a native one came.
    void uncancelled(TaskId task, const By& by) {
        uncancelled_ = task;
        if (by.kind != By::Kind::program) return;
        uncancelled_ = kNobody;
        const Native& native = natives_[task];
        natives_[task] = {.owed = native.owed - (native.owed == 0 ? 0 : 1),
                          .miscounted = native.miscounted || native.owed == 0};
    }

    void left(ScopeId id, TaskId host, const sim::Error* error, bool swallowed) {
        uncancelled_ = kNobody;
        left_ = id;
        left_with_ = error;
        const Parts parts = parts_of(error);
        const World::Scope& scope = world().scope(id);
        const ScopeId outside = world().cancelled_outside(id);
        const bool catches = scope.cancelled && outside == kNoScope && parts.ours;
        Place broke;
        if (swallowed && !scope.cancelled)
            broke = Places::kSwallowedThoughNotCancelled;
        else if (swallowed && outside != kNoScope)
            broke = Places::kSwallowedThoughCancelledOutside;
        else if (swallowed && (parts.rest || !parts.ours))
            broke = Places::kSwallowedWhatIsNotOurs;
        else if (!swallowed && catches && !parts.rest && !brings_native(host, *error))
            broke = Places::kDidNotSwallowItsOwn;
        else if (scope.caught != (catches && (swallowed || !brings_native(host, *error))))
            broke = Places::kCancelledCaught;
        else if (const Native* native = natives_.find(host);
                 swallowed && native != nullptr && native->arrived == error && !native->pending)
            broke = error->message != 0 ? Places::kNativeFoldedIntoOurs : Places::kNativeWithOursAsItsContext;
        else if (swallowed && native != nullptr && native->arrived != nullptr && !native->pending &&
                 native->own != id && world().is_inside(native->inside, id) && is_in_chain(*native->arrived, *error))
            broke = Places::kNativeReplacedByOurs;
        if (broke == Place{}) return;
        outside_ = outside;
        break_at(broke, id, host, error);
    }

    /// A request that the program swallows is its own affair: see consumed-cancellation.
    void swallowed(TaskId task, const sim::Error& error) {
        if (natives_.find(task) == nullptr) return;
        Native& native = natives_[task];
        if (native.arrived != nullptr && is_in_chain(*native.arrived, error)) native.arrived = nullptr;
    }

    /// Other errors may go before a native cancellation: they too stop the program around the group.
    void group_left(GroupId group, TaskId host, const sim::Error* error) {
        const ScopeId scope = world().group(group).scope;
        const sim::Error* const* native_error = out_of_body_.find(group);
        if (native_error != nullptr && *native_error != nullptr &&
            (error == nullptr || (error->is_cancelled() && is_ours(*error))))
            return break_at(Places::kNativeOfTheBodyDroppedInAGroupExit, scope, host, error);
        if (natives_.find(host) == nullptr || !natives_[host].in_group_exit) return;
        Native& native = natives_[host];
        native.in_group_exit = false;
        if (native.pending || native.arrived == nullptr) return;
        // One native cancellation that leaves the group tells of all requests.
        if (error != nullptr && (brought_one(host, *error) || has_ordinary_leaf(*error) || !is_ours(*error))) return;
        break_at(native.arrived->message != 0 ? Places::kNativeFoldedDroppedInAGroupExit
                                              : Places::kNativeDroppedInAGroupExit,
                 scope, host, error);
    }

    void passed_on(ScopeId id, TaskId host, const sim::Error* error) {
        if (error == nullptr) return;
        const World::Scope& scope = world().scope(id);
        if (scope.caught && parts_of(error).ours) return break_at(Places::kPassedOnWhatItCaught, id, host, error);
        // A TimeoutError that did not come in was raised by `fail_after` itself.
        if (error->kind != sim::ErrorKind::timeout_error || left_ != id || left_with_ == error) return;
        if (!scope.caught || time() < scope.deadline) break_at(Places::kWrongTimeoutError, id, host, error);
    }

    bool is_timeout(ScopeId scope) const { return timeouts_.find(scope) != nullptr && timeouts_.at(scope) != 0; }

    /// Whether a native request has come to `host` with `error`, and so has to leave the scope with it.
    bool brings_native(TaskId host, const sim::Error& error) const {
        const Native* native = natives_.find(host);
        return native != nullptr && !native->pending && native->arrived == &error;
    }

    bool brought_one(TaskId task, const sim::Error& error) const {
        return std::any_of(arrivals_.begin(), arrivals_.end(),
                           [&](const Arrival& arrival) { return arrival.task == task && arrival.error == &error; });
    }

    static Parts parts_of(const sim::Error* error) {
        Parts parts;
        if (error != nullptr)
            for_each_leaf(*error, [&](const sim::Error& leaf) { (is_ours(leaf) ? parts.ours : parts.rest) = true; });
        return parts;
    }

    void break_at(Place place, ScopeId scope, TaskId host, const sim::Error* error) {
        scope_ = scope;
        task_ = host;
        error_ = error;
        fail(place);
    }

    struct Arrival {
        TaskId task;
        const sim::Error* error;
    };

    ById<Native> natives_;
    ById<std::uint8_t> timeouts_;          ///< by scope: it is a `fail_after`'s
    std::vector<Arrival> arrivals_;        ///< every CancelledError that brought a native request
    ById<const sim::Error*> out_of_body_;  ///< by group: the native CancelledError that ended its body
    TaskId uncancelled_ = kNobody;         ///< the library's `uncancel()` on it was the last thing that happened
    ScopeId left_ = kNoScope;              ///< the scope that was left last, and with what
    const sim::Error* left_with_ = nullptr;
    ScopeId scope_ = kNoScope;
    ScopeId outside_ = kNoScope;
    TaskId task_ = kNobody;
    const sim::Error* error_ = nullptr;
};

inline std::string CaughtIsOurs::what_happened() const {
    const std::string scope = words().scope(scope_);
    std::string text =
        words().task(task_) + " left " + scope + " " + moment_words(broken_at_time(), broken_at_iteration());
    text[0] = text[0] == 't' ? 'T' : 'A';
    const std::string error = words().outcome(error_);
    if (place() == Places::kSwallowedThoughNotCancelled)
        return text + ", which swallowed " + error + ", though it was never cancelled.";
    if (place() == Places::kSwallowedThoughCancelledOutside)
        return text + ", which swallowed " + error + ", though " + words().scope(outside_) +
               " around it is cancelled too, and visible: the code between the two goes on.";
    if (place() == Places::kSwallowedWhatIsNotOurs)
        return text + ", which swallowed " + error + ": that is none of anyio's.";
    if (place() == Places::kDidNotSwallowItsOwn)
        return text + ", which did not swallow " + error +
               ", though it is cancelled, and nothing that is visible outside it.";
    if (place() == Places::kCancelledCaught)
        return text + " with " + error + ". Its `cancelled_caught` is " +
               (world().scope(scope_).caught ? "true" : "false") + " and should not be.";
    if (place() == Places::kPassedOnWhatItCaught)
        return text + ". Its `cancelled_caught` is true, and still " + error + " went on.";
    if (place() == Places::kWrongTimeoutError)
        return text + ", and TimeoutError was raised, though " +
               (world().scope(scope_).caught
                    ? "its deadline, " + std::to_string(world().scope(scope_).deadline) + ", is still to come."
                    : "it caught no cancellation.");
    if (place() == Places::kNoTimeoutError)
        return text + ". It had caught its cancellation, and its deadline, " +
               std::to_string(world().scope(scope_).deadline) + ", had come; but no TimeoutError was raised.";
    if (place() == Places::kNativeOfTheBodyDroppedInAGroupExit)
        return text + ", whose body a native cancellation had ended. What left the group is " + error +
               ": the code after the group goes on.";
    const Native& native = *natives_.find(task_);
    text += ". The task had been cancelled natively " + moment_words(native.time, native.iteration);
    if (place() == Places::kNativeFoldedIntoOurs)
        return text +
               ", and asyncio folded that into the CancelledError of a scope, which was swallowed: nobody learns of "
               "it.";
    if (place() == Places::kNativeReplacedByOurs)
        return text +
               ", and a scope's cancellation replaced that in a clean-up, and was swallowed: nobody learns of it.";
    if (place() == Places::kNativeWithOursAsItsContext)
        return text +
               ", and that CancelledError was swallowed, because it was raised while one of anyio's was handled.";
    return text + ", which reached it while it was leaving the group. What left the group is " + error +
           ": nobody learns of it.";
}

}  // namespace cancelsim::properties
