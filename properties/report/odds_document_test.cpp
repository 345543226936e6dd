// ODDS.md says of every policy and defect how it is caught, or why it can't be.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "properties/search/odds.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

namespace {

using Row = std::vector<std::string>;

/// The cells of a line of a table; none where it is not one.
Row cells_of(const std::string& line) {
    Row cells;
    if (!line.starts_with("| ")) return cells;
    for (std::size_t begin = 2; begin < line.size();) {
        const std::size_t end = line.find(" |", begin);
        if (end == std::string::npos) break;
        cells.push_back(line.substr(begin, end - begin));
        begin = end + 3;
    }
    return cells;
}

std::vector<std::string> lines_of_document() {
    std::ifstream file(CANCELSIM_SOURCE_DIR "/properties/ODDS.md");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

/// The rows of the table whose head begins with `head`, by their first cells.
std::multimap<std::string, Row> table(const std::string& head) {
    std::multimap<std::string, Row> rows;
    const auto lines = lines_of_document();
    auto at = std::find_if(lines.begin(), lines.end(), [&](const auto& line) { return line.starts_with(head); });
    REQUIRE_MESSAGE(at != lines.end(), head);
    for (++at; at != lines.end() && at->starts_with("|"); ++at)
        if (const Row cells = cells_of(*at); !cells.empty()) rows.emplace(cells.front(), cells);
    return rows;
}

/// The row of one bug on its kernel.
Row row_of(const std::multimap<std::string, Row>& rows, const std::string& name, const Twins& twins) {
    const auto [begin, end] = rows.equal_range(name);
    for (auto row = begin; row != end; ++row)
        if (row->second.at(1) == config_text(twins.bad)) return row->second;
    return {};
}

}  // namespace

TEST_CASE("ODDS.md has every policy and defect on its kernels: caught by every seed, by a contract meant for it") {
    const auto rows = table("| policy or defect | kernel | caught |");
    const auto lines = lines_of_document();
    for (const Twins& twins : all_twins()) {
        CAPTURE(twins.name);
        const Row row = row_of(rows, twins.name + (twins.live ? " (live)" : ""), twins);
        REQUIRE(row.size() == 7);
        if (!twins.out_of_reach.empty()) {
            const std::string reason = "- `" + twins.name + "`: " + std::string(twins.out_of_reach) + ".";
            CHECK(std::find(lines.begin(), lines.end(), reason) != lines.end());
            continue;
        }
        if (!twins.of_programs) CHECK(row[2] == "20/20");
        const double median = std::atof(row[3].c_str());
        CHECK(median >= 1);
        CHECK(median < (twins.of_programs || model::find_switch(twins.name) != nullptr ? 20'000 : 2'000));
        CHECK(std::any_of(twins.expected.begin(), twins.expected.end(),
                          [&](const std::string& contract) { return row[6].find(contract) != std::string::npos; }));
    }
}

TEST_CASE("ODDS.md: the suite's schedules miss each with a probability below its bound") {
    const auto rows = table("| policy or defect | kernel | catches per 1,000 schedules");
    for (const Twins& twins : all_twins()) {
        if (!twins.out_of_reach.empty()) continue;
        CAPTURE(twins.name);
        const Row row = row_of(rows, twins.name, twins);
        REQUIRE(row.size() == 7);
        const double rate = std::atof(row[2].c_str()) / 1000;
        REQUIRE(rate > 0);
        CHECK(miss(rate, kSuiteSchedules) < kMissBound);
        CHECK(std::atof(row[6].c_str()) <= static_cast<double>(kSuiteSchedules));
    }
}

TEST_CASE("ODDS.md: every contract catches something") {
    const auto rows = table("| contract | catches |");
    for (const auto& contract : make_contracts()) {
        CAPTURE(contract->name());
        const auto row = rows.find("`" + std::string(contract->name()) + "`");
        REQUIRE(row != rows.end());
        CHECK_FALSE(row->second.at(1).empty());
    }
    CHECK(rows.contains("`determinism`"));
}

}  // namespace cancelsim::properties
