#include "scenarios/program/python/python_form.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace cancelsim::scenarios {

namespace {

using Kind = PythonExpressionKind;

// A field is a variable in the pattern's syntax: `{for}` is `hole_for`, `{*tasks}` is `holes_tasks`.
constexpr std::string_view kHole = "hole_";
constexpr std::string_view kHoles = "holes_";

bool is_hole(const PythonExpression& value) { return value.kind == Kind::name && value.text.starts_with(kHole); }
bool is_list(const PythonExpression& value) { return value.kind == Kind::name && value.text.starts_with(kHoles); }
std::string_view key_of(const PythonExpression& value) {
    return std::string_view(value.text).substr(is_list(value) ? kHoles.size() : kHole.size());
}

std::string with_variables(std::string_view pattern) {
    std::string text;
    for (const char c : pattern) {
        if (c == '*' && text.ends_with(kHole))
            text.replace(text.size() - kHole.size(), kHole.size(), kHoles);
        else if (c == '{')
            text += kHole;
        else if (c != '}')
            text += c;
    }
    return text;
}

class Matcher {
public:
    std::vector<PythonHole> holes;

    bool statement(const PythonStatement& pattern, const PythonStatement& given) {
        if (pattern.kind != given.kind || pattern.is_async != given.is_async || pattern.text != given.text)
            return false;
        if (!maybe(pattern.target, given.target) || !maybe(pattern.value, given.value)) return false;
        if (pattern.kind != PythonStatementKind::if_) return true;
        return given.body.size() == 1 && statement(pattern.body[0], given.body[0]);
    }

private:
    bool maybe(const std::optional<PythonExpression>& pattern, const std::optional<PythonExpression>& given) {
        return pattern.has_value() == given.has_value() && (!pattern || expression(*pattern, *given));
    }

    bool expression(const PythonExpression& pattern, const PythonExpression& given) {
        if (is_hole(pattern)) {
            holes.push_back({key_of(pattern), {&given}, false, given.line});
            return true;
        }
        if (pattern.kind == Kind::plus && is_hole(pattern.operands[1])) return sum(pattern, given);
        // `n.now` is short for `anyio.current_time()`.
        if (given.kind == Kind::attribute && given.text == "now" && python_text(given) == "n.now")
            return python_text(pattern) == "anyio.current_time()";
        if (pattern.kind != given.kind || pattern.text != given.text || pattern.number != given.number) return false;
        if (pattern.kind == Kind::call) return call(pattern, given);
        if (pattern.operands.size() != given.operands.size()) return false;
        for (std::size_t i = 0; i < pattern.operands.size(); ++i)
            if (!expression(pattern.operands[i], given.operands[i])) return false;
        return true;
    }

    bool sum(const PythonExpression& pattern, const PythonExpression& given) {
        const std::string_view key = key_of(pattern.operands[1]);
        if (given.kind != Kind::plus && given.kind != Kind::minus) {
            holes.push_back({key, {}, false, given.line});
            return expression(pattern.operands[0], given);
        }
        holes.push_back({key, {&given.operands[1]}, given.kind == Kind::minus, given.line});
        return expression(pattern.operands[0], given.operands[0]);
    }

    bool call(const PythonExpression& pattern, const PythonExpression& given) {
        const std::size_t wanted = pattern.operands.size() - pattern.keywords.size();
        const std::size_t there = given.operands.size() - given.keywords.size();
        const bool lists = wanted > 1 && is_list(pattern.operands[wanted - 1]);
        if (lists ? there + 1 < wanted : there != wanted) return false;
        const std::size_t singly = lists ? wanted - 1 : wanted;
        for (std::size_t i = 0; i < singly; ++i)
            if (!expression(pattern.operands[i], given.operands[i])) return false;
        if (lists) {
            PythonHole& list = holes.emplace_back();
            list.key = key_of(pattern.operands[singly]);
            list.line = given.line;
            for (std::size_t i = singly; i < there; ++i) list.values.push_back(&given.operands[i]);
        }
        return keywords(pattern, given);
    }

    bool keywords(const PythonExpression& pattern, const PythonExpression& given) {
        const auto place = [](const PythonExpression& call, std::size_t keyword) -> const PythonExpression& {
            return call.operands[call.operands.size() - call.keywords.size() + keyword];
        };
        std::size_t taken = 0;
        for (std::size_t i = 0; i < pattern.keywords.size(); ++i) {
            const auto found = std::find(given.keywords.begin(), given.keywords.end(), pattern.keywords[i]);
            if (found == given.keywords.end()) {
                if (!is_hole(place(pattern, i))) return false;
                continue;
            }
            ++taken;
            const auto at = static_cast<std::size_t>(found - given.keywords.begin());
            if (!expression(place(pattern, i), place(given, at))) return false;
        }
        return taken == given.keywords.size();
    }
};

/// Calls `visit(expression, added)` for a value and all in it; `added`: it is the right side of a plus.
template <class Visit>
void visit_all(const PythonExpression& value, Visit& visit, bool added = false) {
    visit(value, added);
    for (std::size_t i = 0; i < value.operands.size(); ++i)
        visit_all(value.operands[i], visit, value.kind == Kind::plus && i == 1);
}

template <class Visit>
void visit_all(const std::vector<PythonStatement>& statements, Visit& visit) {
    for (const PythonStatement& statement : statements) {
        if (statement.target) visit_all(*statement.target, visit);
        if (statement.value) visit_all(*statement.value, visit);
        visit_all(statement.body, visit);
    }
}

}  // namespace

PythonPattern::PythonPattern(const PythonForm& form) : form_(form), is_block_(form.pattern.ends_with(':')) {
    std::string text = with_variables(form.pattern);
    if (is_block_) text += " pass";
    statements_ = parse_python_syntax(text, "a pattern").statements;
    auto note = [this](const PythonExpression& value, bool added) {
        for (std::size_t i = 0; i < value.keywords.size(); ++i) {
            const PythonExpression& argument = value.operands[value.operands.size() - value.keywords.size() + i];
            if (is_hole(argument)) by_keyword_.emplace_back(key_of(argument));
        }
        if (!is_hole(value) && !is_list(value)) return;
        keys_.emplace_back(key_of(value));
        if (added) added_.emplace_back(key_of(value));
    };
    visit_all(statements_, note);
}

bool PythonPattern::has(std::string_view key) const {
    return std::find(keys_.begin(), keys_.end(), key) != keys_.end();
}
bool PythonPattern::may_leave_out(std::string_view key) const {
    return std::find(by_keyword_.begin(), by_keyword_.end(), key) != by_keyword_.end();
}
bool PythonPattern::names(std::string_view variable) const {
    bool found = false;
    auto look = [&](const PythonExpression& value, bool) {
        found |= value.kind == Kind::name && value.text == variable;
    };
    visit_all(statements_, look);
    return found;
}
bool PythonPattern::adds(std::string_view key) const {
    return std::find(added_.begin(), added_.end(), key) != added_.end();
}

std::optional<std::vector<PythonHole>> PythonPattern::match(const PythonStatement* begin,
                                                            const PythonStatement* end) const {
    if (static_cast<std::size_t>(end - begin) < statements_.size()) return std::nullopt;
    Matcher matcher;
    for (std::size_t i = 0; i < statements_.size(); ++i)
        if (!matcher.statement(statements_[i], begin[i])) return std::nullopt;
    return std::move(matcher.holes);
}

std::vector<std::string> PythonPattern::lines(const std::function<PythonSubstitute(std::string_view key)>& value,
                                              const std::function<void(const PythonExpression& part)>& seen) const {
    if (seen) {
        auto tell = [&seen](const PythonExpression& part, bool) {
            if (!is_hole(part) && !is_list(part)) seen(part);
        };
        visit_all(statements_, tell);
    }
    const SubstitutePythonName substitute = [&value](const PythonExpression& name) -> std::optional<PythonSubstitute> {
        if (is_hole(name) || is_list(name)) return value(key_of(name));
        return std::nullopt;
    };
    std::vector<std::string> lines;
    for (const PythonStatement& statement : statements_) lines.push_back(python_text(statement, substitute));
    return lines;
}

const std::vector<PythonPattern>& python_patterns(Op op) {
    static const auto all = [] {
        std::array<std::vector<PythonPattern>, kOps> patterns;
        for (std::size_t i = 0; i < patterns.size(); ++i)
            for (const PythonForm& form : *type_of(static_cast<Op>(i)).python) patterns[i].emplace_back(form);
        return patterns;
    }();
    return all[static_cast<std::size_t>(op)];
}

}  // namespace cancelsim::scenarios
