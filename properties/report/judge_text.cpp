#include "properties/report/judge_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "properties/report/report.h"
#include "properties/report/terminal.h"
#include "properties/report/wrap.h"
#include "properties/subject/config_names.h"
#include "properties/subject/json_line.h"

namespace cancelsim::properties {

namespace {

std::string headline(const JudgedFailure& failure) {
    const std::string what = fmt::format("{} at {}", failure.failure.contract, failure.place);
    if (failure.about == About::program) return yellow("program") + " " + what;
    switch (failure.label) {
        case Label::news: return red("broken") + " " + what;
        case Label::known: return fmt::format("known {} ({})", failure.finding->id, what);
        case Label::also_upstream: return fmt::format("also upstream: {}", what);
    }
    return {};
}

std::string details_of(const JudgedFailure& failure) {
    std::string text;
    for (const std::string& line : wrapped(failure.happened, columns_of_output() - 6, ""))
        text += "      " + line + "\n";
    return text + "      " + replay_command(failure.failure) + "\n";
}

}  // namespace

std::string judged_text(const Judged& judged, bool details) {
    if (judged.failures.empty())
        return fmt::format("{}: {}, {} schedule{}{}\n", judged.name, green("kept"), count_text(judged.schedules),
                           judged.schedules == 1 ? "" : "s", judged.exhausted ? ": all there are" : "");
    std::string text = judged.name + ": ";
    for (const JudgedFailure& failure : judged.failures) {
        if (&failure != &judged.failures.front()) text += "    ";
        text += headline(failure) + "\n";
        if (details) text += details_of(failure);
    }
    return text;
}

std::string judged_json(const Judged& judged) {
    auto failures = nlohmann::ordered_json::array();
    for (const JudgedFailure& failure : judged.failures) {
        nlohmann::ordered_json site = failure.site;
        nlohmann::ordered_json finding;
        if (failure.site.empty()) site = nullptr;
        if (failure.finding != nullptr) finding = failure.finding->id;
        failures.push_back({{"contract", failure.failure.contract},
                            {"place", failure.place},
                            {"site", site},
                            {"about", name_of(failure.about)},
                            {"label", name_of(failure.label)},
                            {"finding", finding},
                            {"iteration", failure.iteration},
                            {"time", failure.time},
                            {"happened", failure.happened},
                            {"token", to_token(failure.failure)}});
    }
    nlohmann::ordered_json json{{"case", judged.name},
                                {"verdict", name_of(judged.verdict)},
                                {"anyio", judged.config.version->name},
                                {"python", judged.config.python->name},
                                {"policy", judged.config.policy->name},
                                {"on", "model"},
                                {"schedules", judged.schedules},
                                {"exhausted", judged.exhausted},
                                {"failures", failures}};
    if (judged.config.library) {
        json.update(config_json(judged.config));
        json["lost"] = judged.lost.size();
    }
    return json_line(json);
}

}  // namespace cancelsim::properties
