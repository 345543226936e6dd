#include "properties/report/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace cancelsim::properties {

namespace {

constexpr std::size_t kNarrowest = 40;
constexpr std::size_t kWidest = 120;

bool terminal_wants_colour() {
    const char* no_colour = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    const bool refused = no_colour != nullptr && *no_colour != '\0';
    return stdout_is_terminal() && !refused && (terminal == nullptr || std::string_view(terminal) != "dumb");
}

bool& colour() {
    static bool used = terminal_wants_colour();
    return used;
}

std::string painted(std::string_view code, std::string_view text) {
    if (!colour()) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

/// 0 where nothing says it.
std::size_t columns_said() {
    const char* variable = std::getenv("COLUMNS");
    const std::string_view text = variable == nullptr ? "" : variable;
    std::size_t columns = 0;
    std::from_chars(text.data(), text.data() + text.size(), columns);
    if (columns != 0) return columns;
    winsize size{};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

void use_colour(Colour chosen) {
    colour() = chosen == Colour::by_terminal ? terminal_wants_colour() : chosen == Colour::always;
}

std::size_t columns_of_output() {
    const std::size_t said = columns_said();
    return said == 0 ? kWidest : std::clamp(said, kNarrowest, kWidest);
}

bool stdout_is_terminal() { return isatty(STDOUT_FILENO) != 0; }
bool stderr_is_terminal() { return isatty(STDERR_FILENO) != 0; }

std::string bold(std::string_view text) { return painted("1", text); }
std::string dim(std::string_view text) { return painted("2", text); }
std::string red(std::string_view text) { return painted("31;1", text); }
std::string green(std::string_view text) { return painted("32;1", text); }
std::string yellow(std::string_view text) { return painted("33;1", text); }

}  // namespace cancelsim::properties
