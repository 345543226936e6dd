#include "properties/monitor.h"

#include "scenarios/case.h"

namespace cancelsim::properties {

void Monitor::begin(scenarios::Interpreter& run) {
    applied_.clear();
    broken_.clear();
    if (contracts_.empty()) return;
    history_.begin(run);
    const bool misuse = scenarios::has_misuse(run.program());
    for (const auto& contract : contracts_) {
        if (misuse && contract->presupposes_blocks()) continue;
        contract->begin(run, *this);
        applied_.push_back(contract.get());
    }
}

void Monitor::end() {
    for (Contract* contract : applied_)
        if (!contract->broken()) contract->end();
}

}  // namespace cancelsim::properties
