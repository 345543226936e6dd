#include "scenarios/generate/small_scope.h"

#include <cassert>
#include <utility>

#include "scenarios/generate/small_cases.h"

namespace cancelsim::scenarios {

namespace {

bool spawns(const Statement& statement) { return type_of(statement.op).fields->spawns(); }
bool awaits(const Statement& statement) { return *type_of(statement.op).small_scope->awaits; }
/// Whether it is a `try`: a block that is there for what its body raises.
bool catches(const Statement& statement) { return type_of(statement.op).fields->parts() == 3; }

/// Calls `visit(type)` for each statement's type whose turn it is.
template <class Visit>
void for_each_in(SmallScope::Turn turn, Visit visit) {
    for (const StatementType* type : kStatementTypes)
        if (*type->small_scope->turn == turn) visit(*type);
}

}  // namespace

SmallCases::SmallCases(std::uint32_t statements, const std::function<bool(Case&)>& visit)
    : wanted_(statements), visit_(visit) {
    program_.names = {"main", "t0", "s0", "s1", "g0", "g1", "e0", "E0"};
    program_.budget = kDefaultBudget;
}

/// Adds each statement that may come next, or closes the innermost block.
void SmallCases::extend(const SmallScene& scene) {
    using enum SmallScope::Turn;
    if (size_ == wanted_) return finish(scene);
    const bool ended = size_ > closed_at_ && *type_of(statements_[size_ - 1].op).small_scope->ends_block;
    for (const SmallScope::Turn turn : {wait, deed, by_hand, block, task}) {
        if (ended || (turn == task && scene.spawned)) continue;
        for_each_in(turn, [&](const StatementType& type) { (*type.small_scope->offer)(*this, scene); });
    }
    if (open_ > 0 && may_close(opens_[open_ - 1])) close(scene);
}

void SmallCases::close(const SmallScene& scene) {
    const Open closed = opens_[open_ - 1];
    const Statement& block = statements_[closed.at];
    SmallScene outer = scene;
    if (spawns(block)) {
        outer.who = SmallScene::Who::main;
        outer.starting = false;
    }
    statements_[closed.at].size = size_ - closed.at;
    --open_;
    const bool awaited = open_ > 0 && opens_[open_ - 1].awaits;
    const bool awaits_itself = awaits(block) || (!spawns(block) && closed.awaits);
    if (open_ > 0 && awaits_itself) opens_[open_ - 1].awaits = true;
    const std::uint32_t closed_before = std::exchange(closed_at_, size_);
    extend(outer);
    closed_at_ = closed_before;
    if (open_ > 0) opens_[open_ - 1].awaits = awaited;
    opens_[open_++] = closed;
}

/// A `try` without an await has nothing to catch, and one around nothing but another never catches anything.
bool SmallCases::may_close(const Open& open) const {
    if (!catches(statements_[open.at])) return true;
    const Statement* body = &statements_[open.at + 1];
    const bool only_a_try = open.at + 1 < size_ && catches(*body) && open.at + 1 + body->size == size_;
    return open.awaits && !only_a_try;
}

void SmallCases::add(const SmallScene& scene, const Statement& statement) {
    if (stopped_) return;
    statements_[size_++] = statement;
    extend(scene);
    --size_;
}

void SmallCases::add_wait(const SmallScene& scene, const Statement& statement) {
    const bool awaited = open_ > 0 && opens_[open_ - 1].awaits;
    if (open_ > 0) opens_[open_ - 1].awaits = true;
    add(scene, statement);
    if (open_ > 0) opens_[open_ - 1].awaits = awaited;
}

void SmallCases::open(const SmallScene& scene, const Statement& statement, std::uint32_t slot) {
    opens_[open_++] = {size_, slot, false};
    add(scene, statement);
    --open_;
}

bool SmallCases::follows(const Statement& statement) const {
    return size_ > closed_at_ && statements_[size_ - 1] == statement;
}

void SmallCases::finish(const SmallScene& scene) {
    for (const SmallSlot& slot : scene.slots)
        if (slot.state == SmallSlot::State::promised) return;
    if (scene.event_set && !scene.event_wait) return;  // nobody would notice
    for (std::uint32_t i = open_; i > 0; --i) statements_[opens_[i - 1].at].size = size_ - opens_[i - 1].at;
    for (std::uint32_t i = open_; i > 0; --i) {
        // What is inside it and still open awaits for it too.
        Open inner = opens_[i - 1];
        for (std::uint32_t k = i; k < open_; ++k) {
            const Statement& block = statements_[opens_[k].at];
            inner.awaits = inner.awaits || awaits(block);
            if (spawns(block)) break;
            inner.awaits = inner.awaits || opens_[k].awaits;
        }
        if (!may_close(inner)) return;
    }
    write(scene);
    if (!visit_(program_)) stopped_ = true;
}

void SmallCases::write(const SmallScene& scene) {
    std::array<Name, small::kSlots> names{};
    std::uint32_t scopes = 0;
    std::uint32_t groups = 0;
    for (std::uint32_t i = 0; i < small::kSlots; ++i)
        names[i] = scene.slots[i].is_group ? small::kGroups + groups++ : small::kScopes + scopes++;
    program_.statements.assign(statements_.begin(), statements_.begin() + size_);
    program_.main_end = size_;
    for (Statement& statement : program_.statements) {
        for_each_name_in(program_, statement, [&](const Field& field, Name& name) {
            if (field.names == NameKind::scope || field.names == NameKind::group) name = names[name];
        });
        if (catches(statement)) statement.handler = statement.finally = statement.size;
    }
}

void for_each_small_case(std::uint32_t statements, const std::function<bool(Case&)>& visit) {
    assert(statements <= kMostSmallStatements);
    SmallCases(statements, visit).run();
}

}  // namespace cancelsim::scenarios
