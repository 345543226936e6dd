// Lets contracts watch a run.
#pragma once

#include <array>
#include <vector>

#include "properties/contract.h"

namespace cancelsim::properties {

/// Hands each event to the contracts that want its kind.
class Monitor : public sim::Observer {
public:
    explicit Monitor(Contracts contracts);

    /// Watches the run that was prepared, until its end: between `Interpreter::prepare` and
    /// `Interpreter::run`.
    void begin(scenarios::Interpreter& run);
    void on(const sim::TraceEvent& event) override;
    /// The kinds of events that it needs.
    sim::EventMask wanted() const { return wanted_; }
    /// After `Interpreter::run`.
    void end();

    /// The contracts that the run broke.
    const std::vector<Contract*>& broken() const { return broken_; }
    const Contracts& contracts() const { return contracts_; }

private:
    static constexpr std::size_t kKinds = 64;
    /// The contracts that want each kind of event, in one row: those of kind k are [first[k], first[k + 1]).
    struct Dispatch {
        std::array<std::uint32_t, kKinds + 1> first{};
        std::vector<Contract*> contracts;
    };
    Dispatch dispatch_of(bool blocks) const;
    void on_after_breach(const sim::TraceEvent& event);

    Contracts contracts_;
    sim::EventMask wanted_ = 0;
    Dispatch all_;
    Dispatch without_blocks_;  ///< those that do not presuppose blocks
    const Dispatch* dispatch_ = &all_;
    bool tripped_ = false;  ///< a contract broke in this run
    std::vector<Contract*> applied_;
    std::vector<Contract*> broken_;
};

}  // namespace cancelsim::properties
