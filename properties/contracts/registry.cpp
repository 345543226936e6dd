#include <algorithm>
#include <stdexcept>
#include <string>

#include "properties/contracts/all.h"

namespace cancelsim::properties {

namespace {

/// Made only where it is asked for.
bool is_canary(const Contract& contract) { return contract.name() == "canary"; }

}  // namespace

Contracts make_all_contracts() {
    Contracts all = detail::every_contract();
    std::erase_if(all, [](const auto& contract) { return is_canary(*contract); });
    return all;
}

Contracts make_contracts(std::span<const std::string> names) {
    Contracts all = detail::every_contract();
    for (const std::string& name : names)
        if (std::none_of(all.begin(), all.end(), [&](const auto& contract) { return contract->name() == name; }))
            throw std::invalid_argument("no contract is called `" + name + "`");
    std::erase_if(all, [&](const auto& contract) {
        if (names.empty()) return is_canary(*contract) || contract->about() != About::library;
        return std::find(names.begin(), names.end(), contract->name()) == names.end();
    });
    return all;
}

Contracts detail::every_contract() {
    Contracts all;
    AllContracts::for_each([&]<class C>(std::type_identity<C>) {
        all.push_back(std::make_unique<C>());
        all.back()->number_ = AllContracts::number_of<C>();
        all.back()->presupposes_blocks_ = C::kPresupposesBlocks;
        all.back()->about_ = C::kAbout;
    });
    return all;
}

}  // namespace cancelsim::properties
