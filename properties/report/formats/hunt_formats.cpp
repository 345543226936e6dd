#include "properties/report/formats/hunt_formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "properties/failure/replay.h"
#include "properties/report/report.h"
#include "properties/subject/config_names.h"
#include "properties/subject/json_line.h"

namespace cancelsim::properties {

namespace {

using Json = nlohmann::ordered_json;

/// UTF-8 without what XML 1.0 cannot hold.
std::string xml_text(std::string_view text) {
    std::string result;
    for (const char each : Json::parse(json_line(Json(text))).get<std::string>()) {
        switch (each) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            case '\n':
            case '\t': result += each; break;
            default: result += static_cast<unsigned char>(each) < ' ' ? '?' : each;
        }
    }
    return result;
}

std::string place_text(const Found& found) { return fmt::format("{} at: {}", found.failure.contract, found.place); }

std::string happened_text(const Found& found) {
    return fmt::format("{}\n{}\n", account_of(found.failure).happened, replay_command(found.failure));
}

/// What is said of a failure that is no news.
std::string known_text(const Labelled& labelled) {
    if (labelled.finding == nullptr) return std::string(name_of(labelled.label));
    return fmt::format("known: {}, {}", labelled.finding->id, labelled.finding->title);
}

/// What a failure is about: where it is saved, or the sources of what was hunted.
std::string file_of(const Found& found, const std::string& saved) {
    if (!saved.empty()) return saved;
    const auto& library = found.failure.config.library;
    if (!library) return fmt::format("model/policies/{}.cpp", found.failure.config.policy->name);
    return library->launch && !library->launch->patches.empty() ? library->launch->patches.front() : "anyio";
}

/// A path as a URI: relative, or with its scheme.
std::string uri_of(const std::string& path) {
    std::string uri = path.starts_with('/') ? "file://" : "";
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-~";
    for (const char each : path)
        uri += kPlain.find(each) != std::string_view::npos
                   ? std::string(1, each)
                   : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(each)));
    return uri;
}

/// The message or, if `in_property`, a property of a workflow command.
std::string command_text(const std::string& text, bool in_property) {
    std::string result;
    for (const char each : text) {
        if (each == '%' || each == '\r' || each == '\n' || (in_property && (each == ':' || each == ',')))
            result += fmt::format("%{:02X}", static_cast<unsigned>(each));
        else
            result += each;
    }
    return result;
}

}  // namespace

std::string junit_text(const HuntOptions& options, const HuntResult& result) {
    const std::string subject = xml_text(config_text(options.config));
    std::string cases;
    std::size_t tests = 0;
    std::size_t failures = 0;
    for (const auto& contract : make_contracts(options.contracts)) {
        const auto breaks = [&](const Found& found) { return found.failure.contract == contract->name(); };
        if (std::any_of(result.found.begin(), result.found.end(), breaks)) continue;
        ++tests;
        cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\"/>\n", subject, contract->name());
    }
    for (const Found& found : result.found) {
        ++tests;
        cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\">\n", subject, xml_text(place_text(found)));
        const Labelled& labelled = found.labelled;
        if (labelled.label == Label::news) {
            ++failures;
            cases += fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n", found.failure.contract,
                                 xml_text(place_text(found)), xml_text(happened_text(found)));
        } else {
            cases += fmt::format("      <system-out>{}\n{}</system-out>\n", xml_text(known_text(labelled)),
                                 xml_text(happened_text(found)));
        }
        cases += "    </testcase>\n";
    }
    const std::string counts =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"{:.3f}\"", tests, failures, result.seconds);
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cancelsim\" {0}>\n"
        "  <testsuite name=\"cancelsim hunt\" {0}>\n    <properties>\n"
        "      <property name=\"seed\" value=\"{1}\"/>\n      <property name=\"schedules\" value=\"{2}\"/>\n"
        "    </properties>\n{3}  </testsuite>\n</testsuites>\n",
        counts, options.seed, result.earlier + result.schedules, cases);
}

std::string sarif_text(const HuntOptions& options, const HuntResult& result, const std::vector<std::string>& files) {
    Json rules = Json::array();
    std::vector<std::string_view> ids;
    const Contracts contracts = make_contracts(options.contracts);
    for (const auto& contract : contracts) {
        ids.push_back(contract->name());
        rules.push_back({{"id", contract->name()},
                         {"shortDescription", {{"text", contract->name()}}},
                         {"fullDescription", {{"text", contract->promise()}}}});
    }
    Json results = Json::array();
    for (std::size_t i = 0; i < result.found.size(); ++i) {
        const Found& found = result.found[i];
        const Labelled& labelled = found.labelled;
        const bool is_news = labelled.label == Label::news;
        std::string message = fmt::format("{}. {}", place_text(found), account_of(found.failure).happened);
        if (!is_news) message += fmt::format(" ({})", known_text(labelled));
        Json json{{"ruleId", found.failure.contract}};
        const auto rule = std::find(ids.begin(), ids.end(), found.failure.contract);
        if (rule != ids.end()) json["ruleIndex"] = rule - ids.begin();
        json["level"] = is_news ? "error" : "note";
        json["message"] = {{"text", message}};
        json["locations"] =
            Json::array({{{"physicalLocation", {{"artifactLocation", {{"uri", uri_of(file_of(found, files[i]))}}}}}}});
        json["partialFingerprints"] = {{"contractAndPlace/v1", place_text(found)}};
        json["properties"] = {{"token", to_token(found.failure)}, {"replay", replay_command(found.failure)}};
        results.push_back(std::move(json));
    }
    const Json driver{{"name", "cancelsim"}, {"version", CANCELSIM_VERSION}, {"rules", std::move(rules)}};
    const Json run{{"tool", {{"driver", driver}}},
                   {"results", std::move(results)},
                   {"properties", {{"seed", options.seed}, {"schedules", result.earlier + result.schedules}}}};
    return json_line({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                      {"version", "2.1.0"},
                      {"runs", Json::array({run})}}) +
           "\n";
}

std::string github_annotations(const HuntResult& result) {
    std::string text;
    for (const Found& found : result.found)
        if (found.labelled.label == Label::news)
            text += fmt::format("::error title={}::{}\n", command_text("cancelsim: " + place_text(found), true),
                                command_text(happened_text(found), false));
    return text;
}

}  // namespace cancelsim::properties
