// Which fields each statement has: the one table behind the reader and the writer of cases.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

/// What a field holds, and so which member of Statement it is.
enum class FieldKind : std::uint8_t {
    none,            ///< no field: fills up a row of the table
    name,            ///< a name: Statement::name
    task,            ///< a name: Statement::task
    error,           ///< a name that no other outcome has: Statement::name
    text,            ///< any string: Statement::name
    number,          ///< Statement::number, at least `least`
    maybe_number,    ///< Statement::number of either sign, if the key is there: Statement::has_number
    number_or_null,  ///< Statement::number of either sign, if it is not null: Statement::has_number
    flag,            ///< Statement::flag
    cancel_first,    ///< Statement::cancel_first
    catches,         ///< one of kCatchNames: Statement::catches
    then,            ///< one of kThenNames: Statement::then
    body,            ///< statements, as are the next two
    handler,
    finally,
};

struct Field {
    std::string_view key;
    FieldKind kind = FieldKind::none;
    bool required = true;
    std::int64_t least = 0;  ///< of a `number`
};

/// The fields of a statement, `op` aside, in the order in which they are written.
std::span<const Field> fields_of(Op op);

/// By Catch; `none` has no spelling: the key is left out.
inline constexpr std::array<std::string_view, 4> kCatchNames{"", "cancelled", "error", "all"};
/// By Then.
inline constexpr std::array<std::string_view, 3> kThenNames{"swallow", "reraise", "raise_cancelled"};

/// Outcomes that an error's name could be taken for.
inline constexpr std::array<std::string_view, 4> kReservedErrors{"ok", "cancelled", "native", "group"};
/// What error messages call a name.
inline constexpr std::string_view kNameRule = "a name of letters, digits, \"_\" and \"-\"";

/// For error messages: what a field holds.
std::string expected_of(const Field& field);
/// For error messages: `"a", "b" or "c"`.
std::string one_of(std::span<const std::string_view> words);

}  // namespace cancelsim::scenarios
