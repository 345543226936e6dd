#include <doctest/doctest.h>
#include <fmt/format.h>

#include "scenarios/program/case_code.h"
#include "scenarios/program/case_json.h"
#include "scenarios/program/case_names.h"
#include "scenarios/program/python/case_python.h"

namespace cancelsim::scenarios {

namespace {

/// Every statement on objects, and every property.
constexpr const char* kAll =
    R"({"name":"c","main":[{"op":"acquire","object":"a"},{"op":"acquire_nowait","object":"s"},{"op":"release","object":"a"},)"
    R"({"op":"hold","object":"c","body":[{"op":"wait","object":"c"},{"op":"notify","object":"c","n":2},)"
    R"({"op":"notify","object":"c"}]},{"op":"acquire_for","object":"l","borrower":"b"},)"
    R"({"op":"release_for","object":"l","borrower":"b"},{"op":"clone_send","object":"q","as":"k"},)"
    R"({"op":"clone_receive","object":"q","as":"r"},{"op":"send","object":"k"},{"op":"receive","object":"r"},)"
    R"({"op":"receive","object":"never"}],)"
    R"("environment":[{"at":1,"do":[{"op":"release","object":"s"},{"op":"set_tokens","object":"l","value":3},)"
    R"({"op":"send_nowait","object":"q"},{"op":"receive_nowait","object":"q"},{"op":"close_send","object":"k"},)"
    R"({"op":"close_receive","object":"q"}]}],)"
    R"("objects":{"a":{"kind":"lock","fast_acquire":true},"s":{"kind":"semaphore","value":0,"max_value":2},)"
    R"("l":{"kind":"limiter","tokens":1},"c":{"kind":"condition","lock":"a"},"q":{"kind":"stream","buffer":4}}})";

std::string error_of(std::string_view statement, std::string_view objects, std::string_view outside = "") {
    try {
        parse_case(fmt::format(R"({{"name":"c","main":[{}],"environment":[{{"at":1,"do":[{}]}}],"objects":{{{}}}}})",
                               statement, outside, objects),
                   "f", 7);
    } catch (const CaseError& error) {
        return error.what();
    }
    return {};
}

constexpr std::string_view kLock = R"("x":{"kind":"lock"})";

}  // namespace

TEST_CASE("a case with objects is written as it was read, as JSON, as Python and as code") {
    const Case program = parse_case(kAll, "f", 1);
    CHECK(to_json(program) == kAll);
    CHECK(to_json(parse_python(to_python(program), "f", "f")) == kAll);
    auto decoded = decode_case(encode_case(program));
    REQUIRE(decoded);
    decoded->name = "c";
    CHECK(to_json(*decoded) == kAll);
    const Case renamed = with_canonical_names(program);
    CHECK(to_json(with_canonical_names(renamed)) == to_json(renamed));
}

TEST_CASE("a table of objects that is empty is kept") {
    constexpr const char* kEmpty = R"({"name":"c","main":[],"objects":{}})";
    const Case program = parse_case(kEmpty, "f", 1);
    CHECK(to_json(program) == kEmpty);
    CHECK(to_json(parse_python(to_python(program), "f", "f")) == kEmpty);
}

TEST_CASE("an object of another kind than the statement has, or of none, is an error") {
    CHECK(error_of(R"({"op":"wait","object":"x"})", kLock) ==
          "f:7: main[0].object: expected the name of a condition, got lock");
    CHECK(
        error_of(R"({"op":"acquire","object":"y"})", kLock) ==
        R"(f:7: main[0].object: expected the name of an object that can be acquired, got a name that is not in "objects")");
    CHECK(error_of(R"({"op":"send","object":"y"})", kLock).empty());
    CHECK(error_of(R"({"op":"send","object":"x"})", kLock) ==
          "f:7: main[0].object: expected the name of a stream, a clone or a queue, got lock");
    CHECK(error_of(R"({"op":"clone_send","object":"y","as":"x"})", kLock) ==
          R"(f:7: main[0].as: expected a name that is not in "objects", got the name of an object)");
    CHECK(
        error_of("", kLock, R"({"op":"release","object":"x"})") ==
        "f:7: environment[0].do[0].object: expected the name of an object that the environment may release, got lock");
}

TEST_CASE("an object's properties are those of its kind, and in range") {
    CHECK(error_of("", R"("x":{"kind":"limiter","tokens":0})") ==
          "f:7: objects.x.tokens: expected an integer from 1 to 1099511627775, got 0");
    CHECK(error_of("", R"("x":{"kind":"limiter"})") ==
          "f:7: objects.x.tokens: expected an integer from 1 to 1099511627775, got no such key");
    CHECK(error_of("", R"("x":{"kind":"semaphore","value":2,"max_value":1})") ==
          "f:7: objects.x.max_value: expected an integer from 2 to 1099511627775, got 1");
    CHECK(error_of("", R"("x":{"kind":"condition","lock":"x"})") ==
          R"(f:7: objects.x.lock: expected the name of an object of kind "lock", got "x")");
    CHECK(error_of("", R"("x":{"kind":"lock","value":1})") ==
          R"(f:7: objects.x.value: expected a key of a lock ("kind" or "fast_acquire"), got an unknown key)");
}

}  // namespace cancelsim::scenarios
