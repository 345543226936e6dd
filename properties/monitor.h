// Lets contracts watch a run.
#pragma once

#include <vector>

#include "properties/contract.h"
#include "properties/history.h"

namespace cancelsim::properties {

/// Contracts that watch one run after another, and those that it broke.
class Monitor {
public:
    explicit Monitor(Contracts contracts) : contracts_(std::move(contracts)) {}

    /// Watches the run that was prepared, until its end: between `Interpreter::prepare` and
    /// `Interpreter::run`.
    void begin(scenarios::Interpreter& run);
    /// After `Interpreter::run`.
    void end();

    /// The contracts that the run broke, in the order in which it did.
    const std::vector<Contract*>& broken() const { return broken_; }
    const Contracts& contracts() const { return contracts_; }

    // What contracts call.

    const History& history() const { return history_; }
    void broke(Contract& contract) { broken_.push_back(&contract); }

private:
    Contracts contracts_;
    History history_;
    std::vector<Contract*> applied_;  ///< to this run
    std::vector<Contract*> broken_;
};

}  // namespace cancelsim::properties
