// What the real library is known to do, though a contract says otherwise: FINDINGS.md has each with its evidence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/kernel.h"
#include "properties/contracts/place.h"

namespace cancelsim::properties {

class Evidence;

/// One finding about the real library. It can show in several contracts.
struct Finding {
    std::string_view id;           ///< as FINDINGS.md numbers it
    std::string_view title;        ///< with the number of the issue upstream, where there is one
    std::string_view explanation;  ///< one or two sentences
    /// Its precondition: whether its cause is what a run has shown where a contract broke.
    bool (*holds)(const Evidence& run);
};

/// Releases, by what tells them from the others.
enum class Releases : std::uint8_t {
    all,
    without_task_handles,  ///< up to 4.13
    start_in_group,        ///< up to 4.14
    start_under_caller,    ///< from 4.15 on
};

/// Releases of CPython, likewise.
enum class Pythons : std::uint8_t {
    all,
    up_to_3_11,
    up_to_3_12,
    from_3_12,
};

/// A place at which a contract breaks because of a finding, and the releases of which it is known.
struct KnownFinding {
    std::string_view contract;
    Place place;
    const Finding* finding;
    model::Switches fixes = {};   ///< the switches that together mend it; of some none do
    Releases in = Releases::all;  ///< no other release has it
    Pythons on = Pythons::all;
    bool polling_only = false;  ///< not of a policy that delivers where a task parks
};

/// Whether a finding is known to have such a kernel break `contract` at `place`: not one of another kernel, nor one
/// whose fixes are on. A failure there may still have another cause.
bool may_be_known(const model::Config& config, std::string_view contract, std::string_view place);
/// The finding because of which the contract of `run`, a run of `config`, broke where it did, or null.
const Finding* known_finding(const Evidence& run, const model::Config& config);
/// The finding that FINDINGS.md numbers so, or null.
const Finding* find_finding(std::string_view id);

/// Where upstream has mended what broke `contract` at `place` on an older release, and what to do today; empty where
/// nothing is known.
std::string_view upstream_note(const model::Config& config, std::string_view contract, std::string_view place);

/// All of them, by their numbers.
std::vector<const Finding*> all_findings();

/// All pairs of contract and place at which such a kernel is known to break.
std::vector<std::pair<std::string, std::string>> known_places(const model::Config& config);

}  // namespace cancelsim::properties
