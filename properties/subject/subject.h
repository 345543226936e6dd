// What runs programs: the model, or the real library.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/kernel.h"

namespace cancelsim::properties {

/// How a library is run.
struct Launch {
    std::string interpreter;                  ///< a path, or a name that PATH finds
    std::vector<std::string> patches;         ///< files, by absolute paths, in the order in which they are imported
    std::chrono::milliseconds limit{10'000};  ///< for one run
};

/// The anyio and asyncio that an interpreter imports, with patches on them.
struct Library {
    std::string python;                ///< release of CPython: "3.13.0"
    std::string anyio;                 ///< its release; empty where there is none
    std::vector<std::string> patches;  ///< the first 16 hexadecimal digits of the SHA-256 of each
    std::optional<Launch> launch;      ///< nothing where it was read from a token: it can be compared, but not run
};

/// Whether they run everything alike, wherever they are.
bool same_library(const Library& one, const Library& other);
/// `anyio 4.15.1 on CPython 3.13.0`, with the number of patches where there are any.
std::string library_text(const Library& library);

/// What runs a program: the model as its Config says; or a library, whose release and Python the Config names as the
/// model knows them, so that both are judged, and known findings looked up, alike.
struct Subject : model::Config {
    Subject() = default;
    Subject(const model::Config& config) : model::Config(config) {}
    Subject(const model::Config& config, std::shared_ptr<const Library> runs)
        : model::Config(config), library(std::move(runs)) {}

    std::shared_ptr<const Library> library;  ///< null: the model
};

/// The Config that names the releases of `library` as the model knows them: of another release of the same minor
/// version the one that is known; of one without anyio the newest. Nothing where the contracts were written for none of
/// them.
std::optional<model::Config> config_of(const Library& library);

bool same_subject(const Subject& one, const Subject& other);
/// The release itself: without its switches, policy or patches.
Subject release_of(const Subject& subject);

}  // namespace cancelsim::properties
