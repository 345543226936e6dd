#include "scenarios/program/case_json.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>
#include <string>
#include <string_view>

namespace cancelsim::scenarios {

namespace {

constexpr std::string_view kStatements[] = {
    R"({"op":"sleep","for":0})",
    R"({"op":"sleep","for":1099511627775})",
    R"({"op":"checkpoint"})",
    R"({"op":"checkpoint_if_cancelled"})",
    R"({"op":"cancel_shielded_checkpoint"})",
    R"({"op":"event_wait","event":"e"})",
    R"({"op":"event_set","event":"e"})",
    R"({"op":"future_wait","future":"f"})",
    R"({"op":"future_resolve","future":"f"})",
    R"({"op":"scope","name":"s","body":[]})",
    R"({"op":"scope","name":"s","shield":true,"deadline":0,"cancel_first":true,"body":[{"op":"started"}]})",
    R"({"op":"scope","name":"s","deadline":-1099511627775,"body":[]})",
    R"({"op":"fail_after","name":"s","delay":3,"body":[{"op":"started"}]})",
    R"({"op":"fail_after","name":"s","delay":0,"shield":true,"body":[]})",
    R"({"op":"group","name":"g","body":[]})",
    R"({"op":"spawn","group":"g","task":"t","body":[{"op":"started"},{"op":"started"}]})",
    R"({"op":"start","group":"g","task":"t","body":[]})",
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
    R"({"op":"raise","error":"E"})",
    R"({"op":"native_cancel","task":"t"})",
    R"({"op":"uncancel"})",
    R"({"op":"note","text":""})",
    R"({"op":"enter","name":"s"})",
    R"({"op":"enter","name":"s","shield":true,"deadline":-1})",
    R"({"op":"exit","scope":"s"})",
    R"({"op":"group_enter","name":"g"})",
    R"({"op":"group_exit","group":"g"})",
    R"({"op":"spawn_detached","task":"t","body":[]})",
};

std::string case_with(std::string_view statement) { return fmt::format(R"({{"name":"c","main":[{}]}})", statement); }

void check_round_trip(const std::string& line) {
    CAPTURE(line);
    const Case program = parse_case(line, "f", 7);
    CHECK(to_json(program) == line);
    CHECK(parse_case(to_json(program), "f", 7) == program);
}

void check_rewritten(std::string_view line, std::string_view expected) {
    const Case program = parse_case(line, "f", 7);
    CHECK(to_json(program) == expected);
    CHECK(parse_case(expected, "f", 7) == program);
}

}  // namespace

TEST_CASE("every statement is written back as it was read") {
    for (const std::string_view statement : kStatements) {
        check_round_trip(case_with(statement));
        check_round_trip(case_with(fmt::format(R"({{"op":"group","name":"g","body":[{0},{0}]}},{0})", statement)));
    }
}

TEST_CASE("the keys of a case are written back as they were read") {
    check_round_trip(R"({"name":"A-z_09","main":[]})");
    check_round_trip(R"({"name":"c","main":[],"budget":1})");
    check_round_trip(R"({"name":"c","main":[{"op":"started"}],"environment":[{"at":0,"do":[]},)"
                     R"({"at_iteration":1,"do":[{"op":"event_set","event":"e"},{"op":"note","text":"n"}]},)"
                     R"({"at":2,"do":[{"op":"cancel","scope":"s"}]}],)"
                     R"("futures":{"f1":{"stubborn":true},"f0":{"stubborn":true},"f2":{}},"budget":1099511627775})");
}

TEST_CASE("the environment may run each statement that never awaits") {
    check_round_trip(
        R"({"name":"c","main":[],"environment":[{"at":1,"do":[{"op":"cancel","scope":"s"},)"
        R"({"op":"set_shield","scope":"s","value":true},)"
        R"({"op":"set_deadline","scope":"s","in":1},{"op":"event_set","event":"e"},)"
        R"({"op":"future_resolve","future":"f"},{"op":"native_cancel","task":"t"},{"op":"note","text":"n"}]}]})");
}

TEST_CASE("what is written leaves out defaults and puts keys in order") {
    check_rewritten(R"( { "budget" : 2000, "futures":{}, "environment":[], "main":[ ], "name":"c" } )",
                    R"({"name":"c","main":[]})");
    check_rewritten(case_with(R"({"body":[],"cancel_first":false,"shield":false,"name":"s","op":"scope"})"),
                    case_with(R"({"op":"scope","name":"s","body":[]})"));
    check_rewritten(case_with(R"({"finally":[{"op":"note","text":"b"}],"handler":[],"catch":"all","op":"try",)"
                              R"("body":[{"op":"note","text":"a"}]})"),
                    case_with(R"({"op":"try","body":[{"op":"note","text":"a"}],"catch":"all","then":"swallow",)"
                              R"("finally":[{"op":"note","text":"b"}]})"));
    check_rewritten(R"({"name":"c","main":[],"futures":{"a":{"stubborn":false},"b":{"stubborn":true},"c":{}}})",
                    R"({"name":"c","main":[],"futures":{"b":{"stubborn":true},"a":{},"c":{}}})");
}

TEST_CASE("a case holds its statements in preorder") {
    const Case program = parse_case(
        R"({"name":"c","main":[{"op":"try","body":[{"op":"started"},{"op":"started"}],"catch":"error",)"
        R"("handler":[{"op":"raise","error":"E"}],"finally":[{"op":"scope","name":"s","body":[{"op":"uncancel"}]}]},)"
        R"({"op":"spawn","group":"g","task":"s","body":[]}],)"
        R"("environment":[{"at_iteration":4,"do":[{"op":"set_deadline","scope":"g","in":null}]}],)"
        R"("futures":{"x":{"stubborn":true},"y":{}}})",
        "f", 1);
    REQUIRE(program.statements.size() == 8);
    const Statement& attempt = program.statements[0];
    CHECK(attempt.op == Op::try_);
    CHECK(attempt.catches == Catch::error);
    CHECK(attempt.then == Then::swallow);
    CHECK(attempt.handler == 3);
    CHECK(attempt.finally == 4);
    CHECK(attempt.size == 6);
    CHECK(attempt.has_finally);
    CHECK(program.statements[4].op == Op::scope);
    CHECK(program.statements[4].size == 2);
    CHECK(program.names == std::vector<std::string>{"E", "s", "g", "x", "y"});
    CHECK(program.statements[6].name == 2);
    CHECK(program.statements[6].task == 1);
    CHECK(program.main_end == 7);
    CHECK(program.environment == std::vector<EnvironmentEntry>{{true, 4, 7, 8}});
    CHECK_FALSE(program.statements[7].has_number);
    CHECK(program.stubborn == std::vector<Name>{3});
    CHECK(program.plain_futures == std::vector<Name>{4});
    CHECK(program.budget == kDefaultBudget);
}

TEST_CASE("the text of a note is any string and is written in ASCII") {
    check_round_trip(
        case_with(R"({"op":"note","text":"a b/\"\\\b\f\n\r\t\u0000\u001f\u007f\u00e9\u20ac\ud83d\ude00"})"));
    check_rewritten(case_with("{\"op\":\"note\",\"text\":\"\xC3\xA9\\u00E9\xF0\x9F\x98\x80\\/\"}"),
                    case_with(R"({"op":"note","text":"\u00e9\u00e9\ud83d\ude00/"})"));
}

TEST_CASE("a file of cases is read in order, without its blank lines") {
    std::istringstream input(
        "\n{\"name\":\"a\",\"main\":[]}\n \t\r\n\r\n"
        "{\"name\":\"b\",\"main\":[]}\r\n{\"name\":\"c\",\"main\":[]}");
    const std::vector<Case> cases = read_cases(input, "f");
    REQUIRE(cases.size() == 3);
    CHECK(cases[0].name == "a");
    CHECK(cases[1].name == "b");
    CHECK(cases[2].name == "c");
    std::istringstream empty;
    CHECK(read_cases(empty, "f").empty());
}

}  // namespace cancelsim::scenarios
