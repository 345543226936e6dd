// cancellers-balance: each canceller takes back what it asked, and nothing else.
#pragma once

#include <algorithm>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/promises/objects/block_requests.h"

namespace cancelsim::properties {

/// What `uncancel-balance` is for scopes, for asyncio's own blocks, whatever is around and in them: a task that leaves
/// one is asked as often as when it entered it, plus what others have asked meanwhile, less what those have taken back.
/// A program that calls `uncancel()` does its own accounting.
class CancellersBalance final : public Contract {
public:
    struct Places {
        static constexpr Place kLeftOverByATimeout{"left over by a timeout"};
        static constexpr Place kUndoneTooMuchByATimeout{"undone too much by a timeout"};
        static constexpr Place kLeftOverByAGroup{"left over by a group"};
        static constexpr Place kUndoneTooMuchByAGroup{"undone too much by a group"};
    };

    CancellersBalance()
        : Contract(
              "cancellers-balance",
              "when an `asyncio.timeout` or an `asyncio.TaskGroup` is left, each `cancel()` by which it reached its "
              "task is undone, and none of another canceller") {}

    using Dormant = sim::EventList<events::CancelRequested, events::Uncancelled, events::TimeoutBlockLeft,
                                   events::AsyncioGroupBlockLeft>;

    void start() {
        open_.clear();
        task_ = kNobody;
    }

    void on(const events::TimeoutEntered& event) { entered(By::Kind::timeout, event.timeout, event.task); }
    void on(const events::AsyncioGroupEntered& event) { entered(By::Kind::asyncio_group, event.group, event.task); }
    void on(const events::CancelRequested& event) {
        if (!event.accepted) return;
        for (Block& block : open_) {
            if (block.requests.task != event.task) continue;
            block.requests.requested(event.by, block.kind, block.id);
        }
    }
    void on(const events::Uncancelled& event) {
        for (Block& block : open_) {
            if (block.requests.task != event.task) continue;
            if (event.by.kind == By::Kind::program) block.own_accounting = true;
            block.requests.undone(event, block.kind, block.id);
        }
    }
    void on(const events::TimeoutBlockLeft& event) { left(By::Kind::timeout, event.timeout); }
    void on(const events::AsyncioGroupBlockLeft& event) { left(By::Kind::asyncio_group, event.group); }

    std::string what_happened() const override {
        std::string text = "When " + words().task(task_) + " left its " +
                           (kind_ == By::Kind::timeout ? "asyncio timeout " : "asyncio group ") +
                           moment_words(broken_at_time(), broken_at_iteration()) + ", its `cancelling()` was " +
                           std::to_string(actual_) + " and should have been " + std::to_string(expected_) + ": ";
        return text + (actual_ > expected_ ? "what it had asked itself is still counted."
                                           : "it has undone what others had asked.");
    }

private:
    struct Block {
        By::Kind kind;
        sim::ObjectId id;
        BlockRequests requests;
        bool own_accounting = false;  ///< the program has called `uncancel()`
    };

    void entered(By::Kind kind, sim::ObjectId id, TaskId task) {
        open_.push_back({.kind = kind, .id = id, .requests = {}});
        open_.back().requests.enter(world(), task);
        listen(Dormant{});
    }

    void left(By::Kind kind, sim::ObjectId id) {
        const auto found = std::find_if(open_.begin(), open_.end(),
                                        [&](const Block& block) { return block.kind == kind && block.id == id; });
        const Block block = *found;
        open_.erase(found);
        kind_ = kind;
        task_ = block.requests.task;
        actual_ = block.requests.count;
        expected_ = actual_ - block.requests.own + block.requests.own_undone;
        if (block.own_accounting || actual_ == expected_) return;
        if (kind == By::Kind::timeout)
            fail(actual_ > expected_ ? Places::kLeftOverByATimeout : Places::kUndoneTooMuchByATimeout);
        else
            fail(actual_ > expected_ ? Places::kLeftOverByAGroup : Places::kUndoneTooMuchByAGroup);
    }

    std::vector<Block> open_;
    By::Kind kind_ = By::Kind::timeout;
    TaskId task_ = kNobody;
    std::int64_t actual_ = 0;
    std::int64_t expected_ = 0;
};

}  // namespace cancelsim::properties
