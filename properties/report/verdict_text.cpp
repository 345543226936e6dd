#include "properties/report/verdict_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "properties/report/report.h"
#include "properties/report/terminal.h"
#include "properties/subject/config_names.h"
#include "properties/subject/json_line.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

constexpr std::size_t kShortName = 8;        ///< a policy's name up to so many letters stays on one line
constexpr std::size_t kNarrowestColumn = 3;  ///< room for "12k"
constexpr std::size_t kWidestMatrix = 112;   ///< of the matrix; what does not fit goes into a second one below

std::string statements_text(const Cell& cell) {
    const std::size_t statements = cell.smallest->failure.program.statements.size();
    return fmt::format("{} statement{}", statements, statements == 1 ? "" : "s");
}

/// A cell in a few letters.
std::string mark(const Cell& cell) {
    switch (cell.standing) {
        case Standing::holds: return ".";
        case Standing::not_applicable: return "n/a";
        case Standing::also_upstream: return fmt::format("{}u", cell.smallest->failure.program.statements.size());
        case Standing::known: return fmt::format("{}k", cell.smallest->failure.program.statements.size());
        case Standing::broken: return fmt::format("{}", cell.smallest->failure.program.statements.size());
    }
    return "?";
}

/// `text` at the right of `width`; colour takes no room.
std::string painted_mark(const Cell& cell, std::size_t width) {
    const std::string text = mark(cell);
    const std::string padding(width - std::min(width, text.size()), ' ');
    if (cell.standing == Standing::broken) return padding + red(text);
    if (cell.standing == Standing::known || cell.standing == Standing::also_upstream) return padding + yellow(text);
    return padding + dim(text);
}

/// A kernel's column: its policy's name on up to two lines.
struct Column {
    const VerdictRow* row;
    std::string upper;
    std::string lower;
    std::size_t width;
};

Column column_of(const VerdictRow& row) {
    const std::string name(row.config.policy->name);
    Column column{&row, "", name, 0};
    const std::size_t cut = name.size() > kShortName ? name.find_first_of("_-") : std::string::npos;
    if (cut != std::string::npos) {
        column.upper = name.substr(0, cut + 1);
        column.lower = name.substr(cut + 1);
    }
    column.width = std::max({column.upper.size(), column.lower.size(), kNarrowestColumn});
    for (const Cell& cell : row.cells) column.width = std::max(column.width, mark(cell).size());
    return column;
}

bool same_release(const Column& left, const Column& right) {
    return left.row->config.version == right.row->config.version &&
           left.row->config.switches == right.row->config.switches;
}

/// The matrix of the columns from `begin` to `end`.
std::string matrix(const Verdict& verdict, const std::vector<Column>& columns, std::size_t begin, std::size_t end,
                   std::size_t names) {
    std::string releases(names, ' '), upper(names, ' '), lower(names, ' ');
    const auto gap = [&](std::size_t i) {
        return std::string(i > begin && !same_release(columns[i - 1], columns[i]) ? 2 : 1, ' ');
    };
    for (std::size_t i = begin; i < end; ++i) {
        const Column& column = columns[i];
        upper += gap(i) + fmt::format("{:>{}}", column.upper, column.width);
        lower += gap(i) + fmt::format("{:>{}}", column.lower, column.width);
        if (i > begin && same_release(columns[i - 1], column)) continue;
        const std::size_t left = lower.size() - column.width;
        releases.resize(std::max(releases.size() + 1, left), ' ');
        const model::Config& config = column.row->config;
        releases += std::string(config.version->name) + switches_text(config.switches);
    }
    std::string text = releases + "\n";
    if (upper.find_first_not_of(' ') != std::string::npos) text += upper + "\n";
    text += bold(lower) + "\n";
    for (std::size_t contract = 0; contract < verdict.contracts.size(); ++contract) {
        text += fmt::format("{:<{}}", verdict.contracts[contract], names);
        for (std::size_t i = begin; i < end; ++i)
            text += gap(i) + painted_mark(columns[i].row->cells[contract], columns[i].width);
        text += "\n";
    }
    return text;
}

std::string matrices(const Verdict& verdict) {
    std::size_t names = 0;
    for (const std::string& contract : verdict.contracts) names = std::max(names, contract.size());
    std::vector<Column> columns;
    for (const VerdictRow& row : verdict.rows) columns.push_back(column_of(row));
    std::string text;
    for (std::size_t begin = 0; begin < columns.size();) {
        std::size_t end = begin;
        for (std::size_t width = names; end < columns.size(); ++end) {
            width += columns[end].width + (end > begin && !same_release(columns[end - 1], columns[end]) ? 2 : 1);
            if (width > kWidestMatrix && end > begin) break;
        }
        text += (begin == 0 ? "" : "\n") + matrix(verdict, columns, begin, end, names);
        begin = end;
    }
    return text;
}

std::uint64_t schedules_of(const Verdict& verdict) {
    std::uint64_t schedules = 0;
    for (const VerdictRow& row : verdict.rows) schedules += row.schedules;
    return schedules;
}

std::string summary(const Verdict& verdict) {
    return fmt::format("{} schedules of {} kernel{} in {:.1f} s", schedules_of(verdict), verdict.rows.size(),
                       verdict.rows.size() == 1 ? "" : "s", verdict.seconds);
}

/// Calls `visit` with each cell that has a failure.
template <class Visit>
void for_each_failure(const Verdict& verdict, Visit visit) {
    for (const VerdictRow& row : verdict.rows)
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            if (row.cells[i].smallest) visit(row, verdict.contracts[i], row.cells[i]);
}

nlohmann::ordered_json cell_json(const Cell& cell) {
    nlohmann::ordered_json json{{"standing", name_of(cell.standing)}};
    if (!cell.smallest) return json;
    const Failure& failure = cell.smallest->failure;
    json["places"] = cell.places;
    json["place"] = cell.smallest->place;
    if (!cell.known.empty()) json["known"] = cell.known;
    json["statements"] = failure.program.statements.size();
    json["deviations"] = failure.schedule.deviations.size();
    json["schedules"] = cell.smallest->schedule + 1;
    json["token"] = to_token(failure);
    json["case"] = nlohmann::ordered_json::parse(scenarios::to_json(failure.program));
    return json;
}

}  // namespace

std::string verdict_text(const Verdict& verdict) {
    std::string text;
    for_each_failure(verdict, [&](const VerdictRow& row, const std::string& contract, const Cell& cell) {
        const std::string name = fmt::format("{} {}", config_text(row.config), contract);
        const std::string known = cell.known.empty() ? "" : fmt::format(" ({})", cell.known);
        text += fmt::format("{}: {}, {}{}\n  {}\n\n", cell.standing == Standing::broken ? red(name) : yellow(name),
                            statements_text(cell), cell.smallest->place, known, replay_command(cell.smallest->failure));
    });
    return text + matrices(verdict) + "\n" +
           dim(".  holds    7  broken, by a case of 7 statements    7k  known findings only: see FINDINGS.md    "
               "7u  so does the release itself") +
           "\n" + summary(verdict) + "\n";
}

std::string verdict_markdown(const Verdict& verdict) {
    std::string text = "| contract |";
    std::string line = "| --- |";
    for (const VerdictRow& row : verdict.rows) {
        text += fmt::format(" {} |", config_text(row.config));
        line += " --- |";
    }
    text += "\n" + line + "\n";
    for (std::size_t i = 0; i < verdict.contracts.size(); ++i) {
        text += fmt::format("| `{}` |", verdict.contracts[i]);
        for (const VerdictRow& row : verdict.rows) {
            const Cell& cell = row.cells[i];
            text += fmt::format(
                " {}{} |", name_of(cell.standing),
                cell.smallest ? fmt::format(" ({})", cell.smallest->failure.program.statements.size()) : "");
        }
        text += "\n";
    }
    text += "\nIn brackets: the statements of the smallest case. " + summary(verdict) + ".\n\n";
    text += "| kernel | contract | statements | place | replay |\n| --- | --- | --- | --- | --- |\n";
    for_each_failure(verdict, [&](const VerdictRow& row, const std::string& contract, const Cell& cell) {
        const std::string known = cell.known.empty() ? "" : fmt::format(" ({})", cell.known);
        text += fmt::format("| {} | `{}` | {} | {}{} | `{}` |\n", config_text(row.config), contract,
                            cell.smallest->failure.program.statements.size(), cell.smallest->place, known,
                            replay_command(cell.smallest->failure));
    });
    return text;
}

std::string verdict_json(const Verdict& verdict) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const VerdictRow& row : verdict.rows) {
        nlohmann::ordered_json cells = nlohmann::ordered_json::object();
        for (std::size_t i = 0; i < row.cells.size(); ++i) cells[verdict.contracts[i]] = cell_json(row.cells[i]);
        nlohmann::ordered_json json = config_json(row.config);
        json.update({{"schedules", row.schedules}, {"contracts", std::move(cells)}});
        rows.push_back(std::move(json));
    }
    return json_line({{"seconds", verdict.seconds}, {"rows", std::move(rows)}}) + "\n";
}

}  // namespace cancelsim::properties
