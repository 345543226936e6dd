// The model against the anyio and the asyncio that `python3` imports (CANCELSIM_PYTHON names another interpreter):
// every event is the same, whatever is chosen of what asyncio leaves open.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "properties/contracts/runner.h"
#include "properties/library/workers.h"
#include "properties/subject/errors.h"
#include "scenarios/generate/generator.h"
#include "scenarios/program/case_json.h"
#include "scenarios/run/event_stream.h"
#include "sim/strategies/random.h"

namespace cancelsim::properties {

namespace {

constexpr std::uint32_t kInjections = 2;
/// All that a real loop leaves open.
constexpr sim::ChoiceKinds kChoices = sim::kAsyncioKinds | sim::bit(sim::ChoiceKind::inject);
/// Facts that only a library's stream has: the model's own books say them.
constexpr std::string_view kOfLibraryAlone[]{R"(["Label",)", R"(["Site",)"};

/// Nothing where the interpreter has no anyio that is known.
std::optional<Subject> real_library() {
    const char* interpreter = std::getenv("CANCELSIM_PYTHON");
    try {
        return open_library({.interpreter = interpreter != nullptr ? interpreter : "python3"});
    } catch (const UsageError& error) {
        MESSAGE("SKIPPED: ", std::string(error.what()));
        return std::nullopt;
    }
}

std::vector<std::string> compared_lines(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        const std::string line = text.substr(at, end - at);
        at = end + 1;
        const auto begins = [&line](std::string_view word) { return line.starts_with(word); };
        if (std::none_of(std::begin(kOfLibraryAlone), std::end(kOfLibraryAlone), begins)) lines.push_back(line);
    }
    return lines;
}

/// A run, as far as both subjects have it.
struct Shown {
    std::string trace;
    std::vector<std::string> events;
    std::vector<std::string> failures;  ///< contract, place and iteration
};

std::vector<std::string> failures_of(const std::vector<Contract*>& broken) {
    std::vector<std::string> failures;
    for (const Contract* contract : broken)
        failures.push_back(fmt::format("{} at {} in iteration {}", contract->name(), contract->place().name(),
                                       contract->broken_at_iteration()));
    std::sort(failures.begin(), failures.end());
    return failures;
}

Shown on_model(Runner& runner, const scenarios::Case& program, const Subject& subject, sim::Choices& choices) {
    scenarios::EventEncoder encoder(runner.interpreter());
    const auto& broken = runner.run_traced(program, subject, &choices, encoder);
    encoder.finish();
    return {runner.trace(), compared_lines(scenarios::event_lines(encoder.stream(), encoder.strings())),
            failures_of(broken)};
}

Shown on_library(Runner& runner, const scenarios::Case& program, const Subject& subject, sim::Choices& choices) {
    const auto& broken = runner.run_traced(program, subject, &choices);
    return {runner.trace(), compared_lines(runner.event_lines()), failures_of(broken)};
}

/// The first event that differs, of both, or a failure; empty where nothing does.
std::string difference(const Shown& model, const Shown& library) {
    const auto first = [](const std::vector<std::string>& ours, const std::vector<std::string>& theirs) -> std::string {
        std::size_t at = 0;
        while (at < ours.size() && at < theirs.size() && ours[at] == theirs[at]) ++at;
        if (at == ours.size() && at == theirs.size()) return "";
        const auto line = [at](const auto& lines) { return at < lines.size() ? lines[at] : "nothing more"; };
        return fmt::format("the model: {}\nthe library: {}", line(ours), line(theirs));
    };
    if (std::string events = first(model.events, library.events); !events.empty()) return events;
    if (std::string failures = first(model.failures, library.failures); !failures.empty()) return failures;
    return model.trace == library.trace ? "" : "the trace";
}

/// How many cases of each profile are compared: more by hand, CANCELSIM_CASES says how many.
std::uint64_t cases_of_a_profile() {
    const char* said = std::getenv("CANCELSIM_CASES");
    return said != nullptr ? std::strtoull(said, nullptr, 10) : 60;
}

}  // namespace

TEST_CASE("the real library gives the model's events and failures, whatever is chosen") {
    const auto subject = real_library();
    if (!subject) return;
    const Subject model(static_cast<const model::Config&>(*subject));
    Runner here(make_contracts());
    Runner there(make_contracts());
    sim::RandomChoices choices(kChoices, kInjections);
    scenarios::Case program;
    std::uint64_t compared = 0;
    std::uint64_t broken = 0;
    const std::uint64_t cases = cases_of_a_profile();
    for (int profile = 0; profile < scenarios::kProfiles; ++profile)
        for (std::uint64_t seed = 0; seed < cases; ++seed) {
            scenarios::generate(static_cast<scenarios::Profile>(profile), seed, program);
            choices.begin(seed);
            const Shown ours = on_model(here, program, model, choices);
            choices.begin(seed);
            Shown theirs;
            try {
                theirs = on_library(there, program, *subject, choices);
            } catch (const UsageError&) {
                continue;  // Python cannot nest so deep
            }
            ++compared;
            broken += ours.failures.size();
            if (difference(ours, theirs).empty()) continue;
            CAPTURE(seed);
            CAPTURE(scenarios::to_json(program));
            CHECK(difference(ours, theirs) == "");
        }
    CHECK(compared > scenarios::kProfiles * cases * 9 / 10);
    CHECK(broken > 0);
    MESSAGE(compared, " cases, ", broken, " failures");
}

}  // namespace cancelsim::properties
