// A case: a small concurrent program written as data. CASES.md is its definition.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/program/object.h"
#include "scenarios/program/op.h"

namespace cancelsim::scenarios {

enum class Catch : std::uint8_t { none, cancelled, error, all };
enum class Then : std::uint8_t { swallow, reraise, raise_cancelled };

/// Absolute values of numbers in a case are below this.
inline constexpr std::int64_t kNumberLimit = std::int64_t{1} << 40;
constexpr bool in_range(std::int64_t number) { return number > -kNumberLimit && number < kNumberLimit; }

/// The number of no statement.
inline constexpr std::uint32_t kNoStatement = UINT32_MAX;

/// One statement. Its subtree follows it in Case::statements: `body`, then `handler`, then
/// `finally`.
struct Statement {
    Op op = Op::checkpoint;
    Catch catches = Catch::none;    ///< of `try`: `catch`
    Then then = Then::swallow;      ///< of `try`
    bool flag : 1 = false;          ///< `shield` of scope, fail_after, enter; `value` of set_shield
    bool has_number : 1 = false;    ///< scope and enter: there is a `deadline`; set_deadline: `in` is not null
    bool cancel_first : 1 = false;  ///< of `scope`
    bool has_finally : 1 = false;   ///< of `try`: there is a `finally`, even if it is empty
    std::uint8_t word : 4 = 0;      ///< of a statement that has one: which of the words that it can have
    std::uint32_t size = 1;         ///< statements in its subtree, itself included
    /// Of `try`: where `handler` begins, counted from the statement; ends the body. Of a statement with a list of
    /// names: where that begins in Case::lists.
    std::uint32_t handler = 1;
    /// Of `try`: where `finally` begins, counted from the statement; ends the handler. Of a statement with a list of
    /// names: how many there are.
    std::uint32_t finally = 1;
    /// The scope, group, event, future, task or error that it names; of `note` its text. Of `spawn`
    /// and `start` the group.
    Name name = kNoName;
    Name task = kNoName;      ///< of spawn, start, spawn_detached: the task
    std::int64_t number = 0;  ///< `for`, `delay`, `deadline`, `in`, `times`

    bool operator==(const Statement&) const = default;
};
static_assert(sizeof(Statement) == 32);  // two a cache line: a run of many tasks waits for memory

/// What the outside world does at one moment.
struct EnvironmentEntry {
    bool at_iteration = false;  ///< `when` is `at_iteration`, not `at`
    std::int64_t when = 0;
    std::uint32_t begin = 0;  ///< its `do`: statements [begin, end)
    std::uint32_t end = 0;

    bool operator==(const EnvironmentEntry&) const = default;
};

inline constexpr std::int64_t kDefaultBudget = 2000;

struct Case {
    std::string name;
    /// In preorder: `main`, then the `do` of each environment entry. A statement's index here is
    /// its number in traces.
    std::vector<Statement> statements;
    std::uint32_t main_end = 0;  ///< `main` is statements [0, main_end)
    std::vector<EnvironmentEntry> environment;
    std::vector<Name> stubborn;       ///< the futures with `"stubborn": true`
    std::vector<Name> plain_futures;  ///< the futures listed with no, or false, properties: kept for writing back
    std::vector<Name> lists;          ///< the lists of names that statements have, in the order of the statements
    std::int64_t budget = kDefaultBudget;
    /// In the order of the case; nothing where the case has no key `objects`.
    std::optional<std::vector<ObjectSpec>> objects;
    /// All names and texts; one entry a distinct string, whatever it names.
    std::vector<std::string> names;

    /// The number of `text` in `names`, added if need be.
    Name intern(std::string_view text);
    /// The list of names that `statement`, one of this case that has one, has.
    std::span<const Name> list_of(const Statement& statement) const {
        return std::span(lists).subspan(statement.handler, statement.finally);
    }

    /// The objects that are listed.
    std::span<const ObjectSpec> object_list() const {
        return objects ? std::span<const ObjectSpec>(*objects) : std::span<const ObjectSpec>();
    }
    /// The object that is listed under `object`, or null.
    const ObjectSpec* find_object(Name object) const;

    bool operator==(const Case&) const = default;
};

/// `sleep`, `try` ...: as CASES.md spells it.
std::string_view name_of(Op op);

/// Whether a statement has a `body`.
bool is_block(Op op);
/// Whether the case enters or leaves scopes or groups by hand.
bool has_misuse(const Case& program);

}  // namespace cancelsim::scenarios
