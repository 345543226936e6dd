#include "properties/search/sightings.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cancelsim::properties {

namespace {

const Finding kFinding{};
const Finding kOther{};

/// The schedules that are told of, in order.
std::string told(const std::vector<Sighting>& sightings) {
    Sightings all;
    for (const Sighting& sighting : sightings) all.add(sighting);
    std::string text;
    for (const Sighting& sighting : all.in_order()) text += std::to_string(sighting.own) + " ";
    return text;
}

}  // namespace

TEST_CASE("what is told does not depend on the order in which threads have seen it") {
    const Sighting known{"c", "p", 10, {Label::known, &kFinding}};
    const Sighting first{"c", "p", 50, {Label::news, nullptr}};
    const Sighting late{"c", "p", 70, {Label::known, nullptr}};
    const Sighting other_cause{"c", "p", 100, {Label::news, &kFinding}};
    const Sighting elsewhere{"c", "q", 200, {Label::news, nullptr}};
    CHECK(told({known, first, late, other_cause, elsewhere}) == "10 50 200 ");
    CHECK(told({elsewhere, other_cause, late, first, known}) == "10 50 200 ");
    CHECK(told({other_cause, first, elsewhere, late, known}) == "10 50 200 ");
}

TEST_CASE("a new failure by the cause of a finding does not hide one that has no such cause") {
    const Sighting as_finding{"c", "p", 10, {Label::news, &kFinding}};
    const Sighting of_none{"c", "p", 50, {Label::news, nullptr}};
    const Sighting late{"c", "p", 70, {Label::news, &kOther}};
    CHECK(told({as_finding, of_none, late}) == "10 50 ");
    CHECK(told({late, of_none, as_finding}) == "10 50 ");
}

TEST_CASE("of each distinct failure the earliest schedule is told") {
    const auto at = [](std::uint64_t own) { return Sighting{"c", "p", own, {Label::known, &kFinding}}; };
    CHECK(told({at(7), at(3), at(9)}) == "3 ");
}

}  // namespace cancelsim::properties
