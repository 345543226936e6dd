// Expressions of the Python notation of cases, read from tokens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/program/python/python_syntax.h"

namespace cancelsim::scenarios {

/// Reads tokens one after the other. What it throws are CaseErrors that name a line.
class PythonTokenReader {
public:
    /// The last token is the `end`. The file's name is for errors, and outlives the reader.
    PythonTokenReader(std::vector<PythonToken> tokens, std::string_view file_name);

    const PythonToken& here() const { return tokens_[at_]; }
    std::uint32_t line() const { return here().line; }
    bool at(PythonTokenKind kind) const { return here().kind == kind; }
    /// Whether a keyword or symbol is next.
    bool at(std::string_view word) const;
    /// Goes on by one token; stays at the `end`.
    void next();
    /// Goes on past this keyword or symbol, if it is next.
    bool take(std::string_view word);
    void expect(std::string_view word);
    void expect(PythonTokenKind kind);
    /// Goes on past a name that is no keyword.
    std::string identifier();
    /// Goes on past an expression.
    PythonExpression expression();

    [[noreturn]] void fail(std::string_view what) const;
    [[noreturn]] void fail_at(std::uint32_t line, std::string_view what) const;
    /// Fails because the language has no such thing as the next token here.
    [[noreturn]] void refuse() const;

private:
    PythonExpression sum(std::size_t level);
    PythonExpression unary(std::size_t level);
    PythonExpression primary(std::size_t level);
    PythonExpression atom(std::size_t level);
    PythonExpression in_brackets(std::size_t level);
    void arguments(PythonExpression& call, std::size_t level);
    PythonExpression leaf(PythonExpressionKind kind);
    PythonExpression around(PythonExpressionKind kind, std::uint32_t line, PythonExpression operand) const;
    void add_operand(PythonExpression& expression, PythonExpression operand) const;
    std::string shown() const;

    std::vector<PythonToken> tokens_;
    std::size_t at_ = 0;
    std::string_view file_name_;
};

}  // namespace cancelsim::scenarios
