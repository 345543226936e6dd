#include "properties/export/python_export.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "model/policies/policy.h"
#include "properties/contracts/runner.h"
#include "properties/export/deviations_by_kind.h"
#include "properties/export/python_text.h"
#include "properties/failure/choice_words.h"
#include "properties/failure/replay.h"
#include "properties/subject/config_names.h"
#include "scenarios/program/python/case_python.h"
#include "scenarios/python/python_package.h"

namespace cancelsim::properties {

namespace {

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
    for (const model::SwitchEntry& entry : model::all_switches()) {
        if (!failure.config.switches.has(entry.what)) continue;
        const bool fix = entry.origin == model::Origin::live;
        const bool asyncios = entry.name.starts_with("gh-");
        std::string sentence = fmt::format("The failure was found with the {} `{}` in the simulator: {}. ",
                                           fix ? "fix" : "defect", entry.name, entry.summary.substr(fix ? 5 : 0));
        if (fix)
            sentence += "No release of anyio has it.";
        else if (entry.origin == model::Origin::fixed)
            sentence += fmt::format("{} had it until {} (number {}): newer releases keep the promise.",
                                    asyncios ? "asyncio" : "anyio", entry.fixed_in, entry.number);
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

std::string about_text(const Failure& failure, const Account& account, const KindDeviations& deviations) {
    std::string text = "Promised:\n" + wrapped(harmless(account.promise), "    ") + "\n";
    text += "In the simulator:\n" + wrapped(harmless(account.happened), "    ") + "\n";
    text +=
        "It says, for this program:\n" + verdicts_text(failure, deviations) + needs_text(failure, deviations) + "\n";
    text += wrapped(
        "Run it with anyio and the package `cancelsim` (beside this file, or in a checkout's scenarios/python): it "
        "exits "
        "with 1 where all goes as in the simulator until the promise is broken, with 0 where something goes "
        "otherwise, with 2 where it cannot be run, and with 3 where there is no anyio.");
    if (failure.config.policy->name != "upstream")
        text += fmt::format(
            "It replaces anyio's delivery pass by that of the policy `{}`; with `--policy upstream` it does not.\n",
            failure.config.policy->name);
    return text + "The simulator runs the same by\n\n    ./cancelsim replay " + to_token(failure) + "\n";
}

/// Without it, Python would exit with 1.
constexpr std::string_view kNeedsAnyio =
    "import sys\n\ntry:\n    import anyio\nexcept ImportError as error:\n"
    "    print(f\"{error}: this file needs a Python that has anyio\", file=sys.stderr)\n    sys.exit(3)\n\n";

/// The program without the line that runs it.
std::string program_text(const scenarios::Case& program) {
    std::string text = scenarios::to_python(program);
    const std::size_t last = text.rfind(".run(main)");
    if (last == std::string::npos) return text;
    text.erase(text.rfind('\n', last) + 1);
    return text;
}

/// As a Python dictionary: kind -> {question: answer}.
std::string choices_literal(const KindDeviations& deviations) {
    std::string text;
    for (std::size_t kind = 0; kind < deviations.size(); ++kind) {
        if (deviations[kind].empty()) continue;
        std::string answers;
        for (const auto& [question, answer] : deviations[kind])
            answers += fmt::format("{}{}: {}", answers.empty() ? "" : ", ", question, answer);
        text += fmt::format("{}\"{}\": {{{}}}", text.empty() ? "" : ", ", name_of(static_cast<sim::ChoiceKind>(kind)),
                            answers);
    }
    return "{" + text + "}";
}

/// The events of the run until the promise is broken, one a line, fit for a raw string in single quotes.
std::string events_text(const Account& account) {
    std::string text;
    const auto line = nlohmann::ordered_json::parse(account.trace);
    for (const auto& event : line.at("trace")) {
        if (event.at(0).get<std::uint64_t>() > account.iteration) break;
        text += "        ";
        for (const char letter : event.dump(-1, ' ', true)) {
            if (letter == '\'')
                text += "\\u0027";
            else
                text += letter;
        }
        text += "\n";
    }
    return text;
}

}  // namespace

std::string python_file(const Failure& failure) {
    const Account account = account_of(failure);
    if (!account.broken) throw FailureError(fmt::format("stale: `{}` holds in this version", failure.contract));
    const KindDeviations deviations = deviations_by_kind(failure);
    std::string text =
        fmt::format("#!/usr/bin/env python3\n\"\"\"{}: found by cancelsim on anyio {}.\n\n{}\"\"\"\n", failure.contract,
                    config_text(failure.config), about_text(failure, account, deviations));
    text += kNeedsAnyio;
    text += program_text(failure.program);
    text += fmt::format("if __name__ == \"__main__\":\n    from cancelsim.show import show\n\n    show(\n");
    text += fmt::format("        __file__,\n        policy=\"{}\",\n", failure.config.policy->name);
    text += fmt::format("        choices={},\n", choices_literal(deviations));
    text += fmt::format("        promise=\"{}\",\n", harmless(account.promise));
    return text + "        events=r'''\n" + events_text(account) + "        ''',\n    )\n";
}

void write_python_package(const std::filesystem::path& folder) {
    for (const scenarios::PackageFile& file : scenarios::python_package()) {
        const std::filesystem::path path = folder / file.path;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream stream(path, std::ios::binary);
        stream << file.text << std::flush;
        if (!stream)
            throw std::filesystem::filesystem_error("cannot write", path, std::make_error_code(std::errc::io_error));
    }
}

}  // namespace cancelsim::properties
