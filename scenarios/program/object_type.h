// What there is to know of a kind of object: its facets. Each kind is one file in scenarios/objects/, which says all of
// them; one that is left out does not compile.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/program/object.h"
#include "scenarios/program/statement_type.h"
#include "sim/events.h"

namespace cancelsim::sim {
struct Frame;
}

namespace cancelsim::scenarios {

class StateHash;
struct Object;

/// Where in an ObjectSpec a property is kept, and so what it holds.
enum class PropertySlot : std::uint8_t {
    fast_acquire,  ///< true or false; false where it is left out
    amount,        ///< an integer
    max_value,     ///< an integer that is at least the amount; none where it is left out
    lock,          ///< the name of an object of kind `lock_kind`; none where it is left out
};

struct Property {
    std::string_view key;
    PropertySlot slot;
    bool required = false;
    std::int64_t least = 0;                   ///< of integers
    ObjectKind lock_kind = ObjectKind::lock;  ///< of `lock`
};

/// Whether `object` has that property, or leaves it out.
inline bool is_given(const ObjectSpec& object, PropertySlot slot) {
    switch (slot) {
        case PropertySlot::fast_acquire: return object.fast_acquire;
        case PropertySlot::amount: return true;
        case PropertySlot::max_value: return object.max_value != ObjectSpec::kNoMaximum;
        case PropertySlot::lock: return object.lock != kNoName;
    }
    return true;
}

/// What is wrong with the objects that `program` lists; empty where nothing is.
std::string why_invalid_objects(const Case& program);

/// What statements do with an object that can be acquired.
struct Lockable {
    /// The frame of `acquire`, new.
    Required<sim::Frame& (*)(Interpreter& run, Object& object)> acquire;
    /// What it raises, or null. Null: the kind has no such method.
    Required<sim::Error* (*)(Interpreter& run, Object& object)> acquire_nowait;
    /// What it raises, or null.
    Required<sim::Error* (*)(Interpreter& run, Object& object)> release;
    Required<bool> released_outside;  ///< whether the environment may release it
};

/// What statements do with a condition.
struct Notifiable {
    Required<sim::Frame& (*)(Interpreter& run, Object& object)> wait;
    /// `n` is at least 1, or kAll. What it raises, or null.
    Required<sim::Error* (*)(Interpreter& run, Object& object, std::int64_t n)> notify;
    static constexpr std::int64_t kAll = INT64_MAX;
};

/// What statements do with a queue that has no ends to close. A stream is none: its name stands for two ends.
struct Queue {
    Required<sim::Frame& (*)(Interpreter& run, Object& object, std::uint32_t item)> put;
    Required<sim::Error* (*)(Interpreter& run, Object& object, std::uint32_t item)> put_nowait;
    /// Where the frame returns, it has set `item`.
    Required<sim::Frame& (*)(Interpreter& run, Object& object, std::uint32_t& item)> get;
    Required<sim::Error* (*)(Interpreter& run, Object& object, std::uint32_t& item)> get_nowait;
    Required<sim::Error* (*)(Interpreter& run, Object& object)> task_done;
    Required<sim::Frame& (*)(Interpreter& run, Object& object)> join;
};

/// The library's books about an object: events::ObjectAtRest says what they are.
struct AtRest {
    std::int64_t available;
    sim::TaskId owner = sim::kNobody;
};

struct ObjectType {
    Required<std::string_view> name;  ///< its `kind`, as CASES.md spells it
    Required<std::span<const Property>> properties;
    /// Makes it, in the arena of the run.
    Required<Object& (*)(Interpreter& run, const ObjectSpec& spec)> make;
    /// Its state at the end of a run, a JSON object as CASES.md has it.
    Required<std::string (*)(const Interpreter& run, const Object& object)> state;
    Required<AtRest (*)(const Object& object)> at_rest;
    /// Adds what decides how it goes on.
    Required<void (*)(StateHash& hash, const Object& object)> hash;
    Required<const Lockable*> lockable;      ///< null: it cannot be acquired
    Required<const Notifiable*> notifiable;  ///< null: it is no condition
    Required<const Queue*> queue;            ///< null: it is no such queue
};

}  // namespace cancelsim::scenarios
