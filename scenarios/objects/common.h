// What several kinds of objects share.
#pragma once

#include <fmt/format.h>

#include <string>

#include "scenarios/program/object_type.h"
#include "scenarios/run/interpreter.h"
#include "scenarios/run/state_hash.h"

namespace cancelsim::scenarios {

using sim::Error;

inline constexpr Property kFastAcquire{.key = "fast_acquire", .slot = PropertySlot::fast_acquire};

/// A task's label as JSON, or `null` where there is no task.
inline std::string owner_json(const Interpreter& run, const model::Task* owner) {
    return owner == nullptr ? "null" : fmt::format("\"{}\"", run.label_text(owner->label));
}

}  // namespace cancelsim::scenarios
