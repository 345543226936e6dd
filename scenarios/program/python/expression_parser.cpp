#include "scenarios/program/python/expression_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace cancelsim::scenarios {

namespace {

using Kind = PythonExpressionKind;

/// Symbols and keywords that go on with an expression in Python, but not in the language.
constexpr std::string_view kGoesOn[] = {
    "*",  "/",  "//", "%",  "@",   "**",  "<<", ">>", "&",  "|",   "^",      "<",   ">",
    "==", ">=", "<=", "!=", ":=",  "and", "or", "is", "if", "not", "lambda", "->",  ";",
    "+=", "-=", "*=", "/=", "//=", "%=",  "@=", "&=", "|=", "^=",  ">>=",    "<<=", "**="};

}  // namespace

PythonTokenReader::PythonTokenReader(std::vector<PythonToken> tokens, std::string_view file_name)
    : tokens_(std::move(tokens)), file_name_(file_name) {
    assert(!tokens_.empty() && tokens_.back().kind == PythonTokenKind::end);
}

bool PythonTokenReader::at(std::string_view word) const {
    const PythonToken& token = here();
    const bool spelled = token.kind == PythonTokenKind::name || token.kind == PythonTokenKind::symbol;
    return spelled && token.text == word;
}

void PythonTokenReader::next() {
    if (at_ + 1 < tokens_.size()) ++at_;
}

bool PythonTokenReader::take(std::string_view word) {
    if (!at(word)) return false;
    next();
    return true;
}

void PythonTokenReader::expect(std::string_view word) {
    if (!take(word)) fail(fmt::format("expected `{}`, got {}", word, shown()));
}

void PythonTokenReader::expect(PythonTokenKind kind) {
    assert(kind == PythonTokenKind::newline);
    // What may not go on here is an operator or a keyword that the language does not have, or a statement too many.
    if (!at(kind)) fail(fmt::format("expected the end of the line, got {}", shown()));
    next();
}

std::string PythonTokenReader::identifier() {
    if (!at(PythonTokenKind::name) || is_python_keyword(here().text))
        fail(fmt::format("expected a name, got {}", shown()));
    std::string name = here().text;
    next();
    return name;
}

PythonExpression PythonTokenReader::expression() {
    PythonExpression result = sum(0);
    if (take("==")) {
        result = around(Kind::equal, result.line, std::move(result));
        add_operand(result, sum(0));
    }
    const PythonToken& token = here();
    const bool spelled = token.kind == PythonTokenKind::name || token.kind == PythonTokenKind::symbol;
    if (spelled && std::find(std::begin(kGoesOn), std::end(kGoesOn), token.text) != std::end(kGoesOn)) refuse();
    return result;
}

void PythonTokenReader::fail(std::string_view what) const { fail_at(line(), what); }
void PythonTokenReader::fail_at(std::uint32_t line, std::string_view what) const {
    fail_python(file_name_, line, what);
}
void PythonTokenReader::refuse() const { fail(fmt::format("`{}` is not part of the case language", here().text)); }

PythonExpression PythonTokenReader::leaf(PythonExpressionKind kind) {
    PythonExpression result;
    result.kind = kind;
    result.line = line();
    result.number = here().number;
    if (kind == Kind::name || kind == Kind::string) result.text = here().text;
    next();
    return result;
}

void PythonTokenReader::add_operand(PythonExpression& expression, PythonExpression operand) const {
    expression.levels = std::max(expression.levels, operand.levels + 1);
    if (expression.levels > kMostExpressionLevels)
        fail_at(expression.line, fmt::format("an expression is nested more than {} deep", kMostExpressionLevels));
    expression.operands.push_back(std::move(operand));
}

PythonExpression PythonTokenReader::around(PythonExpressionKind kind, std::uint32_t line,
                                           PythonExpression operand) const {
    PythonExpression result;
    result.kind = kind;
    result.line = line;
    add_operand(result, std::move(operand));
    return result;
}

PythonExpression PythonTokenReader::sum(std::size_t level) {
    if (level > kMostExpressionLevels)
        fail(fmt::format("an expression is nested more than {} deep", kMostExpressionLevels));
    const std::uint32_t begin = line();
    if (take("not")) return around(Kind::not_, begin, sum(level + 1));
    PythonExpression result = unary(level);
    while (at("+") || at("-")) {
        const Kind kind = at("+") ? Kind::plus : Kind::minus;
        next();
        result = around(kind, result.line, std::move(result));
        add_operand(result, unary(level));
    }
    return result;
}

PythonExpression PythonTokenReader::unary(std::size_t level) {
    const std::uint32_t begin = line();
    if (level > kMostExpressionLevels)
        fail(fmt::format("an expression is nested more than {} deep", kMostExpressionLevels));
    if (take("-")) return around(Kind::negative, begin, unary(level + 1));
    if (take("await")) return around(Kind::await, begin, primary(level + 1));
    return primary(level);
}

PythonExpression PythonTokenReader::primary(std::size_t level) {
    PythonExpression result = atom(level);
    for (;;) {
        const std::uint32_t begin = result.line;
        if (take(".")) {
            result = around(Kind::attribute, begin, std::move(result));
            result.text = identifier();
        } else if (take("[")) {
            result = around(Kind::subscript, begin, std::move(result));
            add_operand(result, sum(level + 1));
            expect("]");
        } else if (take("(")) {
            result = around(Kind::call, begin, std::move(result));
            arguments(result, level + 1);
        } else {
            return result;
        }
    }
}

void PythonTokenReader::arguments(PythonExpression& call, std::size_t level) {
    while (!take(")")) {
        if (at("*") || at("**")) refuse();
        const std::uint32_t begin = line();
        PythonExpression argument = sum(level);
        if (at("=") && argument.kind == Kind::name) {
            next();
            const auto& known = call.keywords;
            if (std::find(known.begin(), known.end(), argument.text) != known.end())
                fail_at(begin, fmt::format("the argument `{}` is given twice", argument.text));
            call.keywords.push_back(argument.text);
            argument = sum(level);
        } else if (!call.keywords.empty()) {
            fail_at(begin, "an argument by position comes before those by keyword");
        }
        add_operand(call, std::move(argument));
        if (!at(")")) expect(",");
    }
}

PythonExpression PythonTokenReader::atom(std::size_t level) {
    if (at(PythonTokenKind::number)) return leaf(Kind::number);
    if (at(PythonTokenKind::string)) {
        PythonExpression string = leaf(Kind::string);
        if (at(PythonTokenKind::string)) fail("strings side by side are not part of the case language");
        return string;
    }
    if (at("None")) return leaf(Kind::none);
    if (at("True")) return leaf(Kind::true_);
    if (at("False")) return leaf(Kind::false_);
    if (at("(") || at("[")) return in_brackets(level);
    if (at(PythonTokenKind::name) && !is_python_keyword(here().text)) return leaf(Kind::name);
    if (at(PythonTokenKind::name) || at(PythonTokenKind::symbol)) refuse();
    fail(fmt::format("expected an expression, got {}", shown()));
}

/// One expression in parentheses is that expression; none or several, or one with a comma, a tuple.
PythonExpression PythonTokenReader::in_brackets(std::size_t level) {
    const bool is_list = at("[");
    const std::string_view closing = is_list ? "]" : ")";
    PythonExpression result;
    result.kind = is_list ? Kind::list : Kind::tuple;
    result.line = line();
    next();
    bool comma = false;
    while (!take(closing)) {
        if (at("*")) refuse();
        add_operand(result, sum(level + 1));
        if (at("for")) refuse();
        if (at(closing)) continue;
        expect(",");
        comma = true;
    }
    if (is_list || comma || result.operands.size() != 1) return result;
    PythonExpression inside = std::move(result.operands[0]);
    return inside;
}

std::string PythonTokenReader::shown() const {
    switch (here().kind) {
        case PythonTokenKind::name:
        case PythonTokenKind::symbol: return fmt::format("`{:.40}`", here().text);
        case PythonTokenKind::number: return here().text;
        case PythonTokenKind::string: return "a string";
        case PythonTokenKind::newline: return "the end of the line";
        case PythonTokenKind::indent: return "an indented block";
        case PythonTokenKind::dedent: return "the end of the block";
        case PythonTokenKind::end: return "the end of the program";
    }
    return {};
}

}  // namespace cancelsim::scenarios
