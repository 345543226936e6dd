#include "properties/report/terminal.h"

#include <unistd.h>

#include <cstdlib>

namespace cancelsim::properties {

namespace {

std::string painted(std::string_view code, std::string_view text) {
    static const bool colour = stdout_is_terminal() && std::getenv("NO_COLOR") == nullptr;
    if (!colour) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace

bool stdout_is_terminal() { return isatty(STDOUT_FILENO) != 0; }
bool stderr_is_terminal() { return isatty(STDERR_FILENO) != 0; }

std::string bold(std::string_view text) { return painted("1", text); }
std::string dim(std::string_view text) { return painted("2", text); }
std::string red(std::string_view text) { return painted("31;1", text); }
std::string green(std::string_view text) { return painted("32;1", text); }
std::string yellow(std::string_view text) { return painted("33;1", text); }

}  // namespace cancelsim::properties
