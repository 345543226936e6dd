#include "scenarios/generate/small_scope.h"

#include <array>
#include <cassert>
#include <utility>

namespace cancelsim::scenarios {

namespace {

/// Scopes and groups of a case.
constexpr std::uint32_t kSlots = 2;

constexpr Name kMainName = 0;
constexpr Name kTaskName = 1;
constexpr Name kScopeNames = 2;
constexpr Name kGroupNames = kScopeNames + kSlots;
constexpr Name kEventName = kGroupNames + kSlots;
constexpr Name kErrorName = kEventName + 1;

/// The two tasks.
enum class Who : std::uint8_t { main, child };

/// One of the scopes and groups, numbered by where they first occur. The child may refer to what `main` binds further
/// on, since `main` goes on before the child begins.
struct Slot {
    enum class State : std::uint8_t { unused, promised, bound };
    State state = State::unused;
    bool is_group = false;
    bool by_hand = false;
    bool starts_cancelled = false;
    bool referred_to = false;  ///< by `cancel` or `set_deadline`, which do nothing to one that starts cancelled
    bool shield = false;       ///< as the statements so far, in their order, have set it
};

/// What decides which statements may come next.
struct Scene {
    std::array<Slot, kSlots> slots;
    Who who = Who::main;
    bool spawned = false;
    bool starting = false;    ///< the child is one that `start` waits for, and has not called `started` so far
    bool event_set = false;   ///< the event is set somewhere ...
    bool event_wait = false;  ///< ... and waited for
    std::array<bool, 2> in_some_scope{};  ///< by task: it has entered a scope so far, or was spawned in one
};

class Writer {
public:
    Writer(std::uint32_t statements, const std::function<bool(Case&)>& visit) : wanted_(statements), visit_(visit) {
        program_.names = {"main", "t0", "s0", "s1", "g0", "g1", "e0", "E0"};
        program_.budget = kDefaultBudget;
    }

    void run() { extend(Scene{}); }

private:
    struct Open {
        std::uint32_t at;
        std::uint32_t slot;  ///< of a scope or group
        bool awaits;         ///< its task awaits something in it
    };

    // The search: add each statement that may come next, or close the innermost block.

    void extend(const Scene& scene) {
        if (size_ == wanted_) return finish(scene);
        // What follows a `raise` in its block never runs.
        if (!follows(Op::raise)) {
            add_waits(scene);
            add_deeds(scene);
            add_by_hand(scene);
            add_blocks(scene);
            add_tasks(scene);
        }
        if (open_ == 0 || !may_close(opens_[open_ - 1])) return;
        const Open closed = opens_[open_ - 1];
        const Op op = statements_[closed.at].op;
        Scene outer = scene;
        if (is_task(op)) {
            outer.who = Who::main;
            outer.starting = false;
        }
        statements_[closed.at].size = size_ - closed.at;
        --open_;
        const bool awaited = open_ > 0 && opens_[open_ - 1].awaits;
        const bool awaits_itself = op == Op::group || op == Op::start || (!is_task(op) && closed.awaits);
        if (open_ > 0 && awaits_itself) opens_[open_ - 1].awaits = true;
        const std::uint32_t closed_before = std::exchange(closed_at_, size_);
        extend(outer);
        closed_at_ = closed_before;
        if (open_ > 0) opens_[open_ - 1].awaits = awaited;
        opens_[open_++] = closed;
    }

    static bool is_task(Op op) { return op == Op::spawn || op == Op::spawn_detached || op == Op::start; }

    /// A `try` without an await has nothing to catch, and one around nothing but another never catches anything.
    bool may_close(const Open& open) const {
        if (statements_[open.at].op != Op::try_) return true;
        const Statement* body = &statements_[open.at + 1];
        const bool only_a_try = open.at + 1 < size_ && body->op == Op::try_ && open.at + 1 + body->size == size_;
        return open.awaits && !only_a_try;
    }

    void add(const Scene& scene, const Statement& statement) {
        if (stopped_) return;
        statements_[size_++] = statement;
        extend(scene);
        --size_;
    }

    void add_waits(const Scene& scene) {
        const bool awaited = open_ > 0 && opens_[open_ - 1].awaits;
        if (open_ > 0) opens_[open_ - 1].awaits = true;
        add(scene, {.op = Op::sleep, .number = 1});
        add(scene, {.op = Op::checkpoint});
        if (scene.in_some_scope[static_cast<std::size_t>(scene.who)]) add(scene, {.op = Op::checkpoint_if_cancelled});
        Scene waiting = scene;
        waiting.event_wait = true;
        add(waiting, {.op = Op::event_wait, .name = kEventName});
        if (open_ > 0) opens_[open_ - 1].awaits = awaited;
    }

    /// Calls `visit` with each slot that a statement at this place can mean.
    template <class Visit>
    void for_each_visible(const Scene& scene, Visit visit) {
        for (std::uint32_t i = 0; i < kSlots; ++i) {
            const Slot& slot = scene.slots[i];
            if (slot.state != Slot::State::bound && scene.who == Who::main) continue;
            Scene then = scene;
            if (slot.state == Slot::State::unused) then.slots[i].state = Slot::State::promised;
            visit(then, i);
            if (slot.state == Slot::State::unused) break;  // the others are the same but for their names
        }
    }

    void add_deeds(const Scene& scene) {
        for_each_visible(scene, [&](Scene& then, std::uint32_t i) {
            Slot& slot = then.slots[i];
            if (!slot.starts_cancelled) {
                const bool referred_to = slot.referred_to;
                slot.referred_to = true;
                for (const Op op : {Op::cancel, Op::set_deadline}) {
                    const Statement deed{.op = op,
                                         .has_number = op == Op::set_deadline,
                                         .name = i,
                                         .number = op == Op::set_deadline ? 1 : 0};
                    if (!follows(deed)) add(then, deed);
                }
                slot.referred_to = referred_to;
            }
            for (const bool value : {false, true}) {
                // With two tasks, the order of the statements says little about that in which they run.
                if (!scene.spawned && slot.shield == value) continue;
                Scene shielded = then;
                shielded.slots[i].shield = value;
                add(shielded, {.op = Op::set_shield, .flag = value, .name = i});
            }
        });
        add(scene, {.op = Op::native_cancel, .task = kMainName});
        if (scene.spawned) add(scene, {.op = Op::native_cancel, .task = kTaskName});
        if (const Statement set{.op = Op::event_set, .name = kEventName}; !follows(set)) {
            Scene then = scene;
            then.event_set = true;
            add(then, set);
        }
        if (scene.starting) {
            Scene then = scene;
            then.starting = false;
            add(then, {.op = Op::started});
        }
        if (open_ > 0) add(scene, {.op = Op::raise, .name = kErrorName});
    }

    /// Whether this place comes right after such a statement, in its block.
    bool follows(Op op) const { return size_ > closed_at_ && statements_[size_ - 1].op == op; }
    bool follows(const Statement& statement) const {
        return follows(statement.op) && statements_[size_ - 1] == statement;
    }

    /// Calls `visit` with each slot that may be bound at this place, as it is once it was.
    template <class Visit>
    void for_each_bindable(const Scene& scene, Visit visit) {
        for (std::uint32_t i = 0; i < kSlots; ++i) {
            const Slot::State state = scene.slots[i].state;
            if (state == Slot::State::bound || (state == Slot::State::promised && scene.who == Who::child)) continue;
            Scene then = scene;
            then.slots[i].state = Slot::State::bound;
            then.in_some_scope[static_cast<std::size_t>(scene.who)] = true;
            visit(then, i);
            if (state == Slot::State::unused) break;
        }
    }

    /// Says how the scope in a slot starts; false where what refers to it needs another.
    static bool starts(Slot& slot, bool shield, bool cancelled) {
        if (cancelled && slot.referred_to) return false;
        slot.starts_cancelled = cancelled;
        slot.shield = shield;
        return true;
    }

    void add_by_hand(const Scene& scene) {
        for (std::uint32_t i = 0; i < kSlots; ++i)
            if (scene.slots[i].state == Slot::State::bound && scene.slots[i].by_hand)
                add(scene, {.op = Op::exit, .name = i});
        for_each_bindable(scene, [this](const Scene& bound, std::uint32_t i) {
            Scene then = bound;
            then.slots[i].by_hand = true;
            if (!starts(then.slots[i], false, false)) return;
            add(then, {.op = Op::enter, .name = i});
            add(then, {.op = Op::enter, .has_number = true, .name = i, .number = 1});
        });
    }

    void open(const Scene& scene, const Statement& statement, std::uint32_t slot = kSlots) {
        opens_[open_++] = {size_, slot, false};
        add(scene, statement);
        --open_;
    }

    void add_blocks(const Scene& scene) {
        open(scene, {.op = Op::try_, .catches = Catch::cancelled});
        for_each_bindable(scene, [this](const Scene& bound, std::uint32_t i) {
            for (const bool shield : {false, true}) {
                for (const int start : {0, 1, 2, 3}) {
                    Scene then = bound;
                    if (!starts(then.slots[i], shield, start >= 2)) continue;
                    open(then,
                         {.op = Op::scope,
                          .flag = shield,
                          .has_number = start == 1 || start == 2,
                          .cancel_first = start == 3,
                          .name = i,
                          .number = start == 1 ? 1 : 0},
                         i);
                }
            }
            Scene then = bound;
            then.slots[i].is_group = true;
            if (starts(then.slots[i], false, false)) open(then, {.op = Op::group, .name = i}, i);
        });
    }

    void add_tasks(const Scene& scene) {
        if (scene.spawned) return;
        Scene then = scene;
        then.spawned = true;
        then.who = Who::child;
        open(then, {.op = Op::spawn_detached, .task = kTaskName});
        then.in_some_scope[static_cast<std::size_t>(Who::child)] = true;
        Scene starting = then;
        starting.starting = true;
        for (std::uint32_t i = 0; i < open_; ++i) {
            const std::uint32_t slot = opens_[i].slot;
            if (statements_[opens_[i].at].op != Op::group) continue;
            open(then, {.op = Op::spawn, .name = slot, .task = kTaskName}, slot);
            open(starting, {.op = Op::start, .name = slot, .task = kTaskName}, slot);
        }
    }

    // A whole case.

    void finish(const Scene& scene) {
        for (const Slot& slot : scene.slots)
            if (slot.state == Slot::State::promised) return;
        if (scene.event_set && !scene.event_wait) return;  // nobody would notice
        for (std::uint32_t i = open_; i > 0; --i) statements_[opens_[i - 1].at].size = size_ - opens_[i - 1].at;
        for (std::uint32_t i = open_; i > 0; --i) {
            // What is inside it and still open awaits for it too.
            Open inner = opens_[i - 1];
            for (std::uint32_t k = i; k < open_; ++k) {
                const Op op = statements_[opens_[k].at].op;
                inner.awaits = inner.awaits || op == Op::group || op == Op::start;
                if (is_task(op)) break;
                inner.awaits = inner.awaits || opens_[k].awaits;
            }
            if (!may_close(inner)) return;
        }
        write(scene);
        if (!visit_(program_)) stopped_ = true;
    }

    void write(const Scene& scene) {
        std::array<Name, kSlots> names{};
        std::uint32_t scopes = 0;
        std::uint32_t groups = 0;
        for (std::uint32_t i = 0; i < kSlots; ++i)
            names[i] = scene.slots[i].is_group ? kGroupNames + groups++ : kScopeNames + scopes++;
        program_.statements.assign(statements_.begin(), statements_.begin() + size_);
        program_.main_end = size_;
        for (Statement& statement : program_.statements) {
            if (statement.name < kSlots) statement.name = names[statement.name];
            if (statement.op == Op::native_cancel) std::swap(statement.name, statement.task);
            if (statement.op == Op::try_) statement.handler = statement.finally = statement.size;
        }
    }

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

}  // namespace

void for_each_small_case(std::uint32_t statements, const std::function<bool(Case&)>& visit) {
    assert(statements <= kMostSmallStatements);
    Writer(statements, visit).run();
}

}  // namespace cancelsim::scenarios
