// A statement's operands. A field is how an operand is spelled in JSON, what it may hold, and where in a Statement it
// is kept; the constants that a family declares of it are also how its code gets at the operand.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

/// What a field holds.
enum class FieldKind : std::uint8_t {
    name,            ///< a name of some NameKind, or a note's text
    names,           ///< a list of one or more names
    number,          ///< an integer, at least `least`
    number_or_null,  ///< an integer of either sign, or null: the key itself is always there
    flag,            ///< true or false
    word,            ///< one of `words`
    body,            ///< statements; a block's parts come in this order
    handler,
    finally,
};

/// What a name is of. Only uses of one kind share a meaning: an event and a future of one name have nothing in common.
enum class NameKind : std::uint8_t {
    scope,
    group,
    task,
    event,
    future,
    error,
    object,
    borrower,
    timeout,
    asyncio_group,
    text
};
inline constexpr int kNameKinds = static_cast<int>(NameKind::text) + 1;

/// What a statement does with a name.
enum class NameRole : std::uint8_t {
    uses,
    binds,     ///< the statement makes something and gives it the name
    spawns,    ///< the statement's body is that of a new task of this name
    waits_on,  ///< a task that executes it may wait until somebody answers
    answers,   ///< what waits on the name goes on
};

/// Where in a Statement a field is kept. Two fields of one statement have two places.
enum class Slot : std::uint8_t {
    name,
    task,
    number,
    flag,
    cancel_first,
    catches,
    then,
    word,
    list,
    part,
};

struct Field {
    std::string_view key;
    FieldKind kind;
    Slot slot;
    bool required = true;
    NameKind names = NameKind::text;            ///< of names
    NameRole role = NameRole::uses;             ///< of names
    std::int64_t least = 1 - kNumberLimit;      ///< of numbers
    std::span<const std::string_view> words{};  ///< by value; an empty one is not spelled: the key is left out
    std::string_view beside{};                  ///< a key that must be there where this one is
};

// The kinds of fields, with typed access to what a statement has there.

struct NameField : Field {
    constexpr NameField(std::string_view spelled, NameKind of_kind, NameRole with = NameRole::uses,
                        Slot kept = Slot::name, bool is_required = true)
        : Field{.key = spelled,
                .kind = FieldKind::name,
                .slot = kept,
                .required = is_required,
                .names = of_kind,
                .role = with} {}
    constexpr Name of(const Statement& statement) const { return slot == Slot::task ? statement.task : statement.name; }
};

/// Optional: it may be left out, and then there is none.
struct NumberField : Field {
    constexpr NumberField(std::string_view spelled, std::int64_t at_least, bool is_required = true)
        : Field{.key = spelled,
                .kind = FieldKind::number,
                .slot = Slot::number,
                .required = is_required,
                .least = at_least} {}
    constexpr std::int64_t of(const Statement& statement) const { return statement.number; }
    /// Of one that may be left out.
    constexpr bool is_in(const Statement& statement) const { return statement.has_number; }
};

struct NumberOrNullField : Field {
    explicit constexpr NumberOrNullField(std::string_view spelled)
        : Field{.key = spelled, .kind = FieldKind::number_or_null, .slot = Slot::number} {}
    constexpr bool is_null(const Statement& statement) const { return !statement.has_number; }
    constexpr std::int64_t of(const Statement& statement) const { return statement.number; }
};

/// One that is not required is false where it is left out.
struct FlagField : Field {
    constexpr FlagField(std::string_view spelled, bool is_required, Slot kept = Slot::flag)
        : Field{.key = spelled, .kind = FieldKind::flag, .slot = kept, .required = is_required} {}
    constexpr bool of(const Statement& statement) const {
        return slot == Slot::cancel_first ? statement.cancel_first : statement.flag;
    }
};

/// One that is left out has the first of its words.
struct WordField : Field {
    constexpr WordField(std::string_view spelled, std::span<const std::string_view> by_value, Slot kept = Slot::word,
                        std::string_view needs = {})
        : Field{.key = spelled,
                .kind = FieldKind::word,
                .slot = kept,
                .required = false,
                .words = by_value,
                .beside = needs} {}
};

/// One or more names: Case::lists.
struct NamesField : Field {
    constexpr NamesField(std::string_view spelled, NameKind of_kind)
        : Field{.key = spelled, .kind = FieldKind::names, .slot = Slot::list, .names = of_kind} {}
    std::span<const Name> of(const Case& program, const Statement& statement) const {
        return program.list_of(statement);
    }
};

struct PartField : Field {
    constexpr PartField(std::string_view spelled, FieldKind part, bool is_required, std::string_view needs = {})
        : Field{.key = spelled, .kind = part, .slot = Slot::part, .required = is_required, .beside = needs} {}
};

/// The fields of a statement, `op` aside, in the order in which they are written. A set that makes no sense does not
/// compile.
class Fields {
public:
    static constexpr std::size_t kMost = 6;

    template <class... Kinds>
    consteval explicit Fields(const Kinds&... fields)
        : fields_{static_cast<const Field&>(fields)...}, count_(sizeof...(fields)) {
        for (std::size_t i = 0; i < count_; ++i) {
            const Field& field = fields_[i];
            for (std::size_t k = 0; k < i; ++k) {
                if (fields_[k].key == field.key) throw "a key that is there twice";
                if (fields_[k].slot == field.slot && field.slot != Slot::part) throw "two fields in one place";
            }
            if (field.kind == FieldKind::word && field.words.empty()) throw "no words to choose from";
            if (field.role == NameRole::spawns) spawns_ = true;
            if (field.slot == Slot::list) has_list_ = true;
            if (field.slot == Slot::name) name_role_ = field.role;
            if (field.slot == Slot::part) ++parts_;
            if (field.slot == Slot::part &&
                static_cast<unsigned>(field.kind) != static_cast<unsigned>(FieldKind::body) + parts_ - 1)
                throw "parts that are not body, handler and finally in this order";
        }
        if (parts_ == 2) throw "a handler without a finally";
        if (parts_ == 3 && has_list_) throw "a list is kept where the handler is";
        if (spawns_ && parts_ != 1) throw "a new task without a body";
    }

    constexpr const Field* begin() const { return fields_.data(); }
    constexpr const Field* end() const { return fields_.data() + count_; }
    constexpr std::size_t size() const { return count_; }
    /// How many parts, that is lists of statements, there are: 0, 1, or the three of `try`.
    constexpr std::uint32_t parts() const { return parts_; }
    /// Whether its body is that of a new task.
    constexpr bool spawns() const { return spawns_; }
    constexpr bool has_list() const { return has_list_; }
    /// What it does with its first name.
    constexpr NameRole name_role() const { return name_role_; }

private:
    static constexpr Field kNone{.key = {}, .kind = FieldKind::flag, .slot = Slot::flag};
    std::array<Field, kMost> fields_{kNone, kNone, kNone, kNone, kNone, kNone};
    std::size_t count_ = 0;
    std::uint32_t parts_ = 0;
    bool spawns_ = false;
    bool has_list_ = false;
    NameRole name_role_ = NameRole::uses;
};

// Access by place, for what goes over the fields of any statement.

/// Of a field of one name.
Name& name_at(Statement& statement, Slot slot);
Name name_at(const Statement& statement, Slot slot);
/// Of a flag.
bool flag_at(const Statement& statement, Slot slot);
void set_flag(Statement& statement, Slot slot, bool value);
/// Of a word: which one.
std::uint8_t word_at(const Statement& statement, Slot slot);
void set_word(Statement& statement, Slot slot, std::uint8_t value);

/// Outcomes that an error's name could be taken for.
inline constexpr std::array<std::string_view, 4> kReservedErrors{"ok", "cancelled", "native", "group"};
/// What error messages call a name.
inline constexpr std::string_view kNameRule = "a name of letters, digits, \"_\" and \"-\"";

/// For error messages: what a field holds.
std::string expected_of(const Field& field);
/// For error messages: `"a", "b" or "c"`; an empty word is left out.
std::string one_of(std::span<const std::string_view> words);

}  // namespace cancelsim::scenarios
