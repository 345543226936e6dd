#include "scenarios/program/field.h"

#include <fmt/format.h>

#include <cstddef>

namespace cancelsim::scenarios {

Name& name_at(Statement& statement, Slot slot) {
    assert(slot == Slot::name || slot == Slot::task);
    return slot == Slot::task ? statement.task : statement.name;
}

Name name_at(const Statement& statement, Slot slot) {
    assert(slot == Slot::name || slot == Slot::task);
    return slot == Slot::task ? statement.task : statement.name;
}

bool flag_at(const Statement& statement, Slot slot) {
    assert(slot == Slot::flag || slot == Slot::cancel_first);
    return slot == Slot::cancel_first ? statement.cancel_first : statement.flag;
}

void set_flag(Statement& statement, Slot slot, bool value) {
    assert(slot == Slot::flag || slot == Slot::cancel_first);
    if (slot == Slot::cancel_first)
        statement.cancel_first = value;
    else
        statement.flag = value;
}

std::uint8_t word_at(const Statement& statement, Slot slot) {
    assert(slot == Slot::catches || slot == Slot::then || slot == Slot::word);
    if (slot == Slot::catches) return static_cast<std::uint8_t>(statement.catches);
    return slot == Slot::then ? static_cast<std::uint8_t>(statement.then) : statement.word;
}

void set_word(Statement& statement, Slot slot, std::uint8_t value) {
    assert(slot == Slot::catches || slot == Slot::then || slot == Slot::word);
    assert(value < 16);
    if (slot == Slot::catches)
        statement.catches = static_cast<Catch>(value);
    else if (slot == Slot::then)
        statement.then = static_cast<Then>(value);
    else
        statement.word = value & 15;
}

std::string one_of(std::span<const std::string_view> words) {
    if (!words.empty() && words.front().empty()) words = words.subspan(1);
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
        text += fmt::format("\"{}\"", words[i]);
    }
    return text;
}

std::string expected_of(const Field& field) {
    switch (field.kind) {
        case FieldKind::name:
            if (field.names == NameKind::text) return "a string";
            if (field.names == NameKind::error)
                return fmt::format("{} that is not {}", kNameRule, one_of(kReservedErrors));
            return std::string(kNameRule);
        case FieldKind::names: return "a list of one or more names";
        case FieldKind::number: return fmt::format("an integer from {} to {}", field.least, kNumberLimit - 1);
        case FieldKind::number_or_null:
            return fmt::format("null or an integer from {} to {}", field.least, kNumberLimit - 1);
        case FieldKind::flag: return "true or false";
        case FieldKind::word: return one_of(field.words);
        case FieldKind::body:
        case FieldKind::handler:
        case FieldKind::finally: return "a list of statements";
    }
    return {};
}

}  // namespace cancelsim::scenarios
