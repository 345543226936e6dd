#include "properties/search/verify.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "properties/report/report.h"
#include "properties/search/hunt.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

namespace {

const std::atomic<bool> kNeverStop{false};

VerifyOptions options_for(const std::string& policy, std::uint32_t statements) {
    ConfigNames config;
    config.policy = policy;
    VerifyOptions options;
    options.config = config.resolve();
    options.statements = statements;
    options.all = true;
    return options;
}

VerifyResult result_of(const VerifyOptions& options) {
    VerifyResult result = verify(options, kNeverStop, [](const VerifiedSize&, double) {});
    result.seconds = 0;
    return result;
}

/// Statements of the smallest case that breaks what nobody knows yet; 0 where none does.
std::size_t smallest(const VerifyResult& result) {
    for (const Broken& broken : result.broken)
        if (is_news(broken)) return broken.failure.program.statements.size();
    return 0;
}

bool is_in_alphabet(const scenarios::Case& program) {
    using scenarios::Op;
    const auto is_small = [](const scenarios::Statement& statement) {
        constexpr std::array kPlain{
            Op::checkpoint, Op::checkpoint_if_cancelled, Op::cancel, Op::native_cancel, Op::event_wait, Op::group};
        constexpr std::array kTimed{Op::scope, Op::set_deadline, Op::sleep};
        const auto is_one_of = [&](const auto& ops) {
            return std::find(ops.begin(), ops.end(), statement.op) != ops.end();
        };
        return is_one_of(kPlain) || (is_one_of(kTimed) && statement.number <= 1 && !statement.cancel_first);
    };
    return program.environment.empty() && std::all_of(program.statements.begin(), program.statements.end(), is_small);
}

}  // namespace

TEST_CASE("the smallest counterexamples: one statement for the zombie, two for v3, none of three for pull 1260") {
    CHECK(smallest(result_of(options_for("upstream", 2))) == 1);
    CHECK(smallest(result_of(options_for("v3", 2))) == 2);
    CHECK(smallest(result_of(options_for("pr1260", 3))) == 0);
}

TEST_CASE("narrow and event_driven break nothing that is not known in programs of up to three statements") {
    for (const char* policy : {"narrow", "event_driven"}) {
        const VerifyResult result = result_of(options_for(policy, 3));
        CHECK(smallest(result) == 0);
        CHECK_FALSE(result.interrupted);
        CHECK(result.sizes.size() == 3);
        for (const VerifiedSize& size : result.sizes) CHECK(size.stopped == 0);
    }
}

TEST_CASE("what verify says does not depend on the number of jobs") {
    VerifyOptions options = options_for("v3", 3);
    const std::string one = verify_json(options, result_of(options));
    options.jobs = 3;
    CHECK(verify_json(options, result_of(options)) == one);
}

TEST_CASE("without --all it ends with the size that broke something") {
    VerifyOptions options = options_for("v3", 3);
    options.all = false;
    CHECK(result_of(options).sizes.size() == 2);
}

TEST_CASE("whatever a hunt shrinks to a small case, verify finds") {
    const VerifyResult verified = result_of(options_for("v3", 3));
    HuntOptions hunting;
    hunting.config = options_for("v3", 3).config;
    hunting.profiles = {scenarios::Profile::misuse, scenarios::Profile::blocks};
    hunting.schedules = 4000;
    const HuntResult hunted = hunt(hunting, kNeverStop, [](std::uint64_t, std::size_t, double) {});
    std::size_t small = 0;
    for (const Found& found : hunted.found) {
        const Failure& failure = found.failure;
        if (failure.program.statements.size() > 3 || !is_in_alphabet(failure.program)) continue;
        ++small;
        INFO(failure.contract, " at ", found.place, ": ", replay_command(failure));
        CHECK(std::any_of(verified.broken.begin(), verified.broken.end(), [&](const Broken& broken) {
            return broken.failure.contract == failure.contract && broken.place == found.place;
        }));
    }
    CHECK(small >= 3);
}

}  // namespace cancelsim::properties
