// The search through all small cases: what the statements' types offer at each place.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "scenarios/generate/small_scope.h"
#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

namespace small {

/// Scopes and groups of a case.
inline constexpr std::uint32_t kSlots = 2;

inline constexpr Name kMain = 0;
inline constexpr Name kTask = 1;
inline constexpr Name kScopes = 2;
inline constexpr Name kGroups = kScopes + kSlots;
inline constexpr Name kEvent = kGroups + kSlots;
inline constexpr Name kError = kEvent + 1;

}  // namespace small

/// One of the scopes and groups, numbered by where they first occur. The child may refer to what `main` binds further
/// on, since `main` goes on before the child begins.
struct SmallSlot {
    enum class State : std::uint8_t { unused, promised, bound };
    State state = State::unused;
    bool is_group = false;
    bool by_hand = false;
    bool starts_cancelled = false;
    bool referred_to = false;  ///< by `cancel` or `set_deadline`, which do nothing to one that starts cancelled
    bool shield = false;       ///< as the statements so far, in their order, have set it
};

/// What decides which statements may come next.
struct SmallScene {
    /// The two tasks.
    enum class Who : std::uint8_t { main, child };

    std::array<SmallSlot, small::kSlots> slots;
    Who who = Who::main;
    bool spawned = false;
    bool starting = false;    ///< the child is one that `start` waits for, and has not called `started` so far
    bool event_set = false;   ///< the event is set somewhere ...
    bool event_wait = false;  ///< ... and waited for
    std::array<bool, 2> in_some_scope{};  ///< by task: it has entered a scope so far, or was spawned in one
};

/// Goes through the cases. Until a case is whole, the names of scopes and groups are the numbers of their slots.
class SmallCases {
public:
    SmallCases(std::uint32_t statements, const std::function<bool(Case&)>& visit);

    void run() { extend({}); }

    // For statements' types: each call goes through all the cases that go on so.

    void add(const SmallScene& scene, const Statement& statement);
    /// The same, of a statement that awaits.
    void add_wait(const SmallScene& scene, const Statement& statement);
    /// A block is begun; `slot` is that of a scope or group.
    void open(const SmallScene& scene, const Statement& statement, std::uint32_t slot = small::kSlots);

    /// Whether this place comes right after such a statement, in its block.
    bool follows(const Statement& statement) const;
    /// Whether this place is in a block.
    bool in_block() const { return open_ > 0; }

    /// Calls `visit(scene, slot)` with each slot that a statement at this place can mean, and with what its use makes
    /// of the scene.
    template <class Visit>
    void for_each_visible(const SmallScene& scene, Visit visit) {
        for (std::uint32_t i = 0; i < small::kSlots; ++i) {
            const SmallSlot& slot = scene.slots[i];
            if (slot.state != SmallSlot::State::bound && scene.who == SmallScene::Who::main) continue;
            SmallScene then = scene;
            if (slot.state == SmallSlot::State::unused) then.slots[i].state = SmallSlot::State::promised;
            visit(then, i);
            if (slot.state == SmallSlot::State::unused) break;  // the others are the same but for their names
        }
    }
    /// Calls `visit(scene, slot)` with each slot that may be bound at this place, and with the scene once it was.
    template <class Visit>
    void for_each_bindable(const SmallScene& scene, Visit visit) {
        for (std::uint32_t i = 0; i < small::kSlots; ++i) {
            const SmallSlot::State state = scene.slots[i].state;
            const bool in_child = scene.who == SmallScene::Who::child;
            if (state == SmallSlot::State::bound || (state == SmallSlot::State::promised && in_child)) continue;
            SmallScene then = scene;
            then.slots[i].state = SmallSlot::State::bound;
            then.in_some_scope[static_cast<std::size_t>(scene.who)] = true;
            visit(then, i);
            if (state == SmallSlot::State::unused) break;
        }
    }
    /// Calls `visit(slot)` with each group around this place.
    template <class Visit>
    void for_each_open_group(Visit visit) {
        for (std::uint32_t i = 0; i < open_; ++i)
            if (statements_[opens_[i].at].op == Op::group) visit(opens_[i].slot);
    }
    /// Says how the scope in a slot starts; false where what refers to it needs another.
    static bool starts(SmallSlot& slot, bool shield, bool cancelled) {
        if (cancelled && slot.referred_to) return false;
        slot.starts_cancelled = cancelled;
        slot.shield = shield;
        return true;
    }

private:
    struct Open {
        std::uint32_t at;
        std::uint32_t slot;  ///< of a scope or group
        bool awaits;         ///< its task awaits something in it
    };

    void extend(const SmallScene& scene);
    void close(const SmallScene& scene);
    bool may_close(const Open& open) const;
    void finish(const SmallScene& scene);
    void write(const SmallScene& scene);

    const std::uint32_t wanted_;
    const std::function<bool(Case&)>& visit_;
    Case program_;
    std::array<Statement, kMostSmallStatements> statements_;
    std::uint32_t size_ = 0;
    std::array<Open, kMostSmallStatements> opens_{};
    std::uint32_t open_ = 0;
    std::uint32_t closed_at_ = 0;  ///< how many statements there were when a block was closed last
    bool stopped_ = false;
};

}  // namespace cancelsim::scenarios
