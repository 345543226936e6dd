#include "scenarios/recorded/conformance.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace cancelsim::scenarios {

namespace {

/// Events before the first that differs: enough to see what led to it.
constexpr std::size_t kEventsBefore = 4;

/// Takes `suffix` off the end of `text`; whether it was there.
bool take_suffix(std::string_view& text, std::string_view suffix) {
    if (!text.ends_with(suffix)) return false;
    text.remove_suffix(suffix.size());
    return true;
}

std::vector<std::string> events_of(const std::string& line) {
    std::vector<std::string> events;
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (json.is_discarded() || !json.is_object() || !json.contains("trace")) return {line};
    for (const auto& event : json["trace"]) events.push_back(event.dump());
    return events;
}

}  // namespace

std::optional<CorpusName> parse_corpus_name(std::string_view file) {
    take_suffix(file, ".zst");
    if (!take_suffix(file, ".jsonl")) return std::nullopt;
    CorpusName name;
    name.reversed = take_suffix(file, ".reversed");
    name.config.python = model::find_python("3.11");
    for (const sim::Python* python : model::all_pythons())
        if (take_suffix(file, fmt::format(".py{}", python->name))) name.config.python = python;
    for (const model::Policy* policy : model::all_policies())
        if (name.config.policy == nullptr && take_suffix(file, fmt::format(".{}", policy->name)))
            name.config.policy = policy;
    for (const model::Version* version : model::all_versions())
        if (name.config.version == nullptr && take_suffix(file, fmt::format(".{}", version->name)))
            name.config.version = version;
    if (name.config.policy == nullptr || name.config.version == nullptr || file.empty()) return std::nullopt;
    name.cases = fmt::format("{}.cases", file);
    return name;
}

std::string describe_difference(const std::string& recorded, const std::string& simulated) {
    const auto theirs = events_of(recorded);
    const auto ours = events_of(simulated);
    const auto differ = std::mismatch(theirs.begin(), theirs.end(), ours.begin(), ours.end());
    const auto at = static_cast<std::size_t>(differ.first - theirs.begin());
    std::string text;
    for (std::size_t i = at > kEventsBefore ? at - kEventsBefore : 0; i < at; ++i)
        text += fmt::format("      both       {}\n", theirs[i]);
    text += fmt::format("      recorded   {}\n", at < theirs.size() ? theirs[at] : "(nothing more)");
    text += fmt::format("      simulated  {}\n", at < ours.size() ? ours[at] : "(nothing more)");
    return text;
}

}  // namespace cancelsim::scenarios
