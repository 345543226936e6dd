// What is right and wrong about the objects that a case lists.
#include <algorithm>

#include "scenarios/program/case_json.h"
#include "scenarios/program/object_type.h"

namespace cancelsim::scenarios {

namespace {

/// Whether `object` has a property that its kind does not have.
bool has_foreign_property(const ObjectSpec& object) {
    ObjectSpec plain{.name = object.name, .kind = object.kind};
    for (const Property& property : *type_of(object.kind).properties) {
        switch (property.slot) {
            case PropertySlot::fast_acquire: plain.fast_acquire = object.fast_acquire; break;
            case PropertySlot::amount: plain.amount = object.amount; break;
            case PropertySlot::max_value: plain.max_value = object.max_value; break;
            case PropertySlot::lock: plain.lock = object.lock; break;
        }
    }
    return plain != object;
}

bool is_right(const Case& program, const ObjectSpec& object, const Property& property) {
    switch (property.slot) {
        case PropertySlot::fast_acquire: return true;
        case PropertySlot::amount: return object.amount >= property.least && in_range(object.amount);
        case PropertySlot::max_value:
            return object.max_value == ObjectSpec::kNoMaximum ||
                   (object.max_value >= object.amount && in_range(object.max_value));
        case PropertySlot::lock: {
            if (object.lock == kNoName) return true;
            const ObjectSpec* lock = program.find_object(object.lock);
            return lock != nullptr && lock->kind == property.lock_kind;
        }
    }
    return true;
}

}  // namespace

const ObjectSpec* Case::find_object(Name object) const {
    const auto listed = object_list();
    // The reader numbers the objects before all else.
    if (object < listed.size() && listed[object].name == object) return &listed[object];
    const auto found =
        std::find_if(listed.begin(), listed.end(), [object](const ObjectSpec& spec) { return spec.name == object; });
    return found != listed.end() ? &*found : nullptr;
}

std::string why_invalid_objects(const Case& program) {
    std::vector<Name> listed;
    for (const ObjectSpec& object : program.object_list()) {
        if (object.name >= program.names.size() || !is_name(program.names[object.name]))
            return "an object's name is not a name";
        listed.push_back(object.name);
    }
    std::sort(listed.begin(), listed.end());
    if (std::adjacent_find(listed.begin(), listed.end()) != listed.end()) return "an object is listed twice";
    for (const ObjectSpec& object : program.object_list()) {
        const std::string& name = program.names[object.name];
        if (has_foreign_property(object)) return "the object " + name + " has a property that its kind does not have";
        for (const Property& property : *type_of(object.kind).properties)
            if (!is_right(program, object, property))
                return "the " + std::string(property.key) + " of the object " + name + " is out of range";
    }
    return {};
}

}  // namespace cancelsim::scenarios
