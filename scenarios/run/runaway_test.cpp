// Programs that do not come to an end by themselves, however long a run is allowed to be.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "scenarios/program/case_json.h"
#include "scenarios/run/interpreter.h"

namespace cancelsim::scenarios {

namespace {

/// Runs the case whose `main` is given; the run can be looked at until the next.
struct Run {
    explicit Run(std::string_view main)
        : program(
              parse_case("{\"name\":\"c\",\"main\":" + std::string(main) + ",\"budget\":1099511627775}", "test", 1)) {
        again();
    }
    void again() {
        const model::Config config{
            model::find_version("4.13.0"), model::find_policy("upstream"), model::find_python("3.11"), {}};
        interpreter.prepare(program, config, nullptr);
        interpreter.run();
    }

    Case program;
    Interpreter interpreter;
};

}  // namespace

TEST_CASE("a repeat that never waits is a runaway, whatever its body does") {
    for (const std::string_view body :
         {R"({"op":"started"})", R"({"op":"enter","name":"s"})", R"({"op":"spawn_detached","task":"t","body":[]})",
          R"({"op":"repeat","times":1099511627775,"body":[]})"}) {
        CAPTURE(body);
        const Run run(R"([{"op":"repeat","times":1099511627775,"body":[)" + std::string(body) + "]}]");
        CHECK(run.interpreter.verdict() == sim::Verdict::runaway);
        CHECK(run.interpreter.kernel().counters().handles == 1);
    }
}

TEST_CASE("time does not overflow before a run that sleeps for ever is a runaway") {
    const Run run(R"([{"op":"repeat","times":9000000,"body":[{"op":"sleep","for":1099511627775}]}])");
    CHECK(run.interpreter.verdict() == sim::Verdict::runaway);
    CHECK(run.interpreter.kernel().now() == 999'999 * (kNumberLimit - 1));
}

TEST_CASE("what goes through 100,000 scopes at every statement is a runaway, in one handle or in many") {
    for (const std::string_view body :
         {R"({"op":"scope","name":"t","body":[]})",
          R"({"op":"try","catch":"cancelled","body":[{"op":"cancel","scope":"o"},{"op":"sleep","for":1}]})"}) {
        CAPTURE(body);
        const Run run(R"([{"op":"enter","name":"o"},{"op":"repeat","times":100000,"body":[{"op":"enter","name":"s"}]},
                          {"op":"repeat","times":90000,"body":[)" +
                      std::string(body) + "]}]");
        CHECK(run.interpreter.verdict() == sim::Verdict::runaway);
    }
}

TEST_CASE("handles that a runaway leaves unrun are not counted") {
    const Run run(
        R"([{"op":"spawn_detached","task":"t","body":[{"op":"repeat","times":2000000,"body":[{"op":"started"}]}]},
                      {"op":"spawn_detached","task":"u","body":[]}])");
    CHECK(run.interpreter.verdict() == sim::Verdict::runaway);
    CHECK(run.interpreter.kernel().counters().iterations == 2);
    CHECK(run.interpreter.kernel().counters().handles == 2);
}

TEST_CASE("the run after a runaway is like any other") {
    Run run(R"([{"op":"repeat","times":500000,"body":[{"op":"started"}]}])");
    CHECK(run.interpreter.verdict() == sim::Verdict::quiescent);
    const Run runaway(R"([{"op":"repeat","times":1000000,"body":[{"op":"started"}]}])");
    CHECK(runaway.interpreter.verdict() == sim::Verdict::runaway);
    run.again();
    CHECK(run.interpreter.verdict() == sim::Verdict::quiescent);
    CHECK(run.interpreter.kernel().counters().handles == 1);
}

}  // namespace cancelsim::scenarios
