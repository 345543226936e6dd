#include "properties/contracts/contracts.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace cancelsim::properties {

namespace {

struct ContractEntry {
    std::string_view name;
    std::unique_ptr<Contract> (*make)();
};

/// The promises of a kernel, in alphabetical order.
constexpr ContractEntry kContracts[] = {
    {"caught-is-ours", &make_caught_is_ours},
    {"clean-exit", &make_clean_exit},
    {"deadline", &make_deadline},
    {"deferred-self-delivery", &make_deferred_self_delivery},
    {"errors-arrive", &make_errors_arrive},
    {"group-joins", &make_group_joins},
    {"group-outcome", &make_group_outcome},
    {"no-hot-loop", &make_no_hot_loop},
    {"no-livelock", &make_no_livelock},
    {"no-lost-wakeup", &make_no_lost_wakeup},
    {"no-rearm-without-live-tasks", &make_no_rearm_without_live_tasks},
    {"no-spurious-cancel", &make_no_spurious_cancel},
    {"not-before-start", &make_not_before_start},
    {"redelivery", &make_redelivery},
    {"shield-holds", &make_shield_holds},
    {"single-flight", &make_single_flight},
    {"start-handshake", &make_start_handshake},
    {"uncancel-balance", &make_uncancel_balance},
};

/// Contracts that no kernel is meant to keep: only made when asked for by name.
constexpr ContractEntry kByNameOnly[] = {
    {"canary", &make_canary},
};

const ContractEntry* find_entry(std::string_view name) {
    const auto is_it = [name](const ContractEntry& entry) { return entry.name == name; };
    if (const auto found = std::find_if(std::begin(kContracts), std::end(kContracts), is_it);
        found != std::end(kContracts))
        return found;
    const auto found = std::find_if(std::begin(kByNameOnly), std::end(kByNameOnly), is_it);
    return found != std::end(kByNameOnly) ? found : nullptr;
}

}  // namespace

Contracts make_contracts(std::span<const std::string> names) {
    Contracts contracts;
    if (names.empty())
        for (const ContractEntry& entry : kContracts) contracts.push_back(entry.make());
    for (const std::string& name : names) {
        const ContractEntry* entry = find_entry(name);
        if (entry == nullptr) throw std::invalid_argument("no contract is called `" + name + "`");
        contracts.push_back(entry->make());
    }
    return contracts;
}

}  // namespace cancelsim::properties
