// A set of ids against std::set.
#include "properties/world/id_set.h"

#include <doctest/doctest.h>

#include <set>

#include "sim/random.h"

namespace cancelsim::properties {

TEST_CASE("a set of ids holds those that were added and not removed, small and large") {
    for (const std::uint32_t ids : {10U, 64U, 65U, 1000U}) {
        CAPTURE(ids);
        sim::Random random(ids);
        IdSet set;
        std::set<std::size_t> expected;
        for (int step = 0; step < 2000; ++step) {
            const std::size_t id = random.below(ids);
            if (random.below(3) == 0) {
                set.remove(id);
                expected.erase(id);
            } else {
                set.add(id);
                expected.insert(id);
            }
            if (step == 1000) {
                set.clear();
                expected.clear();
            }
            const std::size_t asked = random.below(2 * ids);
            REQUIRE(set.has(asked) == (expected.count(asked) != 0));
        }
        for (std::size_t id = 0; id < 2 * ids; ++id) CHECK(set.has(id) == (expected.count(id) != 0));
    }
}

}  // namespace cancelsim::properties
