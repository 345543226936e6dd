// The model against the anyio and the asyncio that `python3` imports (CANCELSIM_PYTHON names another interpreter):
// every event is the same, whatever is chosen of what asyncio leaves open.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "properties/library/library_run.h"
#include "properties/library/workers.h"
#include "properties/subject/errors.h"
#include "scenarios/generate/generator.h"
#include "scenarios/program/case_json.h"
#include "scenarios/run/event_stream.h"
#include "scenarios/run/trace_writer.h"
#include "sim/strategies/random.h"

namespace cancelsim::properties {

namespace {

constexpr std::uint64_t kSeedsOfProfile = 60;
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

struct Shown {
    std::string trace;
    std::vector<std::string> events;
};

Shown of_model(const scenarios::Case& program, const model::Config& config, sim::Choices& choices) {
    scenarios::Interpreter run;
    scenarios::TraceWriter writer(run);
    run.prepare(program, config, &choices);
    scenarios::EventEncoder encoder(run);
    run.watch(encoder);
    run.watch(writer);
    run.run();
    encoder.finish();
    return {writer.finish(), compared_lines(scenarios::event_lines(encoder.stream(), encoder.strings()))};
}

/// The first event that differs, of both; empty where none does.
std::string difference(const Shown& model, const Shown& library) {
    std::size_t at = 0;
    while (at < model.events.size() && at < library.events.size() && model.events[at] == library.events[at]) ++at;
    if (at == model.events.size() && at == library.events.size())
        return model.trace == library.trace ? "" : "the trace";
    const auto event = [at](const Shown& shown) {
        return at < shown.events.size() ? shown.events[at] : "nothing more";
    };
    return fmt::format("the model: {}\nthe library: {}", event(model), event(library));
}

}  // namespace

TEST_CASE("the real library gives the model's events, whatever is chosen") {
    const auto subject = real_library();
    if (!subject) return;
    LibraryRun run;
    sim::RandomChoices choices(kChoices, kInjections);
    scenarios::Case program;
    std::uint64_t compared = 0;
    for (int profile = 0; profile < scenarios::kProfiles; ++profile)
        for (std::uint64_t seed = 0; seed < kSeedsOfProfile; ++seed) {
            scenarios::generate(static_cast<scenarios::Profile>(profile), seed, program);
            choices.begin(seed);
            const Shown model = of_model(program, *subject, choices);
            choices.begin(seed);
            run.prepare(program, *subject);
            try {
                run.run(&choices, true);
            } catch (const UsageError&) {
                continue;  // Python cannot nest so deep
            }
            ++compared;
            CAPTURE(seed);
            CAPTURE(scenarios::to_json(program));
            CHECK(difference(model, {run.take_trace(), compared_lines(run.event_lines())}) == "");
        }
    CHECK(compared > scenarios::kProfiles * kSeedsOfProfile * 9 / 10);
}

}  // namespace cancelsim::properties
