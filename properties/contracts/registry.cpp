#include <algorithm>
#include <stdexcept>
#include <string>

#include "properties/contracts/all.h"

namespace cancelsim::properties {

Contracts make_contracts(std::span<const std::string> names) {
    Contracts all;
    AllContracts::for_each([&]<class C>(std::type_identity<C>) {
        all.push_back(std::make_unique<C>());
        all.back()->number_ = AllContracts::number_of<C>();
        all.back()->presupposes_blocks_ = C::kPresupposesBlocks;
    });
    for (const std::string& name : names)
        if (std::none_of(all.begin(), all.end(), [&](const auto& contract) { return contract->name() == name; }))
            throw std::invalid_argument("no contract is called `" + name + "`");
    std::erase_if(all, [&](const auto& contract) {
        // Made only where it is asked for.
        if (names.empty()) return contract->name() == "canary";
        return std::find(names.begin(), names.end(), contract->name()) == names.end();
    });
    return all;
}

}  // namespace cancelsim::properties
