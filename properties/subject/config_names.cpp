#include "properties/subject/config_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "properties/subject/errors.h"
#include "properties/subject/spelling.h"

namespace cancelsim::properties {

namespace {

/// Lets `field` be what was found, if anything was.
template <class Entry>
bool take(const Entry*& field, const Entry* found) {
    if (found != nullptr) field = found;
    return found != nullptr;
}

bool set_switch(model::Config& config, std::string_view name, bool fix) {
    const model::SwitchEntry* entry = model::find_switch(name);
    if (entry == nullptr || is_fix(*entry) != fix) return false;
    config.switches.set(entry->what);
    return true;
}

/// More names than these are listed by `cancelsim list` only.
constexpr std::size_t kMostListed = 20;

std::string_view word_of(Named what) {
    switch (what) {
        case Named::anyio: return "release of anyio";
        case Named::policy: return "policy";
        case Named::python: return "Python";
        case Named::bug: return "bug";
        case Named::fix: return "fix";
    }
    return {};
}

/// A release that there is no kernel of, and the nearest that there is one of, by the difference of their sources.
struct NearRelease {
    std::string_view name;
    std::string_view nearest;
    std::string_view but_for;
};
constexpr NearRelease kNearReleases[]{
    {"4.12.1", "4.13.0",
     "a cancellation in an exception group with other errors (#1091), and a notified waiter of a Condition that is "
     "cancelled"},
    {"4.14.0", "4.14.2", "passes that do not skip done tasks (#1111), and CapacityLimiter (#1170)"},
    {"4.14.1", "4.14.2", "passes that do not skip done tasks (#1111), and CapacityLimiter (#1170)"},
};

/// What to do where `anyio` is a release that there is no kernel of.
std::string about_release(std::string_view anyio) {
    std::string text = fmt::format("there are: {}", fmt::join(list_of(model::all_versions()), ", "));
    for (const NearRelease& near : kNearReleases)
        if (near.name == anyio)
            text += fmt::format("; {} behaves like {}, but for {}", near.name, near.nearest, near.but_for);
    return text +
           "; to make one, add its differences to model/version.cpp, and compare it with the library: "
           "model/MODEL.md";
}

void set_or_throw(model::Config& config, Named what, std::string_view option, const std::string& name,
                  const std::vector<std::string>& there_are) {
    if (!name.empty() && !set(config, what, name))
        throw UsageError(
            fmt::format("{} {}: unknown {}{}; {}", option, name, word_of(what), did_you_mean(name, there_are),
                        there_are.size() > kMostListed ? "see `cancelsim list`"
                                                       : fmt::format("there are: {}", fmt::join(there_are, ", "))));
}

}  // namespace

std::vector<std::string> names_of_switches(bool fixes) {
    std::vector<std::string> names;
    for (const model::SwitchEntry& entry : model::all_switches())
        if (is_fix(entry) == fixes) names.emplace_back(entry.name);
    return names;
}

bool is_fix(const model::SwitchEntry& entry) { return entry.what.is_fix(); }

bool set(model::Config& config, Named what, std::string_view name) {
    switch (what) {
        case Named::anyio: return take(config.version, model::find_version(name));
        case Named::policy: return take(config.policy, model::find_policy(name));
        case Named::python: return take(config.python, model::find_python(name));
        case Named::bug: return set_switch(config, name, false);
        case Named::fix: return set_switch(config, name, true);
    }
    return false;
}

model::Config default_config() {
    return {model::find_version("4.13.0"), model::find_policy("upstream"), model::find_python("3.11"), {}};
}

model::Config ConfigNames::resolve(model::Config base) const {
    if (!anyio.empty() && !set(base, Named::anyio, anyio))
        throw UsageError(fmt::format("--anyio {}: unknown {}; {}", anyio, word_of(Named::anyio), about_release(anyio)));
    set_or_throw(base, Named::policy, "--policy", policy, list_of(model::all_policies()));
    set_or_throw(base, Named::python, "--python", python, list_of(model::all_pythons()));
    for (const std::string& name : bugs) set_or_throw(base, Named::bug, "--bug", name, names_of_switches(false));
    for (const std::string& name : fixes) set_or_throw(base, Named::fix, "--fix", name, names_of_switches(true));
    for (const std::string& name : switches)
        if (!set(base, Named::bug, name) && !set(base, Named::fix, name))
            throw UsageError(fmt::format("--defect {}: unknown bug or fix; see `cancelsim list`", name));
    if (all_fixes)
        for (const model::SwitchEntry& entry : model::all_switches())
            if (is_fix(entry)) base.switches.set(entry.what);
    return base;
}

bool ConfigNames::empty() const {
    return anyio.empty() && policy.empty() && python.empty() && bugs.empty() && fixes.empty() && switches.empty() &&
           !all_fixes;
}

std::string switches_text(const model::Switches& switches) {
    const model::Switches fixes = model::all_fixes();
    const bool fixed = switches.include(fixes);
    std::string text = fixed ? " +fixes" : "";
    for (const model::SwitchEntry& entry : model::all_switches())
        if (switches.has(entry.what) && !(fixed && fixes.has(entry.what))) text += fmt::format(" +{}", entry.name);
    return text;
}

std::string config_text(const Subject& subject) {
    if (subject.library) return library_text(*subject.library);
    std::string text =
        fmt::format("{} {}{}", subject.version->name, subject.policy->name, switches_text(subject.switches));
    if (subject.python->name != std::string_view("3.11")) text += fmt::format(" python {}", subject.python->name);
    return text;
}

std::vector<std::string> switches_of(const model::Config& config, bool fixes) {
    std::vector<std::string> names;
    for (const model::SwitchEntry& entry : model::all_switches())
        if (config.switches.has(entry.what) && is_fix(entry) == fixes) names.emplace_back(entry.name);
    return names;
}

nlohmann::ordered_json config_json(const Subject& subject) {
    if (const Library* library = subject.library.get())
        return {
            {"on", "library"}, {"anyio", library->anyio}, {"python", library->python}, {"patches", library->patches}};
    return {{"anyio", subject.version->name},
            {"policy", subject.policy->name},
            {"python", subject.python->name},
            {"bugs", switches_of(subject, false)},
            {"fixes", switches_of(subject, true)}};
}

Subject subject_from(const nlohmann::ordered_json& json) {
    if (!json.contains("on"))
        return ConfigNames{.anyio = json.at("anyio"),
                           .policy = json.at("policy"),
                           .python = json.at("python"),
                           .bugs = json.at("bugs"),
                           .fixes = json.at("fixes")}
            .resolve();
    Library library;
    library.python = json.at("python");
    library.anyio = json.at("anyio");
    library.patches = json.at("patches").get<std::vector<std::string>>();
    const auto config = config_of(library);
    if (!config) throw UsageError("unknown library: " + library_text(library));
    return {*config, std::make_shared<const Library>(std::move(library))};
}

}  // namespace cancelsim::properties
