// The one source of choices: everything that asyncio leaves open is asked here, by kind.
#pragma once

#include <cstdint>

namespace cancelsim::sim {

/// What is left open, each with its cause in the real world.
enum class ChoiceKind : std::uint8_t {
    set_order,    ///< the next element of a set: CPython iterates by hash, that is by address
    timer_order,  ///< the next of the timers due at the same time: heapq is not stable
    arrival,      ///< 1: an answer from outside comes an iteration later: the selector decides
    elapse,       ///< 1: this iteration takes until the next timer is due: callbacks cost time
    ready_order,  ///< the next of the ready handles: never on asyncio, but trio shuffles its batch
};
inline constexpr int kChoiceKinds = 5;

/// A set of kinds.
using ChoiceKinds = std::uint8_t;
constexpr ChoiceKinds bit(ChoiceKind kind) { return static_cast<ChoiceKinds>(1U << static_cast<unsigned>(kind)); }
/// What asyncio really leaves open.
inline constexpr ChoiceKinds kAsyncioKinds = 0x0F;
/// Also what only other loops leave open.
inline constexpr ChoiceKinds kAllKinds = 0x1F;

/// A strategy: answers what is left open. Deriving from it is all that a new strategy needs.
class Choices {
public:
    explicit Choices(ChoiceKinds asked) : asked_(asked) {}
    virtual ~Choices() = default;
    Choices(const Choices&) = delete;
    Choices& operator=(const Choices&) = delete;

    /// Picks one of `count` (at least 2) alternatives: 0 is always what the predictable default
    /// would do (insertion order, no delay).
    virtual std::uint32_t choose(ChoiceKind kind, std::uint32_t count) = 0;

    /// Whether this strategy wants to be asked about `kind`; where it does not, the answer is 0.
    bool asks(ChoiceKind kind) const { return (asked_ & bit(kind)) != 0; }

protected:
    ChoiceKinds asked_;
};

}  // namespace cancelsim::sim
