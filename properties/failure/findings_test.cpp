#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "properties/failure/known.h"
#include "properties/failure/replay.h"

namespace cancelsim::properties {

namespace {

/// The tokens of FINDINGS.md, in order.
std::vector<std::string> tokens_of_findings() {
    std::ifstream file(CANCELSIM_SOURCE_DIR "/properties/FINDINGS.md");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::string before = "`./cancelsim replay ";
    std::vector<std::string> tokens;
    for (std::size_t at = text.find(before); at != std::string::npos; at = text.find(before, at)) {
        at += before.size();
        tokens.push_back(text.substr(at, text.find('`', at) - at));
    }
    return tokens;
}

}  // namespace

TEST_CASE("every finding breaks its contract again, by the same trace, at a place that is known") {
    const auto tokens = tokens_of_findings();
    CHECK(tokens.size() >= 20);
    for (const std::string& token : tokens) {
        CAPTURE(token);
        const Failure failure = from_token(token);
        const Account account = account_of(failure);
        CHECK(account.broken);
        CHECK(account.digest == failure.digest);
        CHECK(known_finding(failure.config, failure.contract, account.place) != nullptr);
    }
}

TEST_CASE("with every fix and without polling only one finding of 4.14.2 is left exempt: no switch mends F15") {
    int checked = 0;
    for (const std::string& token : tokens_of_findings()) {
        CAPTURE(token);
        Failure failure = from_token(token);
        if (failure.contract == "start-handshake" &&
            known_finding(failure.config, failure.contract, account_of(failure).place)->id == "F15")
            continue;
        failure.config.version = model::find_version("4.14.2");
        failure.config.policy = model::find_policy("event_driven");
        failure.config.defects = model::all_fixes();
        CHECK_FALSE(account_of(failure).broken);
        ++checked;
    }
    CHECK(checked >= 20);
    const model::Config fixed{model::find_version("4.14.2"), model::find_policy("event_driven"),
                              model::find_python("3.11"), model::all_fixes()};
    CHECK(known_places(fixed) == std::vector<std::pair<std::string, std::string>>{
                                     {"start-handshake", "raised a cancellation that is none of its caller's"}});
}

TEST_CASE("what a fix mends is known without it, and news with it") {
    model::Config config{model::find_version("4.14.2"), model::find_policy("narrow"), model::find_python("3.11"), {}};
    CHECK(known_finding(config, "errors-arrive", "ended by a cancelled start") != nullptr);
    CHECK(known_finding(config, "redelivery", "in a scope that was left") != nullptr);
    config.defects = {model::Defect::start_error, model::Defect::last_checkpoint};
    CHECK(known_finding(config, "errors-arrive", "ended by a cancelled start") == nullptr);
    CHECK(known_finding(config, "redelivery", "in a scope that was left") != nullptr);
    config.defects = model::all_fixes();
    CHECK(known_finding(config, "redelivery", "in a scope that was left") == nullptr);
    CHECK(known_finding(config, "no-hot-loop", "stubborn future") != nullptr);
}

TEST_CASE("a finding of 4.13 is news on 4.14.2, and one of polling is news where nothing polls") {
    model::Config config{model::find_version("4.13.0"), model::find_policy("narrow"), model::find_python("3.11"), {}};
    CHECK(known_finding(config, "shield-holds", "cancelled start") != nullptr);
    CHECK(known_finding(config, "single-flight", "past deadline") != nullptr);
    config.version = model::find_version("4.14.2");
    CHECK(known_finding(config, "shield-holds", "cancelled start") == nullptr);
    config.policy = model::find_policy("event_driven");
    CHECK(known_finding(config, "single-flight", "past deadline") == nullptr);
    CHECK(known_finding(config, "redelivery", "parked in sleep") == nullptr);
}

}  // namespace cancelsim::properties
