// The list of statements: the one place where each is registered.
#pragma once

#include <array>
#include <cstdint>

/// A row a statement. A row's place is the statement's code in tokens: new rows go to the end, and none ever moves. The
/// row NAME stands for `statements::NAME`, a StatementType, which a file of scenarios/statements/ defines; without it
/// nothing links.
// clang-format off
#define CANCELSIM_STATEMENTS(row)   \
    row(sleep)                      \
    row(checkpoint)                 \
    row(checkpoint_if_cancelled)    \
    row(cancel_shielded_checkpoint) \
    row(event_wait)                 \
    row(event_set)                  \
    row(future_wait)                \
    row(future_resolve)             \
    row(scope)                      \
    row(fail_after)                 \
    row(group)                      \
    row(spawn)                      \
    row(start)                      \
    row(started)                    \
    row(cancel)                     \
    row(set_shield)                 \
    row(set_deadline)               \
    row(try_)                       \
    row(repeat)                     \
    row(raise)                      \
    row(native_cancel)              \
    row(uncancel)                   \
    row(note)                       \
    row(enter)                      \
    row(exit)                       \
    row(group_enter)                \
    row(group_exit)                 \
    row(spawn_detached)             \
    row(acquire)                    \
    row(acquire_nowait)             \
    row(release)                    \
    row(hold)                       \
    row(acquire_for)                \
    row(release_for)                \
    row(set_tokens)                 \
    row(wait)                       \
    row(notify)                     \
    row(send)                       \
    row(send_nowait)                \
    row(receive)                    \
    row(receive_nowait)             \
    row(close_send)                 \
    row(close_receive)              \
    row(clone_send)                 \
    row(clone_receive)              \
    row(asyncio_timeout)            \
    row(reschedule)                 \
    row(asyncio_group)              \
    row(create_task)                \
    row(await_task)                 \
    row(wait_for)                   \
    row(shield)                     \
    row(gather)                     \
    row(asyncio_wait)               \
    row(task_done)                  \
    row(join)
// clang-format on

namespace cancelsim::scenarios {

/// Which statement it is: its row.
enum class Op : std::uint8_t {
#define CANCELSIM_ROW(name) name,
    CANCELSIM_STATEMENTS(CANCELSIM_ROW)
#undef CANCELSIM_ROW
};

#define CANCELSIM_ROW(name) +1
inline constexpr int kOps = 0 CANCELSIM_STATEMENTS(CANCELSIM_ROW);
#undef CANCELSIM_ROW

/// All that there is to know of a statement: scenarios/program/statement_type.h.
struct StatementType;

namespace statements {
#define CANCELSIM_ROW(name) extern const StatementType name;
CANCELSIM_STATEMENTS(CANCELSIM_ROW)
#undef CANCELSIM_ROW
}  // namespace statements

}  // namespace cancelsim::scenarios
