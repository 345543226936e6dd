// How far a hunt that saves is: what `--resume` goes on from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "properties/search/hunt.h"

namespace cancelsim::properties {

/// A failure that was found, and where it is.
struct SavedFound {
    std::string contract;
    std::string place;
    Labelled labelled;
    std::string file;                  ///< in the folder
    std::uint64_t schedule = 0;        ///< the first schedule of the hunt that broke it, from 0
    std::size_t statements_found = 0;  ///< of the case before it was shrunk
};

/// Everything that makes the hunt what it is, and how far it has come. All that the schedules before `finished` broke
/// is in `found`: what a process that was killed has done beyond that is done again.
struct HuntState {
    HuntOptions options;         ///< but for `jobs` and what is of a hunt that goes on
    std::string profile;         ///< the name of `options.profiles`
    std::uint64_t finished = 0;  ///< schedules of the shard
    Census seen;                 ///< in them
    std::vector<SavedFound> found;
};

/// Writes it into `folder`, in the place of an earlier one of the same shard. Throws FailureError.
void write_state(const HuntState& state, const std::string& folder);

/// The state in `folder`: of shard `shard` of `shards`, or, where `shards` is 0, the only one there is. Throws
/// UsageError where there is none, or it cannot be read.
HuntState read_state(const std::string& folder, std::uint64_t shard, std::uint64_t shards);

}  // namespace cancelsim::properties
