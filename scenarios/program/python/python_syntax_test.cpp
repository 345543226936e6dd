#include "scenarios/program/python/python_syntax.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "scenarios/program/case_json.h"
#include "scenarios/program/python/python_text.h"
#include "sim/random.h"

using namespace cancelsim;
using namespace cancelsim::scenarios;

namespace {

std::string fault_of(std::string_view text) {
    try {
        parse_python_syntax(text, "p.py");
    } catch (const CaseError& error) {
        return error.what();
    }
    return "none";
}

std::string first_line(std::string_view text) {
    return python_text(parse_python_syntax(text, "p.py").statements.at(0));
}

constexpr std::string_view kNotPart = " is not part of the case language";

std::string not_part(std::string_view where, std::string_view what) {
    return std::string("p.py:").append(where).append(": ").append(what).append(kNotPart);
}

}  // namespace

TEST_CASE("Python that the case language does not have is named with its line") {
    CHECK(fault_of("pass\nwhile True:\n    pass\n") == not_part("2", "`while`"));
    CHECK(fault_of("def f():\n    return 1\n") == not_part("2", "`return`"));
    CHECK(fault_of("a = 1 * 2\n") == not_part("1", "`*`"));
    CHECK(fault_of("a += 1\n") == not_part("1", "`+=`"));
    CHECK(fault_of("a = b if c else d\n") == not_part("1", "`if`"));
    CHECK(fault_of("a = lambda: 1\n") == not_part("1", "`lambda`"));
    CHECK(fault_of("a = {}\n") == not_part("1", "`{`"));
    CHECK(fault_of("a; b\n") == not_part("1", "`;`"));
    CHECK(fault_of("a = 1 \\\n + 2\n") == not_part("1", "`\\`"));
    CHECK(fault_of("a = f\"x\"\n") == not_part("1", "a string with the prefix `f`"));
    CHECK(fault_of("a = \"x\" \"y\"\n") == "p.py:1: strings side by side are not part of the case language");
    CHECK(fault_of("a = \"\\N{DIGIT ONE}\"\n") == not_part("1", "the escape `\\N`"));
    CHECK(fault_of("f(*a)\n") == not_part("1", "`*`"));
    CHECK(fault_of("with a as b, c as d:\n    pass\n") == not_part("1", "a `with` of several items"));
    CHECK(fault_of("try:\n    pass\nexcept* A:\n    pass\n") == not_part("3", "`except*`"));
    CHECK(fault_of("async for a in b:\n    pass\n") == not_part("1", "`async for`"));
    CHECK(fault_of("@a\nclass B:\n    pass\n") == "p.py:2: only a function can have a decorator in the case language");
}

TEST_CASE("what is no Python is refused with its line") {
    CHECK(fault_of("if a:\npass\n") == "p.py:2: a block has no statement: `pass` is one");
    CHECK(fault_of("    pass\n") == "p.py:1: this line is indented further than the one above");
    CHECK(fault_of("if a:\n        pass\n    pass\n") == "p.py:3: this indentation is that of no block around it");
    CHECK(fault_of("if a:\n\tpass\n") == "p.py:2: a line is indented by spaces only");
    CHECK(fault_of("a = (1,\nb\n") == "p.py:3: `(` is never closed");
    CHECK(fault_of("a = )\n") == "p.py:1: `)` closes nothing");
    CHECK(fault_of("a = 007\n") == "p.py:1: `007` is not a decimal integer");
    CHECK(fault_of("a = 1.5\n") == "p.py:1: `1.5` is not a decimal integer");
    CHECK(fault_of("a = 9223372036854775808\n") == "p.py:1: the number 9223372036854775808 is out of range");
    CHECK(fault_of("a = 'x\n") == "p.py:1: a string is never closed");
    CHECK(fault_of("a = '\\ud800'\n") == "p.py:1: an escape stands for no character");
    CHECK(fault_of("a = '\\u12'\n") == "p.py:1: an escape needs 4 digits here");
    CHECK(fault_of("a = 1\nb = '\xff'\n") == "p.py:2: this is not UTF-8");
    CHECK(fault_of("try:\n    pass\n") == "p.py:3: a `try` needs an `except` or a `finally`");
    CHECK(fault_of("a b\n") == "p.py:1: expected the end of the line, got `b`");
    CHECK(fault_of("f(a=1, a=2)\n") == "p.py:1: the argument `a` is given twice");
    CHECK(fault_of("f() = 1\n") == "p.py:1: only a name or an attribute can be assigned to in the case language");
    CHECK(fault_of(std::string_view("a\0b", 3)) == not_part("1", "a NUL"));
}

TEST_CASE("an expression is printed as it was read") {
    for (const std::string_view text :
         {"a", "a.b.c(1, -2, x=None)", "await f(True, y=False)",
          "n[\"x y\"].z = \"\\n\\\"\\\\\\xe9\\u20ac\\U0001f600\"", "a + 1 - b", "not a", "(1, 2)", "(1,)", "()",
          "[a, b]", "raise", "raise E(\"x\")", "import a.b", "with a() as b.c: pass", "async with a: pass",
          "for _ in range(3): pass", "if not f.done(): f.set_result(None)"}) {
        const std::string line = first_line(std::string(text) + "\n");
        CHECK(std::string(text).starts_with(line));
    }
}

TEST_CASE("strings mean what they mean in Python") {
    const auto value = [](std::string_view literal) {
        return parse_python_syntax(literal, "p.py").statements.at(0).value->text;
    };
    CHECK(value(R"("\x41\101\u0041\U00000041\t\0")") == std::string("AAAA\t\0", 6));
    CHECK(value("'''a\n\"b'''") == "a\n\"b");
    CHECK(value("'a\\\nb'") == "ab");
    CHECK(value("'\xc3\xa9'") == "\xc3\xa9");
    for (const std::string_view text : {"", "\n\t\r\\\"'", "\xc3\xa9\xf0\x9f\x98\x80", "a b"})
        CHECK(value(python_quoted(text)) == text);
}

TEST_CASE("blocks and expressions are nested to a limit") {
    std::string blocks;
    for (std::size_t i = 0; i <= kMostPythonLevels; ++i) blocks += std::string(i, ' ') + "if a:\n";
    CHECK(fault_of(blocks + std::string(kMostPythonLevels + 1, ' ') + "pass\n") ==
          "p.py:71: blocks are nested more than 70 deep");
    for (const std::string_view piece : {"(", "-", "await ", "not ", "[", "f(", "a.", "a + "})
        for (const std::size_t count : {30, 100'000}) {
            std::string text;
            for (std::size_t i = 0; i < count; ++i) text += piece;
            CHECK(fault_of(text + "a\n").starts_with("p.py:"));
        }
}

TEST_CASE("no bytes make the parser crash") {
    constexpr std::string_view kPieces[] = {"async ", "def ",   "f",     "(",    ")",       ":",        "\n",
                                            "    ",   "\n    ", "with ", "try:", "except ", "finally:", "await ",
                                            "raise ", "@",      "=",     "\"",   "'''",     "\\",       "#",
                                            "\xc3",   "\xa9",   "1",     "-",    "+",       ".",        ",",
                                            "*",      "[",      "]",     "\r\n", "\t"};
    sim::Random random(1);
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (std::uint64_t left = random.below(40); left > 0; --left) text += kPieces[random.below(std::size(kPieces))];
        CHECK_FALSE(fault_of(text).empty());
    }
}
