#include "scenarios/program/python/json_place.h"

#include <charconv>

namespace cancelsim::scenarios {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kParts[] = {"body", "handler", "finally"};

/// Statements in a list, those inside others included. Lists are nested as deep as cases may be.
std::size_t count(const Json& list) {
    std::size_t statements = 0;
    for (const Json& statement : list) {
        ++statements;
        for (const char* part : kParts)
            if (statement.contains(part)) statements += count(statement[part]);
    }
    return statements;
}

bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// Takes `[INDEX]` of a list that is that long.
bool take_index(std::string_view& text, std::size_t size, std::size_t& index) {
    std::string_view rest = text;
    if (!take(rest, "[")) return false;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), index);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (error != std::errc{} || index >= size || !take(rest, "]")) return false;
    text = rest;
    return true;
}

}  // namespace

std::pair<std::size_t, std::string> statement_at(const Json& program, std::string_view fault) {
    std::size_t found = std::string_view::npos;
    std::size_t number = 0;  // of the first statement in the list at hand
    std::size_t index = 0;
    const Json* list = nullptr;
    if (take(fault, "main")) {
        list = &program["main"];
    } else if (program.contains("environment") && take(fault, "environment")) {
        const Json& entries = program["environment"];
        if (!take_index(fault, entries.size(), index)) return {found, std::string(fault)};
        number = count(program["main"]);
        for (std::size_t i = 0; i < index; ++i) number += count(entries[i]["do"]);
        if (take(fault, ".do")) list = &entries[index]["do"];
    }
    while (list != nullptr && take_index(fault, list->size(), index)) {
        for (std::size_t i = 0; i < index; ++i) number += count(Json::array({(*list)[i]}));
        found = number++;
        const Json& statement = (*list)[index];
        list = nullptr;
        std::string_view rest = fault;
        for (const char* part : kParts) {
            if (!statement.contains(part)) continue;
            if (take(rest, std::string(".") + part) && rest.starts_with('[')) {
                list = &statement[part];
                fault = rest;
                break;
            }
            rest = fault;
            number += count(statement[part]);
        }
    }
    take(fault, ".");
    return {found, std::string(fault)};
}

}  // namespace cancelsim::scenarios
