#include "scenarios/generate/small_programs.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "scenarios/program/case_json.h"

namespace cancelsim::scenarios {

namespace {

/// How many there are with so many statements; each is checked to be a valid case, and to come once.
std::size_t count_of(Alphabet alphabet, std::uint32_t statements) {
    std::size_t count = 0;
    std::set<std::string> lines;
    for_each_small_program(alphabet, statements, [&](Case& program) {
        ++count;
        program.name = "c";
        const std::string line = to_json(program);
        REQUIRE_NOTHROW(parse_case(line, "test", 1));
        lines.insert(line);
        return true;
    });
    CHECK(lines.size() == count);
    return count;
}

}  // namespace

TEST_CASE("programs of the alphabets about objects and asyncio's cancellers are valid, and each comes once") {
    CHECK(count_of(Alphabet::objects, 1) == 0);
    CHECK(count_of(Alphabet::objects, 2) == 758);
    CHECK(count_of(Alphabet::objects, 3) == 22'436);
    CHECK(count_of(Alphabet::native, 1) == 0);
    CHECK(count_of(Alphabet::native, 2) == 130);
    CHECK(count_of(Alphabet::native, 3) == 5'223);
}

TEST_CASE("no small program comes after the visitor has had enough") {
    for (const Alphabet alphabet : {Alphabet::objects, Alphabet::native}) {
        int count = 0;
        for_each_small_program(alphabet, 3, [&](Case&) { return ++count < 10; });
        CHECK(count == 10);
    }
}

}  // namespace cancelsim::scenarios
