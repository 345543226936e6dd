// The state of a run of a case as one number: model/state_hash.h, and what the interpreter adds.
#pragma once

#include "model/state_hash.h"
#include "scenarios/run/interpreter.h"

namespace cancelsim::scenarios {

/// Equal numbers within one case mean that the run goes on equally, under equal choices. One object serves many hashes,
/// and in the steady state allocates nothing.
class StateHash : public model::StateHash {
public:
    /// Of the state that `run` is in when an iteration begins: to be asked within the event of that.
    std::uint64_t of(const Interpreter& run);
};

/// For the type of a body's frame.
void hash_body(sim::StateHash& hash, const sim::Frame& frame);

}  // namespace cancelsim::scenarios
