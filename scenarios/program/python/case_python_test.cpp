#include "scenarios/program/python/case_python.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "scenarios/program/case_json.h"

using namespace cancelsim;
using namespace cancelsim::scenarios;

namespace {

Case from_json(const std::string& json) { return parse_case(json, "f", 1); }

void check_round_trip(const std::string& json) {
    const Case program = from_json(json);
    const std::string python = to_python(program);
    CAPTURE(json);
    CAPTURE(python);
    try {
        const Case back = parse_python(python, "p.py", "x");
        CHECK(to_json(back) == json);
        CHECK(back == program);
    } catch (const CaseError& error) {
        FAIL_CHECK(error.what());
    }
}

std::string case_with(std::string_view statements, std::string_view more = "") {
    return fmt::format(R"({{"name":"c","main":[{}]{}}})", statements, more);
}

/// The statements of `main`, as they are printed.
std::string body_of(std::string_view statements) {
    const std::string text = python_functions(from_json(case_with(statements)));
    return text.substr(text.find('\n') + 1);
}

std::string fault_of(std::string_view main) {
    try {
        parse_python("async def main():\n" + std::string(main), "p.py", "x");
    } catch (const CaseError& error) {
        return error.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("a case that needs nothing special is printed as a person would write it") {
    const Case program =
        from_json(case_with(R"({"op":"group","name":"g","body":[)"
                            R"({"op":"spawn","group":"g","task":"worker","body":[{"op":"event_wait","event":"done"}]},)"
                            R"({"op":"scope","name":"s","shield":true,"deadline":3,"body":[{"op":"sleep","for":5}]},)"
                            R"({"op":"event_set","event":"done"},{"op":"cancel","scope":"g"}]})"));
    CHECK(to_python(program) == R"(# case: c

import anyio


async def main():
    done = anyio.Event()
    async with anyio.create_task_group() as g:
        async def worker():
            await done.wait()
        g.start_soon(worker)
        with anyio.move_on_after(3, shield=True) as s:
            await anyio.sleep(5)
        done.set()
        g.cancel_scope.cancel()


anyio.run(main)
)");
}

TEST_CASE("what a case needs beyond that is printed so that it runs") {
    const Case program = from_json(case_with(
        R"({"op":"spawn_detached","task":"t-0","body":[{"op":"started"},{"op":"future_wait","future":"f"}]},)"
        R"({"op":"native_cancel","task":"t-0"},{"op":"cancel","scope":"class"})",
        R"(,"environment":[{"at":3,"do":[{"op":"note","text":"it's \"3\""}]}],"futures":{"f":{"stubborn":true}},"budget":50)"));
    CHECK(to_python(program) == R"(# case: c
# budget: 50

import asyncio

import cancelsim

n = cancelsim.names()


async def main():
    f = cancelsim.StubbornFuture()
    @cancelsim.task("t-0")
    async def task_0(*, task_status=cancelsim.nothing):
        n.tasks["t-0"] = asyncio.current_task()
        task_status.started()
        await f
    asyncio.create_task(task_0())
    n.tasks["t-0"].cancel()
    n["class"].cancel()


@cancelsim.outside(at=3)
def outside_0():
    print("it's \"3\"")


cancelsim.run(main)
)");
}

TEST_CASE("every statement is read back from its Python, alone and among others") {
    for (const std::string_view statement : {
             R"({"op":"sleep","for":0})",
             R"({"op":"checkpoint"})",
             R"({"op":"checkpoint_if_cancelled"})",
             R"({"op":"cancel_shielded_checkpoint"})",
             R"({"op":"event_wait","event":"e"})",
             R"({"op":"event_set","event":"e"})",
             R"({"op":"future_wait","future":"f"})",
             R"({"op":"future_resolve","future":"f"})",
             R"({"op":"scope","name":"s","body":[]})",
             R"({"op":"scope","name":"s","shield":true,"deadline":0,"cancel_first":true,"body":[{"op":"started"}]})",
             R"({"op":"scope","name":"s","cancel_first":true,"body":[]})",
             R"({"op":"scope","name":"s","deadline":-1099511627775,"body":[]})",
             R"({"op":"fail_after","name":"s","delay":3,"body":[{"op":"started"}]})",
             R"({"op":"fail_after","name":"s","delay":0,"shield":true,"body":[]})",
             R"({"op":"group","name":"g","body":[]})",
             R"({"op":"spawn","group":"g","task":"t","body":[{"op":"started"},{"op":"started"}]})",
             R"({"op":"start","group":"g","task":"t","body":[]})",
             R"({"op":"start","group":"g","task":"class","body":[{"op":"started"}]})",
             R"({"op":"started"})",
             R"({"op":"cancel","scope":"s"})",
             R"({"op":"set_shield","scope":"s","value":false})",
             R"({"op":"set_shield","scope":"s","value":true})",
             R"({"op":"set_deadline","scope":"s","in":-2})",
             R"({"op":"set_deadline","scope":"s","in":0})",
             R"({"op":"set_deadline","scope":"s","in":null})",
             R"({"op":"try","body":[],"catch":"error","then":"swallow"})",
             R"({"op":"try","body":[],"finally":[]})",
             R"({"op":"try","body":[],"catch":"all","then":"reraise","handler":[{"op":"started"}],"finally":[]})",
             R"({"op":"try","body":[{"op":"started"}],"catch":"cancelled","then":"raise_cancelled",)"
             R"("handler":[{"op":"uncancel"}],"finally":[{"op":"checkpoint"},{"op":"sleep","for":1}]})",
             R"({"op":"repeat","times":1,"body":[]})",
             R"({"op":"raise","error":"E-1"})",
             R"({"op":"native_cancel","task":"t"})",
             R"({"op":"native_cancel","task":"main"})",
             R"({"op":"uncancel"})",
             R"({"op":"note","text":"\"\\\n\u00e9\ud83d\ude00"})",
             R"({"op":"enter","name":"s"})",
             R"({"op":"enter","name":"s","shield":true,"deadline":-1})",
             R"({"op":"exit","scope":"s"})",
             R"({"op":"group_enter","name":"g"})",
             R"({"op":"group_exit","group":"g"})",
             R"({"op":"spawn_detached","task":"t","body":[]})",
         }) {
        check_round_trip(case_with(statement));
        check_round_trip(case_with(fmt::format(R"({{"op":"group","name":"g","body":[{0},{0}]}},{0})", statement)));
        check_round_trip(case_with(fmt::format(R"({{"op":"scope","name":"s","body":[{0}]}})", statement)));
        check_round_trip(case_with(fmt::format(R"({{"op":"enter","name":"s"}},{0})", statement)));
        check_round_trip(case_with(fmt::format(
            R"({{"op":"repeat","times":2,"body":[{{"op":"spawn","group":"x-y","task":"anyio","body":[{0}]}}]}})",
            statement)));
    }
}

TEST_CASE("futures, budget and the environment are read back") {
    check_round_trip(
        case_with("", R"(,"environment":[{"at":0,"do":[]},{"at_iteration":1,"do":[{"op":"cancel","scope":"s"}]}])"));
    check_round_trip(
        case_with("", R"(,"futures":{"a":{"stubborn":true},"b-c":{"stubborn":true},"d":{"stubborn":true},"e":{}})"));
    check_round_trip(case_with(R"({"op":"future_wait","future":"b"},{"op":"future_wait","future":"a"})",
                               R"(,"futures":{"a":{"stubborn":true}})"));
    check_round_trip(case_with("", R"(,"budget":7)"));
}

TEST_CASE("a name that means several things, or may be unbound, is an attribute of `n`") {
    const std::string_view bound = R"({"op":"scope","name":"s","body":[{"op":"cancel","scope":"s"}]})";
    CHECK(body_of(bound) == "    with anyio.CancelScope() as s:\n        s.cancel()\n");
    const std::string use = R"({"op":"cancel","scope":"s"})";
    CHECK(body_of(fmt::format("{},{}", bound, use)).find("n.s") == std::string::npos);
    CHECK(body_of(fmt::format("{},{}", use, bound)).find("n.s.cancel()") != std::string::npos);
    CHECK(body_of(fmt::format("{},{}", bound, bound)).find("as n.s:") != std::string::npos);
    CHECK(body_of(fmt::format(R"({{"op":"try","body":[{}],"finally":[{}]}})", bound, use)).find("n.s.cancel()") !=
          std::string::npos);
    CHECK(body_of(fmt::format(R"({},{{"op":"event_set","event":"s"}})", bound)).find("n.events.s.set()") !=
          std::string::npos);
    // Each call of a function has variables of its own: `s` is the latest of all.
    const std::string spawned =
        fmt::format(R"({{"op":"spawn_detached","task":"t","body":[{},{{"op":"checkpoint"}},{}]}})", bound, use);
    CHECK(body_of(spawned).find("n.s") == std::string::npos);
    CHECK(body_of(fmt::format(R"({{"op":"repeat","times":2,"body":[{}]}})", spawned)).find("as n.s:") !=
          std::string::npos);
    CHECK(body_of(R"({"op":"scope","name":"print","body":[]})").find("as n.print:") != std::string::npos);
    CHECK(body_of(R"({"op":"cancel","scope":"tasks"})") == "    n[\"tasks\"].cancel()\n");
}

TEST_CASE("a program that is no case is refused, with the line and what is wrong") {
    CHECK(fault_of("    await anyio.sleep(-1)\n") == "p.py:2: expected an integer from 0 to 1099511627775, got -1");
    CHECK(fault_of("    await anyio.sleep_forever()\n") ==
          "p.py:2: `await anyio.sleep_forever()` is not part of the case language");
    CHECK(fault_of("    async def t():\n        pass\n    pass\n") ==
          "p.py:2: `t` is not followed by a statement that starts it as a task");
    CHECK(fault_of("    s.cancel()\n") ==
          "p.py:2: `s` may be unbound, or something else, where it is used: `n.s` may be");
    CHECK(fault_of("    with anyio.CancelScope() as s:\n        n.s.cancel()\n") ==
          "p.py:3: `s` is a variable elsewhere: it is either that or `n.s`");
    CHECK(fault_of("    async with anyio.create_task_group() as g:\n        g.cancel()\n") ==
          "p.py:3: `g` is a group: its scope is `g.cancel_scope`");
    CHECK(fault_of("    n.s.cancel_scope.cancel()\n") == "p.py:2: `s` is no group, and has no `cancel_scope`");
    CHECK(fault_of("    n.tasks.main.cancel()\n") ==
          "p.py:1: line 2 uses the task `main`, so its body must begin with `n.tasks.main = asyncio.current_task()`");
    CHECK(fault_of("    task_status.started()\n") ==
          "p.py:2: this task's function has no parameter `*, task_status=cancelsim.nothing`");
    CHECK(fault_of("    raise Exception(\"ok\")\n").starts_with("p.py:2: expected a name of letters"));
    CHECK(fault_of("    pass\n@cancelsim.outside(at=1)\ndef f():\n    await anyio.sleep(1)\n") ==
          "p.py:5: the outside world cannot do `await anyio.sleep(1)`: it never waits, and has no task");
    CHECK(fault_of("    pass\nimport os\n") == "p.py:3: `import os` is not part of the case language");
    CHECK(fault_of("    try:\n        pass\n    except ValueError:\n        pass\n") ==
          "p.py:4: expected `except asyncio.CancelledError:`, `except Exception:` or `except BaseException:`");
}

TEST_CASE("what only the case's own checks see is blamed on its line too") {
    const std::string_view object = "n.lock(\"l\", value=1)\n";
    CHECK(fault_of(std::string("    pass\n").append(object)).starts_with("p.py:3: objects.l"));
    CHECK(fault_of("    try:\n        pass\n    finally:\n        print(\"\")\n        n.objects.l.release()\n")
              .starts_with("p.py:6: object: expected "));
    CHECK(fault_of("    pass\n@cancelsim.outside(at=1)\ndef f():\n    print(\"\")\n    n.objects.l.total_tokens = 2\n")
              .starts_with("p.py:6: object: expected "));
}

TEST_CASE("statements are nested as deep in Python as in JSON") {
    std::string json = R"({"op":"checkpoint"})";
    for (std::size_t i = 1; i < kMaxLevels; ++i) json = R"({"op":"repeat","times":1,"body":[)" + json + "]}";
    check_round_trip(case_with(json));
    std::string python;
    for (std::size_t i = 1; i <= kMaxLevels; ++i) python += std::string(i, ' ') + "for _ in range(1):\n";
    CHECK(fault_of(python + std::string(kMaxLevels + 1, ' ') + "print(\"\")\n") ==
          "p.py:66: statements are nested more than 64 deep");
}

TEST_CASE("what is written otherwise, and means the same, is read too") {
    const auto read = [](std::string_view main) {
        return to_json(parse_python(std::string("async def main():\n").append(main), "p.py", "c"));
    };
    CHECK(
        read("    s = anyio.CancelScope(deadline=n.now + 3, shield=True)\n    with s:\n        s.deadline = n.now - "
             "1\n") ==
        case_with(
            R"({"op":"scope","name":"s","shield":true,"deadline":3,"body":[{"op":"set_deadline","scope":"s","in":-1}]})"));
    CHECK(read("    with anyio.CancelScope(deadline=anyio.current_time()) as n.s: pass\n") ==
          case_with(R"({"op":"scope","name":"s","deadline":0,"body":[]})"));
    CHECK(read("    n.g = anyio.create_task_group()\n    async with n.g:\n        pass\n") ==
          case_with(R"({"op":"group","name":"g","body":[]})"));
    CHECK(read("    pass\nif __name__ == \"__main__\":\n    anyio.run(main)\n") == case_with(""));
}

TEST_CASE("a case that its head does not name has the name of its file") {
    CHECK(parse_python("async def main():\n    pass\n", "p.py", "p").name == "p");
    CHECK(parse_python("# case: q\nasync def main():\n    pass\n", "p.py", "p").name == "q");
}

TEST_CASE("each line of a report is told of which statement it is") {
    const Case program = from_json(case_with(
        R"({"op":"spawn_detached","task":"t","body":[{"op":"sleep","for":1}]},)"
        R"({"op":"try","body":[{"op":"sleep","for":2}],"catch":"cancelled","handler":[{"op":"sleep","for":3}],"then":"reraise","finally":[{"op":"sleep","for":4}]},)"
        R"({"op":"sleep","for":5})",
        R"(,"environment":[{"at":1,"do":[{"op":"note","text":"x"}]}])"));
    std::string text;
    std::string statements;
    for (const PythonLine& line : python_lines(program)) {
        text += line.text + "\n";
        statements += line.statement == kNoStatement ? "-" : std::to_string(line.statement);
    }
    CHECK(text == python_functions(program));
    // main; def, its sleep, its start; try, except, its sleep, raise, finally; the last; decorator, def and note.
    CHECK(statements == "-01023242256--7");
}
