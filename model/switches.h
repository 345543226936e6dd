// Switches: bugs that anyio or CPython really had, each put back by one of its own; a few planted ones; and fixes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace cancelsim::model {

/// One switch each: off, and the kernel is the chosen release; on, and one place in the model acts differently. Each is
/// named by its effect; switches.cpp has the number of its issue or pull request, and says what it does.
///
/// Breaks a promise: a bug of an older release, put back; a planted one; or a proposed fix that breaks another promise.
enum class Bug : std::uint8_t {
    swallows_without_asking_parent,
    asks_parent_despite_shield,
    uncancels_what_travels_on,
    hands_parent_no_cancels,
    waits_for_children_unshielded,
    cancels_woken_task,
    skips_child_scope_of_shielded_host,
    delivers_into_shielded_scopes,
    restarts_parent_only_after_shield,
    unshielding_delivers_nothing,
    uncancels_for_all_tasks,
    uncancels_nothing,
    looks_at_own_message_only,
    wait_for_children_drops_native_cancel,
    native_cancel_spares_children,
    passes_mixed_groups_on,
    looks_into_no_groups,
    cancelled_start_cancels_group,
    cancels_started_child_natively,
    passes_on_after_native_cancel,
    starts_under_shield,
    entering_delivers_nothing,
    fail_after_raises_for_any_cancel,
    skips_bare_futures,
    empty_group_does_not_yield,
    done_task_stays_in_scope,
    orders_sets_by_address,
    deadline_comes_early,
    moved_deadline_keeps_timer,
    cancels_before_start,
    cancelled_wait_leaves_children,
    left_group_takes_tasks,
    drops_error_after_cancel,
    last_child_wakes_nobody,
    cancelled_start_leaves_child,
    second_started_is_silent,
    body_error_cancels_nobody,
    set_event_does_not_yield,
    passes_on_uncaught_after_native_cancel,
    entering_forgets_shield,
    entering_forgets_cancel,
    // Primitives.
    lock_keeps_cancelled_waiters,
    semaphore_keeps_cancelled_waiters,
    cancelled_waiter_keeps_lock,
    cancelled_checkpoint_keeps_lock,
    owner_waits_for_its_lock,
    cancelled_waiter_keeps_notification,
    cancelled_borrower_wakes_nobody,
    takes_token_on_resuming,
    cancelled_borrower_keeps_token,
    raised_total_wakes_too_many,
    raised_total_keeps_waiters_queued,
    limiter_serves_last_first,
    hands_item_to_cancelled_receiver,
    asks_receiver_for_cancelling,
    looks_through_shields_of_receiver,
    false_item_ends_stream,
    last_close_wakes_one_receiver,
    // asyncio's.
    asyncio_group_drops_outer_cancel,
    asyncio_group_uncancels_before_joining,
    wait_for_prefers_result,
    asyncio_condition_drops_notification,
    asyncio_semaphore_wakes_one,
    asyncio_semaphore_keeps_permit,
};
inline constexpr int kBugs = static_cast<int>(Bug::asyncio_semaphore_keeps_permit) + 1;

/// Mends a finding that the newest release still has.
enum class Fix : std::uint8_t {
    child_error_always_cancels_group,
    leaves_group_without_cancel_point,
    raises_cancellation_of_children,
    asks_again_for_native_cancel,
    enters_with_one_pass,
    hands_cancels_to_same_host_only,
    waits_for_late_children,
    cancelled_start_raises_error_of_child,
    cancelled_start_keeps_waiting,
    cancels_left_scopes,
    starts_in_no_scope_for_unscoped_caller,
    cancelled_receiver_passes_item_on,
    timeout_leaves_pending_cancel,
};
inline constexpr int kFixes = static_cast<int>(Fix::timeout_leaves_pending_cancel) + 1;

inline constexpr int kSwitchCount = kBugs + kFixes;

/// One of both.
class Switch {
public:
    constexpr Switch(Bug bug) : number_(static_cast<std::uint8_t>(bug)) {}
    constexpr Switch(Fix fix) : number_(static_cast<std::uint8_t>(kBugs + static_cast<int>(fix))) {}
    constexpr bool is_fix() const { return number_ >= kBugs; }
    constexpr bool operator==(const Switch&) const = default;

private:
    friend class Switches;
    std::uint8_t number_;
};

/// Where a switch comes from, and so what it means.
enum class Origin : std::uint8_t {
    fixed,    ///< anyio, or CPython, had it until `fixed_in`: the switch puts it back
    live,     ///< it is there to this day: the switch is a Fix, all others are a Bug
    planted,  ///< it never was: a witness for a contract that no real bug breaks
};

/// A row of the table of switches.
struct SwitchEntry {
    Switch what;
    std::string_view name;  ///< as in a command line
    std::uint32_t number;   ///< of the issue or pull request of agronholm/anyio, or, where the name begins with `gh-`,
                            ///< of python/cpython: 0 is none
    Origin origin;
    std::string_view fixed_in;  ///< the release, of a fixed one
    std::string_view summary;   ///< what the switch does, as one sentence
    /// The contracts that it is expected to break, separated by ", "; of a live one, those that only hold with the
    /// switch. Empty where no contract speaks of it.
    std::string_view contracts;
};

/// In the order in which lists have them.
std::span<const SwitchEntry> all_switches();
/// Null where there is none of that name.
const SwitchEntry* find_switch(std::string_view name);
/// Its row.
const SwitchEntry& entry_of(Switch what);

/// A set of switches.
class Switches {
public:
    constexpr Switches() = default;
    constexpr Switches(std::initializer_list<Switch> switches) {
        for (const Switch one : switches) set(one);
    }

    constexpr bool has(Switch one) const { return (words_[word(one)] & bit(one)) != 0; }
    constexpr void set(Switch one) { words_[word(one)] |= bit(one); }
    /// Whether all of `others` are among these.
    constexpr bool include(const Switches& others) const {
        for (std::size_t i = 0; i < words_.size(); ++i)
            if ((words_[i] & others.words_[i]) != others.words_[i]) return false;
        return true;
    }
    constexpr bool none() const { return *this == Switches{}; }
    constexpr bool operator==(const Switches&) const = default;

private:
    static constexpr std::size_t kBits = 64;
    static constexpr std::size_t word(Switch one) { return one.number_ / kBits; }
    static constexpr std::uint64_t bit(Switch one) { return std::uint64_t{1} << one.number_ % kBits; }

    std::array<std::uint64_t, (kSwitchCount + kBits - 1) / kBits> words_{};
};

/// The names of `switches`, separated by ", ".
std::string names_of(const Switches& switches);

/// Every fix: the library with each of its findings mended that can be.
Switches all_fixes();

}  // namespace cancelsim::model
