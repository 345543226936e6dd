// permits-balance: what can be acquired is never out more often than there is of it, and never lost.
#pragma once

#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/promises/objects/permits.h"

namespace cancelsim::properties {

/// Judged by what calls return, and at rest by the library's books, which must agree with that. Whoever ends with a
/// permit in its hands has lost it itself. A limiter may have more tokens out than there are where its total was
/// lowered.
class PermitsBalance final : public Contract {
public:
    struct Places {
        static constexpr Place kMoreOutThanThereAre{"more out than there are"};
        static constexpr Place kReleaseRefused{"release refused"};
        static constexpr Place kFreeThoughItIsOut{"free though it is out"};
        static constexpr Place kOwnedByOneThatDoesNotHaveIt{"owned by one that does not have it"};
        static constexpr Place kLockLost{"lock lost"};
        static constexpr Place kPermitLost{"permit lost"};
        static constexpr Place kTokenLostBorrowedForAnother{"token lost, borrowed for another"};
        static constexpr Place kTokenLost{"token lost"};
        static constexpr Place kAsyncioLockLost{"asyncio lock lost"};
        static constexpr Place kAsyncioPermitLost{"asyncio permit lost"};
        static constexpr Place kLost{"lost"};
    };

    PermitsBalance()
        : Contract("permits-balance",
                   "of a lock, semaphore or limiter never more is out than there is, none is lost, none is given to a "
                   "task that does not have it, and whoever has acquired it may release it") {}

    using Dormant = sim::EventList<events::CallBegan, events::CallEnded, events::ObjectAtRest>;

    void start() {
        calls_.reset();
        permits_.reset();
        rest_.clear();
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
        if (!call.active) return;
        const ObjectId lock = calls_.object(call.object).lock;
        switch (permits_.ended(calls_, event, call)) {
            case Permits::News::nothing:
            case Permits::News::granted:
            case Permits::News::without_lock: return;  // the last is notify-reaches'
            case Permits::News::too_many: return break_at(Places::kMoreOutThanThereAre, lock, event.task);
            case Permits::News::refused:
                if (!permits_.of(lock).by_wait && !permits_.of(lock).shared_borrower)
                    break_at(Places::kReleaseRefused, lock, event.task);
        }
    }
    void on(const events::ObjectAtRest& event) { rest_.push_back(event); }

    void end() {
        if (sim::cut_short(info().verdict())) return;
        for (const events::ObjectAtRest& rest : rest_) {
            const ObjectCalls::Object& object = calls_.object(rest.object);
            if (!is_lockable(object.kind) || object.lock != rest.object) continue;
            const Permits::Account& account = permits_.of(rest.object);
            if (account.shared_borrower || account.by_wait || account.overfull) continue;
            expected_ = account.total - account.out;
            available_ = rest.available;
            const TaskId owner = account.out > 0 ? account.owner : kNobody;
            if (available_ != expected_)
                return break_at(
                    available_ < expected_ ? place_of_loss(object.kind, account) : Places::kFreeThoughItIsOut,
                    rest.object, rest.owner);
            if (has_owner(object.kind) && owner != rest.owner)
                return break_at(Places::kOwnedByOneThatDoesNotHaveIt, rest.object, rest.owner);
        }
    }

    std::string what_happened() const override {
        const Permits::Account& account = permits_.of(object_);
        std::string text =
            moment_words(broken_at_time(), broken_at_iteration()) + ", " + calls_.words(object_, info()) + " ";
        text[0] = 'A';
        if (place() == Places::kMoreOutThanThereAre)
            return text + "was acquired by " + words().task(task_) + ", and so is out " + std::to_string(account.out) +
                   " times: there can be " + std::to_string(account.total) + ".";
        if (place() == Places::kReleaseRefused)
            return text + "was not released: the call raised, though " + words().task(task_) + " had acquired it.";
        if (place() == Places::kOwnedByOneThatDoesNotHaveIt)
            return text + "belongs to " + (task_ == kNobody ? "nobody" : words().task(task_)) +
                   ", by the library's books. By what calls have returned that is not so.";
        return text + "can be acquired " + std::to_string(available_) + " times more, by the library's books. " +
               "By what calls have returned it should be " + std::to_string(expected_) + ".";
    }

private:
    /// Of each kind that is lost its own place: what loses one seldom loses another.
    static Place place_of_loss(ObjectKind kind, const Permits::Account& account) {
        switch (kind) {
            case ObjectKind::lock:
            case ObjectKind::condition: return Places::kLockLost;
            case ObjectKind::semaphore: return Places::kPermitLost;
            case ObjectKind::limiter:
                return account.raised_for_another ? Places::kTokenLostBorrowedForAnother : Places::kTokenLost;
            case ObjectKind::asyncio_lock:
            case ObjectKind::asyncio_condition: return Places::kAsyncioLockLost;
            case ObjectKind::asyncio_semaphore: return Places::kAsyncioPermitLost;
            case ObjectKind::stream:
            case ObjectKind::asyncio_queue: break;
        }
        return Places::kLost;
    }

    void break_at(Place place, ObjectId object, TaskId task) {
        object_ = object;
        task_ = task;
        fail(place);
    }

    ObjectCalls calls_;
    Permits permits_;
    std::vector<events::ObjectAtRest> rest_;
    ObjectId object_ = sim::kNoObject;
    TaskId task_ = kNobody;
    std::int64_t expected_ = 0;
    std::int64_t available_ = 0;
};

}  // namespace cancelsim::properties
