#include "scenarios/program/python/value_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/program/case_json.h"
#include "scenarios/program/python/python_names.h"
#include "scenarios/program/python/python_text.h"

namespace cancelsim::scenarios {

namespace {

using Kind = PythonExpressionKind;

constexpr std::size_t kMostShown = 60;

std::string shown(const PythonExpression& value) { return shortened(python_text(value)); }

}  // namespace

bool is_text(const PythonExpression& value, std::string_view text) { return python_text(value) == text; }

std::string shortened(std::string text) {
    return text.size() <= kMostShown ? text : text.substr(0, kMostShown - 3) + "...";
}

void PythonValues::fail(std::uint32_t line, std::string_view what) const { fail_python(file_name_, line, what); }

std::string PythonValues::quoted_name(const PythonExpression& value) const {
    if (value.kind != Kind::string || !is_name(value.text))
        fail(value.line, fmt::format("expected {} in quotes, got {}", kNameRule, shown(value)));
    return value.text;
}

bool PythonValues::flag(const PythonExpression& value) const {
    if (value.kind != Kind::true_ && value.kind != Kind::false_)
        fail(value.line, fmt::format("expected True or False, got {}", shown(value)));
    return value.kind == Kind::true_;
}

std::string PythonValues::text_in(const Field& field, const PythonExpression& value) const {
    const bool name = field.names != NameKind::text;
    const bool reserved = field.names == NameKind::error && std::find(kReservedErrors.begin(), kReservedErrors.end(),
                                                                      value.text) != kReservedErrors.end();
    if (value.kind != Kind::string || (name && (!is_name(value.text) || reserved)))
        fail(value.line, fmt::format("expected {}, got {}", expected_of(field), shown(value)));
    return value.text;
}

std::int64_t PythonValues::number(const PythonExpression& value, std::int64_t least, bool subtracted) const {
    const bool negative = value.kind == Kind::negative;
    const PythonExpression& digits = negative ? value.operands[0] : value;
    const std::int64_t result = negative != subtracted ? -digits.number : digits.number;
    if (digits.kind != Kind::number || result < least || result >= kNumberLimit)
        fail(value.line, fmt::format("expected an integer from {} to {}, got {}{}", least, kNumberLimit - 1,
                                     subtracted ? "-" : "", shown(value)));
    return result;
}

std::string PythonValues::task_name(const PythonStatement& function) const {
    if (function.decorators.empty()) return function.text;
    const PythonExpression& decorator = function.decorators[0];
    const bool good = function.decorators.size() == 1 && decorator.kind == Kind::call &&
                      is_text(decorator.operands[0], "cancelsim.task") && decorator.operands.size() == 2 &&
                      decorator.keywords.empty();
    if (!good) fail(function.line, "a task's function has no decorator but `@cancelsim.task(NAME)`");
    return quoted_name(decorator.operands[1]);
}

std::pair<std::string_view, std::string> PythonValues::attribute(const PythonExpression& value) const {
    const bool dot = value.kind == Kind::attribute;
    if (!dot && value.kind != Kind::subscript) return {};
    const PythonExpression& owner = value.operands[0];
    const std::string name = dot ? value.text : quoted_name(value.operands[1]);
    std::string_view table;
    if (owner.kind == Kind::attribute && is_text(owner.operands[0], kNamesObject))
        table = owner.text;
    else if (!is_text(owner, kNamesObject))
        return {};
    if (dot && !is_python_attribute(name, table.empty())) return {};
    return {table, name};
}

}  // namespace cancelsim::scenarios
