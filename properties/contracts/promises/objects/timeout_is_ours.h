// timeout-is-ours: a timeout answers for its own cancellation, and for no other.
#pragma once

#include <algorithm>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/promises/objects/block_requests.h"

namespace cancelsim::properties {

/// Whether a timeout expired is told by its request to its task. "Somebody else had asked" is: a request that reached
/// the task in the block, or was on its way to it when the block was entered, and that nobody took back. What
/// `wait_for` hands on to the task that it waits for, that task may swallow: nothing is lost by `wait_for` then.
class TimeoutIsOurs final : public Contract {
public:
    struct Places {
        static constexpr Place kBeforeItsTime{"before its time"};
        static constexpr Place kWaitForLostACancellation{"wait_for lost a cancellation"};
        static constexpr Place kWaitForTookAnotherCancellation{"wait_for took another's cancellation"};
        static constexpr Place kWaitForLostAResult{"wait_for lost a result"};
        static constexpr Place kTookAnotherCancellation{"took another's cancellation"};
        static constexpr Place kTimeoutErrorThoughNotExpired{"TimeoutError though not expired"};
        static constexpr Place kNoTimeoutErrorThoughExpired{"no TimeoutError though expired"};
        static constexpr Place kExpiredIsWrong{"expired() is wrong"};
        static constexpr Place kDidNotExpire{"did not expire"};
        static constexpr Place kDidNotTakeBackItsOwnRequest{"did not take back its own request"};
    };

    TimeoutIsOurs()
        : Contract("timeout-is-ours",
                   "`asyncio.timeout` raises TimeoutError if and only if it expired and nobody else had asked, expires "
                   "at its time, and takes back exactly its own request; `wait_for` loses neither a result nor a "
                   "cancellation") {}

    using Dormant =
        sim::EventList<events::CancelRequested, events::Uncancelled, events::TaskResumed, events::TimeoutRescheduled,
                       events::TimeoutExitBegan, events::TimeoutBlockLeft, events::WaitForEnded>;

    void start() {
        timeouts_.clear();
        waits_.clear();
        open_.clear();
        task_ = kNobody;
        error_ = nullptr;
    }

    void on(const events::CancelRequested& event) {
        if (!event.accepted) return forwarded(event);
        for (const sim::ObjectId id : open_) {
            Timeout& timeout = timeouts_[id];
            if (timeout.requests.task != event.task) continue;
            timeout.requests.requested(event.by, By::Kind::timeout, id);
            if (BlockRequests::is(event.by, By::Kind::timeout, id) && time() < timeout.when)
                return break_at(Places::kBeforeItsTime, event.task);
        }
        if (WaitFor* wait = waiting(event.task)) {
            // From 3.12 on its timer asks. The wait_for of another task, which waits for this one, asks while that
            // runs.
            const bool own = event.by.kind == By::Kind::wait_for && event.by.task == kNobody;
            if (own)
                ++wait->requests.own;
            else
                ++wait->requests.others;
            wait->result_was_there = wait->result_was_there || (own && event.wait_was_over);
        }
        forwarded(event);
    }
    void on(const events::TaskResumed& event) {
        if (WaitFor* wait = waiting(event.task)) wait->requests.resumed();
    }
    void on(const events::Uncancelled& event) {
        for (const sim::ObjectId id : open_)
            if (timeouts_[id].requests.task == event.task) timeouts_[id].requests.undone(event, By::Kind::timeout, id);
    }
    void on(const events::TimeoutEntered& event) {
        Timeout& timeout = timeouts_[event.timeout];
        timeout = {.when = event.when, .set_in = iteration()};
        timeout.requests.enter(world(), event.task);
        open_.push_back(event.timeout);
        listen(Dormant{});
    }
    void on(const events::TimeoutRescheduled& event) {
        timeouts_[event.timeout].when = event.when;
        timeouts_[event.timeout].set_in = iteration();
    }
    void on(const events::TimeoutExitBegan& event) {
        timeouts_[event.timeout].came = event.error;
        timeouts_[event.timeout].others = timeouts_[event.timeout].requests.others;
    }
    void on(const events::TimeoutBlockLeft& event) {
        std::erase(open_, event.timeout);
        left(event);
    }
    void on(const events::WaitForBegan& event) {
        WaitFor& wait = waits_[event.task];
        wait = {.awaited = event.awaited};
        wait.requests.enter(world(), event.task);
        listen(Dormant{});
    }
    void on(const events::WaitForEnded& event) {
        const WaitFor wait = waits_[event.task];
        waits_[event.task].requests.open = false;
        error_ = event.error;
        if (event.error == nullptr) {
            if (wait.requests.arrived > 0 && !wait.forwarded) break_at(Places::kWaitForLostACancellation, event.task);
            return;
        }
        const World::Task& awaited = world().task(wait.awaited);
        const bool of_awaited = wait.awaited != kNobody && awaited.end_error == event.error;
        if (event.error->kind != sim::ErrorKind::timeout_error || of_awaited) return;
        if (wait.requests.arrived > 0) return break_at(Places::kWaitForTookAnotherCancellation, event.task);
        const bool has_result = wait.awaited != kNobody && awaited.end == World::End::result;
        if (has_result && wait.result_was_there) break_at(Places::kWaitForLostAResult, event.task);
    }

    std::string what_happened() const override {
        std::string text = moment_words(broken_at_time(), broken_at_iteration()) + ", ";
        text[0] = 'A';
        if (place() == Places::kWaitForLostACancellation || place() == Places::kWaitForTookAnotherCancellation ||
            place() == Places::kWaitForLostAResult) {
            text += "the `wait_for` of " + words().task(task_);
            if (place() == Places::kWaitForLostACancellation)
                return text + " returned as if nothing had happened, though the task was cancelled while it waited.";
            if (place() == Places::kWaitForLostAResult)
                return text + " raised TimeoutError, though what it waited for had its result before the time was up.";
            return text + " raised TimeoutError, though somebody else had cancelled the task: nobody learns of it.";
        }
        text += "the timeout of " + words().task(task_) + " ";
        if (place() == Places::kBeforeItsTime) return text + "cancelled it before its time.";
        if (place() == Places::kTookAnotherCancellation)
            return text + "raised TimeoutError, though somebody else had cancelled the task too: nobody learns of it.";
        if (place() == Places::kTimeoutErrorThoughNotExpired)
            return text + "raised TimeoutError, though it had not cancelled the task.";
        if (place() == Places::kNoTimeoutErrorThoughExpired)
            return text + "let " + words().outcome(error_) +
                   " go on, though it had cancelled the task, and nobody else had.";
        if (place() == Places::kExpiredIsWrong)
            return text + "says by `expired()` what is not so: it is told by whether the timeout cancelled the task.";
        if (place() == Places::kDidNotExpire) return text + "was left after its time, and had not cancelled the task.";
        return text + "was left, and it had not taken back exactly what it asked.";
    }

private:
    struct Timeout {
        BlockRequests requests;
        sim::Time when = sim::kInfinity;
        std::uint64_t set_in = 0;          ///< the iteration in which `when` was set
        const sim::Error* came = nullptr;  ///< to its exit
        std::int64_t others = 0;           ///< BlockRequests::others, when its exit began
    };
    struct WaitFor {
        BlockRequests requests;
        TaskId awaited = kNobody;
        bool forwarded = false;         ///< a request to the task was handed on to what it waits for
        bool result_was_there = false;  ///< when the time was up
    };

    WaitFor* waiting(TaskId task) {
        return waits_.find(task) != nullptr && waits_[task].requests.open ? &waits_[task] : nullptr;
    }
    void forwarded(const events::CancelRequested& event) {
        if (event.by.kind != By::Kind::forwarded) return;
        if (WaitFor* wait = waiting(event.by.id)) wait->forwarded = true;
    }

    void left(const events::TimeoutBlockLeft& event) {
        Timeout& timeout = timeouts_[event.timeout];
        timeout.requests.open = false;
        error_ = event.error;
        const bool asked = timeout.requests.own > 0;
        const bool raised =
            event.error != nullptr && event.error != timeout.came && event.error->kind == sim::ErrorKind::timeout_error;
        const bool cancelled = timeout.came != nullptr && timeout.came->is_cancelled();
        if (event.expired != asked) return break_at(Places::kExpiredIsWrong, event.task);
        if (raised && !asked) return break_at(Places::kTimeoutErrorThoughNotExpired, event.task);
        if (raised && timeout.others > 0) return break_at(Places::kTookAnotherCancellation, event.task);
        if (!raised && asked && cancelled && timeout.others <= 0)
            return break_at(Places::kNoTimeoutErrorThoughExpired, event.task);
        if (timeout.requests.own != timeout.requests.own_undone)
            return break_at(Places::kDidNotTakeBackItsOwnRequest, event.task);
        // In the iteration in which its time comes, and in the one after a time that is past was set, the block may be
        // left before.
        if (!asked && time() > timeout.when && iteration() > std::max(world().time_moved_in(), timeout.set_in + 1))
            return break_at(Places::kDidNotExpire, event.task);
    }

    void break_at(Place place, TaskId task) {
        task_ = task;
        fail(place);
    }

    ById<Timeout> timeouts_;
    ById<WaitFor> waits_;  ///< by task
    std::vector<sim::ObjectId> open_;
    TaskId task_ = kNobody;
    const sim::Error* error_ = nullptr;
};

}  // namespace cancelsim::properties
