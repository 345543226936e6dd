#include "properties/report/merged.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>

#include "properties/failure/base64url.h"
#include "properties/report/report.h"
#include "properties/subject/config_names.h"
#include "properties/subject/errors.h"
#include "properties/subject/json_line.h"

namespace cancelsim::properties {

namespace {

using Json = nlohmann::ordered_json;

/// What tells a hunt from any other, but for how long it is.
std::string identity_of(const HuntOptions& options) {
    Json json = config_json(options.config);
    json["profiles"] = options.profiles;
    json["strategy"] = options.strategy;
    json["adversarial"] = options.adversarial;
    json["injections"] = options.injections;
    json["contracts"] = options.contracts;
    json["seed"] = options.seed;
    json["schedules"] = options.schedules;
    json["shrink"] = options.shrink;
    json["shards"] = options.shards;
    const std::string text = json_line(json);
    return digest_text(XXH3_64bits(text.data(), text.size()));
}

DistinctCounter counter_of(const Json& text) {
    const auto bytes = from_base64url(text.get<std::string>());
    const auto counter = bytes ? DistinctCounter::from_bytes(*bytes) : std::nullopt;
    if (!counter) throw UsageError("its counts are damaged");
    return *counter;
}

std::optional<Label> find_label(std::string_view name) {
    for (const Label label : {Label::news, Label::known, Label::also_upstream})
        if (name_of(label) == name) return label;
    return std::nullopt;
}

/// A failure as the hunt had it. What it was shrunk from, and how it is labelled, only the line says.
Found found_of(const Json& line) {
    Found found;
    found.failure = from_token(line.at("token").get<std::string>());
    found.place = line.at("place");
    found.schedule = line.at("schedules").get<std::uint64_t>() - 1;
    found.statements_found = line.at("shrink").at("statements");
    const auto label = find_label(line.at("label").get<std::string>());
    if (!label) throw UsageError("its label is unknown");
    found.labelled.label = *label;
    if (!line.at("finding").is_null()) {
        found.labelled.finding = find_finding(line.at("finding").get<std::string>());
        if (found.labelled.finding == nullptr) throw UsageError("its finding is unknown");
    }
    return found;
}

class Merge {
public:
    void add(const ShardOutput& output) {
        bool has_summary = false;
        for (std::size_t i = 0; i < output.lines.size(); ++i) {
            try {
                has_summary = add_line(output.lines[i]) || has_summary;
            } catch (const Json::parse_error&) {
                const bool is_cut_short = i + 1 == output.lines.size() && output.lines[i].starts_with('{');
                if (is_cut_short) break;  // its process was killed while it wrote
                refuse(output, i, "not a line of `hunt --json`");
            } catch (const Json::exception&) {
                refuse(output, i, "not a line of `hunt --json`");
            } catch (const FailureError& error) {
                refuse(output, i, error.what());
            } catch (const UsageError& error) {
                refuse(output, i, error.what());
            }
        }
        if (!has_summary) without_summary_.push_back(output.name);
    }

    Merged finish() {
        if (hunt_.empty())
            throw UsageError(without_summary_.empty() ? "nothing to merge"
                                                      : without_summary_.front() + ": it holds no summary of a hunt");
        keep_earliest();
        for (Line& line : lines_) {
            merged_.result.found.push_back(std::move(line.found));
            merged_.failures.push_back(std::move(line.text));
        }
        for (std::uint64_t shard = 1; shard <= shards_; ++shard)
            if (std::find(have_.begin(), have_.end(), shard) == have_.end()) merged_.missing.push_back(shard);
        return std::move(merged_);
    }

private:
    struct Line {
        Found found;
        std::string text;
    };

    [[noreturn]] static void refuse(const ShardOutput& output, std::size_t line, std::string_view why) {
        throw UsageError(fmt::format("{}:{}: {}", output.name, line + 1, why));
    }

    /// Whether it is a summary.
    bool add_line(const std::string& text) {
        const Json json = Json::parse(text);
        if (!json.is_object()) throw UsageError("not a line of `hunt --json`");
        if (json.contains("summary")) {
            add_summary(json.at("summary"));
            return true;
        }
        lines_.push_back({found_of(json), text});
        return false;
    }

    void add_summary(const Json& summary) {
        if (!summary.contains("part")) throw UsageError("not a shard of a hunt: run it with --shard");
        const Json& part = summary.at("part");
        HuntOptions& options = merged_.options;
        HuntResult& result = merged_.result;
        if (hunt_.empty()) {
            hunt_ = part.at("hunt");
            shards_ = part.at("shards");
            options.config = subject_from(part.at("subject"));
            options.contracts = part.at("contracts").get<std::vector<std::string>>();
            options.seed = summary.at("seed");
        }
        if (part.at("hunt") != hunt_) throw UsageError("it is a shard of another hunt than those before it");
        const std::uint64_t shard = part.at("shard");
        if (std::find(have_.begin(), have_.end(), shard) != have_.end())
            throw UsageError(fmt::format("shard {} is there already", shard));
        have_.push_back(shard);
        const std::uint64_t earlier = summary.at("earlier");
        result.earlier += earlier;
        result.schedules += summary.at("schedules").get<std::uint64_t>() - earlier;
        result.lost += summary.value("lost", std::uint64_t{0});
        result.seconds = std::max(result.seconds, summary.at("seconds").get<double>());
        result.seen.add(census_from(part));
    }

    /// Of each distinct failure the one of the earliest schedule, in the order in which one run has them: it asks no
    /// further once something new has broken at a place by the cause of no finding.
    void keep_earliest() {
        std::sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) { return order(a) < order(b); });
        std::vector<Line> kept;
        for (Line& line : lines_) {
            const bool is_over = std::any_of(kept.begin(), kept.end(), [&](const Line& earlier) {
                const bool is_at = earlier.found.failure.contract == line.found.failure.contract &&
                                   earlier.found.place == line.found.place;
                const Labelled& labelled = earlier.found.labelled;
                return is_at && (labelled.is_of_no_finding() || labelled == line.found.labelled);
            });
            if (!is_over) kept.push_back(std::move(line));
        }
        lines_ = std::move(kept);
    }
    static std::tuple<const std::uint64_t&, const std::string&, const std::string&, const std::string&> order(
        const Line& line) {
        return {line.found.schedule, line.found.failure.contract, line.found.place, line.text};
    }

    Merged merged_;
    std::string hunt_;  ///< whose shards they are; empty until one has said so
    std::uint64_t shards_ = 0;
    std::vector<std::uint64_t> have_;
    std::vector<Line> lines_;
    std::vector<std::string> without_summary_;
};

}  // namespace

Json part_json(const HuntOptions& options, const HuntResult& result) {
    Json json{{"shard", options.shard},
              {"shards", options.shards},
              {"hunt", identity_of(options)},
              {"subject", config_json(options.config)},
              {"contracts", options.contracts}};
    json.update(census_json(result.seen));
    return json;
}

Json census_json(const Census& census) {
    return {{"schedules", to_base64url(census.schedules.bytes())}, {"states", to_base64url(census.states.bytes())}};
}

Census census_from(const Json& json) { return {counter_of(json.at("schedules")), counter_of(json.at("states"))}; }

Merged merged(const std::vector<ShardOutput>& outputs) {
    Merge merge;
    for (const ShardOutput& output : outputs) merge.add(output);
    return merge.finish();
}

std::string merged_text(const Merged& merged, bool all) {
    const auto& found = merged.result.found;
    if (!merged.options.config.library)
        return hunt_text(merged.options, merged.result, std::vector<std::string>(found.size()), all);
    // The library is not here to tell their stories.
    std::string text;
    for (const Found& one : found)
        text += fmt::format("{} {} at: {}\n{}\n", name_of(one.labelled.label), one.failure.contract, one.place,
                            replay_command(one.failure));
    return text + summary_text(merged.options, merged.result);
}

std::string merged_json(const Merged& merged) {
    std::string text;
    for (const std::string& line : merged.failures) text += line + "\n";
    return text + summary_json(merged.options, merged.result) + "\n";
}

}  // namespace cancelsim::properties
