// Lets contracts watch a run.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/world/history.h"

namespace cancelsim::properties {

/// Contracts that watch one run after another, and those that it broke. To the run they are one observer.
class Monitor {
public:
    explicit Monitor(Contracts contracts);
    ~Monitor();
    Monitor(const Monitor&) = delete;  // the contracts know where it is
    Monitor& operator=(const Monitor&) = delete;

    /// Watches the run that was prepared, until its end: between `Interpreter::prepare` and
    /// `Interpreter::run`.
    void begin(scenarios::Interpreter& run);
    /// After `Interpreter::run`.
    void end();

    /// The contracts that the run broke, in the order in which it did.
    const std::vector<Contract*>& broken() const { return broken_; }
    const Contracts& contracts() const { return contracts_; }

    /// What contracts call.
    void broke(Contract& contract) { broken_.push_back(&contract); }

private:
    class Ear;

    /// From here on scopes are no blocks: those that presuppose that hear nothing any more.
    void misused();
    /// Takes back what contracts have said that presuppose blocks, where the program does otherwise anywhere.
    void spare_misuse();

    Contracts contracts_;
    std::array<Contract*, Subscriptions::kMost> by_number_{};  ///< null where it was not asked for
    Subscriptions subscriptions_;
    std::unique_ptr<Ear> ear_;
    bool by_hand_ = false;  ///< the run has entered or left a scope or a group otherwise than as a block
    scenarios::Interpreter* run_ = nullptr;
    History history_;
    std::vector<Contract*> broken_;
};

}  // namespace cancelsim::properties
