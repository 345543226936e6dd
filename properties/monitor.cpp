#include "properties/monitor.h"

#include "scenarios/case.h"

namespace cancelsim::properties {

Monitor::Monitor(Contracts contracts) : contracts_(std::move(contracts)) {
    for (const auto& contract : contracts_) wanted_ |= contract->wants();
    all_ = dispatch_of(true);
    without_blocks_ = dispatch_of(false);
}

/// With those that presuppose blocks, or without.
Monitor::Dispatch Monitor::dispatch_of(bool blocks) const {
    Dispatch dispatch;
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
        for (const auto& contract : contracts_)
            if ((contract->wants() >> kind & 1) != 0 && (blocks || !contract->presupposes_blocks()))
                dispatch.contracts.push_back(contract.get());
        dispatch.first[kind + 1] = static_cast<std::uint32_t>(dispatch.contracts.size());
    }
    return dispatch;
}

void Monitor::begin(scenarios::Interpreter& run) {
    run.watch(this, wanted_);
    const bool misuse = scenarios::has_misuse(run.program());
    dispatch_ = misuse ? &without_blocks_ : &all_;
    tripped_ = false;
    broken_.clear();
    applied_.clear();
    for (const auto& contract : contracts_) {
        if (misuse && contract->presupposes_blocks()) continue;
        contract->begin(run, tripped_);
        applied_.push_back(contract.get());
    }
}

void Monitor::on(const sim::TraceEvent& event) {
    // Nothing is asked of a contract between two events of a run that has broken none.
    if (tripped_) [[unlikely]] {
        on_after_breach(event);
        return;
    }
    Contract* const* contract = dispatch_->contracts.data() + dispatch_->first[event.kind];
    Contract* const* const end = dispatch_->contracts.data() + dispatch_->first[event.kind + 1U];
    for (; contract != end; ++contract) (*contract)->on(event);
    if (!tripped_) return;
    for (Contract* one : applied_)
        if (one->broken()) broken_.push_back(one);
}

void Monitor::on_after_breach(const sim::TraceEvent& event) {
    for (std::uint32_t i = dispatch_->first[event.kind]; i < dispatch_->first[event.kind + 1U]; ++i) {
        Contract* contract = dispatch_->contracts[i];
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
