// The saved failures of properties/failure/regressions: each must break its contract again, by the same trace.
#include <doctest/doctest.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "properties/failure/input.h"
#include "properties/failure/replay.h"
#include "properties/subject/errors.h"
#include "scenarios/generate/generator.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> regressions() {
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(CANCELSIM_SOURCE_DIR "/properties/failure/regressions"))
        if (entry.path().extension() == ".json") files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

/// What the generator makes today of the seed that a generated case is named after.
scenarios::Case made_today(const std::string& name) {
    auto profile = scenarios::Profile::blocks;
    while (!name_of(profile).starts_with(name.front()))
        profile = static_cast<scenarios::Profile>(static_cast<int>(profile) + 1);
    std::uint64_t seed = 0;
    const auto read = std::from_chars(name.data() + 1, name.data() + name.size(), seed, 16);
    REQUIRE(read.ptr == name.data() + name.size());
    scenarios::Case program;
    scenarios::generate(profile, seed, program);
    REQUIRE(program.name == name);
    return program;
}

}  // namespace

TEST_CASE("every saved failure breaks its contract again, by the trace that it was saved with") {
    const auto files = regressions();
    CHECK(files.size() >= 8);
    for (const std::string& file : files) {
        INFO(file);
        const Failure failure = load_failure(file);
        CHECK_NOTHROW(exact_account_of(failure));
        const Failure from_its_token = load_failure(to_token(failure));
        CHECK(account_of(from_its_token).digest == failure.digest);
    }
}

TEST_CASE("a change of the generator does not change what a saved failure replays") {
    // Saved unshrunk by a generator of other weights: today's makes something else of the same seed.
    const Failure failure =
        load_failure(CANCELSIM_SOURCE_DIR "/properties/failure/regressions/before-generator-change.json");
    CHECK(scenarios::to_json(made_today(failure.program.name)) != scenarios::to_json(failure.program));
    const Account account = exact_account_of(failure);
    CHECK(account.broken);
    CHECK(account.digest == failure.digest);
}

TEST_CASE("a failure that the model no longer runs as it did is stale, and one that holds now is too") {
    Failure failure = load_failure(CANCELSIM_SOURCE_DIR "/properties/failure/regressions/zombie.json");
    const std::uint64_t digest = failure.digest;
    failure.digest ^= 1;
    CHECK_THROWS_WITH_AS(exact_account_of(failure),
                         ("stale: this version runs it as " + digest_text(digest) + ", and it was " +
                          digest_text(failure.digest) + ": the model has changed since")
                             .c_str(),
                         FailureError);
    failure.digest = digest;
    failure.contract = "single-flight";
    CHECK_THROWS_WITH_AS(
        exact_account_of(failure),
        "stale: `single-flight` holds in this version, with the same trace: the contract has changed since",
        FailureError);
}

TEST_CASE("what is neither a token nor a file is said so") {
    CHECK_THROWS_WITH_AS(load_failure("no-such-file"),
                         "no-such-file: cannot read: No such file or directory (and a token begins with cs2: or cs1:)",
                         UsageError);
    CHECK_THROWS_AS(load_failure("cs1:4.13.0"), FailureError);
}

TEST_CASE("a token is found among other words") {
    const Failure failure = load_failure(CANCELSIM_SOURCE_DIR "/properties/failure/regressions/deviation.json");
    const std::string token = to_token(failure);
    for (const std::string& text : {token, " " + token + "\n", "./cancelsim replay " + token, token + " --json"})
        CHECK(to_token(load_failure(text)) == token);
}

}  // namespace cancelsim::properties
