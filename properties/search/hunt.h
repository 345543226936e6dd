// The hunt: random cases under random schedules, on all cores.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "properties/contracts/runner.h"
#include "properties/failure/label.h"
#include "properties/failure/replay.h"
#include "properties/search/census.h"
#include "scenarios/generate/generator.h"

namespace cancelsim::properties {

/// A failure that a hunt that goes on has reported.
struct Reported {
    std::string contract;
    std::string place;
    Labelled labelled;
};

/// What to hunt, and for how long.
struct HuntOptions {
    Subject config;
    std::optional<Subject> against;  ///< what failures are compared with; nothing: the release of `config` itself
    std::vector<scenarios::Profile> profiles;  ///< taken in turn
    std::string strategy = "random";
    bool adversarial = false;            ///< also the order of ready handles, which asyncio keeps
    std::uint32_t injections = 0;        ///< the most cancellations that a run gets from outside
    std::vector<std::string> contracts;  ///< empty: all
    std::uint64_t seed = 1;
    std::uint64_t schedules = 0;  ///< how many to run, all shards together; 0: until `seconds` have passed
    double seconds = 0;
    unsigned jobs = 1;
    bool shrink = true;
    /// This is shard number `shard`, from 1, of `shards`: of all schedules it runs each `shards`-th.
    std::uint64_t shard = 1;
    std::uint64_t shards = 1;
    // Of a hunt that goes on where another stood:
    std::uint64_t first = 0;         ///< schedules, of its own shard, that have run already
    std::vector<Reported> reported;  ///< what they broke
    Census seen;                     ///< in them
};
/// What the failures of a hunt are compared with.
inline Subject base_of(const HuntOptions& options) { return options.against.value_or(release_of(options.config)); }

/// One distinct failure: a contract broken at one kind of place, by one cause as far as that is known.
struct Found {
    Failure failure;  ///< shrunk, unless told not to
    std::string place;
    Labelled labelled;
    std::uint64_t schedule = 0;        ///< the first schedule of the hunt that broke it, from 0
    std::size_t statements_found = 0;  ///< of the case before it was shrunk
    double shrink_seconds = 0;         ///< that shrinking it took
};

struct HuntResult {
    std::uint64_t earlier = 0;    ///< schedules that had run already when a hunt went on
    std::uint64_t schedules = 0;  ///< that have run now
    std::uint64_t lost = 0;       ///< of them, runs on a library that gave no answer
    double seconds = 0;
    std::vector<Found> found;  ///< in the order of their first schedules
    Census seen;               ///< in all of them, those that had run already too
};

/// How far a hunt is: called about ten times a second, from the thread that called `hunt`.
using Progress = std::function<void(std::uint64_t schedules, std::size_t failures, double seconds)>;

/// What a hunt tells, from the thread that called it, while it goes on.
struct HuntNews {
    Progress progress = [](std::uint64_t, std::size_t, double) {};
    /// A failure has been seen: before it is shrunk, which takes a while.
    std::function<void(const Failure& unshrunk)> seen = [](const Failure&) {};
    /// The same failure as it is in the result. They come in the order of the result.
    std::function<void(const Found&)> found = [](const Found&) {};
    /// A run on a library gave no answer, for a reason of one line.
    std::function<void(std::uint64_t schedule, const std::string& why)> lost = [](std::uint64_t, const std::string&) {};
    /// The first so many schedules of the shard have run, and all that they broke was told; `seen` is what was seen in
    /// just these.
    std::function<void(std::uint64_t, const Census& seen)> finished = [](std::uint64_t, const Census&) {};
};

/// Hunts until the count or the time is reached, or `stop` is set; what was found by then is kept.
/// With a count, the result is the same for any number of jobs, and so is what `news` tells of failures. Throws
/// NondeterminismError when a run cannot be repeated, UsageError when a library can run nothing any more, and
/// InternalError when a run throws anything else, after it has told of all that was found until then.
HuntResult hunt(const HuntOptions& options, const std::atomic<bool>& stop, const HuntNews& news);
HuntResult hunt(const HuntOptions& options, const std::atomic<bool>& stop, const Progress& progress);

/// Makes `found` smaller by at most `runs` runs, its label beside `base` the same, and replays it from its own token.
/// `runner` must have its contract.
void shrink_found(Runner& runner, Labeller& labeller, Found& found, const Subject& base, std::size_t runs);

/// The case and the schedule that number `index` of a hunt stands for.
void make_schedule(const HuntOptions& options, std::uint64_t index, scenarios::Case& program,
                   std::uint64_t& strategy_seed);

}  // namespace cancelsim::properties
