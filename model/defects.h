// Defects: bugs that anyio really had, each put back by a switch of its own; and a few planted ones.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cancelsim::model {

/// One switch each: off, and the kernel is the chosen release; on, and one place in the model acts differently. The
/// number is that of the issue or pull request; defects.cpp says what each does.
enum class Defect : std::uint8_t {
    d698,
    d774s,
    d790,
    d790c,
    d695,
    d595,
    d642,
    d642b,
    d370,
    d274,
    d774u,
    d551,
    d606,
    d374,
    d586,
    d1091,
    d634,
    d685,
    d837,
    d787,
    d1069,
    d1070,
    d1214,
    d1251,
    d597,
    d433,
    d589,
    d199,
    empty_group,
    double_pass,
    leak_host,
    address,
    planted_early_deadline,
    planted_late_deadline,
    planted_before_start,
    planted_early_leave,
    planted_late_spawn,
    planted_lost_error,
    planted_lost_wakeup,
    planted_lost_child,
    carried,
    last_checkpoint,
    start_error,
    start_waits,
    left_scope,
    planted_started_twice,
    planted_body_error,
    planted_eager_wait,
    unscoped_caller,
    d1330,
    planted_lost_shield,
    planted_lost_cancel,
    // Primitives.
    d1145_lock,
    d1145_semaphore,
    d387,
    d398,
    d798,
    d1075,
    d947,
    d1170,
    d1170b,
    d1223,
    d646,
    d455,
    d728,
    d832,
    d771,
    d731,
    d146,
    planted_deaf_end,
    // asyncio's.
    gh116720,
    gh133747,
    gh107547,
    gh112202,
    gh111693,
    gh90155,
    gh134471,
};
inline constexpr int kDefects = static_cast<int>(Defect::gh134471) + 1;

/// Where a defect comes from, and so what its switch means.
enum class Origin : std::uint8_t {
    fixed,    ///< anyio, or CPython, had it until `fixed_in`: the switch puts it back
    live,     ///< it is there to this day: the switch is a fix
    planted,  ///< it never was: a witness for a contract that no real bug breaks
};

/// A row of the table of defects.
struct DefectEntry {
    Defect defect;
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

/// In the order of the enumeration.
std::span<const DefectEntry> all_defects();
/// Nothing where there is none of that name.
std::optional<Defect> find_defect(std::string_view name);

/// A set of defects.
class Defects {
public:
    constexpr Defects() = default;
    constexpr Defects(std::initializer_list<Defect> defects) {
        for (const Defect defect : defects) set(defect);
    }

    constexpr bool has(Defect defect) const { return (words_[word(defect)] & bit(defect)) != 0; }
    constexpr void set(Defect defect) { words_[word(defect)] |= bit(defect); }
    /// Whether all of `others` are among these.
    constexpr bool include(const Defects& others) const {
        for (std::size_t i = 0; i < words_.size(); ++i)
            if ((words_[i] & others.words_[i]) != others.words_[i]) return false;
        return true;
    }
    constexpr bool none() const { return *this == Defects{}; }
    constexpr bool operator==(const Defects&) const = default;

private:
    static constexpr std::size_t kBits = 64;
    static constexpr std::size_t word(Defect defect) { return static_cast<std::size_t>(defect) / kBits; }
    static constexpr std::uint64_t bit(Defect defect) {
        return std::uint64_t{1} << static_cast<std::size_t>(defect) % kBits;
    }

    std::array<std::uint64_t, (kDefects + kBits - 1) / kBits> words_{};
};

/// The names of `defects`, separated by ", ".
std::string names_of(const Defects& defects);

/// Every live defect: the library with each of them mended.
Defects all_fixes();

}  // namespace cancelsim::model
