// Facts about asyncio and anyio without which the known bugs cannot appear, as programs. Those about one task or one
// exception alone are in sim/task_test.cpp and model/cancel_scope_test.cpp.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "scenarios/program/case_json.h"
#include "scenarios/run/trace_writer.h"
#include "sim/strategies/record.h"

namespace cancelsim::scenarios {

namespace {

/// The trace of a program under a policy; `body` is what a case holds beside its name.
std::string trace_of(std::string_view body, std::string_view policy = "narrow", sim::Choices* choices = nullptr) {
    model::Config config;
    config.version = model::find_version("4.13.0");
    config.policy = model::find_policy(policy);
    config.python = model::find_python("3.11");
    const Case program = parse_case("{\"name\":\"c\"," + std::string(body) + "}", "test", 1);
    Interpreter run;
    TraceWriter writer(run);
    run.prepare(program, config, choices);
    run.watch(writer);
    run.run();
    return writer.finish();
}

bool has(const std::string& trace, std::string_view text) { return trace.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("checkpoint_if_cancelled turns a delivery that was lost into a loop without end") {
    constexpr std::string_view kProgram =
        R"("main":[{"op":"scope","name":"s","body":[
             {"op":"cancel","scope":"s"},
             {"op":"checkpoint_if_cancelled"}]}])";
    const std::string kept = trace_of(kProgram, "narrow");
    CHECK(has(kept, R"("await","main",2,"cancelled")"));
    CHECK(has(kept, R"("verdict":"quiescent")"));
    const std::string lost = trace_of(kProgram, "v3");
    CHECK_FALSE(has(lost, R"("await","main",2)"));
    CHECK(has(lost, R"("verdict":"budget")"));
    CHECK(has(lost, R"("time":0)"));
}

TEST_CASE("a scope's pass leaves a task in its wakeup window alone, a native cancel does not, and its result is lost") {
    constexpr std::string_view kWaiter =
        R"("main":[{"op":"scope","name":"s","body":[{"op":"event_wait","event":"e"}]}],)";
    const std::string by_scope =
        trace_of(std::string(kWaiter) +
                 R"("environment":[{"at":1,"do":[{"op":"event_set","event":"e"},{"op":"cancel","scope":"s"}]}])");
    CHECK(has(by_scope, R"("deliver","s",[],true)"));
    CHECK(has(by_scope, R"("await","main",1,"ok")"));
    const std::string native = trace_of(
        std::string(kWaiter) +
        R"("environment":[{"at":1,"do":[{"op":"event_set","event":"e"},{"op":"native_cancel","task":"main"}]}])");
    CHECK(has(native, R"("await","main",1,"native")"));
}

TEST_CASE("two cancels in one iteration are one exception, and the first decides whose it is") {
    const auto cancelled_by = [](std::string_view first, std::string_view second) {
        return trace_of(
            R"("main":[{"op":"scope","name":"s","body":[{"op":"sleep","for":9}]}],"environment":[{"at":1,"do":[)" +
            std::string(first) + "," + std::string(second) + "]}]");
    };
    constexpr std::string_view kScope = R"({"op":"cancel","scope":"s"})";
    constexpr std::string_view kNative = R"({"op":"native_cancel","task":"main"})";
    // The native one is swallowed with the scope's own: the task goes on, with a request that nobody undoes.
    const std::string scope_first = cancelled_by(kScope, kNative);
    CHECK(has(scope_first, R"("await","main",1,"cancelled")"));
    CHECK(has(scope_first, R"("task_end","main","ok",1)"));
    const std::string native_first = cancelled_by(kNative, kScope);
    CHECK(has(native_first, R"("await","main",1,"native")"));
    CHECK(has(native_first, R"("task_end","main","native",1)"));
}

TEST_CASE("what comes of two things that are due in one iteration depends on which goes first") {
    constexpr std::string_view kProgram =
        R"("main":[{"op":"scope","name":"s","deadline":1,"body":[{"op":"event_wait","event":"e"}]}],
           "environment":[{"at":1,"do":[{"op":"event_set","event":"e"}]}])";
    CHECK(has(trace_of(kProgram), R"("await","main",1,"ok")"));
    const sim::Question tie{.kind = sim::ChoiceKind::timer_order, .at = 1};
    const sim::Schedule deadline_first{bit(tie.kind), {{tie, 1}}};
    sim::Replay replay(deadline_first);
    CHECK(has(trace_of(kProgram, "narrow", &replay), R"("await","main",1,"cancelled")"));
}

TEST_CASE("a cancelled scope interrupts again whoever swallowed, an iteration later, until it is left") {
    const std::string trace = trace_of(
        R"("main":[{"op":"group","name":"g","body":[
             {"op":"spawn","group":"g","task":"t","body":[
               {"op":"repeat","times":3,"body":[
                 {"op":"try","body":[{"op":"sleep","for":9}],"catch":"cancelled","then":"swallow"}]}]},
             {"op":"sleep","for":1},
             {"op":"cancel","scope":"g"}]}])");
    for (const char* caught : {R"([5,1,"caught","t")", R"([6,1,"caught","t")", R"([7,1,"caught","t")"})
        CHECK(has(trace, caught));
}

// Both as the real anyio 4.13.0 does them.
TEST_CASE("a cancelled start() raises its own cancellation again, not that with which its child ended") {
    const std::string child_ends_later = trace_of(
        R"("main":[{"op":"group","name":"g","body":[
             {"op":"spawn","group":"g","task":"starter","body":[
               {"op":"start","group":"g","task":"t","body":[
                 {"op":"try","body":[{"op":"sleep","for":9}],"catch":"cancelled"},
                 {"op":"sleep","for":9}]}]},
             {"op":"sleep","for":1},
             {"op":"native_cancel","task":"starter"},
             {"op":"sleep","for":1},
             {"op":"cancel","scope":"g"}]}])",
        "upstream");
    CHECK(has(child_ends_later, R"("task_end","t","cancelled",2)"));
    CHECK(has(child_ends_later, R"("await","starter",2,"native")"));
    const std::string child_has_ended = trace_of(
        R"("main":[{"op":"group","name":"g","body":[
             {"op":"spawn","group":"g","task":"starter","body":[
               {"op":"scope","name":"s","shield":true,"body":[
                 {"op":"start","group":"g","task":"t","body":[{"op":"sleep","for":9}]}]}]}]}],
           "environment":[{"at":1,"do":[{"op":"cancel","scope":"g"},{"op":"native_cancel","task":"starter"}]}])",
        "upstream");
    CHECK(has(child_has_ended, R"("task_end","t","cancelled",1)"));
    CHECK(has(child_has_ended, R"("await","starter",3,"native")"));
}

TEST_CASE(
    "what leaves a cancelled start whose child ended with a group: that group, from 3.12 on a new one of the same") {
    struct Ends : sim::Observer {
        void on(const events::TaskDone& event) {
            if (event.task == 1) of_child = event.error;
        }
        void on(const events::StartReturned& event) { of_start = event.error; }
        const sim::Error* of_child = nullptr;
        const sim::Error* of_start = nullptr;
    };
    const Case program = parse_case(
        R"({"name":"c","main":[{"op":"group","name":"g","body":[
             {"op":"scope","name":"s","deadline":1,"body":[
               {"op":"start","group":"g","task":"child","body":[
                 {"op":"asyncio_group","name":"h","body":[
                   {"op":"create_task","group":"h","task":"t","body":[
                     {"op":"try","body":[{"op":"sleep","for":9}],"finally":[{"op":"raise","error":"E"}]}]},
                   {"op":"sleep","for":9}]}]}]}]}]})",
        "test", 1);
    for (const sim::Python* python : model::all_pythons()) {
        CAPTURE(python->name);
        model::Config config;
        config.version = model::find_version("4.13.0");
        config.policy = model::find_policy("upstream");
        config.python = python;
        Interpreter run;
        Ends ends;
        run.prepare(program, config, nullptr);
        run.watch(ends);
        run.run();
        REQUIRE(ends.of_child != nullptr);
        REQUIRE(ends.of_start != nullptr);
        CHECK((ends.of_start != ends.of_child) == python->suppress_splits_groups);
        REQUIRE(ends.of_start->count == 1);
        CHECK(ends.of_start->children[0] == ends.of_child->children[0]);
        if (python->suppress_splits_groups) CHECK(ends.of_start->context == ends.of_child);
    }
}

}  // namespace cancelsim::scenarios
