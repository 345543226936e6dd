// The one source of choices: everything that asyncio leaves open is asked here, by kind and by name.
#pragma once

#include <bit>
#include <compare>
#include <cstdint>

namespace cancelsim::sim {

/// What is left open, each with its cause in the real world.
enum class ChoiceKind : std::uint8_t {
    set_order,    ///< the next element of a set: CPython iterates by hash, that is by address
    timer_order,  ///< the next of the timers due at the same time: heapq is not stable
    arrival,      ///< 1: an answer from outside comes an iteration later: the selector decides
    elapse,       ///< 1: this iteration takes until the next timer is due: callbacks cost time
    ready_order,  ///< the next of the ready handles: never on asyncio, but trio shuffles its batch
    inject,       ///< 1: somebody outside cancels something now, which the next question says: only where it is wanted
};
inline constexpr int kChoiceKinds = 6;

/// A set of kinds.
using ChoiceKinds = std::uint8_t;
constexpr ChoiceKinds bit(ChoiceKind kind) { return static_cast<ChoiceKinds>(1U << static_cast<unsigned>(kind)); }
/// What asyncio really leaves open.
inline constexpr ChoiceKinds kAsyncioKinds = 0x0F;
/// Also what only other loops leave open.
inline constexpr ChoiceKinds kAdversarialKinds = 0x1F;
inline constexpr ChoiceKinds kAllKinds = 0x3F;

/// Of the tasks of an asyncio.TaskGroup, which is named by the first of them; less than that is a kernel's own set.
inline constexpr std::uint8_t kGroupTasks = 2;

/// The name of a question: no two of one run are equal. It does not depend on what else was asked, so that a run of
/// the same program under another policy, release or library comes by the same question again, if it comes by it at
/// all. A member that a kind does not need is 0.
struct Question {
    ChoiceKind kind = ChoiceKind::set_order;
    /// set_order: which of its owner's sets: kGroupTasks, or as the kernel numbers its own.
    std::uint8_t set = 0;
    /// set_order: whose set, as the kernel names it: the number of a name of the program, plus 1; 0 is no name.
    /// arrival: which of the answers from outside, in the order in which they were announced.
    std::uint32_t owner = 0;
    /// set_order: which binding of that name, from 1; of what has no name, its number among all of its type.
    std::uint32_t binding = 0;
    /// set_order: how often that set was iterated before. timer_order: the virtual time. arrival: by how many
    /// iterations it is late already. elapse, ready_order, inject: the iteration, from 1.
    std::uint64_t at = 0;
    /// timer_order: how many ties there were at that time before.
    std::uint32_t nth = 0;
    /// Orders: how many elements come before the one that is asked for. inject: 0 whether, 1 what.
    std::uint32_t position = 0;

    auto operator<=>(const Question&) const = default;
};

/// An order of so many elements is chosen with the help of Untaken.
inline constexpr std::uint32_t kMany = 64;

/// Which of many elements were not chosen yet: finds one in time logarithmic in their number.
class Untaken {
public:
    Untaken() = default;
    /// None of `count` was chosen; `tree` is memory for one number more.
    Untaken(std::uint32_t* tree, std::uint32_t count) : tree_(tree), count_(count) {
        for (std::uint32_t i = 1; i <= count; ++i) tree_[i] = i & (~i + 1);
    }

    /// Chooses the element before which there are `before` others that were not: its index.
    std::uint32_t take(std::uint32_t before) {
        // A Fenwick tree: tree_[i] counts those among the elements before the i-th, as many as the lowest bit of i
        // says.
        std::uint32_t at = 0;
        for (std::uint32_t step = std::bit_floor(count_); step != 0; step /= 2) {
            if (at + step > count_) continue;
            if (tree_[at + step] <= before)
                before -= tree_[at += step];
            else
                --tree_[at + step];
        }
        return at;
    }

private:
    std::uint32_t* tree_ = nullptr;
    std::uint32_t count_ = 0;
};

/// A strategy: answers what is left open. Deriving from it is all that a new strategy needs.
class Choices {
public:
    /// `injections` is the most cancellations that a run gets from outside, where that kind is asked.
    explicit Choices(ChoiceKinds asked, std::uint32_t injections = UINT32_MAX)
        : asked_(asked), injections_(injections) {}
    virtual ~Choices() = default;
    Choices(const Choices&) = delete;
    Choices& operator=(const Choices&) = delete;

    /// Picks one of `count` (at least 2) alternatives: 0 is always what the predictable default
    /// would do (insertion order, no delay).
    virtual std::uint32_t choose(const Question& question, std::uint32_t count) = 0;

    /// The kinds that this strategy wants to be asked about; to all others the answer is 0.
    ChoiceKinds asked() const { return asked_; }
    std::uint32_t injections() const { return injections_; }

private:
    ChoiceKinds asked_;
    std::uint32_t injections_;
};

}  // namespace cancelsim::sim
