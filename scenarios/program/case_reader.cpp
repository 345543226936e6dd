#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <istream>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "scenarios/program/case_json.h"
#include "scenarios/program/json_tree.h"
#include "scenarios/program/object_type.h"
#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

namespace {

using Index = JsonTree::Index;

constexpr NameField kCaseName{"name", NameKind::task};
constexpr PartField kMain{"main", FieldKind::body, true};
constexpr NumberField kBudget{"budget", 1};
constexpr NumberField kAt{"at", 0};
constexpr NumberField kAtIteration{"at_iteration", 1};
constexpr PartField kDo{"do", FieldKind::body, true};
constexpr FlagField kStubborn{"stubborn", false};
constexpr std::array<std::string_view, 6> kCaseKeys{"name", "main", "environment", "futures", "budget", "objects"};
constexpr std::array<std::string_view, 3> kEntryKeys{"at", "at_iteration", "do"};
constexpr std::array<std::string_view, 1> kFutureKeys{"stubborn"};

enum class Place : std::uint8_t { task, environment };

template <typename Words>
bool contains(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string ops_of(Place place) {
    std::vector<std::string_view> names;
    for (int i = 0; i < kOps; ++i) {
        const auto op = static_cast<Op>(i);
        if (place == Place::task || type_of(op).allowed_outside()) names.push_back(name_of(op));
    }
    return one_of(names);
}

/// Makes the case that a tree holds. Strings are numbered in the order of the case, whatever that
/// of the keys is.
class CaseReader {
public:
    explicit CaseReader(const JsonTree& tree) : tree_(tree) {}

    Case read(Index object);

private:
    void read_environment(Index list);
    void read_entry(Index entry);
    void read_futures(Index futures);
    void read_objects(Index objects);
    void read_object(Index object, ObjectSpec& spec);
    void read_property(Index value, const Property& property, ObjectSpec& spec);
    ObjectKind kind_of(Index object) const;
    void read_statements(Index list, const Field& field, Place place);
    void read_statement(Index object, Place place);
    void read_names(Index list, const Field& field, Statement& statement);
    void read_field(Index value, const Field& field, Statement& statement, std::size_t start);
    Op read_op(Index object, Place place) const;
    void check_statement_keys(Index object, Op op) const;

    std::optional<Index> find(Index object, std::string_view key) const;
    Index require(Index object, const Field& field) const;
    void check_object(Index value, std::string_view expected) const;
    void check_each_key_once(Index object) const;
    void check_keys(Index object, std::span<const std::string_view> known, std::string_view owner) const;

    std::string_view text_of(Index value, const Field& field) const;
    std::int64_t number_of(Index value, const Field& field) const;
    bool flag_of(Index value, const Field& field) const;
    std::uint8_t choice_of(Index value, const Field& field) const;
    Name intern(std::string_view text);
    std::uint32_t count() const { return static_cast<std::uint32_t>(case_.statements.size()); }

    const JsonTree& tree_;
    Case case_;
    std::map<std::string_view, Name> numbers_;  ///< Case::intern looks at every name
};

Case CaseReader::read(Index object) {
    check_object(object, "an object");
    check_keys(object, kCaseKeys, "a case");
    case_.name = text_of(require(object, kCaseName), kCaseName);
    // First, since it is part of the statements' meaning what kind an object is of.
    if (const auto objects = find(object, "objects")) read_objects(*objects);
    read_statements(require(object, kMain), kMain, Place::task);
    case_.main_end = count();
    if (const auto list = find(object, "environment")) read_environment(*list);
    if (const auto futures = find(object, "futures")) read_futures(*futures);
    if (const auto budget = find(object, kBudget.key)) case_.budget = number_of(*budget, kBudget);
    return std::move(case_);
}

void CaseReader::read_environment(Index list) {
    if (tree_[list].kind != JsonKind::array) tree_.fail(list, "a list of environment entries");
    for (Index entry = list + 1; entry < tree_.end(list); entry = tree_.end(entry)) read_entry(entry);
}

void CaseReader::read_entry(Index entry) {
    check_object(entry, "an environment entry, an object");
    check_keys(entry, kEntryKeys, "an environment entry");
    const auto at = find(entry, kAt.key);
    const auto at_iteration = find(entry, kAtIteration.key);
    if (at.has_value() == at_iteration.has_value())
        tree_.fail(entry, "exactly one of \"at\" and \"at_iteration\"", at ? "both" : "neither");
    EnvironmentEntry result;
    result.at_iteration = at_iteration.has_value();
    result.when = at ? number_of(*at, kAt) : number_of(*at_iteration, kAtIteration);
    result.begin = count();
    read_statements(require(entry, kDo), kDo, Place::environment);
    result.end = count();
    case_.environment.push_back(result);
}

void CaseReader::read_futures(Index futures) {
    check_object(futures, "an object of futures by name");
    check_each_key_once(futures);
    std::vector<std::string_view> plain;
    for (Index future = futures + 1; future < tree_.end(futures); future = tree_.end(future)) {
        const std::string& name = tree_[future].key;
        if (!is_name(name)) tree_.fail(future, kNameRule, "this key");
        check_object(future, "an object");
        check_keys(future, kFutureKeys, "a future");
        const auto stubborn = find(future, kStubborn.key);
        if (stubborn && flag_of(*stubborn, kStubborn))
            case_.stubborn.push_back(intern(name));
        else
            plain.push_back(name);
    }
    // They are written after the stubborn ones, and numbers have to come out the same when that is
    // read.
    for (const std::string_view name : plain) case_.plain_futures.push_back(intern(name));
}

void CaseReader::read_objects(Index objects) {
    check_object(objects, "an object of objects by name");
    check_each_key_once(objects);
    case_.objects.emplace();
    for (Index object = objects + 1; object < tree_.end(objects); object = tree_.end(object)) {
        const std::string& name = tree_[object].key;
        if (!is_name(name)) tree_.fail(object, kNameRule, "this key");
        ObjectSpec& spec = case_.objects->emplace_back();
        spec.name = intern(name);
        check_object(object, "an object");
        spec.kind = kind_of(object);
    }
    std::size_t next = 0;
    for (Index object = objects + 1; object < tree_.end(objects); object = tree_.end(object))
        read_object(object, (*case_.objects)[next++]);
}

ObjectKind CaseReader::kind_of(Index object) const {
    std::vector<std::string_view> names;
    for (const ObjectType* type : kObjectTypes) names.push_back(*type->name);
    const auto value = find(object, "kind");
    if (!value) tree_.fail_at_key(object, "kind", one_of(names), "no such key");
    const auto named = tree_[*value].kind == JsonKind::string
                           ? std::find(names.begin(), names.end(), tree_[*value].text)
                           : names.end();
    if (named == names.end()) tree_.fail(*value, one_of(names));
    return static_cast<ObjectKind>(named - names.begin());
}

void CaseReader::read_object(Index object, ObjectSpec& spec) {
    const ObjectType& type = type_of(spec.kind);
    std::vector<std::string_view> keys{"kind"};
    for (const Property& property : *type.properties) keys.push_back(property.key);
    check_keys(object, keys, fmt::format("a {}", *type.name));
    for (const Property& property : *type.properties) {
        const auto value = find(object, property.key);
        if (value) read_property(*value, property, spec);
        if (!value && property.required)
            tree_.fail_at_key(object, property.key, expected_of(NumberField{property.key, property.least}),
                              "no such key");
    }
}

void CaseReader::read_property(Index value, const Property& property, ObjectSpec& spec) {
    const NumberField number{property.key, property.slot == PropertySlot::max_value ? spec.amount : property.least};
    switch (property.slot) {
        case PropertySlot::fast_acquire: spec.fast_acquire = flag_of(value, FlagField{property.key, false}); break;
        case PropertySlot::amount: spec.amount = number_of(value, number); break;
        case PropertySlot::max_value: spec.max_value = number_of(value, number); break;
        case PropertySlot::lock: {
            const auto& objects = *case_.objects;
            const auto lock = std::find_if(objects.begin(), objects.end(), [&](const ObjectSpec& other) {
                return tree_[value].kind == JsonKind::string && case_.names[other.name] == tree_[value].text;
            });
            if (lock == objects.end() || lock->kind != property.lock_kind)
                tree_.fail(value,
                           fmt::format("the name of an object of kind \"{}\"", *type_of(property.lock_kind).name));
            spec.lock = lock->name;
            break;
        }
    }
}

void CaseReader::read_statements(Index list, const Field& field, Place place) {
    if (tree_[list].kind != JsonKind::array) tree_.fail(list, expected_of(field));
    for (Index object = list + 1; object < tree_.end(list); object = tree_.end(object)) read_statement(object, place);
}

void CaseReader::read_statement(Index object, Place place) {
    check_object(object, "a statement, an object");
    Statement statement;
    statement.op = read_op(object, place);
    check_statement_keys(object, statement.op);
    const std::size_t start = case_.statements.size();
    case_.statements.emplace_back();
    for (const Field& field : *type_of(statement.op).fields) {
        if (field.required)
            read_field(require(object, field), field, statement, start);
        else if (const auto value = find(object, field.key))
            read_field(*value, field, statement, start);
    }
    case_.statements[start] = statement;
    const auto fault =
        (*type_of(statement.op).check)(case_, static_cast<std::uint32_t>(start), place == Place::environment);
    if (!fault) return;
    if (fault->key.empty()) tree_.fail(object, fault->expected, fault->got);
    tree_.fail_at_key(object, fault->key, fault->expected, fault->got);
}

void CaseReader::read_field(Index value, const Field& field, Statement& statement, std::size_t start) {
    switch (field.kind) {
        case FieldKind::name: name_at(statement, field.slot) = intern(text_of(value, field)); break;
        case FieldKind::names: read_names(value, field, statement); break;
        case FieldKind::number:
            statement.has_number = !field.required;
            statement.number = number_of(value, field);
            break;
        case FieldKind::number_or_null:
            statement.has_number = tree_[value].kind != JsonKind::null;
            if (statement.has_number) statement.number = number_of(value, field);
            break;
        case FieldKind::flag: set_flag(statement, field.slot, flag_of(value, field)); break;
        case FieldKind::word: set_word(statement, field.slot, choice_of(value, field)); break;
        case FieldKind::body:
        case FieldKind::handler:
        case FieldKind::finally: {
            read_statements(value, field, Place::task);
            // The three come in this order; each that follows moves what ends behind it.
            statement.size = static_cast<std::uint32_t>(case_.statements.size() - start);
            if (field.kind == FieldKind::finally) statement.has_finally = true;
            if (type_of(statement.op).fields->parts() == 1) break;
            if (field.kind == FieldKind::body) statement.handler = statement.size;
            if (field.kind != FieldKind::finally) statement.finally = statement.size;
            break;
        }
    }
}

void CaseReader::read_names(Index list, const Field& field, Statement& statement) {
    if (tree_[list].kind != JsonKind::array || tree_[list].size == 1) tree_.fail(list, expected_of(field));
    statement.handler = static_cast<std::uint32_t>(case_.lists.size());
    for (Index name = list + 1; name < tree_.end(list); name = tree_.end(name)) {
        if (tree_[name].kind != JsonKind::string || !is_name(tree_[name].text)) tree_.fail(name, kNameRule);
        case_.lists.push_back(intern(tree_[name].text));
    }
    statement.finally = static_cast<std::uint32_t>(case_.lists.size()) - statement.handler;
}

Op CaseReader::read_op(Index object, Place place) const {
    const auto value = find(object, "op");
    if (!value) tree_.fail_at_key(object, "op", ops_of(place), "no such key");
    if (tree_[*value].kind == JsonKind::string) {
        for (int i = 0; i < kOps; ++i) {
            const auto op = static_cast<Op>(i);
            if (name_of(op) != tree_[*value].text) continue;
            if (place == Place::task || type_of(op).allowed_outside()) return op;
        }
    }
    tree_.fail(*value, ops_of(place) + (place == Place::environment ? " (what never awaits)" : ""));
}

void CaseReader::check_statement_keys(Index object, Op op) const {
    const Fields& fields = *type_of(op).fields;
    std::array<std::string_view, 1 + Fields::kMost> keys{"op"};
    std::transform(fields.begin(), fields.end(), keys.begin() + 1, [](const Field& field) { return field.key; });
    check_keys(object, std::span(keys).first(1 + fields.size()), name_of(op));
    for (const Field& field : fields)
        if (!field.beside.empty() && find(object, field.key) && !find(object, field.beside))
            tree_.fail_at_key(object, field.key, fmt::format("\"{}\" beside it", field.beside), "no such key");
}

std::optional<Index> CaseReader::find(Index object, std::string_view key) const {
    for (Index child = object + 1; child < tree_.end(object); child = tree_.end(child)) {
        if (tree_[child].key == key) return child;
    }
    return std::nullopt;
}

Index CaseReader::require(Index object, const Field& field) const {
    const auto value = find(object, field.key);
    if (!value) tree_.fail_at_key(object, field.key, expected_of(field), "no such key");
    return *value;
}

void CaseReader::check_object(Index value, std::string_view expected) const {
    if (tree_[value].kind != JsonKind::object) tree_.fail(value, expected);
}

void CaseReader::check_each_key_once(Index object) const {
    std::vector<std::string_view> keys;
    for (Index child = object + 1; child < tree_.end(object); child = tree_.end(child))
        keys.push_back(tree_[child].key);
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    if (twice != keys.end()) tree_.fail_at_key(object, *twice, "each key once", "it again");
}

void CaseReader::check_keys(Index object, std::span<const std::string_view> known, std::string_view owner) const {
    for (Index child = object + 1; child < tree_.end(object); child = tree_.end(child)) {
        if (contains(known, tree_[child].key)) continue;
        tree_.fail(child, fmt::format("a key of {} ({})", owner, one_of(known)), "an unknown key");
    }
    check_each_key_once(object);
}

std::string_view CaseReader::text_of(Index value, const Field& field) const {
    const JsonNode& node = tree_[value];
    const bool good = node.kind == JsonKind::string && (field.names == NameKind::text || is_name(node.text)) &&
                      (field.names != NameKind::error || !contains(kReservedErrors, node.text));
    if (!good) tree_.fail(value, expected_of(field));
    return node.text;
}

std::int64_t CaseReader::number_of(Index value, const Field& field) const {
    const JsonNode& node = tree_[value];
    if (node.kind != JsonKind::integer || node.number < field.least || node.number >= kNumberLimit)
        tree_.fail(value, expected_of(field));
    return node.number;
}

bool CaseReader::flag_of(Index value, const Field& field) const {
    if (tree_[value].kind != JsonKind::boolean) tree_.fail(value, expected_of(field));
    return tree_[value].number != 0;
}

std::uint8_t CaseReader::choice_of(Index value, const Field& field) const {
    const auto& words = field.words;
    const auto word = tree_[value].kind == JsonKind::string && !tree_[value].text.empty()
                          ? std::find(words.begin(), words.end(), tree_[value].text)
                          : words.end();
    if (word == words.end()) tree_.fail(value, expected_of(field));
    return static_cast<std::uint8_t>(word - words.begin());
}

Name CaseReader::intern(std::string_view text) {
    const auto [found, is_new] = numbers_.try_emplace(text, static_cast<Name>(case_.names.size()));
    if (is_new) case_.names.emplace_back(text);
    return found->second;
}

}  // namespace

bool is_name(std::string_view text) {
    auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

Case parse_case(std::string_view json_line, std::string_view file_name, std::size_t line) {
    const JsonTree tree(json_line, file_name, line);
    return parse_case(tree, 0);
}

Case parse_case(const JsonTree& tree, std::uint32_t object) { return CaseReader(tree).read(object); }

std::vector<Case> read_cases(std::istream& input, std::string_view file_name) {
    std::vector<Case> cases;
    std::string line;
    std::size_t number = 0;
    bool readable = !input.fail();
    while (readable && std::getline(input, line)) {
        ++number;
        if (line.find_first_not_of(" \t\r") != std::string::npos) cases.push_back(parse_case(line, file_name, number));
    }
    if (!readable || input.bad())
        throw CaseError(
            fmt::format("{}:{}: case: expected a file that can be read, got a read error", file_name, number + 1));
    return cases;
}

}  // namespace cancelsim::scenarios
