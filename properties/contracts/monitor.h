// Lets contracts watch a run.
#pragma once

#include <array>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/world/history.h"

namespace cancelsim::properties {

/// Contracts that watch one run after another, and those that it broke. To the run they are one observer.
class Monitor final : public sim::Observer {
public:
    explicit Monitor(Contracts contracts);
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

    /// One event of the run: for the history first, then for the contracts in the order of the list.
    void on(const sim::TraceEvent& event) override;
    const Tells& tells() const override;

    // What contracts call.

    void broke(Contract& contract) { broken_.push_back(&contract); }
    /// Contract `number` hears these kinds from the next event on. Kinds that nobody hears any more are noticed, and
    /// ignored, when the next one comes.
    void hears(std::uint32_t number, sim::EventMask kinds) {
        heard_[number] = kinds;
        run_->watchers().listen(watcher_, kinds);
    }

private:
    static constexpr std::size_t kMost = 32;  ///< contracts
    /// By the number of a contract, the kinds of events that it hears.
    using Heard = std::array<sim::EventMask, kMost>;

    template <sim::EventKind kind>
    static void tell(sim::Observer& observer, sim::EventHead head, sim::Task* task, const void* subject,
                     sim::Error* error);

    /// From here on scopes are no blocks: those that presuppose that hear nothing any more.
    void misused();
    /// Takes back what contracts have said that presuppose blocks, where the program does otherwise anywhere.
    void spare_misuse();

    Contracts contracts_;
    std::array<Contract*, kMost> by_number_{};  ///< null where it was not asked for
    Heard heard_{};
    Heard at_first_{};  ///< what each hears when a run begins
    sim::EventMask kinds_at_first_ = History::kHears | sim::mask_of(events::by_hand);
    bool by_hand_ = false;  ///< the run has entered or left a scope or a group otherwise than as a block
    scenarios::Interpreter* run_ = nullptr;
    std::uint32_t watcher_ = 0;  ///< its number among those who watch the run
    History history_;
    std::vector<Contract*> broken_;
};

}  // namespace cancelsim::properties
