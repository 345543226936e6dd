#include <array>

#include "model/policies/policies.h"

namespace cancelsim::model {

namespace {
constexpr std::array kPolicies{&policies::upstream, &policies::v1,         &policies::v2,
                               &policies::v3,       &policies::narrow,     &policies::pr1260,
                               &policies::edge,     &policies::ask_waiter, &policies::event_driven};
}  // namespace

std::span<const Policy* const> all_policies() { return kPolicies; }

const Policy* find_policy(std::string_view name) {
    for (const Policy* policy : kPolicies)
        if (policy->name == name) return policy;
    return nullptr;
}

}  // namespace cancelsim::model
