#include "scenarios/generate/small_scope.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "scenarios/program/case_json.h"

namespace cancelsim::scenarios {

namespace {

/// As a case file has it, under a name that a case file may have.
std::string line_of(Case program) {
    program.name = "c";
    return to_json(program);
}

std::set<std::string> all_of(std::uint32_t statements) {
    std::set<std::string> lines;
    for_each_small_case(statements, [&](Case& program) {
        lines.insert(line_of(program));
        return true;
    });
    return lines;
}

/// Whether it is among the cases of its size.
bool is_listed(const std::string& statements) {
    const Case wanted = parse_case(R"({"name":"c","main":[)" + statements + "]}", "test", 1);
    bool listed = false;
    for_each_small_case(static_cast<std::uint32_t>(wanted.statements.size()), [&](Case& program) {
        listed = line_of(program) == to_json(wanted);
        return !listed;
    });
    return listed;
}

}  // namespace

TEST_CASE("small cases are valid, and each comes once") {
    for (const std::uint32_t statements : {1, 2, 3}) {
        std::size_t count = 0;
        std::set<std::string> lines;
        for_each_small_case(statements, [&](Case& program) {
            ++count;
            CHECK(program.statements.size() == statements);
            const std::string line = line_of(program);
            REQUIRE_NOTHROW(parse_case(line, "test", 1));
            lines.insert(line);
            return true;
        });
        CHECK(lines.size() == count);
    }
}

TEST_CASE("the number of small cases is what VERIFY.md says") {
    CHECK(all_of(1).size() == 16);
    CHECK(all_of(2).size() == 500);
    CHECK(all_of(3).size() == 14'952);
}

TEST_CASE("no small case comes after the visitor has had enough") {
    int count = 0;
    for_each_small_case(3, [&](Case&) { return ++count < 10; });
    CHECK(count == 10);
}

TEST_CASE("what makes the known failures is among the small cases") {
    CHECK(is_listed(R"({"op":"enter","name":"s0"},{"op":"cancel","scope":"s0"})"));
    CHECK(is_listed(R"({"op":"scope","name":"s0","body":[{"op":"cancel","scope":"s0"},{"op":"sleep","for":1}]})"));
    CHECK(is_listed(
        R"({"op":"scope","name":"s0","body":[{"op":"cancel","scope":"s0"},{"op":"event_wait","event":"e0"}]})"));
    CHECK(is_listed(
        R"({"op":"group","name":"g0","body":[{"op":"start","group":"g0","task":"t0","body":[{"op":"started"},{"op":"raise","error":"E0"}]}]})"));
}

TEST_CASE("what cannot make a difference is not") {
    // Twice in a row is once; a shield that is not up cannot be dropped; nobody waits for the event.
    CHECK_FALSE(is_listed(R"({"op":"enter","name":"s0"},{"op":"cancel","scope":"s0"},{"op":"cancel","scope":"s0"})"));
    CHECK_FALSE(is_listed(R"({"op":"enter","name":"s0"},{"op":"set_shield","scope":"s0","value":false})"));
    CHECK_FALSE(is_listed(R"({"op":"event_set","event":"e0"},{"op":"checkpoint"})"));
    // But with two tasks, the order of the text is not that of time, and a block may be left early.
    CHECK(is_listed(
        R"({"op":"scope","name":"s0","body":[{"op":"spawn_detached","task":"t0","body":[{"op":"set_shield","scope":"s0","value":false}]}]})"));
    CHECK(is_listed(
        R"({"op":"scope","name":"s0","body":[{"op":"scope","name":"s1","body":[{"op":"cancel","scope":"s0"}]},{"op":"cancel","scope":"s0"}]})"));
}

}  // namespace cancelsim::scenarios
