// The programs that `cancelsim bench` runs.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/program/case.h"

namespace cancelsim::properties {

/// W1: programs of a task group under a deadline that cancels in the middle: 8 children of 4 sleeps each, one of which
/// swallows twice, one under a shield, and a nested group of 2. Microseconds; the distribution of the real workload's.
std::vector<scenarios::Case> w1_programs(std::size_t count);
/// W2: two tasks that alternate on `checkpoint`, `switches` in all.
scenarios::Case w2_program(std::int64_t switches);
/// W3: `tasks` tasks that sleep 10 random times each.
scenarios::Case w3_program(std::int64_t tasks);
/// W5: three tasks of four checkpoints each.
scenarios::Case w5_program();
/// W6: eight tasks that take one anyio lock in turns, `turns` times each, and give way while they have it.
scenarios::Case w6_program(std::int64_t turns);
/// W7: a pipeline of three tasks and two memory object streams of size `buffer`, through which `items` items go.
scenarios::Case w7_program(std::int64_t items, std::int64_t buffer);
/// W8: programs of an `asyncio.timeout` around an `asyncio.TaskGroup` of eight tasks of 4 sleeps each, which it cancels
/// in the middle. Microseconds.
std::vector<scenarios::Case> w8_programs(std::size_t count);
/// `tasks` tasks that sleep three times under `depth` nested scopes, and are cancelled in the third.
scenarios::Case growth_program(std::int64_t tasks, std::int64_t depth);

}  // namespace cancelsim::properties
