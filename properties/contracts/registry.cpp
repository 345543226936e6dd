#include <algorithm>
#include <stdexcept>
#include <string>

#include "properties/contracts/all.h"
#include "properties/contracts/own.h"

namespace cancelsim::properties {

namespace {

/// Made only where it is asked for.
bool is_canary(const Contract& contract) { return contract.name() == "canary"; }

std::vector<detail::OwnContract>& own_contracts() {
    static std::vector<detail::OwnContract> all;
    return all;
}

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
    AllContracts::for_each(
        [&]<class C>(std::type_identity<C>) { all.push_back(make_contract<C>(AllContracts::number_of<C>())); });
    for (const OwnContract& own : own_contracts()) all.push_back(own.make(static_cast<std::uint32_t>(all.size())));
    return all;
}

void detail::add_own(const OwnContract& own) {
    const std::string_view name = own.make(0)->name();
    for (const auto& contract : every_contract())
        if (contract->name() == name)
            throw std::invalid_argument("a contract is called `" + std::string(name) + "` already");
    if (own_contracts().size() == kMostOwn)
        throw std::length_error("more than " + std::to_string(kMostOwn) + " contracts of one's own");
    own_contracts().push_back(own);
}

void detail::remove_own(const OwnContract& own) { std::erase(own_contracts(), own); }

std::unique_ptr<OwnEar> detail::own_ear(Contract& contract) {
    return own_contracts().at(contract.number() - AllContracts::kCount).listen(contract);
}

}  // namespace cancelsim::properties
