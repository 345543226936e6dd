// Every report that a person reads, against the text that properties/report/golden holds. After a change that is
// wanted,
//
//     CANCELSIM_UPDATE_GOLDEN=1 ./cancelsim test -R golden
//
// writes the files anew, and what has changed is reviewed as a diff.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "properties/failure/input.h"
#include "properties/report/corpora_text.h"
#include "properties/report/explain.h"
#include "properties/report/listing.h"
#include "properties/report/verdict_text.h"
#include "properties/search/verify.h"
#include "properties/subject/config_names.h"
#include "sim/random.h"

namespace cancelsim::properties {

namespace {

/// Reports have no colour here, also where the test runs on a terminal: set before the first of them asks.
[[maybe_unused]] const int kWithoutColour = setenv("NO_COLOR", "1", 1);

void check_golden(const std::string& name, const std::string& text) {
    const std::string path = CANCELSIM_SOURCE_DIR "/properties/report/golden/" + name + ".txt";
    if (std::getenv("CANCELSIM_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
    std::ifstream file(path);
    const std::string golden(std::istreambuf_iterator<char>(file), {});
    INFO("properties/report/golden/", name, ".txt; to renew it: CANCELSIM_UPDATE_GOLDEN=1 ./cancelsim test -R golden");
    CHECK(text == golden);
}

Failure regression(const std::string& name) {
    return load_failure(CANCELSIM_SOURCE_DIR "/properties/failure/regressions/" + name + ".json");
}

void check_golden_explanation(const std::string& name) {
    const Failure failure = regression(name);
    check_golden("explain-" + name, explanation_text(failure, explain(failure)));
}

/// Up to three statements: of v3, that is up to those that break something; what it took is left out.
std::string verified(const std::string& policy) {
    VerifyOptions options;
    options.config = ConfigNames{.policy = policy}.resolve();
    options.statements = 3;
    VerifyResult result = verify(options, std::atomic<bool>{false}, [](const VerifiedSize&, double) {});
    result.seconds = 1.5;
    return verify_text(options, result);
}

Found found(const std::string& name) {
    Found result;
    result.failure = regression(name);
    result.place = account_of(result.failure).place;
    result.labelled = Labeller().label(result.failure, result.place, result.failure.config);
    result.schedule = 16;
    result.statements_found = 23;
    return result;
}

}  // namespace

TEST_CASE("golden: what a hunt prints of a failure") {
    check_golden("found", found_text(found("zombie")) + "\n" + found_text(found("deviation"), "failures/x.json"));
}

TEST_CASE("golden: what a hunt prints of a known failure") { check_golden("found-known", found_text(found("known"))); }

TEST_CASE("golden: what a hunt says at its end") {
    HuntOptions options;
    options.config = ConfigNames{}.resolve();
    HuntResult result;
    result.schedules = 100'000;
    result.seconds = 2.5;
    for (std::uint64_t i = 0; i < 3000; ++i) result.seen.schedules.add(i % 2000);
    for (std::uint64_t i = 0; i < 40'000; ++i) {
        std::uint64_t state = i % 20'000;
        result.seen.states.add(sim::splitmix64(state));
    }
    std::string text = summary_text(options, result);
    result.found = {found("zombie"), found("known")};
    text += "\n" + summary_text(options, result);
    check_golden("summary", text + "\n" + summary_json(options, result) + "\n");
}

TEST_CASE("golden: what replay prints") {
    const Failure failure = regression("zombie");
    check_golden("replay", replay_text(failure, exact_account_of(failure), {}));
}

TEST_CASE("golden: what explain prints of a zombie") { check_golden_explanation("zombie"); }
TEST_CASE("golden: what explain prints of v3's missing self-delivery") { check_golden_explanation("v3-self-delivery"); }
TEST_CASE("golden: what explain prints of v3's livelock") { check_golden_explanation("v3-livelock"); }
TEST_CASE("golden: what explain prints of a lost cancellation") { check_golden_explanation("pr1260-redelivery"); }
TEST_CASE("golden: what explain prints of a failure with a deviation") { check_golden_explanation("deviation"); }
TEST_CASE("golden: what explain prints of a program with too many tasks for columns") {
    check_golden_explanation("many-tasks");
}

TEST_CASE("golden: what verdict prints") {
    Verdict verdict;
    verdict.contracts = {"errors-arrive", "no-hot-loop", "single-flight"};
    verdict.seconds = 12.5;
    const auto cell = [](Standing standing, const std::string& name, std::string_view known = {}) {
        return Cell{standing, 1, found(name), known};
    };
    verdict.rows = {
        {regression("zombie").config,
         20'000,
         {{}, cell(Standing::broken, "zombie"), {Standing::not_applicable, 0, {}, {}}}},
        {regression("known").config, 20'000, {{}, cell(Standing::known, "known", "1257"), {}}},
        {ConfigNames{.anyio = "4.14.2", .all_fixes = true}.resolve(), 20'000, {{}, {}, {}}},
    };
    check_golden("verdict", verdict_text(verdict));
}

TEST_CASE("golden: what verify prints") { check_golden("verify", verified("narrow") + "\n" + verified("v3")); }

TEST_CASE("golden: what list prints") { check_golden("list", list_text()); }

TEST_CASE("golden: what conform prints") {
    check_golden("conform",
                 corpora_text({{"a.4.13.0.narrow.jsonl.zst", 400, 400, ""},
                               {"a.4.14.2.upstream.jsonl.zst", 400, 399, "    x: {}\n      recorded  []\n"}}));
}

}  // namespace cancelsim::properties
