// What several families of statements share.
#pragma once

#include <string>

#include "model/checkpoints.h"
#include "scenarios/generate/program_builder.h"
#include "scenarios/generate/small_cases.h"
#include "scenarios/program/statement_type.h"
#include "scenarios/run/body.h"
#include "scenarios/run/state_hash.h"

namespace cancelsim::scenarios {

using model::Task;
using sim::Error;
using sim::Poll;
using sim::Resume;
using Turn = SmallScope::Turn;

inline constexpr PartField kBody{"body", FieldKind::body, true};
inline constexpr FlagField kShield{"shield", false};
inline constexpr NumberField kDeadline{"deadline", 1 - kNumberLimit, false};  ///< from now

/// A statement that is no block, never simplified, ...
inline constexpr SmallScope kNotInSmallCases{
    .turn = Turn::never, .offer = nullptr, .awaits = false, .ends_block = false};
/// A statement that no profile draws by itself.
inline constexpr Generation kNotDrawn{.weights = Weights{}, .write = nullptr, .nests = false};

// Simplifications.

/// A checkpoint in its place.
inline bool become_checkpoint(Statement& statement) {
    statement = {};
    return true;
}
/// A wait of one unit in its place: the second way out is to let time pass.
inline bool become_sleep(Statement& statement) {
    statement = {.op = Op::sleep, .number = 1};
    return true;
}
/// Another statement with the same operands in its place.
template <Op op>
bool become(Statement& statement) {
    statement.op = op;
    return true;
}

inline constexpr std::span<bool (*const)(Statement&)> kNothingSimpler{};

/// `scope` and `enter`: the deadline, absolute.
inline sim::Time deadline_of(const Interpreter& run, const Statement& statement) {
    return kDeadline.is_in(statement) ? run.kernel().after(kDeadline.of(statement)) : sim::kInfinity;
}

}  // namespace cancelsim::scenarios
