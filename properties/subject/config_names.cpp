#include "properties/subject/config_names.h"

#include <fmt/format.h>

#include "properties/subject/errors.h"

namespace cancelsim::properties {

model::Config ConfigNames::resolve() const {
    model::Config config;
    config.version = model::find_version(kernel);
    if (config.version == nullptr)
        throw UsageError(
            fmt::format("--kernel {}: unknown kernel; there are: {}", kernel, names_of(model::all_versions())));
    config.policy = model::find_policy(policy);
    if (config.policy == nullptr)
        throw UsageError(
            fmt::format("--policy {}: unknown policy; there are: {}", policy, names_of(model::all_policies())));
    config.python = model::find_python(python);
    if (config.python == nullptr)
        throw UsageError(
            fmt::format("--python {}: unknown Python; there are: {}", python, names_of(model::all_pythons())));
    if (fixes) config.defects = model::all_fixes();
    for (const std::string& name : defects) {
        const auto defect = model::find_defect(name);
        if (!defect) throw UsageError(fmt::format("--defect {}: unknown defect; see `cancelsim list`", name));
        config.defects.set(*defect);
    }
    return config;
}

std::string defects_text(const model::Defects& defects) {
    const model::Defects fixes = model::all_fixes();
    const bool fixed = defects.include(fixes);
    std::string text = fixed ? " +fixes" : "";
    for (const model::DefectEntry& entry : model::all_defects())
        if (defects.has(entry.defect) && !(fixed && fixes.has(entry.defect))) text += fmt::format(" +{}", entry.name);
    return text;
}

std::string config_text(const model::Config& config) {
    std::string text = fmt::format("{} {}{}", config.version->name, config.policy->name, defects_text(config.defects));
    if (config.python->name != std::string_view("3.11")) text += fmt::format(" python {}", config.python->name);
    return text;
}

}  // namespace cancelsim::properties
