#include "properties/subject/one_line.h"

#include <doctest/doctest.h>

namespace cancelsim::properties {

TEST_CASE("a message is one line, whatever was put into it") {
    CHECK(one_line("plain \xC3\xA4") == "plain \xC3\xA4");
    CHECK(one_line("a\nb\x1b[31m\x7f") == "a\\x0ab\\x1b[31m\\x7f");
    CHECK(one_line("\xC2\x9B \xFF \xC3") == "\\xc2\\x9b \\xff \\xc3");
    CHECK(one_line("\xED\xA0\x80") == "\\xed\\xa0\\x80");
}

TEST_CASE("a message has at most 300 characters") {
    CHECK(one_line(std::string(300, 'a')) == std::string(300, 'a'));
    CHECK(one_line(std::string(301, 'a')) == std::string(297, 'a') + "...");
    CHECK(one_line(std::string(1000, '\n')).size() <= 300);
    std::string wide;
    for (int i = 0; i < 301; ++i) wide += "\xE2\x82\xAC";
    CHECK(one_line(wide).size() == 3 * 297 + 3);
}

}  // namespace cancelsim::properties
