// The hunt finds every bug that it is for, from random programs and knowing nothing of the trigger. ODDS.md has how
// many schedules each takes; here each may take so many that to miss one by bad luck has a probability below 1e-9.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>

#include "model/switches.h"
#include "properties/search/odds.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

namespace {

/// Schedules that tell what a kernel without the bug breaks anyway.
constexpr std::uint64_t kWithoutBug = 50'000;

HuntOptions hunting_of(const model::Config& config, std::uint64_t schedules) {
    HuntOptions hunting;
    hunting.config = config;
    hunting.profiles = {scenarios::Profile::misuse, scenarios::Profile::blocks};
    hunting.seed = 2026;
    hunting.schedules = schedules;
    hunting.shrink = false;
    return hunting;
}

void check_found(const std::function<bool(const Twins&)>& which) {
    std::map<std::string, Places> anyway;
    int found = 0;
    for (const Twins& twins : all_twins()) {
        if (!twins.out_of_reach.empty() || !which(twins)) continue;
        CAPTURE(twins.name);
        CAPTURE(config_text(twins.bad));
        REQUIRE_FALSE(twins.expected.empty());
        const auto of_profile = [&](HuntOptions hunting) {
            if (twins.profile) hunting.profiles = {*twins.profile};
            return hunting;
        };
        const auto [places, is_new] =
            anyway.try_emplace(config_text(twins.good) +
                               (twins.profile ? std::string(scenarios::name_of(*twins.profile)) : std::string()));
        if (is_new) places->second = places_of(of_profile(hunting_of(twins.good, kWithoutBug)), 1);

        HuntOptions hunting = of_profile(hunting_of(twins.bad, kSuiteSchedules));
        hunting.against = twins.good;
        // Only its own contracts, so that it is caught for what it is. No object stands for `determinism`: every hunt
        // looks at it.
        if (twins.expected.front() != "determinism") hunting.contracts = twins.expected;
        const auto first = first_catch(hunting, places->second);
        REQUIRE(first);
        CHECK(std::find(twins.expected.begin(), twins.expected.end(), first->contract) != twins.expected.end());
        ++found;
    }
    CHECK(found > 0);
}

bool is_defect_of(const Twins& twins, model::Origin origin) {
    const model::SwitchEntry* entry = model::find_switch(twins.name);
    return entry != nullptr && entry->origin == origin;
}

TEST_CASE("a hunt catches every policy that breaks a promise") {
    check_found([](const Twins& twins) { return !twins.of_programs && model::find_switch(twins.name) == nullptr; });
}

TEST_CASE("a hunt finds programs that break what a program owes") {
    check_found([](const Twins& twins) { return twins.of_programs; });
}

TEST_CASE("a hunt catches every bug that anyio has had and fixed") {
    check_found([](const Twins& twins) { return is_defect_of(twins, model::Origin::fixed); });
}

TEST_CASE("a hunt catches every bug that anyio still has, and none where its fix is on") {
    check_found([](const Twins& twins) { return is_defect_of(twins, model::Origin::live); });
}

TEST_CASE(
    "a hunt of the profile `start` catches what is raised to a caller in no scope, and nothing where the fix is on") {
    for (const model::Switches fixes :
         {model::Switches{}, model::Switches{model::Fix::starts_in_no_scope_for_unscoped_caller}}) {
        HuntOptions hunting = hunting_of(
            {&model::newest_version(), model::find_policy("narrow"), model::find_python("3.11"), fixes}, 20'000);
        hunting.profiles = {scenarios::Profile::start};
        hunting.contracts = {"start-handshake"};
        const Places places = places_of(hunting, 1);
        const std::pair<std::string, std::string> place{"start-handshake",
                                                        "raised a cancellation that is none of its caller's"};
        CHECK(std::binary_search(places.begin(), places.end(), place) == fixes.none());
    }
}

TEST_CASE("a hunt catches every planted bug") {
    check_found([](const Twins& twins) { return is_defect_of(twins, model::Origin::planted); });
}

}  // namespace

}  // namespace cancelsim::properties
