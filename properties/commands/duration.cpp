#include "properties/commands/duration.h"

#include <fmt/format.h>

#include <cmath>

#include "properties/commands/command.h"

namespace cancelsim::properties {

double seconds_of(const std::string& text) {
    std::size_t used = 0;
    double seconds = 0;
    try {
        seconds = std::stod(text, &used);
    } catch (const std::exception&) {
        used = 0;
    }
    const std::string unit = used == 0 ? "?" : text.substr(used);
    if (unit == "m") seconds *= 60;
    if (unit == "h") seconds *= 3600;
    if ((unit != "" && unit != "s" && unit != "m" && unit != "h") || !std::isfinite(seconds) || seconds <= 0)
        throw UsageError(fmt::format("--time {}: expected a time such as 30s, 5m or 2h", text));
    return seconds;
}

}  // namespace cancelsim::properties
