#include "scenarios/program/python/python_text.h"

#include <fmt/format.h>

namespace cancelsim::scenarios {

namespace {

class Writer {
public:
    explicit Writer(const SubstitutePythonName& substitute) : substitute_(substitute) {}

    std::string expression(const PythonExpression& value) const {
        switch (value.kind) {
            case PythonExpressionKind::name: {
                const auto instead = substituted(value);
                return instead ? instead->text : value.text;
            }
            case PythonExpressionKind::attribute: return expression(value.operands[0]) + "." + value.text;
            case PythonExpressionKind::subscript:
                return fmt::format("{}[{}]", expression(value.operands[0]), expression(value.operands[1]));
            case PythonExpressionKind::call: return expression(value.operands[0]) + "(" + arguments(value, 1) + ")";
            case PythonExpressionKind::number: return std::to_string(value.number);
            case PythonExpressionKind::string: return python_quoted(value.text);
            case PythonExpressionKind::none: return "None";
            case PythonExpressionKind::true_: return "True";
            case PythonExpressionKind::false_: return "False";
            case PythonExpressionKind::negative: return "-" + expression(value.operands[0]);
            case PythonExpressionKind::plus: return sum(value);
            case PythonExpressionKind::minus:
                return fmt::format("{} - {}", expression(value.operands[0]), expression(value.operands[1]));
            case PythonExpressionKind::equal:
                return fmt::format("{} == {}", expression(value.operands[0]), expression(value.operands[1]));
            case PythonExpressionKind::not_: return "not " + expression(value.operands[0]);
            case PythonExpressionKind::await: return "await " + expression(value.operands[0]);
            case PythonExpressionKind::tuple:
                return fmt::format("({}{})", arguments(value, 0), value.operands.size() == 1 ? "," : "");
            case PythonExpressionKind::list: return "[" + arguments(value, 0) + "]";
        }
        return {};
    }

    std::string statement(const PythonStatement& value) const {
        switch (value.kind) {
            case PythonStatementKind::import: return "import " + value.text;
            case PythonStatementKind::pass: return "pass";
            case PythonStatementKind::expression: return expression(*value.value);
            case PythonStatementKind::assign:
                return fmt::format("{} = {}", expression(*value.target), expression(*value.value));
            case PythonStatementKind::raise: return value.value ? "raise " + expression(*value.value) : "raise";
            case PythonStatementKind::if_:
                return fmt::format("if {}: {}", expression(*value.value),
                                   value.body.size() == 1 ? statement(value.body[0]) : "...");
            case PythonStatementKind::for_:
                return fmt::format("for {} in {}:", expression(*value.target), expression(*value.value));
            case PythonStatementKind::with:
                return fmt::format("{}with {}{}:", value.is_async ? "async " : "", expression(*value.value),
                                   value.target ? " as " + expression(*value.target) : "");
            case PythonStatementKind::try_: return "try:";
            case PythonStatementKind::def:
                return fmt::format("{}def {}():", value.is_async ? "async " : "", value.text);
        }
        return {};
    }

private:
    std::optional<PythonSubstitute> substituted(const PythonExpression& name) const {
        return substitute_ ? substitute_(name) : std::nullopt;
    }

    std::string sum(const PythonExpression& value) const {
        std::string left = expression(value.operands[0]);
        std::string right = expression(value.operands[1]);
        if (value.operands[1].kind == PythonExpressionKind::name && substituted(value.operands[1])) {
            if (right == "0") return left;
            if (right[0] == '-') return fmt::format("{} - {}", left, right.substr(1));
        }
        return fmt::format("{} + {}", left, right);
    }

    std::string arguments(const PythonExpression& value, std::size_t begin) const {
        std::string text;
        const std::size_t count = value.operands.size();
        const std::size_t first_keyword = count - value.keywords.size();
        for (std::size_t i = begin; i < count; ++i) {
            const PythonExpression& argument = value.operands[i];
            if (argument.kind == PythonExpressionKind::name)
                if (const auto instead = substituted(argument); instead && instead->left_out) continue;
            if (!text.empty()) text += ", ";
            if (i >= first_keyword) text += value.keywords[i - first_keyword] + "=";
            text += expression(argument);
        }
        return text;
    }

    const SubstitutePythonName& substitute_;
};

}  // namespace

std::string python_text(const PythonExpression& expression, const SubstitutePythonName& substitute) {
    return Writer(substitute).expression(expression);
}

std::string python_text(const PythonStatement& statement, const SubstitutePythonName& substitute) {
    return Writer(substitute).statement(statement);
}

}  // namespace cancelsim::scenarios
