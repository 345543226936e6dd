// What there is to know of a statement: its facets. Each family of statements is one file in scenarios/statements/,
// which says all of them; one that is left out does not compile. Everything else asks here, and knows no statement.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "scenarios/program/field.h"

namespace cancelsim::model {
struct Task;
}
namespace cancelsim::sim {
struct Error;
struct Poll;
struct Resume;
}  // namespace cancelsim::sim

namespace cancelsim::scenarios {

class Interpreter;
class ProgramBuilder;
class SmallCases;
struct Body;
struct SmallScene;

/// A member that has no default: whoever makes the struct must say it.
template <class T>
class Required {
public:
    template <class From>
    requires std::convertible_to<From, T>
    constexpr Required(From&& value) : value_(std::forward<From>(value)) {}
    constexpr const T& operator*() const { return value_; }
    constexpr const T* operator->() const { return &value_; }

private:
    T value_;
};

static_assert(!std::is_default_constructible_v<Required<bool>>);

/// What is wrong with a statement, for CaseError: the key to blame (empty: the whole statement), what was expected
/// there, and what is there.
struct StatementFault {
    std::string_view key;
    std::string expected;
    std::string got;
};
/// What is wrong with statement `at` although each of its fields is right by itself. `outside`: the environment runs
/// it.
using CheckStatement = std::optional<StatementFault> (*)(const Case& program, std::uint32_t at, bool outside);
std::optional<StatementFault> nothing_more_to_check(const Case& program, std::uint32_t at, bool outside);

/// A way to spell a statement in Python. In the pattern `{key}` stands for the field `key`, `{*key}` for a list of
/// names. A keyword argument of which the value is a field that has its default is left out. A pattern of several lines
/// stands for statements one after the other; one that ends in a colon is the head of a block, and the statement's body
/// follows.
struct PythonForm {
    std::string_view pattern;
    /// A flag that is true in this form, and false in those that neither say this nor have the field.
    std::string_view sets{};
    /// Whether the task that it makes gets a task status.
    bool gives_status = false;
};

/// How a statement is spelled in Python: it is printed in the first form that has room for all its fields, and read in
/// any. A block of several parts has none: its syntax is that of `try`.
class PythonForms {
public:
    static constexpr std::size_t kMost = 9;

    consteval PythonForms(std::initializer_list<PythonForm> forms) : count_(forms.size()) {
        if (forms.size() > kMost) throw "too many forms";
        std::copy(forms.begin(), forms.end(), forms_.begin());
    }
    constexpr const PythonForm* begin() const { return forms_.data(); }
    constexpr const PythonForm* end() const { return forms_.data() + count_; }

private:
    std::array<PythonForm, kMost> forms_{};
    std::size_t count_;
};

/// How it runs. What it leads to is a Poll: it gives way, or raises, or (returned) the body goes on.
struct Execution {
    /// A task's body has come to it.
    Required<sim::Poll (*)(Body& body, Interpreter& run, model::Task& task, const Statement& statement)> execute;
    /// What is left of it when the wait that `execute`, or the end of its block, began is over.
    Required<sim::Poll (*)(Body& body, Interpreter& run, model::Task& task, const Statement& statement,
                           sim::Resume with)>
        resume;
    /// The environment (`task` is null), or a task, runs statement `at`, which never waits: what it raises, or null.
    /// Null: the environment cannot run it.
    Required<sim::Error* (*)(Interpreter& run, std::uint32_t at, model::Task* task)> outside;
};

/// How often each profile of the generator draws the statement, of kDraws (generator.cpp) draws. A new statement has no
/// weight in an old profile: the cases that a seed makes there stay the same.
struct Weights {
    std::uint8_t blocks = 0;
    std::uint8_t misuse = 0;
    std::uint8_t start = 0;
    std::uint8_t objects = 0;
    std::uint8_t native = 0;
};

struct Generation {
    Required<Weights> weights;
    /// Writes one, or something around one; null only where no profile draws it.
    Required<void (*)(ProgramBuilder& builder)> write;
    /// Whether that nests deeper: a program that is deep already has a wait in its place.
    Required<bool> nests;
};

/// How the shrinker sees it.
struct Shrinking {
    /// How large it is. Only differences matter, between statements of which one can take the other's place.
    Required<int> weight;
    /// Puts something simpler in its place, one way each; false where that does not apply. The most promising first; at
    /// most kMostSimpler.
    Required<std::span<bool (*const)(Statement& statement)>> simpler;
};
inline constexpr std::size_t kMostSimpler = 2;

/// Its place in the alphabet of small cases (scenarios/generate/small_scope.h).
struct SmallScope {
    /// When it is offered, among the statements that may come next.
    enum class Turn : std::uint8_t { wait, deed, by_hand, block, task, never };
    Required<Turn> turn;
    /// Has `cases` go on with each form of it that makes sense in `scene`; null where its turn never comes.
    Required<void (*)(SmallCases& cases, const SmallScene& scene)> offer;
    /// Whether it awaits something where it begins or ends, whatever is in it.
    Required<bool> awaits;
    /// Whether nothing that follows it in its block ever runs.
    Required<bool> ends_block;
};

/// What reports say of it.
struct Telling {
    /// Whether it is told when it begins; others are told when they wait, enter, raise.
    Required<bool> at_once;
    /// Of a task that waits in it: `parked in sleep`; empty where no task can.
    Required<std::string_view> waiting;
    /// What it enters, or waits at the end of: `scope`, `group`; empty: nothing.
    Required<std::string_view> thing;
    /// Whether it leaves that by hand.
    Required<bool> leaves_by_hand;
    /// Whether its line says how it ends, as long as it ends as it should.
    Required<bool> ends_as_said;
    /// Why a scope is cancelled while a task is in it, where that is not what the statement is for: before it has
    /// waited, and after. To follow `cancels s0`.
    Required<std::string_view> cancels_before_wait;
    Required<std::string_view> cancels_after_wait;
};
/// What most need.
constexpr Telling told_at_once(std::string_view waiting) {
    return {.at_once = true,
            .waiting = waiting,
            .thing = "",
            .leaves_by_hand = false,
            .ends_as_said = false,
            .cancels_before_wait = "",
            .cancels_after_wait = ""};
}
inline constexpr Telling kToldAtOnce = told_at_once("");
constexpr Telling told_later(std::string_view waiting, std::string_view thing = "") {
    return {.at_once = false,
            .waiting = waiting,
            .thing = thing,
            .leaves_by_hand = false,
            .ends_as_said = false,
            .cancels_before_wait = "",
            .cancels_after_wait = ""};
}

/// Whether anyio's manual calls the await of a statement a checkpoint; CONTRACTS.md has the source of each exception.
enum class Checkpoint : std::uint8_t {
    none,  ///< it does not, or the statement does not await
    always,
    if_cancelled,  ///< where the task is effectively cancelled
};

struct StatementType {
    Required<std::string_view> name;  ///< its `op`, as CASES.md spells it
    Required<Fields> fields;
    Required<CheckStatement> check;
    Required<PythonForms> python;
    Required<Execution> execution;
    Required<Generation> generation;
    Required<Shrinking> shrinking;
    Required<SmallScope> small_scope;
    Required<Checkpoint> checkpoint;
    Required<Telling> telling;

    bool is_block() const { return fields->parts() != 0; }
    bool allowed_outside() const { return *execution->outside != nullptr; }
};

/// By Op. Defined beside the statements.
extern const std::array<const StatementType*, kOps> kStatementTypes;
inline const StatementType& type_of(Op op) { return *kStatementTypes[static_cast<std::size_t>(op)]; }

/// The parts of a block: each a list of statements [begin, end), counted from the block's own statement. Of those that
/// it does not have, and of statements that are no blocks, begin equals end.
struct Part {
    std::uint32_t begin;
    std::uint32_t end;
};
struct Parts {
    Part body;
    Part handler;
    Part finally;
};
Parts parts_of(const Statement& statement);

/// Calls `visit(field, name)` for each name in a statement of `program`, which may be const.
template <class Program, class StatementOrConst, class Visit>
void for_each_name_in(Program& program, StatementOrConst& statement, Visit visit) {
    for (const Field& field : *type_of(statement.op).fields) {
        if (field.kind == FieldKind::name) {
            auto& name = field.slot == Slot::task ? statement.task : statement.name;
            if (name != kNoName) visit(field, name);
        } else if (field.kind == FieldKind::names) {
            for (std::uint32_t i = 0; i < statement.finally; ++i) visit(field, program.lists[statement.handler + i]);
        }
    }
}

}  // namespace cancelsim::scenarios
