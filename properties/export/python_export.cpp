#include "properties/export/python_export.h"

#include <fmt/format.h>

#include "model/policies/policy.h"
#include "properties/contracts/runner.h"
#include "properties/export/python/clock.h"
#include "properties/export/python/policies.h"
#include "properties/export/python/program.h"
#include "properties/export/python/text.h"
#include "properties/export/python/watch.h"
#include "properties/report/report.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

using namespace python;

namespace {

constexpr std::string_view kFile = R"py(
#!/usr/bin/env python3
"""$TITLE$

$ABOUT$
    ./cancelsim replay $TOKEN$
"""
$IMPORTS$

# ------------------------------------------------------------------------------------------------------ the program

$PROGRAM$

$POLICY$
# --------------------------------------------------------------------------------------------------- the event loop

$LOOP$


# -------------------------------------------------------------------------------------------------------- the watch

$WATCH$


# ---------------------------------------------------------------------------------------------------------- the run

THIS_FILE = main.__code__.co_filename

try:
    version = importlib.metadata.version("anyio")
except importlib.metadata.PackageNotFoundError:
    version = os.path.dirname(anyio.__file__)
print(f"anyio {version}, Python {platform.python_version()}, delivery policy: $POLICY_SAID$")
print("promised: $PROMISE$")
try:
    loop = WatchedLoop()
    asyncio.set_event_loop(loop)
$OUTSIDE$
$TIMEOUT$
    loop.create_task(main())
    loop.run_forever()
except Exception:
    traceback.print_exc()
    print("happened: unknown - the watch itself failed: it knows the insides of anyio 4.13 and 4.14")
    sys.stdout.flush()
    os._exit(3)
)py";

constexpr std::string_view kPolicyHead =
    "# ---------------------------------------------------------------------------------------------- the delivery "
    "pass\n\n\n";

constexpr std::string_view kModules[] = {"argparse", "asyncio",   "collections", "contextlib", "heapq",    "importlib",
                                         "inspect",  "linecache", "math",        "os",         "platform", "selectors",
                                         "sys",      "threading", "time",        "traceback"};

/// Whether `text` uses something of a module.
bool uses(std::string_view text, std::string_view module) {
    const std::string dotted = std::string(module) + ".";
    for (std::size_t at = text.find(dotted); at != std::string_view::npos; at = text.find(dotted, at + 1)) {
        const char before = at == 0 ? ' ' : text[at - 1];
        if (before != '.' && before != '_' && std::isalnum(static_cast<unsigned char>(before)) == 0) return true;
    }
    return false;
}

std::string imports_of(std::string_view text) {
    std::string imports;
    for (const std::string_view module : kModules)
        if (uses(text, module))
            imports += fmt::format("import {}\n", module == "importlib" ? "importlib.metadata" : module);
    imports += "\nimport anyio\n";
    if (uses(text, "anyio.lowlevel")) imports += "import anyio.lowlevel\n";
    return imports + "from anyio._backends import _asyncio as backend\n";
}

/// Whether the same program breaks the same contract in the model of another configuration.
bool breaks(const Failure& failure, const model::Config& config, const KindDeviations& deviations) {
    Runner runner(make_contracts(std::vector{failure.contract}));
    ChoicesByKind choices(deviations);
    return !runner.run(failure.program, config, &choices).empty();
}

/// What else the simulator says: where it is kept.
std::string verdicts_text(const Failure& failure, const KindDeviations& deviations) {
    std::string text;
    std::vector<const model::Policy*> policies{failure.config.policy};
    if (failure.config.policy->name != "upstream") policies.push_back(model::find_policy("upstream"));
    for (const model::Policy* policy : policies)
        for (const model::Version* version : model::all_versions()) {
            model::Config config = failure.config;
            config.version = version;
            config.policy = policy;
            text += fmt::format("    anyio {}, {:<8}  {}\n", version->name, policy->name,
                                breaks(failure, config, deviations) ? "broken" : "kept");
        }
    return text;
}

/// What the file needs to show the failure, and what it can't have.
std::string needs_text(const Failure& failure, const KindDeviations& deviations) {
    std::string text;
    for (const model::DefectEntry& entry : model::all_defects()) {
        if (!failure.config.defects.has(entry.defect)) continue;
        const bool fix = entry.origin == model::Origin::live;
        std::string sentence = fmt::format("The failure was found with the {} `{}` in the simulator: {}. ",
                                           fix ? "fix" : "defect", entry.name, entry.summary.substr(fix ? 5 : 0));
        if (fix)
            sentence += "No release of anyio has it.";
        else if (entry.origin == model::Origin::fixed)
            sentence += fmt::format("anyio had it until {} (number {}): newer releases keep the promise.",
                                    entry.fixed_in, entry.number);
        else
            sentence += "No release of anyio acts so: expect the promise to be kept.";
        text += "\n" + wrapped(harmless(sentence));
    }
    std::string holds;
    for (const sim::Python* python : model::all_pythons()) {
        model::Config config = failure.config;
        config.python = python;
        if (!breaks(failure, config, deviations)) holds += fmt::format("{}{}", holds.empty() ? "" : ", ", python->name);
    }
    if (!holds.empty()) text += fmt::format("\nIt does not show on CPython {}: `uncancel()` does more there.\n", holds);
    return text;
}

std::string about_text(const Failure& failure, const Account& account, const KindDeviations& deviations,
                       const ClockNeeds& needs, bool real_time) {
    std::string text = "Promised:\n" + wrapped(harmless(account.promise), "    ") + "\n";
    text += "In the simulator:\n" + wrapped(harmless(account.happened), "    ") + "\n";
    text +=
        "It says, for this program:\n" + verdicts_text(failure, deviations) + needs_text(failure, deviations) + "\n";
    text += "Run it: it needs nothing but anyio, exits with 1 where the promise is broken, with 0 where it is kept.\n";
    if (failure.config.policy->name != "upstream")
        text += fmt::format(
            "It replaces anyio's delivery pass by that of the policy `{}`; with `--policy upstream` it does not.\n",
            failure.config.policy->name);
    if (real_time)
        text += fmt::format("It runs on real time: a unit of the simulator's is {} seconds.\n", kUnitSeconds);
    else
        text += wrapped("It brings an event loop on virtual time" +
                        (needs.reason.empty() ? "." : ", because " + needs.reason + "."));
    return text + "The simulator runs the same by\n\n";
}

}  // namespace

std::string python_file(const Failure& failure, PythonClock clock) {
    const Account account = account_of(failure);
    if (!account.broken) throw FailureError(fmt::format("stale: `{}` holds in this version", failure.contract));
    const Watch* watch = find_watch(failure.contract, account.place);
    if (watch == nullptr) throw FailureError(fmt::format("no Python can tell whether `{}` is kept", failure.contract));
    const auto policy = policy_section(failure.config.policy->name, failure.config.policy->summary);
    if (!policy) throw FailureError(fmt::format("the policy `{}` has no Python yet", failure.config.policy->name));

    const ClockNeeds needs = clock_needs(failure, account.time);
    if (clock == PythonClock::real && needs.impossible)
        throw FailureError(fmt::format("it can't be shown on real time, because {}", needs.reason));
    const bool real_time = clock == PythonClock::automatic ? needs.reason.empty() : clock == PythonClock::real;
    const scenarios::Case& program = failure.program;
    const KindDeviations deviations = deviations_by_kind(failure);
    const LoopNeeds loop_needs{task_class(*watch), wants_to_know_of_parked_tasks(failure.config.policy->name)};
    const std::string loop = real_time ? real_loop(loop_needs) : virtual_loop(loop_needs, deviations, program.budget);
    const std::string watching = watch_section(*watch, !program.stubborn.empty(), real_time);
    const Bindings bindings(program, fmt::format("{} {} {} {}", kFile, *policy, loop, watching));
    const double seconds = std::max(5.0, static_cast<double>(account.time) * kUnitSeconds + 3.0);
    const std::string timeout = fmt::format(
        "    timeout = threading.Timer({0}, lambda: kept(\"{0} seconds have passed\"))\n"
        "    timeout.daemon = True\n    timeout.start()\n",
        seconds);
    const bool upstream = policy->empty();
    const std::string body = filled(
        kFile,
        {{"TITLE", fmt::format("{}: found by cancelsim on anyio {}.", failure.contract, config_text(failure.config))},
         {"ABOUT", about_text(failure, account, deviations, needs, real_time)},
         {"TOKEN", to_token(failure)},
         {"PROGRAM", program_section(program, bindings, real_time)},
         {"POLICY", upstream ? "" : std::string(kPolicyHead) + *policy + "\n\n"},
         {"LOOP", loop},
         {"WATCH", watching},
         {"POLICY_SAID", upstream ? "upstream" : "{policy}"},
         {"PROMISE", harmless(account.promise)},
         {"OUTSIDE", outside_lines(program, bindings, real_time)},
         {"TIMEOUT", real_time ? timeout : std::string()}});
    return filled(body, {{"IMPORTS", imports_of(body)}});
}

}  // namespace cancelsim::properties
