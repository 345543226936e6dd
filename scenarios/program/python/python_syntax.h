// The syntax of the Python notation of cases: a subset of Python 3.11, without any meaning yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/program/python/python_tokens.h"

namespace cancelsim::scenarios {

/// How deep blocks, and expressions, may be nested. Walks over a tree may recurse this far.
inline constexpr std::size_t kMostPythonLevels = 70;
inline constexpr std::size_t kMostExpressionLevels = 24;

enum class PythonExpressionKind : std::uint8_t {
    name,       ///< `text`
    attribute,  ///< operands[0] `.` text
    subscript,  ///< operands[0] `[` operands[1] `]`
    call,       ///< operands[0] `(` the others: by position, then `keywords` `)`
    number,
    string,  ///< `text` is its value
    none,
    true_,
    false_,
    negative,  ///< `-` operands[0]
    plus,      ///< operands[0] `+` operands[1]
    minus,
    not_,
    equal,  ///< operands[0] `==` operands[1]
    await,
    tuple,
    list,
};

struct PythonExpression {
    PythonExpressionKind kind = PythonExpressionKind::none;
    std::uint32_t line = 0;
    std::size_t levels = 1;  ///< of the tree: an operand alone is 1
    std::int64_t number = 0;
    std::string text;
    std::vector<PythonExpression> operands;
    std::vector<std::string> keywords;  ///< of a call: the names of its last arguments
};

enum class PythonStatementKind : std::uint8_t {
    import,  ///< `text`, perhaps with dots
    pass,
    expression,  ///< `value`
    assign,      ///< `target` = `value`
    raise,       ///< `value`, if there is one
    if_,         ///< `value`: `body`
    for_,        ///< `target` in `value`: `body`
    with,        ///< `value` as `target`, if there is one: `body`
    try_,        ///< `body`, `except`, `finally`
    def,         ///< `text`, with `parameters` and `decorators`: `body`
};

struct PythonStatement;

/// `except value: body`; `value` is missing in a bare `except:`.
struct PythonExcept {
    std::uint32_t line = 0;
    std::optional<PythonExpression> value;
    std::vector<PythonStatement> body;
};

struct PythonParameter {
    std::string name;
    bool by_keyword_only = false;
    std::optional<PythonExpression> value;  ///< the default
};

struct PythonStatement {
    PythonStatementKind kind = PythonStatementKind::pass;
    std::uint32_t line = 0;
    bool is_async = false;  ///< of `with` and `def`
    std::string text;
    std::optional<PythonExpression> target;
    std::optional<PythonExpression> value;
    std::vector<PythonParameter> parameters;
    std::vector<PythonExpression> decorators;
    std::vector<PythonStatement> body;
    std::optional<PythonExcept> except;
    std::optional<std::vector<PythonStatement>> finally;
};

struct PythonModule {
    std::vector<PythonComment> head;  ///< the comments above the first statement
    std::vector<PythonStatement> statements;
    std::uint32_t last_line = 1;
};

/// The program that the text is. Any bytes do: what is no program of the subset throws the CaseError
/// `FILE:LINE: WHAT`, which names the construct. Source: the Python 3.11 grammar, Grammar/python.gram.
PythonModule parse_python_syntax(std::string_view text, std::string_view file_name);

}  // namespace cancelsim::scenarios
