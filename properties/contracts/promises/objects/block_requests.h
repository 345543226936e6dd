// What is asked of a task while it is in a block of asyncio's that cancels it itself.
#pragma once

#include <cstdint>

#include "properties/world/world.h"

namespace cancelsim::properties {

/// Counts the requests to a block's task by the block itself, and by others. One that others had made before the block
/// was entered counts too, if no exception has brought it yet.
struct BlockRequests {
    TaskId task = kNobody;
    std::uint32_t own = 0;         ///< requests of the block itself
    std::uint32_t own_undone = 0;  ///< how often it took one back
    std::uint32_t others = 0;      ///< requests of others that nobody has taken back
    std::uint32_t arrived = 0;     ///< those of them that were made before the task was resumed last
    bool open = false;

    void enter(TaskId host, std::uint32_t unarrived) { *this = {.task = host, .others = unarrived, .open = true}; }
    void requested(bool by_block) { ++(by_block ? own : others); }
    void undone(bool by_block) {
        if (by_block) {
            ++own_undone;
        } else if (others > 0) {
            --others;
            if (arrived > others) arrived = others;
        }
    }
    void resumed() { arrived = others; }
};

}  // namespace cancelsim::properties
