// What is asked of a task while it is in a block of asyncio's that cancels it itself.
#pragma once

#include <algorithm>
#include <cstdint>

#include "properties/world/world.h"

namespace cancelsim::properties {

/// Counts the requests to a block's task by the block itself, and by others. One that others had made before the block
/// was entered counts too, if no exception has brought it yet.
struct BlockRequests {
    TaskId task = kNobody;
    std::int64_t own = 0;         ///< requests of the block itself
    std::int64_t own_undone = 0;  ///< how often it took one back, but for those that it made again
    std::int64_t others = 0;      ///< requests of others, less what they have taken back, also of earlier ones
    std::int64_t arrived = 0;     ///< the same when the task was resumed last
    std::uint32_t count = 0;      ///< `cancelling()`
    bool open = false;

    void enter(const World& world, TaskId host) {
        const World::Task& told = world.task(host);
        *this = {.task = host, .others = told.unarrived, .count = told.requests, .open = true};
    }
    /// `cancel()` of the task was accepted.
    void requested(const By& by, By::Kind kind, sim::ObjectId id) {
        ++count;
        if (is(by, kind, id))
            ++own;
        else if (is_again(by, kind, id))
            --own_undone;
        else
            ++others;
    }
    /// `uncancel()` of the task was called: it takes a request back, if there is one.
    void undone(const events::Uncancelled& event, By::Kind kind, sim::ObjectId id) {
        const bool changed = event.requests != count;
        count = event.requests;
        // Where somebody else has taken its request away, it does its part all the same.
        if (is(event.by, kind, id))
            ++own_undone;
        else if (changed)
            arrived = std::min(arrived, --others);
    }
    void resumed() { arrived = others; }

    /// Whether it is the block that asks: a group also for others again, in place of a request that it has taken back.
    static bool is(const By& by, By::Kind kind, sim::ObjectId id) { return by.kind == kind && by.id == id; }
    static bool is_again(const By& by, By::Kind kind, sim::ObjectId id) {
        return by.kind == By::Kind::again && kind == By::Kind::asyncio_group && by.id == id;
    }
};

}  // namespace cancelsim::properties
