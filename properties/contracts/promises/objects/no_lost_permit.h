// no-lost-permit: nobody waits for what is free.
#pragma once

#include <algorithm>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/promises/objects/permits.h"

namespace cancelsim::properties {

/// That somebody waits in vain is judged at rest. Turns are told by who has begun to wait and who is woken. Of two that
/// acquire a limiter on behalf of one borrower at one time it serves one: it is not looked at.
class NoLostPermit final : public Contract {
public:
    struct Places {
        static constexpr Place kServedOutOfTurn{"served out of turn"};
        static constexpr Place kWaitsForWhatIsFree{"waits for what is free"};
        static constexpr Place kWaitsForWhatItHas{"waits for what it has"};
    };

    NoLostPermit()
        : Contract("no-lost-permit",
                   "where a run has come to rest, no task waits to acquire a lock, semaphore or limiter that is free, "
                   "or a lock that it has; and who has waited longest is served first") {}

    using Dormant = sim::EventList<events::CallBegan, events::CallEnded, events::TaskParked, events::TaskReady,
                                   events::ObjectAtRest>;

    void start() {
        calls_.reset();
        permits_.reset();
        free_.clear();
        queue_.clear();
    }

    void on(const events::ObjectMade& event) {
        calls_.on(event, info());
        permits_.on(event);
        if (is_lockable(event.kind)) listen(Dormant{});
    }
    void on(const events::CallBegan& event) {
        calls_.on(event);
        permits_.began(calls_, event);
    }
    void on(const events::CallEnded& event) {
        const ObjectCalls::Running call = calls_.on(event);
        if (call.active) permits_.ended(calls_, event, call);
    }
    void on(const events::TaskParked& event) {
        const ObjectCalls::Running call = calls_.running(event.task);
        if (!call.active || call.call != Call::acquire || event.wait.kind != sim::WaitKind::object || event.ready)
            return;
        queue_.push_back({event.task, calls_.object(call.object).lock});
    }
    void on(const events::TaskReady& event) {
        const auto woken =
            std::find_if(queue_.begin(), queue_.end(), [&](const Waiter& each) { return each.task == event.task; });
        if (woken == queue_.end()) return;
        const ObjectId lock = woken->lock;
        const auto first = std::find_if(queue_.begin(), woken, [&](const Waiter& each) { return each.lock == lock; });
        const bool overtakes = first != woken && !event.cancelled && !permits_.of(lock).shared_borrower;
        other_ = first->task;
        queue_.erase(woken);
        if (overtakes) break_at(Places::kServedOutOfTurn, event.task, lock);
    }
    void on(const events::ObjectAtRest& event) { free_[event.object] = event.available > 0 ? 1 : 0; }

    void end() {
        if (sim::cut_short(info().verdict())) return;
        calls_.for_each_running([this](TaskId task, const ObjectCalls::Running& call) {
            if (call.call != Call::acquire || world().task(task).done()) return;
            const ObjectId lock = calls_.object(call.object).lock;
            const Permits::Account& account = permits_.of(lock);
            if (account.shared_borrower) return;
            if (free_[lock] != 0) return break_at(Places::kWaitsForWhatIsFree, task, call.object);
            if (has_owner(calls_.object(call.object).kind) && account.out > 0 && account.owner == task)
                break_at(Places::kWaitsForWhatItHas, task, call.object);
        });
    }

    std::string what_happened() const override {
        if (place() == Places::kServedOutOfTurn)
            return words().task(task_) + " was woken " + moment_words(broken_at_time(), broken_at_iteration()) +
                   " to acquire " + calls_.words(object_, info()) + ", for which " + words().task(other_) +
                   " has waited longer.";
        return "At the end of the run, " + moment_words(broken_at_time(), broken_at_iteration()) +
               ", with nothing left to do, " + words().task(task_) + " still waited in " + words().statement_of(task_) +
               " to acquire " + calls_.words(object_, info()) +
               (place() == Places::kWaitsForWhatItHas ? ", which it has itself." : ", which is free.");
    }

private:
    struct Waiter {
        TaskId task;
        ObjectId lock;
    };

    void break_at(Place place, TaskId task, ObjectId object) {
        task_ = task;
        object_ = object;
        fail(place);
    }

    ObjectCalls calls_;
    Permits permits_;
    ById<std::uint8_t> free_;    ///< by object: whether it can be acquired
    std::vector<Waiter> queue_;  ///< those that wait to acquire anything, the longest first
    ObjectId object_ = sim::kNoObject;
    TaskId task_ = kNobody;
    TaskId other_ = kNobody;
};

}  // namespace cancelsim::properties
