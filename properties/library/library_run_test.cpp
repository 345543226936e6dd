#include "properties/library/library_run.h"

#include <doctest/doctest.h>

#include "properties/library/fake_interpreter_testing.h"
#include "properties/library/model_worker_testing.h"
#include "properties/subject/config_names.h"
#include "properties/subject/errors.h"
#include "properties/subject/fault.h"
#include "scenarios/generate/generator.h"
#include "scenarios/program/case_json.h"
#include "scenarios/run/event_stream.h"
#include "scenarios/run/trace_writer.h"
#include "sim/strategies/random.h"

namespace cancelsim::properties {

namespace {

/// A run by its trace and its events, as text.
struct Shown {
    std::string trace;
    std::string events;
};

Shown shown_here(const scenarios::Case& program, const model::Config& config, sim::Choices& choices) {
    scenarios::Interpreter run;
    scenarios::TraceWriter writer(run);
    run.prepare(program, config, &choices);
    scenarios::EventEncoder encoder(run);
    run.watch(encoder);
    run.watch(writer);
    run.run();
    encoder.finish();
    return {writer.finish(), scenarios::event_lines(encoder.stream(), encoder.strings())};
}

Shown shown_there(const scenarios::Case& program, const Subject& subject, LibraryRun& run, sim::Choices& choices) {
    run.prepare(program, subject);
    run.run(&choices, true);
    return {run.take_trace(), run.event_lines()};
}

/// Why a run of some case on a worker that answers with `facts` has no result.
template <class Why>
std::string why(const std::string& facts) {
    const FakeInterpreter fake(std::string(kGreeting) + kRuns + "    answer(" + facts + ")\n");
    const auto program = scenarios::parse_case(R"({"name":"test","main":[]})", "test", 1);
    const Subject subject = open_library(fake.launch());
    LibraryRun run;
    run.prepare(program, subject);
    try {
        run.run(nullptr, false);
    } catch (const Why& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("a run in a worker is the run that it would be here: choices, trace and events") {
    for (const char* release : {"4.13.0", "4.15.1"}) {
        const model::Config config = ConfigNames{.anyio = release, .python = "3.12"}.resolve();
        const ModelWorker worker(config);
        const Subject subject = open_library(worker.launch());
        CHECK(subject.version == config.version);
        CHECK(subject.python == config.python);
        LibraryRun run;
        sim::RandomChoices choices(sim::kAsyncioKinds);
        scenarios::Case program;
        for (int profile = 0; profile < scenarios::kProfiles; ++profile)
            for (std::uint64_t seed = 0; seed < 40; ++seed) {
                scenarios::generate(static_cast<scenarios::Profile>(profile), seed, program);
                choices.begin(seed);
                const Shown here = shown_here(program, config, choices);
                choices.begin(seed);
                const Shown there = shown_there(program, subject, run, choices);
                CAPTURE(profile);
                CAPTURE(seed);
                REQUIRE(!here.trace.empty());
                REQUIRE(there.trace == here.trace);
                REQUIRE(there.events == here.events);
            }
    }
}

TEST_CASE("a run says what no deterministic run can have, what went wrong in the worker, and what nobody knows") {
    CHECK(why<UsageError>("refused={'what': 'sockets', 'file': 'x.py', 'line': 3}") == "x.py:3: sockets");
    CHECK(why<UsageError>("refused={'what': 'nested too deep', 'file': None, 'line': None}") == "nested too deep");
    CHECK(why<InternalError>("fault='KeyError: 1'") == "the worker: KeyError: 1");
    CHECK(why<InternalError>("verdict='bored'") == "the worker gave a verdict that nobody knows");
    CHECK(why<InternalError>("[0], verdict='quiescent', strings=[]") ==
          "the worker's stream of events is damaged at number 1");
    CHECK(why<RunLost>("fault=os.kill(os.getpid(), 9)") == "the worker was killed by signal 9");
}

TEST_CASE("a library is of releases that the contracts know, and is where it was found") {
    const FakeInterpreter old(
        "say(hello=1, python='3.9.2', anyio='4.14.2', events=EVENTS)\nreceive()\nsay(ready=True, patches=[])\n");
    CHECK_THROWS_WITH_AS(open_library(old.launch()),
                         (old.path() + " has anyio 4.14.2 on CPython 3.9.2: the contracts know anyio 4.13.0, 4.14.2, "
                                       "4.15.1 and CPython 3.11, 3.12, 3.13")
                             .c_str(),
                         UsageError);
    const Library nowhere{"3.13.0", "4.15.1", {}, std::nullopt};
    CHECK_THROWS_WITH_AS(worker_of(nowhere),
                         "this ran on anyio 4.15.1 on CPython 3.13.0: say where that is, by --on PYTHON", UsageError);
    const FakeInterpreter fake(kGreeting);
    Library changed = *open_library(fake.launch()).library;
    changed.python = "3.12.0";
    CHECK_THROWS_AS(worker_of(changed), UsageError);
}

}  // namespace cancelsim::properties
