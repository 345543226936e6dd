// Who has what of the objects that can be acquired, by what their calls have returned: never by the library's books.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "properties/contracts/promises/objects/object_calls.h"

namespace cancelsim::properties {

class Permits {
public:
    /// What is known of a lock, a semaphore or a limiter.
    struct Account {
        std::int64_t total = 1;    ///< how many can be out at once
        std::int64_t out = 0;      ///< acquired and not released; below 0: released more often than acquired
        TaskId owner = kNobody;    ///< of a lock that is out: who acquired it last
        bool by_wait = false;      ///< its owner has it because a condition's `wait` ended
        TaskId without = kNobody;  ///< who should have it since such a `wait`, and does not
        bool shared_borrower =
            false;  ///< two acquired it on behalf of one borrower at one time: the limiter serves one
        std::vector<std::uint32_t> borrowers;
        bool raised_for_another = false;  ///< an acquire on behalf of another than the task was interrupted
        /// Whoever releases more often than it acquires fills a semaphore with a maximum. An acquire has raised then,
        /// and what it had taken already may have found no room.
        bool overfull = false;
    };
    /// What the end of a call says about who has what.
    enum class News : std::uint8_t {
        nothing,
        granted,
        too_many,      ///< granted, and so more are out than there are
        refused,       ///< a release of what the caller has raised
        without_lock,  ///< a `wait` has ended without the lock: Account::without says whose
    };

    void reset() {
        accounts_.clear();
        pending_.clear();
    }

    void on(const events::ObjectMade& event) {
        Account& account = accounts_[event.object];
        account = {};
        if (event.kind == ObjectKind::semaphore || event.kind == ObjectKind::asyncio_semaphore ||
            event.kind == ObjectKind::limiter)
            account.total = event.amount;
    }
    void began(const ObjectCalls& calls, const events::CallBegan& event);
    News ended(const ObjectCalls& calls, const events::CallEnded& event, const ObjectCalls::Running& call);

    /// Whether `task` acquires a limiter on behalf of another than itself.
    static bool is_for_another(TaskId task, std::uint32_t borrower) { return borrower != 2 * task; }
    /// Of the object that is acquired: not of a condition that was given a lock.
    const Account& of(ObjectId lock) const { return accounts_.at(lock); }

private:
    struct Pending {
        std::int64_t most = 0;  ///< the most that could be out since the call began
        bool let_go = false;    ///< a `wait` that gave the lock away
    };

    static std::size_t slot(TaskId task) { return task == kNobody ? 0 : task + 1; }
    News grant(const ObjectCalls::Object& object, Account& account, const Pending& pending, TaskId task,
               std::uint32_t borrower);
    void take_back(const ObjectCalls::Object& object, Account& account, std::uint32_t borrower);
    static bool has(const ObjectCalls::Object& object, const Account& account, TaskId task, std::uint32_t borrower) {
        if (object.kind == ObjectKind::limiter)
            return std::find(account.borrowers.begin(), account.borrowers.end(), borrower) != account.borrowers.end();
        return has_owner(object.kind) ? account.out > 0 && account.owner == task : account.out > 0;
    }

    ById<Account> accounts_;
    ById<Pending> pending_;
};

inline void Permits::began(const ObjectCalls& calls, const events::CallBegan& event) {
    const ObjectCalls::Object& object = calls.object(event.object);
    Account& account = accounts_[object.lock];
    Pending& pending = pending_[slot(event.task)];
    pending = {.most = account.total};
    if (event.call == Call::acquire && object.kind == ObjectKind::limiter)
        calls.for_each_running([&](TaskId task, const ObjectCalls::Running& other) {
            if (task != event.task && other.call == Call::acquire && other.object == event.object &&
                other.borrower == event.borrower)
                account.shared_borrower = true;
        });
    if (event.call != Call::wait || !has(object, account, event.task, 0)) return;
    pending.let_go = true;
    take_back(object, account, 0);
}

inline Permits::News Permits::ended(const ObjectCalls& calls, const events::CallEnded& event,
                                    const ObjectCalls::Running& call) {
    const ObjectCalls::Object& object = calls.object(call.object);
    Account& account = accounts_[object.lock];
    const Pending pending = pending_[slot(event.task)];
    switch (call.call) {
        case Call::acquire:
        case Call::acquire_nowait:
            if (event.error == nullptr) return grant(object, account, pending, event.task, call.borrower);
            if (object.kind == ObjectKind::limiter && is_for_another(event.task, call.borrower))
                account.raised_for_another = true;
            if (object.max_value != scenarios::ObjectSpec::kNoMaximum && account.total - account.out > object.max_value)
                account.overfull = true;
            return News::nothing;
        case Call::release:
            if (event.error == nullptr) {
                take_back(object, account, call.borrower);
                return News::nothing;
            }
            if (object.max_value != scenarios::ObjectSpec::kNoMaximum &&
                account.total - account.out >= object.max_value)
                return News::nothing;
            return has(object, account, event.task, call.borrower) ? News::refused : News::nothing;
        case Call::wait:
            if (!pending.let_go) return News::nothing;
            if (account.out > 0) {
                account.without = event.task;
                return News::without_lock;
            }
            account.out = 1;
            account.owner = event.task;
            // One that refuses to wait has not let go.
            account.by_wait = event.error == nullptr || event.error->is_cancelled();
            return News::granted;
        case Call::set_tokens:
            if (event.error != nullptr) return News::nothing;
            account.total = call.amount;
            calls.for_each_running([&](TaskId task, const ObjectCalls::Running& other) {
                Pending& waits = pending_[slot(task)];
                if (other.object == call.object) waits.most = std::max(waits.most, account.total);
            });
            return News::nothing;
        case Call::notify:
        case Call::send:
        case Call::send_nowait:
        case Call::receive:
        case Call::receive_nowait:
        case Call::close_send:
        case Call::close_receive:
        case Call::clone_send:
        case Call::clone_receive:
        case Call::task_done:
        case Call::join: return News::nothing;
    }
    return News::nothing;
}

inline Permits::News Permits::grant(const ObjectCalls::Object& object, Account& account, const Pending& pending,
                                    TaskId task, std::uint32_t borrower) {
    if (account.by_wait && account.out > 0) {
        account.without = std::exchange(account.owner, task);
        account.by_wait = false;
        return News::without_lock;
    }
    ++account.out;
    account.owner = task;
    account.by_wait = false;
    if (object.kind == ObjectKind::limiter) account.borrowers.push_back(borrower);
    return account.out > pending.most ? News::too_many : News::granted;
}

inline void Permits::take_back(const ObjectCalls::Object& object, Account& account, std::uint32_t borrower) {
    --account.out;
    if (object.kind != ObjectKind::limiter) return;
    const auto found = std::find(account.borrowers.begin(), account.borrowers.end(), borrower);
    if (found != account.borrowers.end())
        account.borrowers.erase(found);
    else
        account.shared_borrower = true;  // somebody else's acquire, which has not returned, had it
}

}  // namespace cancelsim::properties
