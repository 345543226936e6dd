// The tokens of a program in the Python notation of cases.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cancelsim::scenarios {

enum class PythonTokenKind : std::uint8_t {
    name,     ///< an identifier or a keyword
    number,   ///< a decimal integer that fits 64 bits
    string,   ///< `text` is its value
    symbol,   ///< an operator or a bracket, as `text` spells it
    newline,  ///< the end of a statement's line
    indent,
    dedent,
    end,  ///< the end of the program, always the last token and there just once
};

struct PythonToken {
    PythonTokenKind kind = PythonTokenKind::end;
    std::uint32_t line = 0;  ///< from 1
    std::int64_t number = 0;
    std::string text;
};

/// A `#` and what follows it in its line.
struct PythonComment {
    std::uint32_t line = 0;
    std::string text;  ///< without the `#` and the blanks around it
};

struct PythonTokens {
    std::vector<PythonToken> tokens;
    std::vector<PythonComment> head;  ///< the comments above the first token
};

/// Throws the CaseError `FILE:LINE: WHAT`.
[[noreturn]] void fail_python(std::string_view file_name, std::uint32_t line, std::string_view what);

/// The tokens of `text`, any bytes at all. Throws CaseError, which names the line, where it is not UTF-8 or not made of
/// tokens that the notation has. Source: the Python 3.11 language reference, "Lexical analysis".
PythonTokens python_tokens(std::string_view text, std::string_view file_name);

/// The text as a Python string literal in ASCII, quotes included. `text` is UTF-8; a byte that is not comes out as
/// U+FFFD.
std::string python_quoted(std::string_view text);

/// Whether a variable may have this name: ASCII, and no keyword.
bool is_python_identifier(std::string_view text);
bool is_python_keyword(std::string_view text);

}  // namespace cancelsim::scenarios
