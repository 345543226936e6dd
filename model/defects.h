// Defects: bugs that anyio really had, each put back by a switch of its own; and a few planted ones.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
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
};
inline constexpr int kDefects = static_cast<int>(Defect::planted_lost_cancel) + 1;

/// Where a defect comes from, and so what its switch means.
enum class Origin : std::uint8_t {
    fixed,    ///< anyio had it until `fixed_in`: the switch puts it back
    live,     ///< anyio has it to this day: the switch is a fix
    planted,  ///< anyio never had it: a witness for a contract that no real bug breaks
};

/// A row of the table of defects.
struct DefectEntry {
    Defect defect;
    std::string_view name;  ///< as in a command line
    std::uint16_t number;   ///< of the issue or pull request of agronholm/anyio: 0 is none
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

    constexpr bool has(Defect defect) const { return (bits_ & bit(defect)) != 0; }
    constexpr void set(Defect defect) { bits_ |= bit(defect); }
    /// Whether all of `others` are among these.
    constexpr bool include(Defects others) const { return (bits_ & others.bits_) == others.bits_; }
    constexpr bool none() const { return bits_ == 0; }
    /// Bit n is the defect that is number n in the table.
    constexpr std::uint64_t bits() const { return bits_; }
    constexpr bool operator==(const Defects&) const = default;

private:
    static constexpr std::uint64_t bit(Defect defect) { return std::uint64_t{1} << static_cast<unsigned>(defect); }

    std::uint64_t bits_ = 0;
};
static_assert(kDefects <= 64);

/// Every live defect: the library with each of them mended.
Defects all_fixes();

}  // namespace cancelsim::model
