// notify-reaches: a notification wakes somebody who acts on it.
#pragma once

#include <algorithm>

#include "properties/contracts/contract.h"
#include "properties/contracts/promises/objects/permits.h"

namespace cancelsim::properties {

/// A waiter is one whose `wait` has parked. Which waiters a notification picks is the library's business. It may even
/// pick one that is being cancelled already. But one that it picked and that then raises passes it on: at the latest
/// when its `wait` ends some other must have been woken, if one still waits that waited when the notification came.
class NotifyReaches final : public Contract {
public:
    struct Places {
        static constexpr Place kWaitEndedWithoutTheLock{"wait ended without the lock"};
        static constexpr Place kWokenAndTheLockIsFree{"woken, and the lock is free"};
        static constexpr Place kReturnedWithoutANotification{"returned without a notification"};
        static constexpr Place kReachedTooFew{"reached too few"};
        static constexpr Place kNotPassedOnByAsyncio{"not passed on by asyncio"};
        static constexpr Place kNotPassedOn{"not passed on"};
    };

    NotifyReaches()
        : Contract("notify-reaches",
                   "a notification reaches as many waiters as it is for, each acts on it or passes it on, nobody "
                   "returns without one, and a condition's waiter holds the lock when `wait` returns or raises") {}

    using Dormant = sim::EventList<events::CallBegan, events::CallEnded, events::TaskParked, events::TaskReady,
                                   events::ObjectAtRest>;

    void start() {
        calls_.reset();
        permits_.reset();
        waits_.clear();
        free_.clear();
        conditions_.clear();
        other_ = kNobody;
    }

    void on(const events::ObjectMade& event) {
        calls_.on(event, info());
        permits_.on(event);
        if (is_condition(event.kind)) listen(Dormant{});
    }
    void on(const events::CallBegan& event) {
        calls_.on(event);
        permits_.began(calls_, event);
        if (event.call == Call::wait) waits_[event.task] = {.state = State::entered, .object = event.object};
        if (event.call == Call::notify) conditions_[event.object].waiting_before = count(State::waiting, event.object);
    }
    void on(const events::TaskParked& event) {
        Wait& wait = waits_[event.task];
        if (wait.state != State::entered || event.wait.kind != sim::WaitKind::object) return;
        wait.state = event.ready ? State::interrupted : State::waiting;
        wait.since = calls_.moment();
    }
    void on(const events::TaskReady& event) {
        Wait& wait = waits_[event.task];
        if (wait.state != State::waiting) return;
        wait.state = event.cancelled ? State::interrupted : State::woken;
        if (event.cancelled) return;
        wait.picked = calls_.moment();
        ++conditions_[wait.object].woken;
    }
    void on(const events::CallEnded& event) {
        const ObjectCalls::Running call = calls_.on(event);
        if (!call.active) return;
        const Permits::News news = permits_.ended(calls_, event, call);
        if (event.task == kNobody) return;
        const Permits::Account& account = permits_.of(calls_.object(call.object).lock);
        if (news == Permits::News::refused && account.by_wait)
            return break_at(Places::kWaitEndedWithoutTheLock, call.object, event.task);
        if (news == Permits::News::without_lock)
            return break_at(Places::kWaitEndedWithoutTheLock, call.object, account.without);
        if (call.call == Call::notify && event.error == nullptr) notified(call, event);
        if (call.call == Call::wait) ended(call, event);
    }
    void on(const events::ObjectAtRest& event) { free_[event.object] = event.available > 0 ? 1 : 0; }

    void end() {
        if (sim::cut_short(info().verdict())) return;
        calls_.for_each_running([this](TaskId task, const ObjectCalls::Running& call) {
            if (call.call != Call::wait || world().task(task).done() || waits_[task].state != State::woken) return;
            if (free_[calls_.object(call.object).lock] != 0)
                break_at(Places::kWokenAndTheLockIsFree, call.object, task);
        });
    }

    std::string what_happened() const override {
        const std::string condition = calls_.words(object_, info());
        std::string text = moment_words(broken_at_time(), broken_at_iteration()) + ", ";
        text[0] = 'A';
        if (place() == Places::kWaitEndedWithoutTheLock)
            return text + words().task(task_) + " came back from `wait` of " + condition +
                   " without its lock, as is known now.";
        if (place() == Places::kReturnedWithoutANotification)
            return text + words().task(task_) + " came back from `wait` of " + condition + ", of which nobody told it.";
        if (place() == Places::kReachedTooFew)
            return text + words().task(task_) + " notified the waiters of " + condition +
                   ", but fewer of them were woken than it was for.";
        if (place() == Places::kWokenAndTheLockIsFree)
            return text + "with nothing left to do, " + words().task(task_) + " still waited in " +
                   words().statement_of(task_) + ", though it was notified, and the lock of " + condition + " is free.";
        return text + words().task(task_) + ", which " + condition +
               " had woken, left `wait` by an exception, and the notification was passed on to nobody: " +
               words().task(other_) + " waits on in " + words().statement(statement_) + ".";
    }

private:
    enum class State : std::uint8_t {
        none,
        entered,  ///< its call has begun, but does not wait for a notification yet
        waiting,
        woken,        ///< by a notification: it goes on when it has the lock back
        interrupted,  ///< while it waited
    };
    struct Wait {
        State state = State::none;
        ObjectId object = sim::kNoObject;
        std::uint64_t since = 0;   ///< moments of ObjectCalls
        std::uint64_t picked = 0;  ///< by a notification; 0: by none, as far as one can tell
    };
    struct Condition {
        std::int64_t waiting_before = 0;  ///< at the beginning of the `notify` that runs
        std::int64_t woken = 0;           ///< waiters that were woken and whose `wait` has not ended
        std::int64_t notified = 0;        ///< notifications that reached somebody and on which nobody has acted
    };

    std::int64_t count(State state, ObjectId object) const {
        std::int64_t found = 0;
        for (std::size_t task = 0; task < waits_.size(); ++task)
            found += waits_.at(task).state == state && waits_.at(task).object == object ? 1 : 0;
        return found;
    }

    void notified(const ObjectCalls::Running& call, const events::CallEnded& event) {
        Condition& condition = conditions_[call.object];
        const std::int64_t due = std::min(call.amount, condition.waiting_before);
        const std::int64_t reached = condition.waiting_before - count(State::waiting, call.object);
        condition.notified += std::max(due, reached);
        if (reached >= due) return;
        if (reached + count(State::interrupted, call.object) < due)
            return break_at(Places::kReachedTooFew, call.object, event.task);
        for (std::size_t task = 0; task < waits_.size(); ++task) {
            Wait& wait = waits_[task];
            if (wait.state == State::interrupted && wait.object == call.object && wait.picked == 0)
                wait.picked = calls_.moment();
        }
    }

    void ended(const ObjectCalls::Running& call, const events::CallEnded& event) {
        const Wait wait = std::exchange(waits_[event.task], {});
        if (event.error == nullptr && wait.state != State::woken)
            return break_at(Places::kReturnedWithoutANotification, call.object, event.task);
        Condition& condition = conditions_[call.object];
        if (wait.state == State::woken) --condition.woken;
        if (event.error == nullptr)
            condition.notified = std::max(condition.notified - 1, std::int64_t{0});
        else if (wait.picked != 0 && condition.woken < condition.notified)
            judge_passing_on(call.object, event.task, wait.picked);
    }

    /// `task`, which was picked, has raised, and fewer are woken than notifications are to be acted on.
    void judge_passing_on(ObjectId object, TaskId task, std::uint64_t picked) {
        for (TaskId other = 0; other < waits_.size(); ++other) {
            const Wait& each = waits_.at(other);
            if (each.object != object) continue;
            if (each.state == State::interrupted && each.picked != 0) return;  // it may still pass it on
            if (each.state == State::waiting && each.since < picked) other_ = other;
        }
        if (other_ != kNobody) {
            statement_ = info().statement_of(other_);
            const bool asyncios = calls_.object(object).kind == ObjectKind::asyncio_condition;
            return break_at(asyncios ? Places::kNotPassedOnByAsyncio : Places::kNotPassedOn, object, task);
        }
        conditions_[object].notified = conditions_[object].woken;
    }

    void break_at(Place place, ObjectId object, TaskId task) {
        object_ = object;
        task_ = task;
        fail(place);
    }

    ObjectCalls calls_;
    Permits permits_;
    ById<Wait> waits_;  ///< by task
    ById<Condition> conditions_;
    ById<std::uint8_t> free_;  ///< by object: whether it can be acquired
    ObjectId object_ = sim::kNoObject;
    TaskId task_ = kNobody;
    TaskId other_ = kNobody;
    std::uint32_t statement_ = 0;  ///< that the other one waits in
};

}  // namespace cancelsim::properties
