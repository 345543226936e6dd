#include <nlohmann/json.hpp>

#include "scenarios/program/case_json.h"
#include "scenarios/program/object_type.h"
#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

namespace {

using Json = nlohmann::ordered_json;

/// Whether a field that can be left out is written. A word that belongs beside another key is written wherever that is,
/// also where it is the default.
bool is_written(const Field& field, const Statement& statement) {
    const Parts parts = parts_of(statement);
    switch (field.kind) {
        case FieldKind::name: return name_at(statement, field.slot) != kNoName;
        case FieldKind::number: return statement.has_number;
        case FieldKind::flag: return flag_at(statement, field.slot);
        case FieldKind::word:
            for (const Field& other : *type_of(statement.op).fields)
                if (other.key == field.beside) return is_written(other, statement);
            return word_at(statement, field.slot) != 0;
        case FieldKind::handler: return parts.handler.begin != parts.handler.end;
        case FieldKind::finally: return statement.has_finally;
        case FieldKind::names:
        case FieldKind::number_or_null:
        case FieldKind::body: return true;
    }
    return true;
}

Json statements_json(const Case& program, std::uint32_t begin, std::uint32_t end);

Json field_json(const Case& program, const Field& field, std::uint32_t at) {
    const Statement& statement = program.statements[at];
    const Parts parts = parts_of(statement);
    const auto part_json = [&](const Part& part) { return statements_json(program, at + part.begin, at + part.end); };
    switch (field.kind) {
        case FieldKind::name: return program.names.at(name_at(statement, field.slot));
        case FieldKind::names: {
            Json names = Json::array();
            for (const Name name : program.list_of(statement)) names.push_back(program.names.at(name));
            return names;
        }
        case FieldKind::number: return statement.number;
        case FieldKind::number_or_null: return statement.has_number ? Json(statement.number) : Json(nullptr);
        case FieldKind::flag: return flag_at(statement, field.slot);
        case FieldKind::word: return field.words[word_at(statement, field.slot)];
        case FieldKind::body: return part_json(parts.body);
        case FieldKind::handler: return part_json(parts.handler);
        case FieldKind::finally: return part_json(parts.finally);
    }
    return {};
}

Json statements_json(const Case& program, std::uint32_t begin, std::uint32_t end) {
    Json list = Json::array();
    for (std::uint32_t at = begin; at < end; at += program.statements[at].size) {
        const Statement& statement = program.statements[at];
        Json object{{"op", name_of(statement.op)}};
        for (const Field& field : *type_of(statement.op).fields)
            if (field.required || is_written(field, statement))
                object[std::string(field.key)] = field_json(program, field, at);
        list.push_back(std::move(object));
    }
    return list;
}

Json object_json(const Case& program, const ObjectSpec& object) {
    const ObjectType& type = type_of(object.kind);
    Json json{{"kind", *type.name}};
    for (const Property& property : *type.properties) {
        if (!is_given(object, property.slot)) continue;
        const std::string key(property.key);
        switch (property.slot) {
            case PropertySlot::fast_acquire: json[key] = object.fast_acquire; break;
            case PropertySlot::amount: json[key] = object.amount; break;
            case PropertySlot::max_value: json[key] = object.max_value; break;
            case PropertySlot::lock: json[key] = program.names.at(object.lock); break;
        }
    }
    return json;
}

}  // namespace

std::string to_json(const Case& program) {
    Json json{{"name", program.name}, {"main", statements_json(program, 0, program.main_end)}};
    for (const EnvironmentEntry& entry : program.environment)
        json["environment"].push_back({{entry.at_iteration ? "at_iteration" : "at", entry.when},
                                       {"do", statements_json(program, entry.begin, entry.end)}});
    // Each is there once: no need to look for it.
    Json::object_t futures;
    for (const Name future : program.stubborn)
        futures.Container::emplace_back(program.names.at(future), Json{{"stubborn", true}});
    for (const Name future : program.plain_futures)
        futures.Container::emplace_back(program.names.at(future), Json::object());
    if (!futures.empty()) json["futures"] = std::move(futures);
    if (program.budget != kDefaultBudget) json["budget"] = program.budget;
    if (program.objects) {
        Json::object_t objects;
        for (const ObjectSpec& object : *program.objects)
            objects.Container::emplace_back(program.names.at(object.name), object_json(program, object));
        json["objects"] = std::move(objects);
    }
    return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace cancelsim::scenarios
