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

/// One case on both, with what is chosen: what differs, empty where nothing does; nothing where Python cannot run it.
class Comparison {
public:
    explicit Comparison(const Subject& library)
        : library_(library), model_(static_cast<const model::Config&>(library)) {}

    std::optional<std::string> of(scenarios::Profile profile, std::uint64_t seed) {
        scenarios::generate(profile, seed, program_);
        choices_.begin(seed);
        const Shown ours = on_model(here_, program_, model_, choices_);
        choices_.begin(seed);
        Shown theirs;
        try {
            theirs = on_library(there_, program_, library_, choices_);
        } catch (const UsageError&) {
            return std::nullopt;  // Python cannot nest so deep
        }
        broken_ += ours.failures.size();
        return difference(ours, theirs);
    }

    const scenarios::Case& program() const { return program_; }
    std::uint64_t broken() const { return broken_; }

private:
    const Subject& library_;
    Subject model_;
    Runner here_{make_contracts()};
    Runner there_{make_contracts()};
    sim::RandomChoices choices_{kChoices, kInjections};
    scenarios::Case program_;
    std::uint64_t broken_ = 0;
};

}  // namespace

TEST_CASE("cases that once differed between the real library and the model") {
    const auto subject = real_library();
    if (!subject) return;
    Comparison comparison(*subject);
    // An AttributeError that a group raises when it is left again becomes the context of another group's error.
    CHECK(comparison.of(scenarios::Profile::misuse, 1679) == "");
    // A task with a request pending gathers: asyncio cancels the gathering, which passes it on.
    CHECK(comparison.of(scenarios::Profile::native, 4455) == "");
}

TEST_CASE("the real library gives the model's events and failures, whatever is chosen") {
    const auto subject = real_library();
    if (!subject) return;
    Comparison comparison(*subject);
    std::uint64_t compared = 0;
    const std::uint64_t cases = cases_of_a_profile();
    for (int profile = 0; profile < scenarios::kProfiles; ++profile)
        for (std::uint64_t seed = 0; seed < cases; ++seed) {
            const auto difference = comparison.of(static_cast<scenarios::Profile>(profile), seed);
            if (!difference) continue;
            ++compared;
            if (difference->empty()) continue;
            CAPTURE(seed);
            CAPTURE(scenarios::to_json(comparison.program()));
            CHECK(*difference == "");
        }
    CHECK(compared > scenarios::kProfiles * cases * 9 / 10);
    CHECK(comparison.broken() > 0);
    MESSAGE(compared, " cases, ", comparison.broken(), " failures");
}

}  // namespace cancelsim::properties
