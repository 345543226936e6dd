#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>
#include <string>
#include <string_view>

#include "scenarios/program/case_json.h"

namespace cancelsim::scenarios {

namespace {

using namespace std::string_literals;

constexpr std::string_view kName = R"(a name of letters, digits, "_" and "-")";
constexpr std::string_view kAnyInteger = "an integer from -1099511627775 to 1099511627775";
constexpr std::string_view kFromZero = "an integer from 0 to 1099511627775";
constexpr std::string_view kFromOne = "an integer from 1 to 1099511627775";

/// What the reader says of the line, which is line 7 of the file f; nothing if it reads it.
std::string error_of(std::string_view line) {
    try {
        parse_case(line, "f", 7);
    } catch (const CaseError& error) {
        return error.what();
    }
    return {};
}

std::string case_with(std::string_view statement) { return fmt::format(R"({{"name":"c","main":[{}]}})", statement); }

std::string case_with_environment(std::string_view entry) {
    return fmt::format(R"({{"name":"c","main":[],"environment":[{}]}})", entry);
}

std::string error_of_statement(std::string_view statement) { return error_of(case_with(statement)); }
std::string error_of_entry(std::string_view entry) { return error_of(case_with_environment(entry)); }

std::string at(std::string_view path, std::string_view expected, std::string_view got) {
    return fmt::format("f:7: {}: expected {}, got {}", path, expected, got);
}

/// The case in which scopes are nested so many levels deep.
std::string nested(std::size_t levels) {
    std::string text;
    for (std::size_t i = 0; i < levels; ++i) text += R"({"op":"scope","name":"s","body":[)";
    for (std::size_t i = 0; i < levels; ++i) text += "]}";
    return case_with(text);
}

}  // namespace

TEST_CASE("an error names the line of the file, blank lines counted") {
    std::istringstream input(
        "{\"name\":\"a\",\"main\":[]}\n\n{\"name\":\"b\",\"main\":[{\"op\":\"sleep\",\"for\":-1}]}"
        "\n");
    CHECK_THROWS_WITH_AS(read_cases(input, "dir/x.jsonl"),
                         "dir/x.jsonl:3: main[0].for: expected an integer from 0 to 1099511627775, got -1", CaseError);
}

TEST_CASE("a file that cannot be read is an error") {
    std::istringstream input("{\"name\":\"a\",\"main\":[]}\n");
    input.setstate(std::ios::failbit);
    CHECK_THROWS_WITH_AS(read_cases(input, "f"), "f:1: case: expected a file that can be read, got a read error",
                         CaseError);
}

TEST_CASE("a case must be an object with the keys of a case") {
    CHECK(error_of("[]") == at("case", "an object", "a list"));
    CHECK(error_of("5") == at("case", "an object", "5"));
    CHECK(error_of("null") == at("case", "an object", "null"));
    CHECK(error_of(R"({"main":[]})") == at("name", kName, "no such key"));
    CHECK(error_of(R"({"name":"c"})") == at("main", "a list of statements", "no such key"));
    CHECK(error_of(R"({"name":"c","main":{}})") == at("main", "a list of statements", "an object"));
    CHECK(error_of(R"({"name":"c","main":[7]})") == at("main[0]", "a statement, an object", "7"));
    CHECK(error_of(R"({"name":"c","main":[],"environment":{}})") ==
          at("environment", "a list of environment entries", "an object"));
    CHECK(error_of(R"({"name":"c","main":[],"futures":[]})") ==
          at("futures", "an object of futures by name", "a list"));
}

TEST_CASE("unknown keys are errors at every level") {
    CHECK(error_of(R"({"name":"c","main":[],"seed":1})") ==
          at("seed", R"(a key of a case ("name", "main", "environment", "futures", "budget" or "objects"))",
             "an unknown key"));
    CHECK(error_of_statement(R"({"op":"sleep","for":1,"delay":1})") ==
          at("main[0].delay", R"(a key of sleep ("op" or "for"))", "an unknown key"));
    CHECK(error_of_statement(R"({"op":"checkpoint","for":1})") ==
          at("main[0].for", R"(a key of checkpoint ("op"))", "an unknown key"));
    CHECK(error_of_statement(R"({"op":"group","name":"g","body":[],"shield":true})") ==
          at("main[0].shield", R"(a key of group ("op", "name" or "body"))", "an unknown key"));
    CHECK(error_of_statement(R"({"op":"fail_after","name":"s","delay":1,"body":[],"cancel_first":true})") ==
          at("main[0].cancel_first", R"(a key of fail_after ("op", "name", "delay", "shield" or "body"))",
             "an unknown key"));
    CHECK(
        error_of_entry(R"({"at":1,"do":[],"note":""})") ==
        at("environment[0].note", R"(a key of an environment entry ("at", "at_iteration" or "do"))", "an unknown key"));
    CHECK(error_of(R"({"name":"c","main":[],"futures":{"f":{"stuborn":true}}})") ==
          at("futures.f.stuborn", R"(a key of a future ("stubborn"))", "an unknown key"));
}

TEST_CASE("odd keys are quoted in a key path, and long ones are cut") {
    CHECK(error_of_statement("{\"op\":\"checkpoint\",\"a\\n\xC3\xA9\":1}") ==
          at(R"(main[0]["a\n\u00e9"])", R"(a key of checkpoint ("op"))", "an unknown key"));
    CHECK(error_of_statement(R"({"op":"checkpoint","":1})") ==
          at(R"(main[0][""])", R"(a key of checkpoint ("op"))", "an unknown key"));
    CHECK(error_of_statement(fmt::format(R"({{"op":"checkpoint","{}":1}})", std::string(1000, 'k'))) ==
          at("main[0]." + std::string(57, 'k') + "...", R"(a key of checkpoint ("op"))", "an unknown key"));
}

TEST_CASE("a key given twice is an error") {
    CHECK(error_of(R"({"name":"c","main":[],"name":"c"})") == at("name", "each key once", "it again"));
    CHECK(error_of_statement(R"({"op":"sleep","for":1,"for":2})") == at("main[0].for", "each key once", "it again"));
    CHECK(error_of_statement(R"({"op":"sleep","f\u006fr":1,"for":1})") ==
          at("main[0].for", "each key once", "it again"));
    CHECK(error_of_statement(R"({"op":"started","op":"started"})") == at("main[0].op", "each key once", "it again"));
    CHECK(error_of_entry(R"({"at":1,"at":1,"do":[]})") == at("environment[0].at", "each key once", "it again"));
    CHECK(error_of(R"({"name":"c","main":[],"futures":{"f":{},"f":{"stubborn":true}}})") ==
          at("futures.f", "each key once", "it again"));
    CHECK(error_of(R"({"name":"c","main":[],"futures":{"f":{"stubborn":true,"stubborn":true}}})") ==
          at("futures.f.stubborn", "each key once", "it again"));
}

TEST_CASE("the op of a statement must be a known one") {
    constexpr std::string_view kOpsText =
        R"("sleep", "checkpoint", "checkpoint_if_cancelled", "cancel_shielded_checkpoint", "event_wait", "event_set", )"
        R"("future_wait", "future_resolve", "scope", "fail_after", "group", "spawn", "start", "started", "cancel", )"
        R"("set_shield", "set_deadline", "try", "repeat", "raise", "native_cancel", "uncancel", "note", "enter", )"
        R"("exit", "group_enter", "group_exit", "spawn_detached", "acquire", "acquire_nowait", "release", "hold", )"
        R"("acquire_for", "release_for", "set_tokens", "wait", "notify", "send", "send_nowait", "receive", )"
        R"("receive_nowait", "close_send", "close_receive", "clone_send", "clone_receive", "asyncio_timeout", )"
        R"("reschedule", "asyncio_group", "create_task", "await_task", "wait_for", "shield", "gather", "asyncio_wait", )"
        R"("task_done" or "join")";
    CHECK(error_of_statement(R"({"op":"slep","for":1})") == at("main[0].op", kOpsText, R"("slep")"));
    CHECK(error_of_statement(R"({"op":"Sleep","for":1})") == at("main[0].op", kOpsText, R"("Sleep")"));
    CHECK(error_of_statement(R"({"op":5})") == at("main[0].op", kOpsText, "5"));
    CHECK(error_of_statement(R"({})") == at("main[0].op", kOpsText, "no such key"));
}

TEST_CASE("a required key that is missing is an error") {
    const std::string list = "a list of statements";
    CHECK(error_of_statement(R"({"op":"sleep"})") == at("main[0].for", kFromZero, "no such key"));
    CHECK(error_of_statement(R"({"op":"event_wait"})") == at("main[0].event", kName, "no such key"));
    CHECK(error_of_statement(R"({"op":"future_resolve"})") == at("main[0].future", kName, "no such key"));
    CHECK(error_of_statement(R"({"op":"scope","body":[]})") == at("main[0].name", kName, "no such key"));
    CHECK(error_of_statement(R"({"op":"scope","name":"s"})") == at("main[0].body", list, "no such key"));
    CHECK(error_of_statement(R"({"op":"fail_after","name":"s","body":[]})") ==
          at("main[0].delay", kFromZero, "no such key"));
    CHECK(error_of_statement(R"({"op":"spawn","task":"t","body":[]})") == at("main[0].group", kName, "no such key"));
    CHECK(error_of_statement(R"({"op":"start","group":"g","body":[]})") == at("main[0].task", kName, "no such key"));
    CHECK(error_of_statement(R"({"op":"set_shield","scope":"s"})") ==
          at("main[0].value", "true or false", "no such key"));
    CHECK(error_of_statement(R"({"op":"set_deadline","scope":"s"})") ==
          at("main[0].in", fmt::format("null or {}", kAnyInteger), "no such key"));
    CHECK(error_of_statement(R"({"op":"try","finally":[]})") == at("main[0].body", list, "no such key"));
    CHECK(error_of_statement(R"({"op":"repeat","body":[]})") == at("main[0].times", kFromOne, "no such key"));
    CHECK(error_of_statement(R"({"op":"note"})") == at("main[0].text", "a string", "no such key"));
    CHECK(error_of_statement(R"({"op":"exit"})") == at("main[0].scope", kName, "no such key"));
    CHECK(error_of_statement(R"({"op":"group_exit"})") == at("main[0].group", kName, "no such key"));
    CHECK(error_of_entry(R"({"at":1})") == at("environment[0].do", list, "no such key"));
}

TEST_CASE("values of the wrong type are errors") {
    CHECK(error_of_statement(R"({"op":"sleep","for":true})") == at("main[0].for", kFromZero, "true"));
    CHECK(error_of_statement(R"({"op":"sleep","for":1.0})") == at("main[0].for", kFromZero, "1.0"));
    CHECK(error_of_statement(R"({"op":"sleep","for":1e3})") == at("main[0].for", kFromZero, "1e3"));
    CHECK(error_of_statement(R"({"op":"sleep","for":"1"})") == at("main[0].for", kFromZero, R"("1")"));
    CHECK(error_of_statement(R"({"op":"sleep","for":null})") == at("main[0].for", kFromZero, "null"));
    CHECK(error_of_statement(R"({"op":"sleep","for":[1]})") == at("main[0].for", kFromZero, "a list"));
    CHECK(error_of_statement(R"({"op":"scope","name":"s","deadline":null,"body":[]})") ==
          at("main[0].deadline", kAnyInteger, "null"));
    CHECK(error_of_statement(R"({"op":"scope","name":"s","shield":1,"body":[]})") ==
          at("main[0].shield", "true or false", "1"));
    CHECK(error_of_statement(R"({"op":"scope","name":"s","cancel_first":null,"body":[]})") ==
          at("main[0].cancel_first", "true or false", "null"));
    CHECK(error_of_statement(R"({"op":"set_shield","scope":"s","value":0})") ==
          at("main[0].value", "true or false", "0"));
    CHECK(error_of_statement(R"({"op":"set_deadline","scope":"s","in":false})") ==
          at("main[0].in", fmt::format("null or {}", kAnyInteger), "false"));
    CHECK(error_of_statement(R"({"op":"note","text":5})") == at("main[0].text", "a string", "5"));
    CHECK(error_of_statement(R"({"op":"cancel","scope":null})") == at("main[0].scope", kName, "null"));
    CHECK(error_of_statement(R"({"op":"group","name":"g","body":null})") ==
          at("main[0].body", "a list of statements", "null"));
    CHECK(error_of_statement(R"({"op":"try","body":[],"catch":"all","handler":{}})") ==
          at("main[0].handler", "a list of statements", "an object"));
    CHECK(error_of_statement(R"({"op":"try","body":[],"finally":false})") ==
          at("main[0].finally", "a list of statements", "false"));
    CHECK(error_of_entry(R"({"at":"1","do":[]})") == at("environment[0].at", kFromZero, R"("1")"));
    CHECK(error_of_entry(R"([])") == at("environment[0]", "an environment entry, an object", "a list"));
    CHECK(error_of(R"({"name":"c","main":[],"futures":{"f":true}})") == at("futures.f", "an object", "true"));
    CHECK(error_of(R"({"name":"c","main":[],"futures":{"f":{"stubborn":1}}})") ==
          at("futures.f.stubborn", "true or false", "1"));
}

TEST_CASE("numbers out of range are errors") {
    CHECK(error_of_statement(R"({"op":"sleep","for":-1})") == at("main[0].for", kFromZero, "-1"));
    CHECK(error_of_statement(R"({"op":"sleep","for":1099511627776})") == at("main[0].for", kFromZero, "1099511627776"));
    CHECK(error_of_statement(R"({"op":"sleep","for":18446744073709551615})") ==
          at("main[0].for", kFromZero, "18446744073709551615"));
    CHECK(error_of_statement(R"({"op":"sleep","for":18446744073709551617})") ==
          at("main[0].for", kFromZero, "18446744073709551617"));
    CHECK(error_of_statement(R"({"op":"fail_after","name":"s","delay":-1,"body":[]})") ==
          at("main[0].delay", kFromZero, "-1"));
    CHECK(error_of_statement(R"({"op":"repeat","times":0,"body":[]})") == at("main[0].times", kFromOne, "0"));
    CHECK(error_of_statement(R"({"op":"enter","name":"s","deadline":-1099511627776})") ==
          at("main[0].deadline", kAnyInteger, "-1099511627776"));
    CHECK(error_of_statement(R"({"op":"set_deadline","scope":"s","in":-9223372036854775809})") ==
          at("main[0].in", fmt::format("null or {}", kAnyInteger), "-9223372036854775809"));
    CHECK(error_of_entry(R"({"at":-1,"do":[]})") == at("environment[0].at", kFromZero, "-1"));
    CHECK(error_of_entry(R"({"at_iteration":0,"do":[]})") == at("environment[0].at_iteration", kFromOne, "0"));
    CHECK(error_of(R"({"name":"c","main":[],"budget":0})") == at("budget", kFromOne, "0"));
    CHECK(error_of(R"({"name":"c","main":[],"budget":1099511627776})") == at("budget", kFromOne, "1099511627776"));
}

TEST_CASE("bad names are errors") {
    CHECK(error_of(R"({"name":"","main":[]})") == at("name", kName, R"("")"));
    CHECK(error_of(R"({"name":"a b","main":[]})") == at("name", kName, R"("a b")"));
    CHECK(error_of_statement(R"({"op":"cancel","scope":"s#2"})") == at("main[0].scope", kName, R"("s#2")"));
    CHECK(error_of_statement(R"({"op":"event_set","event":"\u00e9"})") == at("main[0].event", kName, R"("\u00e9")"));
    CHECK(error_of_statement(R"({"op":"future_wait","future":"a\u0000"})") ==
          at("main[0].future", kName, R"("a\u0000")"));
    CHECK(error_of_statement(R"({"op":"spawn","group":"g","task":"a.b","body":[]})") ==
          at("main[0].task", kName, R"("a.b")"));
    CHECK(error_of_statement(R"({"op":"native_cancel","task":"\n"})") == at("main[0].task", kName, R"("\n")"));
    CHECK(error_of_statement(R"({"op":"group","name":"g,h","body":[]})") == at("main[0].name", kName, R"("g,h")"));
    CHECK(error_of(R"({"name":"c","main":[],"futures":{"a b":{}}})") == at(R"(futures["a b"])", kName, "this key"));
    CHECK(error_of(fmt::format(R"({{"name":"{}","main":[]}})", std::string(1000, '.'))) ==
          at("name", kName, "\"" + std::string(56, '.') + "..."));
}

TEST_CASE("an error is not called like another outcome") {
    for (const std::string_view name : {"ok", "cancelled", "native", "group"}) {
        CHECK(error_of_statement(fmt::format(R"({{"op":"raise","error":"{}"}})", name)) ==
              at("main[0].error", fmt::format(R"({} that is not "ok", "cancelled", "native" or "group")", kName),
                 fmt::format("\"{}\"", name)));
        CHECK(error_of_statement(fmt::format(R"({{"op":"cancel","scope":"{}"}})", name)).empty());
    }
    CHECK(error_of_statement(R"({"op":"raise","error":"Ok"})").empty());
}

TEST_CASE("a try has a catch or a finally, and what needs the catch has it") {
    CHECK(error_of_statement(R"({"op":"try","body":[]})") ==
          at("main[0]", R"("catch" or "finally" or both)", "neither"));
    CHECK(error_of_statement(R"({"op":"try","body":[],"handler":[],"finally":[]})") ==
          at("main[0].handler", R"("catch" beside it)", "no such key"));
    CHECK(error_of_statement(R"({"op":"try","body":[],"then":"swallow","finally":[]})") ==
          at("main[0].then", R"("catch" beside it)", "no such key"));
    CHECK(error_of_statement(R"({"op":"try","body":[],"catch":"none"})") ==
          at("main[0].catch", R"("cancelled", "error" or "all")", R"("none")"));
    CHECK(error_of_statement(R"({"op":"try","body":[],"catch":""})") ==
          at("main[0].catch", R"("cancelled", "error" or "all")", R"("")"));
    CHECK(error_of_statement(R"({"op":"try","body":[],"catch":null})") ==
          at("main[0].catch", R"("cancelled", "error" or "all")", "null"));
    CHECK(error_of_statement(R"({"op":"try","body":[],"catch":"all","then":true})") ==
          at("main[0].then", R"("swallow", "reraise" or "raise_cancelled")", "true"));
}

TEST_CASE("an environment entry has one time and never awaits") {
    CHECK(error_of_entry(R"({"do":[]})") ==
          at("environment[0]", R"(exactly one of "at" and "at_iteration")", "neither"));
    CHECK(error_of_entry(R"({"at":1,"at_iteration":1,"do":[]})") ==
          at("environment[0]", R"(exactly one of "at" and "at_iteration")", "both"));
    constexpr std::string_view kAllowed =
        R"("event_set", "future_resolve", "cancel", "set_shield", "set_deadline", "native_cancel", "note", )"
        R"("release", "set_tokens", "send_nowait", "receive_nowait", "close_send" or "close_receive" )"
        "(what never awaits)";
    CHECK(error_of_entry(R"({"at":1,"do":[{"op":"note","text":""},{"op":"sleep","for":1}]})") ==
          at("environment[0].do[1].op", kAllowed, R"("sleep")"));
    for (const std::string_view op : {"raise", "uncancel", "started", "scope", "try", "spawn", "exit", "group_enter"}) {
        CHECK(error_of_entry(fmt::format(R"({{"at":1,"do":[{{"op":"{}"}}]}})", op)) ==
              at("environment[0].do[0].op", kAllowed, fmt::format("\"{}\"", op)));
    }
}

TEST_CASE("a key path leads to the place of the fault") {
    CHECK(error_of(R"({"name":"c","main":[{"op":"started"},{"op":"try","body":[],"catch":"all","handler":)"
                   R"([{"op":"group","name":"g","body":[{"op":"started"},{"op":"sleep","for":-5}]}]}]})") ==
          at("main[1].handler[0].body[1].for", kFromZero, "-5"));
}

TEST_CASE("text that is not JSON is an error") {
    CHECK(error_of("") == at("case", "more JSON", "the end of the line"));
    CHECK(error_of("nonsense") == at("case", "valid JSON", R"("no" up to column 2)"));
    CHECK(error_of(R"({"name":"c","main":[],})") == at("case", "valid JSON", R"("}" up to column 23)"));
    CHECK(error_of(R"({'name':"c","main":[]})") == at("case", "valid JSON", R"("'" up to column 2)"));
    CHECK(error_of_statement(R"({"op":"sleep","for":01})") == at("main[0]", "valid JSON", R"("01" up to column 42)"));
    CHECK(error_of_statement(R"({"op":"sleep","for":NaN})") ==
          at("main[0].for", "valid JSON", R"("N" up to column 41)"));
    CHECK(error_of_statement(R"({"op":"note","text":"\x"})") ==
          at("main[0].text", "valid JSON", R"("x" up to column 43)"));
    CHECK(
        error_of_statement("{\"op\":\"note\",\"text\":\"\t\"}").starts_with("f:7: main[0].text: expected valid JSON"));
    CHECK(error_of_statement(R"({"op":"note","text":"\ud800"})").starts_with("f:7: main[0].text: expected valid JSON"));
    CHECK(error_of_statement(R"({"op":"sleep","for":1e999})") ==
          at("main[0].for", "valid JSON", R"("1e999" up to column 45)"));
}

TEST_CASE("each beginning of a case is an error") {
    const std::string line =
        R"({"name":"c","main":[{"op":"sleep","for":-0},{"op":"note","text":"\u00e9"}],"budget":10})";
    REQUIRE(error_of(line).empty());
    for (std::size_t length = 0; length < line.size(); ++length) {
        const std::string error = error_of(line.substr(0, length));
        CAPTURE(length);
        CHECK(error.ends_with(": expected more JSON, got the end of the line"));
    }
    CHECK(error_of(line.substr(0, 30)) == at("main[0].op", "more JSON", "the end of the line"));
    CHECK(error_of(line.substr(0, 44)) == at("main[1]", "more JSON", "the end of the line"));
}

TEST_CASE("what follows a case on its line is an error") {
    const std::string line = case_with("");
    CHECK(error_of(line + " \t\r\n").empty());
    CHECK(error_of(line + "x") == at("case", "valid JSON", R"("x" up to column 23)"));
    CHECK(error_of(line + line) == at("case", "valid JSON", R"("{" up to column 23)"));
    CHECK(error_of(line + " // a comment") == at("case", "valid JSON", R"("/" up to column 24)"));
}

TEST_CASE("NUL bytes are errors wherever they are") {
    const std::string line = case_with(R"({"op":"note","text":"a"})");
    REQUIRE(error_of(line).empty());
    for (std::size_t index = 0; index <= line.size(); ++index) {
        const std::string error = error_of(line.substr(0, index) + '\0' + line.substr(index));
        CAPTURE(index);
        CHECK(error.ends_with(fmt::format(": expected valid JSON, got a NUL byte at column {}", index + 1)));
    }
    CHECK(error_of(line + "\0garbage"s) == at("case", "valid JSON", "a NUL byte at column 47"));
}

TEST_CASE("bytes that are not UTF-8 are errors") {
    CHECK(error_of_statement("{\"op\":\"note\",\"text\":\"a\xFF\"}") ==
          at("main[0].text", "UTF-8", "byte 0xff at column 43"));
    CHECK(error_of_statement("{\"op\":\"note\",\"text\":\"\xC3\"}") ==
          at("main[0].text", "UTF-8", "byte 0x22 at column 43"));
    // An overlong form, a surrogate, a number that is no character.
    for (const std::string_view text : {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
        CHECK(error_of_statement(fmt::format("{{\"op\":\"note\",\"text\":\"{}\"}}", text))
                  .starts_with("f:7: main[0].text: expected UTF-8, got byte 0x"));
    }
    CHECK(error_of("\xFF") == at("case", "valid JSON", R"("\ufffd" up to column 1)"));
    CHECK(error_of("\xEF\xBB\xBF" + case_with("")) == at("case", "JSON", "a byte order mark"));
}

TEST_CASE("statements may be nested 64 levels deep and no deeper") {
    CHECK(error_of(nested(kMaxLevels)).empty());
    std::string path = "main[0]";
    for (std::size_t i = 0; i < kMaxLevels; ++i) path += ".body[0]";
    CHECK(error_of(nested(kMaxLevels + 1)) == at(path, "statements nested at most 64 deep", "deeper nesting"));
    CHECK(error_of(nested(100'000)) == at(path, "statements nested at most 64 deep", "deeper nesting"));
}

TEST_CASE("raw nesting is cut off before it can hurt") {
    const std::string too_deep = ": expected statements nested at most 64 deep, got deeper nesting";
    CHECK(error_of(std::string(100'000, '[')).ends_with(too_deep));
    CHECK(error_of(R"({"name":)" + std::string(100'000, '[')).ends_with(too_deep));
    std::string objects;
    for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
    CHECK(error_of(objects).ends_with(too_deep));
}

TEST_CASE("every error is one line") {
    for (const std::string& line :
         {case_with("{\"op\":\"a\\nb\"}"), case_with("{\"a\\nb\":1}"), "{\n\"na\nme\":1}"s, "{\n\"name\"\n:\n\n}"s}) {
        const std::string error = error_of(line);
        CHECK_FALSE(error.empty());
        CHECK(error.find('\n') == std::string::npos);
    }
}

}  // namespace cancelsim::scenarios
