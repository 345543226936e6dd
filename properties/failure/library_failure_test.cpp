// Failures that were found on a library: their tokens and files say on which, and are read back.
#include <doctest/doctest.h>

#include "properties/failure/saved_failure.h"
#include "properties/subject/config_names.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

Failure found_on(const Library& library) {
    Failure failure;
    failure.config = {*config_of(library), std::make_shared<Library>(library)};
    failure.program = scenarios::parse_case(R"({"name":"token","main":[{"op":"checkpoint"}]})", "test", 1);
    failure.schedule = {sim::kAsyncioKinds, {{{.kind = sim::ChoiceKind::elapse, .at = 3}, 1}}};
    failure.contract = "no-livelock";
    failure.digest = 0x1234;
    return failure;
}

const Library kPatched{"3.13.0", "4.15.1", {"0123456789abcdef", "fedcba9876543210"}, std::nullopt};
const Library kAsyncio{"3.11.7", "", {}, std::nullopt};

}  // namespace

TEST_CASE("the token of a failure on a library names its releases and patches, and is read back") {
    for (const Library& library : {kPatched, kAsyncio}) {
        const Failure failure = found_on(library);
        const std::string token = to_token(failure);
        const Failure again = from_token(token);
        CHECK(to_token(again) == token);
        CHECK(same_subject(again.config, failure.config));
        CHECK(again.config.version == failure.config.version);
        CHECK(again.config.python == failure.config.python);
        CHECK(again.schedule == failure.schedule);
    }
    CHECK(to_token(found_on(kPatched)).starts_with("cs2:library,4.15.1,3.13.0,0123456789abcdef,fedcba9876543210:"));
    CHECK(to_token(found_on(kAsyncio)).starts_with("cs2:library,none,3.11.7:"));
}

TEST_CASE("a saved failure on a library is read back") {
    for (const Library& library : {kPatched, kAsyncio}) {
        const Failure failure = found_on(library);
        const Failure again = from_saved(to_saved(failure), "test");
        CHECK(to_saved(again) == to_saved(failure));
        CHECK(same_subject(again.config, failure.config));
    }
}

TEST_CASE("a token of releases that nobody knows is refused by name") {
    std::string token = to_token(found_on(kPatched));
    token.replace(token.find("3.13.0"), 6, "3.9.18");
    CHECK_THROWS_WITH_AS(
        from_token(token),
        "token: it was found on anyio 4.15.1 on CPython 3.9.18, with 2 patches, of which this version knows nothing",
        FailureError);
}

TEST_CASE("the release of a patched library is the same without its patches") {
    const Subject patched = found_on(kPatched).config;
    const Subject release = release_of(patched);
    CHECK(release.library->patches.empty());
    CHECK(release.library->anyio == "4.15.1");
    CHECK(!same_subject(patched, release));
    CHECK(same_subject(release, release_of(release)));
}

}  // namespace cancelsim::properties
