#include <algorithm>
#include <array>
#include <tuple>

#include "model/policies/policies.h"

namespace cancelsim::model {

std::span<const Policy* const> all_policies() {
    static const auto sorted = [] {
        std::array policies{
#define CANCELSIM_POLICY(name) &policies::name,
#include "policies.inc"
#undef CANCELSIM_POLICY
        };
        const auto key = [](const Policy* policy) { return std::tuple(policy->place, policy->name); };
        std::sort(policies.begin(), policies.end(), [&](const Policy* a, const Policy* b) { return key(a) < key(b); });
        return policies;
    }();
    return sorted;
}

const Policy* find_policy(std::string_view name) {
    for (const Policy* policy : all_policies())
        if (policy->name == name) return policy;
    return nullptr;
}

}  // namespace cancelsim::model
