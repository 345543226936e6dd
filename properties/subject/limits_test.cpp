#include "properties/subject/limits.h"

#include <doctest/doctest.h>

#include <vector>

#include "properties/subject/config_names.h"
#include "properties/subject/errors.h"
#include "scenarios/program/case_json.h"
#include "scenarios/run/interpreter.h"

namespace cancelsim::properties {

namespace {

struct Within {
    explicit Within(const Limits& limits) { set_limits(limits); }
    ~Within() { set_limits({.bytes = UINT64_MAX, .seconds = 1e9}); }
};

}  // namespace

TEST_CASE("a thread that would hold more than it may throws, and goes on where it asks for less") {
    const Within limits({.bytes = std::uint64_t{64} << 20});
    const auto take = [](std::size_t mebibytes) { free_counted(allocate_counted(mebibytes << 20)); };
    for (int i = 0; i < 10; ++i) take(32);  // what was given back counts no more
    CHECK_THROWS_WITH_AS(take(65), "more memory is needed than 64 MiB (--max-memory)", OverMemory);
    take(32);
}

TEST_CASE("a long run is ended by name, a short one never meets a clock, and the next run is as always") {
    const Within limits({.seconds = 1e-9});
    const auto program = [](const char* times) {
        return scenarios::parse_case(R"({"name":"x","main":[{"op":"repeat","times":)" + std::string(times) +
                                         R"(,"body":[{"op":"checkpoint"}]}],"budget":900000})",
                                     "input", 1);
    };
    const scenarios::Case is_long = program("200000");
    const scenarios::Case is_short = program("60000");
    scenarios::Interpreter run;
    const model::Config config = default_config();
    run.prepare(is_short, config, nullptr);
    CHECK(run.run() == sim::Verdict::quiescent);
    run.prepare(is_long, config, nullptr);
    CHECK_THROWS_WITH_AS(run.run(), "the run takes longer than 1e-09 s (--max-time)", RunLost);
    run.prepare(is_short, config, nullptr);
    CHECK(run.run() == sim::Verdict::quiescent);
}

}  // namespace cancelsim::properties
