// What runs, by its names: release, policy, Python, switches.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "model/switches.h"
#include "properties/subject/subject.h"

namespace cancelsim::properties {

/// What a name of the model's can be the name of.
enum class Named : std::uint8_t { anyio, policy, python, bug, fix };

/// Has `config` run what is called `name`: a switch is put on, all else takes the place of what was there. False, and
/// no change, where there is no such thing of that name.
bool set(model::Config& config, Named what, std::string_view name);

/// Whether a switch mends what anyio has to this day, rather than breaking something.
bool is_fix(const model::SwitchEntry& entry);

/// What runs where nothing is said.
model::Config default_config();

/// The names that a command line gives; what is empty is left as it is.
struct ConfigNames {
    std::string anyio = {};
    std::string policy = {};
    std::string python = {};
    std::vector<std::string> bugs = {};
    std::vector<std::string> fixes = {};
    std::vector<std::string> switches = {};  ///< bugs or fixes
    bool all_fixes = false;

    /// `base` with these in it. Throws UsageError where a name is unknown.
    model::Config resolve(model::Config base = default_config()) const;
    /// Whether no name is given.
    bool empty() const;
};

/// The names in a table of the model.
template <class Entries>
std::vector<std::string> list_of(const Entries& entries) {
    std::vector<std::string> names;
    for (const auto* entry : entries) names.emplace_back(entry->name);
    return names;
}
/// The names of all bugs, or of all fixes.
std::vector<std::string> names_of_switches(bool fixes);

/// ` +698 +carried`, and ` +fixes` for all that are live; empty where there are none.
std::string switches_text(const model::Switches& switches);
/// `4.13.0 upstream`, with Python and switches where they are not the default; of a library, library_text.
std::string config_text(const Subject& subject);
/// The names of the switches that are on: of the bugs, or of the fixes.
std::vector<std::string> switches_of(const model::Config& config, bool fixes);
/// An object with the keys anyio, policy, python, bugs, fixes; of a library `on`, anyio, python, patches.
nlohmann::ordered_json config_json(const Subject& subject);
/// What such an object names; a library without the means to run it. Throws UsageError where a name is unknown, and
/// nlohmann::json::exception where it is no such object.
Subject subject_from(const nlohmann::ordered_json& json);

}  // namespace cancelsim::properties
