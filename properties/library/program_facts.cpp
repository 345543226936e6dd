#include "properties/library/program_facts.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "properties/subject/fault.h"

namespace cancelsim::properties {

namespace {

using Json = nlohmann::json;

std::vector<Await> awaits_in(const Json& list) {
    std::vector<Await> awaits;
    for (const Json& each : list) awaits.push_back({each.at(0), each.at(1)});
    return awaits;
}

std::uint32_t site_in(const Json& site, const ProgramFacts& facts) {
    if (site.is_null()) return scenarios::kNoStatement;
    if (site.get<std::size_t>() >= facts.sites.size()) throw InternalError("the worker: no such site");
    return site;
}

}  // namespace

std::string place_text(const PythonPlace& place) {
    std::string text =
        fmt::format("{}:{} ({}", std::filesystem::path(place.file).filename().string(), place.line, place.function);
    if (!place.source.empty()) text += ": `" + place.source + "`";
    return text + ")";
}

ProgramFacts read_program_facts(const Json& answer) try {
    ProgramFacts facts;
    for (const Json& site : answer.at("sites")) facts.sites.push_back({site.at(0), site.at(1), site.at(2), site.at(3)});
    facts.tasks = answer.at("tasks").get<std::vector<std::string>>();
    const auto error_in = [&](const Json& error) -> std::optional<ProgramEnd::Error> {
        if (error.is_null()) return std::nullopt;
        return ProgramEnd::Error{error.at("text"), error.at("type"), site_in(error.at("site"), facts)};
    };
    facts.end.error = error_in(answer.at("error"));
    facts.end.unasked = error_in(answer.at("unasked"));
    if (const Json& broken = answer.at("broken"); !broken.is_null())
        facts.end.broken = {broken.at("what"), site_in(broken.at("site"), facts)};
    const Json& coverage = answer.at("coverage");
    facts.awaits = awaits_in(coverage.at("awaits"));
    facts.parked = awaits_in(coverage.at("parked"));
    facts.interrupted = awaits_in(coverage.at("interrupted"));
    return facts;
} catch (const nlohmann::json::exception& error) {
    throw InternalError(std::string("the worker's answer on a program: ") + error.what());
}

}  // namespace cancelsim::properties
