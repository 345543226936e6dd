// Small-scope verification: every case of an alphabet, under every schedule. VERIFY.md says what that covers.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "properties/failure/failure.h"
#include "properties/failure/label.h"
#include "scenarios/generate/small_programs.h"
#include "scenarios/program/case.h"

namespace cancelsim::properties {

/// The most iterations of a small case: enough to see that it goes round and round.
inline constexpr std::int64_t kSmallBudget = 250;

/// What to verify.
struct VerifyOptions {
    Subject config;
    std::optional<Subject> against;  ///< what failures are compared with; nothing: the release of `config` itself
    scenarios::Alphabet alphabet = scenarios::Alphabet::scopes;
    std::uint32_t statements = 4;        ///< every case of up to so many ...
    std::vector<scenarios::Case> cases;  ///< ... or just these, if there are any
    bool adversarial = false;            ///< also every order of ready handles, which asyncio keeps
    std::vector<std::string> contracts;  ///< empty: all
    std::uint64_t limit = 1'000'000;     ///< schedules of one case
    bool all = false;                    ///< goes on after the size that broke something
    unsigned jobs = 1;
};

/// All cases of one size.
struct VerifiedSize {
    std::uint32_t statements = 0;  ///< 0: of the given cases
    std::uint64_t cases = 0;
    std::uint64_t schedules = 0;
    std::uint64_t most = 0;     ///< schedules of one case
    std::uint64_t stopped = 0;  ///< cases with more schedules than the limit
};

/// One distinct failure: a contract broken at one kind of place, by one cause as far as that is known, by the smallest
/// case that breaks it, with as few deviations as that can be done with.
struct Broken {
    Failure failure;
    std::string place;
    Labelled labelled;
};

struct VerifyResult {
    std::vector<VerifiedSize> sizes;
    std::vector<Broken> broken;  ///< smallest first
    bool interrupted = false;    ///< the last size is not complete
    double seconds = 0;
};

/// How far it is: called about ten times a second, from the thread that called `verify`.
using VerifyProgress = std::function<void(const VerifiedSize& so_far, double seconds)>;

/// Runs all of it, or until `stop` is set. The result, but for the time, is the same for any number of jobs. Throws
/// NondeterminismError where a failure does not replay.
VerifyResult verify(const VerifyOptions& options, const std::atomic<bool>& stop, const VerifyProgress& progress);

/// Whether nobody knows it yet.
bool is_news(const Broken& broken);

/// The result as a person reads it.
std::string verify_text(const VerifyOptions& options, const VerifyResult& result);
/// One JSON object a line: each failure, then a summary.
std::string verify_json(const VerifyOptions& options, const VerifyResult& result);

}  // namespace cancelsim::properties
