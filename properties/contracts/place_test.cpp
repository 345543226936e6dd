#include "properties/contracts/place.h"

#include <doctest/doctest.h>

#include <concepts>
#include <string>
#include <type_traits>

#include "properties/contracts/promises/deadline.h"

namespace cancelsim::properties {

namespace {

template <class A, class B>
concept Compares = requires(const A& a, const B& b) {
    a == b;
};
static_assert(Compares<Place, Place>);
static_assert(!Compares<Place, const char*>);
static_assert(!Compares<Place, std::string>);
static_assert(!std::convertible_to<const char*, Place>);
static_assert(!Compares<Site, std::uint32_t>);
static_assert(!std::is_same_v<Place, Site>);

}  // namespace

TEST_CASE("a place has the name that reports show, and is told from others by it") {
    CHECK(Deadline::Places::kTooEarly.name() == "too early");
    CHECK(Deadline::Places::kTooEarly == Place("too early"));
    CHECK(Deadline::Places::kTooEarly != Deadline::Places::kTooLate);
    CHECK(Place().name().empty());
}

TEST_CASE("a site is nowhere, or has the number of a statement") {
    CHECK_FALSE(Site());
    CHECK(Site().number() == scenarios::kNoStatement);
    CHECK(Site(0));
    CHECK(Site(3) != Site(4));
}

}  // namespace cancelsim::properties
