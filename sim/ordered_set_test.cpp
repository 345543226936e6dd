#include "sim/ordered_set.h"

#include <doctest/doctest.h>

#include <vector>

namespace cancelsim::sim {

namespace {

struct Element {
    SetLinks<Element> links;
};
using Set = OrderedSet<Element, &Element::links>;

std::vector<const Element*> elements_of(const Set& set) {
    std::vector<const Element*> elements;
    for (const Element* each = set.first(); each != nullptr; each = Set::next(*each)) elements.push_back(each);
    CHECK(elements.size() == set.size());
    CHECK(set.empty() == elements.empty());
    return elements;
}

}  // namespace

TEST_CASE("a set remembers the order of insertion, and holds each element once") {
    Set set;
    Element a, b, c;
    for (Element* each : {&a, &b, &c, &a}) set.add(*each);
    CHECK(elements_of(set) == std::vector<const Element*>{&a, &b, &c});
    CHECK(set.contains(b));
}

TEST_CASE("an element that was taken out can come back, at the end") {
    Element a, b, c;
    for (Element* taken : {&a, &b, &c}) {
        Set set;
        std::vector<const Element*> rest;
        for (Element* each : {&a, &b, &c}) {
            set.add(*each);
            if (each != taken) rest.push_back(each);
        }
        set.discard(*taken);
        CHECK_FALSE(set.contains(*taken));
        CHECK(elements_of(set) == rest);
        set.add(*taken);
        rest.push_back(taken);
        CHECK(elements_of(set) == rest);
        for (Element* each : {&a, &b, &c}) set.discard(*each);
        CHECK(elements_of(set).empty());
    }
}

TEST_CASE("taking out what is not there, or is in another set, does nothing") {
    Set set;
    Set other;
    Element a, b;
    set.add(a);
    other.add(b);
    set.discard(b);
    CHECK(other.contains(b));
    CHECK_FALSE(set.contains(b));
    other.discard(a);
    CHECK(elements_of(set) == std::vector<const Element*>{&a});
}

}  // namespace cancelsim::sim
