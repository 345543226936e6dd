#include "properties/monitor.h"

#include "scenarios/case.h"

namespace cancelsim::properties {

Monitor::Monitor(Contracts contracts) : contracts_(std::move(contracts)) {
    for (const auto& contract : contracts_) {
        const sim::EventMask wants = contract->wants();
        wanted_ |= wants;
        for (std::size_t kind = 0; kind < kKinds; ++kind) {
            if ((wants >> kind & 1) == 0) continue;
            all_[kind].push_back(contract.get());
            if (!contract->presupposes_blocks()) without_blocks_[kind].push_back(contract.get());
        }
    }
}

void Monitor::begin(scenarios::Interpreter& run) {
    run.watch(this, wanted_);
    const bool misuse = scenarios::has_misuse(run.program());
    dispatch_ = misuse ? &without_blocks_ : &all_;
    broken_.clear();
    applied_.clear();
    for (const auto& contract : contracts_) {
        if (misuse && contract->presupposes_blocks()) continue;
        contract->begin(run);
        applied_.push_back(contract.get());
    }
}

void Monitor::on(const sim::TraceEvent& event) {
    for (Contract* contract : (*dispatch_)[event.kind]) {
        if (contract->broken()) continue;
        contract->on(event);
        if (contract->broken()) broken_.push_back(contract);
    }
}

void Monitor::end() {
    for (Contract* contract : applied_) {
        if (contract->broken()) continue;
        contract->end();
        if (contract->broken()) broken_.push_back(contract);
    }
}

}  // namespace cancelsim::properties
