#include "properties/commands/config_options.h"

#include <fmt/format.h>

#include <filesystem>

#include "properties/library/workers.h"
#include "properties/subject/errors.h"
#include "properties/subject/limits.h"

namespace cancelsim::properties {

std::vector<Option> ConfigOptions::options(bool has_defaults) {
    const model::Config otherwise = default_config();
    const auto preset = [&](auto* entry) { return has_defaults ? std::string(entry->name) : std::string(); };
    return {
        {.names = "--anyio,--kernel",
         .value = Text{&anyio, "NAME", list_of(model::all_versions())},
         .help = "anyio release",
         .preset = preset(otherwise.version)},
        {.names = "--policy",
         .value = Text{&policy, "NAME", list_of(model::all_policies())},
         .help = "delivery policy",
         .preset = policy.empty() ? preset(otherwise.policy) : ""},
        {.names = "--python",
         .value = Text{&python, "NAME", list_of(model::all_pythons())},
         .help = "CPython semantics",
         .preset = preset(otherwise.python)},
        {"--bug", Text{&bugs, "NAME", names_of_switches(false)}, "a bug to put back, or a planted one"},
        {"--fix", Text{&fixes, "NAME", names_of_switches(true)}, "a fix to try"},
        {"--fixes", Flag{&all_fixes}, "every fix that there is for what anyio has to this day (see `cancelsim list`)"},
        {.names = "--defect",
         .value = Text{&switches, "NAME"},
         .help = "an older spelling of --bug and --fix",
         .hidden = true},
    };
}

std::vector<Option> SubjectOptions::options(bool has_defaults) {
    auto all = ConfigOptions::options(has_defaults);
    auto of_library = library_options();
    all.insert(all.end(), of_library.begin(), of_library.end());
    return all;
}

std::vector<Option> SubjectOptions::library_options() {
    return {{.names = "--on",
             .value = Text{&on, "PYTHON"},
             .help = "run on the anyio and asyncio that this interpreter imports",
             .preset = "the model"},
            {"--patch", Text{&patches, "FILE"},
             "Python that is imported before a run, and changes the library; the release without it is what failures "
             "are compared with"}};
}

Subject SubjectOptions::subject(const Subject& base) const {
    if (on.empty()) {
        if (!patches.empty()) throw UsageError("--patch: say what is patched, by --on PYTHON");
        return ConfigNames::empty() ? base : Subject(resolve(base));
    }
    if (!ConfigNames::empty()) throw UsageError("--on: which release runs, the interpreter says");
    Launch launch{.interpreter = on,
                  .limit = std::chrono::milliseconds(static_cast<std::int64_t>(limits().seconds * 1000))};
    for (const std::string& patch : patches) {
        if (!std::filesystem::is_regular_file(patch)) throw UsageError(fmt::format("--patch {}: no such file", patch));
        launch.patches.push_back(std::filesystem::absolute(patch).lexically_normal().string());
    }
    return open_library(launch);
}

Option against_option(std::string& name) {
    return {.names = "--against",
            .value = Text{&name, "NAME"},
            .help = "the release that failures are compared with; `self`: with the findings alone",
            .preset = "the same"};
}

Subject base_named(const std::string& name, const Subject& subject) {
    if (subject.library) throw UsageError("--against: with --on, failures are compared with the release itself");
    if (name == "self") return subject;
    Subject base = release_of(subject);
    base.version = ConfigNames{.anyio = name}.resolve().version;
    return base;
}

}  // namespace cancelsim::properties
