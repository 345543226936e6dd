#include "properties/report/odds_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "properties/report/terminal.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

namespace {

/// Numbers of schedules for which ODDS.md says how likely they miss a bug.
constexpr std::array<std::uint64_t, 3> kHunts{1'000, 10'000, kSuiteSchedules};

std::string median_text(const OddsOptions& options, const Odds& odds) {
    if (odds.first.empty()) return "-";
    const auto median = odds.median();
    return median ? fmt::format("{}", *median) : fmt::format("> {}", options.limit);
}

/// Schedules that the unluckiest seed took.
std::string most_text(const OddsOptions& options, const Odds& odds) {
    if (odds.first.empty()) return "-";
    std::uint64_t schedules = 0;
    for (const auto& one : odds.first) {
        if (!one) return fmt::format("> {}", options.limit);
        schedules = std::max(schedules, one->schedule + 1);
    }
    return fmt::format("{}", schedules);
}

std::string caught_text(const Odds& odds) {
    return odds.first.empty() ? "-" : fmt::format("{}/{}", odds.caught(), odds.first.size());
}

std::string time_text(const Odds& odds) {
    const auto median = odds.median();
    if (!median) return "-";
    const double seconds = static_cast<double>(*median) * odds.seconds_per_schedule;
    return seconds < 1 ? fmt::format("{:.1f} ms", seconds * 1000) : fmt::format("{:.1f} s", seconds);
}

std::string miss_text(double rate, std::uint64_t schedules) {
    if (rate == 0) return "-";
    const double odds = miss(rate, schedules);
    return odds < 1e-99 ? "< 1e-99" : fmt::format("{:.1g}", odds);
}

/// The contracts that catch it, or that none does.
std::string by_text(const Odds& odds) {
    const auto contracts = odds.contracts();
    if (!contracts.empty()) return fmt::format("{}", fmt::join(contracts, ", "));
    return odds.twins.out_of_reach.empty() ? "not caught" : "out of reach: see ODDS.md";
}

std::string base_text(const Odds& odds) { return config_text(odds.twins.bad); }

/// All contracts, and `determinism`, for which no object stands.
std::vector<std::string> contract_names() {
    std::vector<std::string> names{"determinism"};
    for (const auto& contract : make_contracts()) names.emplace_back(contract->name());
    std::sort(names.begin(), names.end());
    return names;
}

/// What `contract` has caught, each once.
std::vector<std::string> caught_by(const std::string& contract, std::span<const Odds> odds) {
    std::vector<std::string> caught;
    for (const Odds& one : odds) {
        const auto names = one.contracts();
        if (std::find(names.begin(), names.end(), contract) == names.end()) continue;
        if (caught.empty() || caught.back() != one.twins.name) caught.push_back(one.twins.name);
    }
    return caught;
}

std::vector<std::string> idle_contracts(std::span<const Odds> odds) {
    std::vector<std::string> idle;
    for (const std::string& contract : contract_names())
        if (caught_by(contract, odds).empty()) idle.push_back(contract);
    return idle;
}

std::string summary(const OddsOptions& options, std::span<const Odds> odds) {
    const auto caught =
        std::count_if(odds.begin(), odds.end(), [](const Odds& one) { return !one.contracts().empty(); });
    const auto idle = idle_contracts(odds);
    return fmt::format(
        "{} of {} caught, by {} hunts each of {} schedules, seeds from {}; contracts that catch none: {}", caught,
        odds.size(), options.seeds, options.limit, options.seed,
        idle.empty() ? std::string("none") : fmt::format("{}", fmt::join(idle, ", ")));
}

}  // namespace

std::string odds_text(const OddsOptions& options, std::span<const Odds> odds) {
    std::string text = bold(fmt::format("{:<24}{:<8}{:>7}{:>9}{:>9}{:>11}  {}", "policy or defect", "kernel", "caught",
                                        "median", "most", "time", "by")) +
                       "\n";
    for (const Odds& one : odds) {
        const std::string caught = fmt::format("{:>7}", caught_text(one));
        text += fmt::format("{:<24}{:<8}{}{:>9}{:>9}{:>11}  {}\n", one.twins.name + (one.twins.live ? " (live)" : ""),
                            one.twins.bad.version->name, one.caught() == one.first.size() ? caught : red(caught),
                            median_text(options, one), most_text(options, one), time_text(one), by_text(one));
    }
    return text + "\n" + summary(options, odds) + "\n" +
           dim("median, most: schedules to the first catch; time: of the median, on one core. A live defect is caught "
               "where its fix is off.") +
           "\n";
}

std::string odds_markdown(const OddsOptions& options, std::span<const Odds> odds) {
    std::string text = summary(options, odds) + ".\n\n";
    text += "| policy or defect | kernel | caught | median | most | time | by |\n";
    text += "| --- | --- | --: | --: | --: | --: | --- |\n";
    for (const Odds& one : odds)
        text += fmt::format("| {}{} | {} | {} | {} | {} | {} | {} |\n", one.twins.name, one.twins.live ? " (live)" : "",
                            base_text(one), caught_text(one), median_text(options, one), most_text(options, one),
                            time_text(one), by_text(one));
    text += "\n| policy or defect | kernel | catches per 1,000 schedules, at least |";
    for (const std::uint64_t schedules : kHunts) text += fmt::format(" missed by {} |", schedules);
    text +=
        fmt::format(" schedules for a miss below {:.0e} |\n| --- | --- | --: | --: | --: | --: | --: |\n", kMissBound);
    for (const Odds& one : odds) {
        const double rate = one.rate(options.limit);
        text += fmt::format("| {} | {} | {} |", one.twins.name, base_text(one),
                            rate == 0 ? "-" : fmt::format("{:.3g}", rate * 1000));
        for (const std::uint64_t schedules : kHunts) text += fmt::format(" {} |", miss_text(rate, schedules));
        text += fmt::format(" {} |\n", rate == 0 ? "-" : fmt::format("{}", schedules_for(rate, kMissBound)));
    }
    text += "\n| contract | catches |\n| --- | --- |\n";
    for (const std::string& contract : contract_names())
        text += fmt::format("| `{}` | {} |\n", contract, fmt::join(caught_by(contract, odds), ", "));
    text += "\nOut of reach:\n\n";
    for (const Odds& one : odds)
        if (!one.twins.out_of_reach.empty())
            text += fmt::format("- `{}`: {}.\n", one.twins.name, one.twins.out_of_reach);
    return text;
}

std::string odds_json(const OddsOptions& options, std::span<const Odds> odds) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const Odds& one : odds) {
        nlohmann::ordered_json by = nlohmann::ordered_json::object();
        for (const Catch& each : one.by) by[each.contract] = each.schedule + 1;
        nlohmann::ordered_json first = nlohmann::ordered_json::array();
        for (const auto& each : one.first)
            if (each)
                first.push_back({{"contract", each->contract}, {"schedules", each->schedule + 1}});
            else
                first.push_back(nullptr);
        const auto median = one.median();
        const double rate = one.rate(options.limit);
        rows.push_back({{"name", one.twins.name},
                        {"live", one.twins.live},
                        {"bad", config_text(one.twins.bad)},
                        {"good", config_text(one.twins.good)},
                        {"expected", one.twins.expected},
                        {"contracts", one.contracts()},
                        {"caught", one.caught()},
                        {"median", median ? nlohmann::ordered_json(*median) : nlohmann::ordered_json()},
                        {"rate", rate},
                        {"schedules_for_bound", rate == 0 ? nlohmann::ordered_json()
                                                          : nlohmann::ordered_json(schedules_for(rate, kMissBound))},
                        {"seconds_per_schedule", one.seconds_per_schedule},
                        {"by", std::move(by)},
                        {"first", std::move(first)}});
    }
    return nlohmann::ordered_json{{"seed", options.seed},
                                  {"seeds", options.seeds},
                                  {"limit", options.limit},
                                  {"bound", kMissBound},
                                  {"rows", std::move(rows)}}
               .dump() +
           "\n";
}

}  // namespace cancelsim::properties
