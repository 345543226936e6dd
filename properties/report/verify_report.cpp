// What `verify` says.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "properties/failure/known.h"
#include "properties/report/report.h"
#include "properties/report/terminal.h"
#include "properties/search/verify.h"
#include "properties/subject/config_names.h"
#include "properties/subject/json_line.h"

namespace cancelsim::properties {

namespace {

VerifiedSize sum_of(const VerifyResult& result) {
    VerifiedSize sum;
    for (const VerifiedSize& size : result.sizes) {
        sum.cases += size.cases;
        sum.schedules += size.schedules;
        sum.stopped += size.stopped;
    }
    return sum;
}

std::string headline(const VerifyOptions& options, const VerifyResult& result) {
    const auto news = std::count_if(result.broken.begin(), result.broken.end(), is_news);
    const auto known = static_cast<std::ptrdiff_t>(result.broken.size()) - news;
    const VerifiedSize sum = sum_of(result);
    const std::uint32_t largest = result.sizes.empty() ? 0 : result.sizes.back().statements;
    std::string text = news == 0 ? green("no contract broken") : red(fmt::format("{} broken", news));
    if (known != 0) text += fmt::format(", {} known", known);
    const bool every = sum.stopped == 0 && !result.interrupted;
    text += fmt::format(": {} {} case{}", result.interrupted ? "interrupted after" : "all", count_text(sum.cases),
                        sum.cases == 1 ? "" : "s");
    if (options.cases.empty()) text += fmt::format(" of up to {} statement{}", largest, largest == 1 ? "" : "s");
    text += fmt::format(" under {} {} schedules of {}, in {:.1f} s\n", every ? "all" : "", count_text(sum.schedules),
                        config_text(options.config), result.seconds);
    if (sum.stopped != 0 && !result.interrupted)
        text += yellow(fmt::format("not all: {} case{} stopped after {} schedules\n", count_text(sum.stopped),
                                   sum.stopped == 1 ? " was" : "s were", count_text(options.limit)));
    return text;
}

std::string table(const VerifyResult& result) {
    std::string text =
        fmt::format("  {:>10}  {:>13}  {:>13}  {:>16}\n", "statements", "cases", "schedules", "most of one case");
    for (const VerifiedSize& size : result.sizes)
        text += fmt::format("  {:>10}  {:>13}  {:>13}  {:>16}\n", size.statements, count_text(size.cases),
                            count_text(size.schedules), count_text(size.most));
    return text;
}

std::string line_of(const Broken& broken) {
    const std::size_t statements = broken.failure.program.statements.size();
    const std::size_t deviations = broken.failure.schedule.deviations.size();
    return fmt::format("  {} at: {}, {} statement{}{}\n    {}\n", broken.failure.contract, broken.place, statements,
                       statements == 1 ? "" : "s",
                       deviations == 0 ? "" : fmt::format(", {} deviation{}", deviations, deviations == 1 ? "" : "s"),
                       replay_command(broken.failure));
}

}  // namespace

std::string verify_text(const VerifyOptions& options, const VerifyResult& result) {
    std::string text = headline(options, result);
    if (options.cases.empty()) text += table(result);
    std::string known;
    std::string upstream;
    std::string others;
    const Broken* smallest = nullptr;
    for (const Broken& broken : result.broken) {
        if (const Finding* finding = broken.labelled.known(); finding != nullptr) {
            known += fmt::format("  {}: {}\n{}", yellow(finding->id), finding->title, line_of(broken));
        } else if (!is_news(broken)) {
            upstream += line_of(broken);
        } else if (smallest == nullptr) {
            smallest = &broken;
        } else {
            others += line_of(broken);
        }
    }
    if (!known.empty()) text += fmt::format("\n{}\n{}", bold("known findings, by the smallest case of each"), known);
    if (!upstream.empty()) text += fmt::format("\n{}\n{}", bold("the release itself breaks these so"), upstream);
    if (!others.empty()) text += fmt::format("\n{}\n{}", bold("also broken"), others);
    if (smallest != nullptr)
        text += fmt::format("\n{}\n{}{}\n", bold("the smallest case that breaks a contract"),
                            failure_text(smallest->failure, account_of(smallest->failure), smallest->labelled),
                            bold(replay_command(smallest->failure)));
    return text;
}

std::string verify_json(const VerifyOptions& options, const VerifyResult& result) {
    std::string text;
    for (const Broken& broken : result.broken) {
        auto json =
            nlohmann::ordered_json::parse(account_json(broken.failure, account_of(broken.failure), broken.labelled));
        json["statements"] = broken.failure.program.statements.size();
        json["deviations"] = broken.failure.schedule.deviations.size();
        text += json_line(json) + "\n";
    }
    nlohmann::ordered_json sizes = nlohmann::ordered_json::array();
    for (const VerifiedSize& size : result.sizes)
        sizes.push_back({{"statements", size.statements},
                         {"cases", size.cases},
                         {"schedules", size.schedules},
                         {"most", size.most},
                         {"stopped", size.stopped}});
    const auto news = std::count_if(result.broken.begin(), result.broken.end(), is_news);
    nlohmann::ordered_json summary = config_json(options.config);
    summary.update({{"sizes", sizes},
                    {"interrupted", result.interrupted},
                    {"broken", news},
                    {"known", result.broken.size() - static_cast<std::size_t>(news)},
                    {"seconds", result.seconds}});
    return text + json_line({{"summary", std::move(summary)}}) + "\n";
}

}  // namespace cancelsim::properties
