// Lets contracts watch a run.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/own.h"
#include "properties/world/model_run_info.h"

namespace cancelsim::properties {

/// Contracts that watch one run after another, and those that it broke. To the run they are one observer.
class Monitor {
public:
    explicit Monitor(Contracts contracts);
    ~Monitor();
    Monitor(const Monitor&) = delete;  // the contracts know where it is
    Monitor& operator=(const Monitor&) = delete;

    /// Watches a run that was prepared and has not begun: hears what `hubs` send until `end`, and asks `info` until
    /// the next `begin`.
    void begin(RunInfo& info, const scenarios::EventHubs& hubs);
    void begin(ModelRunInfo& info) { begin(info, info.run().hubs()); }
    /// The run has ended.
    void end();

    /// The contracts that the run broke, in the order in which it did.
    const std::vector<Contract*>& broken() const { return broken_; }
    const Contracts& contracts() const { return contracts_; }
    /// The words for what happened in the last run. Precondition: there was one.
    Words words() const { return {world_, *info_}; }

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
    std::vector<std::unique_ptr<OwnEar>> own_ears_;
    bool by_hand_ = false;  ///< the run has entered or left a scope or a group otherwise than as a block
    RunInfo* info_ = nullptr;
    World world_;
    std::vector<Contract*> broken_;
};

}  // namespace cancelsim::properties
