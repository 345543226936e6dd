// Numbers on the command line, read strictly.
#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <string>

namespace cancelsim::properties {

/// Accepts whole numbers from `least` to `most`, in digits alone, without zeros before them: nothing is clamped, and
/// nothing is read to another base.
inline CLI::Validator number_in(std::uint64_t least, std::uint64_t most) {
    const std::string expected = "a number from " + std::to_string(least) + " to " + std::to_string(most);
    return {[=](std::string& text) -> std::string {
                std::uint64_t number = 0;
                const char* end = text.data() + text.size();
                const auto read = std::from_chars(text.data(), end, number);
                const bool whole = read.ec == std::errc{} && read.ptr == end && (text.size() == 1 || text[0] != '0');
                return whole && number >= least && number <= most ? "" : text + ": expected " + expected;
            },
            "NUMBER"};
}

/// More schedules than anybody can wait for: what is counted never overflows below it.
inline constexpr std::uint64_t kMostSchedules = std::uint64_t{1} << 62;
inline constexpr std::uint64_t kMostJobs = 1024;

}  // namespace cancelsim::properties
