#include "scenarios/program/python/python_syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scenarios/program/python/expression_parser.h"

namespace cancelsim::scenarios {

namespace {

using StatementKind = PythonStatementKind;

class Parser {
public:
    Parser(PythonTokens tokens, std::string_view file_name)
        : head_(std::move(tokens.head)), reader_(std::move(tokens.tokens), file_name) {}

    PythonModule run() {
        PythonModule module;
        while (!reader_.at(PythonTokenKind::end)) {
            if (reader_.at(PythonTokenKind::indent)) reader_.fail("this line is indented further than the one above");
            module.statements.push_back(statement(1));
        }
        module.head = std::move(head_);
        module.last_line = reader_.line();
        return module;
    }

private:
    PythonStatement statement(std::size_t level) {
        if (reader_.at("@") || reader_.at("async") || reader_.at("def")) return def_or_async(level);
        if (reader_.at("if")) return if_statement(level);
        if (reader_.at("for")) return for_statement(level);
        if (reader_.at("with")) return with_statement(level);
        if (reader_.at("try")) return try_statement(level);
        PythonStatement simple = simple_statement();
        reader_.expect(PythonTokenKind::newline);
        return simple;
    }

    PythonStatement begin(StatementKind kind) const {
        PythonStatement statement;
        statement.kind = kind;
        statement.line = reader_.line();
        return statement;
    }

    PythonStatement simple_statement() {
        if (reader_.at("import")) return import_statement();
        if (reader_.at("pass")) {
            PythonStatement pass = begin(StatementKind::pass);
            reader_.next();
            return pass;
        }
        if (reader_.at("raise")) return raise_statement();
        refuse_keyword();
        PythonStatement statement = begin(StatementKind::expression);
        statement.value = reader_.expression();
        if (!reader_.take("=")) return statement;
        statement.kind = StatementKind::assign;
        check_target(*statement.value);
        statement.target = std::exchange(statement.value, reader_.expression());
        return statement;
    }

    /// Names the keyword that begins a statement of Python, but none of the case language.
    void refuse_keyword() const {
        const PythonToken& token = reader_.here();
        const bool begins_expression =
            reader_.at("await") || reader_.at("not") || reader_.at("None") || reader_.at("True") || reader_.at("False");
        if (token.kind == PythonTokenKind::name && is_python_keyword(token.text) && !begins_expression)
            reader_.refuse();
    }

    void check_target(const PythonExpression& target) const {
        const bool good = target.kind == PythonExpressionKind::name || target.kind == PythonExpressionKind::attribute ||
                          target.kind == PythonExpressionKind::subscript;
        if (!good) reader_.fail_at(target.line, "only a name or an attribute can be assigned to in the case language");
    }

    PythonStatement import_statement() {
        PythonStatement statement = begin(StatementKind::import);
        reader_.next();
        statement.text = reader_.identifier();
        while (reader_.take(".")) statement.text += "." + reader_.identifier();
        return statement;
    }

    PythonStatement raise_statement() {
        PythonStatement statement = begin(StatementKind::raise);
        reader_.next();
        if (!reader_.at(PythonTokenKind::newline)) statement.value = reader_.expression();
        return statement;
    }

    PythonStatement if_statement(std::size_t level) {
        PythonStatement statement = begin(StatementKind::if_);
        reader_.next();
        statement.value = reader_.expression();
        statement.body = suite(level);
        return statement;
    }

    PythonStatement for_statement(std::size_t level) {
        PythonStatement statement = begin(StatementKind::for_);
        reader_.next();
        statement.target = reader_.expression();
        check_target(*statement.target);
        reader_.expect("in");
        statement.value = reader_.expression();
        statement.body = suite(level);
        return statement;
    }

    PythonStatement with_statement(std::size_t level) {
        PythonStatement statement = begin(StatementKind::with);
        reader_.next();
        statement.value = reader_.expression();
        if (reader_.take("as")) {
            statement.target = reader_.expression();
            check_target(*statement.target);
        }
        if (reader_.at(",")) reader_.fail("a `with` of several items is not part of the case language");
        statement.body = suite(level);
        return statement;
    }

    PythonStatement try_statement(std::size_t level) {
        PythonStatement statement = begin(StatementKind::try_);
        reader_.next();
        statement.body = suite(level);
        if (reader_.at("except")) {
            PythonExcept& except = statement.except.emplace();
            except.line = reader_.line();
            reader_.next();
            if (reader_.at("*")) reader_.fail("`except*` is not part of the case language");
            if (!reader_.at(":")) except.value = reader_.expression();
            except.body = suite(level);
            if (reader_.at("except")) reader_.fail("a second `except` is not part of the case language");
        }
        if (reader_.take("finally")) statement.finally = suite(level);
        if (!statement.except && !statement.finally) reader_.fail("a `try` needs an `except` or a `finally`");
        return statement;
    }

    PythonStatement def_or_async(std::size_t level) {
        std::vector<PythonExpression> decorators;
        while (reader_.take("@")) {
            decorators.push_back(reader_.expression());
            reader_.expect(PythonTokenKind::newline);
        }
        const bool is_async = reader_.take("async");
        if (is_async && decorators.empty() && reader_.at("with")) {
            PythonStatement statement = with_statement(level);
            statement.is_async = true;
            return statement;
        }
        if (!reader_.at("def")) {
            if (!decorators.empty()) reader_.fail("only a function can have a decorator in the case language");
            reader_.fail(fmt::format("`async {}` is not part of the case language", reader_.here().text));
        }
        PythonStatement statement = begin(StatementKind::def);
        statement.is_async = is_async;
        statement.decorators = std::move(decorators);
        reader_.next();
        statement.text = reader_.identifier();
        statement.parameters = parameters();
        statement.body = suite(level);
        return statement;
    }

    std::vector<PythonParameter> parameters() {
        std::vector<PythonParameter> result;
        bool by_keyword_only = false;
        reader_.expect("(");
        while (!reader_.take(")")) {
            if (!by_keyword_only && reader_.take("*")) {
                by_keyword_only = true;
            } else {
                PythonParameter& parameter = result.emplace_back();
                parameter.name = reader_.identifier();
                parameter.by_keyword_only = by_keyword_only;
                if (reader_.take("=")) parameter.value = reader_.expression();
            }
            if (!reader_.at(")")) reader_.expect(",");
        }
        return result;
    }

    std::vector<PythonStatement> suite(std::size_t level) {
        reader_.expect(":");
        std::vector<PythonStatement> body;
        if (!reader_.at(PythonTokenKind::newline)) {
            body.push_back(simple_statement());
            reader_.expect(PythonTokenKind::newline);
            return body;
        }
        reader_.next();
        if (!reader_.at(PythonTokenKind::indent)) reader_.fail("a block has no statement: `pass` is one");
        if (level == kMostPythonLevels)
            reader_.fail(fmt::format("blocks are nested more than {} deep", kMostPythonLevels));
        reader_.next();
        while (!reader_.at(PythonTokenKind::dedent)) {
            if (reader_.at(PythonTokenKind::indent)) reader_.fail("this line is indented further than the one above");
            body.push_back(statement(level + 1));
        }
        reader_.next();
        return body;
    }

    std::vector<PythonComment> head_;
    PythonTokenReader reader_;
};

}  // namespace

PythonModule parse_python_syntax(std::string_view text, std::string_view file_name) {
    return Parser(python_tokens(text, file_name), file_name).run();
}

}  // namespace cancelsim::scenarios
