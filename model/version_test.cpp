#include "model/version.h"

#include <doctest/doctest.h>

#include "model/policies/policy.h"

namespace cancelsim::model {

TEST_CASE("releases, Pythons and policies are found by their names, and by no other") {
    for (const Version* version : all_versions()) CHECK(find_version(version->name) == version);
    for (const sim::Python* python : all_pythons()) CHECK(find_python(python->name) == python);
    for (const Policy* policy : all_policies()) CHECK(find_policy(policy->name) == policy);
    CHECK(find_version("4.13") == nullptr);
    CHECK(find_python("3.1") == nullptr);
    CHECK(find_policy("Upstream") == nullptr);
}

}  // namespace cancelsim::model
