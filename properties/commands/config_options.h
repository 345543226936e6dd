// The options that say what runs: a kernel, by `--anyio --policy --python --bug --fix --fixes`, or a library, by
// `--on --patch`.
#pragma once

#include <vector>

#include "properties/commands/line/command.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

struct ConfigOptions : ConfigNames {
    /// `has_defaults`: what is not given is as default_config has it, and the help says so.
    std::vector<Option> options(bool has_defaults = true);
};

/// A kernel of the model, or the library that an interpreter imports.
struct SubjectOptions : ConfigOptions {
    std::string on;                    ///< the interpreter; empty: the model
    std::vector<std::string> patches;  ///< files

    std::vector<Option> options(bool has_defaults = true);
    /// Those of them that say which library, without those of the model.
    std::vector<Option> library_options();
    /// Whether nothing is given.
    bool empty() const { return on.empty() && patches.empty() && ConfigNames::empty(); }
    /// The library that is given; or `base`, where no name is; or the model, with the names in it. Throws UsageError
    /// where there is no such thing.
    Subject subject(const Subject& base) const;
    Subject subject() const { return subject(default_config()); }
};

/// `--against NAME`: what failures are compared with.
Option against_option(std::string& name);
/// The release `name`, or for `self` the subject, for failures on `subject`. Throws UsageError where there is none, or
/// `subject` is a library.
Subject base_named(const std::string& name, const Subject& subject);

}  // namespace cancelsim::properties
