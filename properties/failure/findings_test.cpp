#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "properties/failure/known.h"
#include "properties/failure/label.h"
#include "properties/failure/replay.h"

namespace cancelsim::properties {

namespace {

constexpr std::string_view kBeforeToken = "`./cancelsim replay ";

std::string token_at(const std::string& text, std::size_t before) {
    const std::size_t at = before + kBeforeToken.size();
    return text.substr(at, text.find('`', at) - at);
}

/// The tokens of FINDINGS.md, in order.
std::vector<std::string> tokens_of_findings() {
    std::ifstream file(CANCELSIM_SOURCE_DIR "/properties/FINDINGS.md");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::vector<std::string> tokens;
    for (std::size_t at = text.find(kBeforeToken); at != std::string::npos; at = text.find(kBeforeToken, at + 1))
        tokens.push_back(token_at(text, at));
    return tokens;
}

}  // namespace

TEST_CASE("FINDINGS.md says of each finding which releases have it, and has a token of each of these") {
    std::ifstream file(CANCELSIM_SOURCE_DIR "/properties/FINDINGS.md");
    std::map<std::string, std::set<std::string>> said;
    std::map<std::string, std::set<std::string>> shown;
    std::string section;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("## ")) section = line.substr(3, line.find(':') - 3);
        if (const auto token = line.find(kBeforeToken); token != std::string::npos)
            shown[section].emplace(from_token(token_at(line, token)).config.version->name);
        if (!line.starts_with("| F")) continue;
        std::size_t cell = line.find(" |");
        const std::string id = line.substr(2, line.find(':') - 2);
        for (const model::Version* version : model::all_versions()) {
            if (line.compare(cell, 6, " | yes") == 0) said[id].emplace(version->name);
            cell = line.find(" |", cell + 1);
        }
    }
    CHECK(said.size() >= 15);
    CHECK(said == shown);
}

TEST_CASE("every finding breaks its contract again, by the same trace, by its own cause") {
    const auto tokens = tokens_of_findings();
    CHECK(tokens.size() >= 20);
    Labeller labeller;
    for (const std::string& token : tokens) {
        CAPTURE(token);
        const Failure failure = from_token(token);
        const Account account = account_of(failure);
        CHECK(account.broken);
        CHECK(account.digest == failure.digest);
        const Labelled labelled = labeller.label(failure, account.place, failure.config);
        CHECK(labelled.finding != nullptr);
    }
}

TEST_CASE("with every fix and without polling only what no fix mends is left of the newest releases") {
    const model::Config fixed{&model::newest_version(), model::find_policy("event_driven"), model::find_python("3.13"),
                              model::all_fixes()};
    auto left = known_places(fixed);
    std::sort(left.begin(), left.end());
    left.erase(std::unique(left.begin(), left.end()), left.end());
    const std::vector<std::pair<std::string, std::string>> expected{
        {"items-arrive", "buffered though its send raised"},
        {"items-arrive", "received though its send raised"},
        {"no-livelock", "parked in a group's exit"},
        {"no-livelock", "parked in an asyncio group's exit"},
        {"no-livelock", "parked in wait"},
        {"notify-reaches", "not passed on"},
        {"notify-reaches", "wait ended without the lock"},
        {"permits-balance", "release refused"},
        {"permits-balance", "token lost, borrowed for another"},
        {"timeout-is-ours", "wait_for lost a result"},
    };
    CHECK(left == expected);
    int mended = 0;
    for (const std::string& token : tokens_of_findings()) {
        CAPTURE(token);
        Failure failure = from_token(token);
        failure.config = fixed;
        const Account account = account_of(failure);
        const std::pair<std::string, std::string> place{failure.contract, account.place};
        if (account.broken) CHECK(std::binary_search(left.begin(), left.end(), place));
        mended += account.broken ? 0 : 1;
    }
    CHECK(mended >= 20);
}

TEST_CASE("what a fix mends is known without it, and news with it") {
    model::Config config{model::find_version("4.14.2"), model::find_policy("narrow"), model::find_python("3.11"), {}};
    CHECK(may_be_known(config, "errors-arrive", "ended by a cancelled start"));
    CHECK(may_be_known(config, "redelivery", "in a scope that was left"));
    config.switches = {model::Fix::cancelled_start_raises_error_of_child, model::Fix::waits_for_late_children};
    CHECK_FALSE(may_be_known(config, "errors-arrive", "ended by a cancelled start"));
    CHECK(may_be_known(config, "redelivery", "in a scope that was left"));
    config.switches = model::all_fixes();
    CHECK_FALSE(may_be_known(config, "redelivery", "in a scope that was left"));
    CHECK(may_be_known(config, "no-hot-loop", "stubborn future"));
}

TEST_CASE("a finding of 4.15 is news on 4.14.2, and what a switch mends on 4.15 only stays known on 4.14.2") {
    constexpr std::string_view carried = "undone too much, carried from a child to the caller of its start";
    constexpr std::string_view none_of_its = "raised a cancellation that is none of its caller's";
    model::Config config{model::find_version("4.15.1"), model::find_policy("narrow"), model::find_python("3.11"), {}};
    CHECK(may_be_known(config, "uncancel-balance", carried));
    CHECK(may_be_known(config, "start-handshake", none_of_its));
    config.switches = {model::Fix::starts_in_no_scope_for_unscoped_caller};
    CHECK_FALSE(may_be_known(config, "start-handshake", none_of_its));
    config.version = model::find_version("4.14.2");
    CHECK_FALSE(may_be_known(config, "uncancel-balance", carried));
    CHECK(may_be_known(config, "start-handshake", none_of_its));
}

TEST_CASE("a finding of 4.13 is news on 4.14.2, and one of polling is news where nothing polls") {
    model::Config config{model::find_version("4.13.0"), model::find_policy("narrow"), model::find_python("3.11"), {}};
    CHECK(may_be_known(config, "shield-holds", "cancelled start"));
    CHECK(may_be_known(config, "single-flight", "past deadline"));
    config.version = model::find_version("4.14.2");
    CHECK_FALSE(may_be_known(config, "shield-holds", "cancelled start"));
    config.policy = model::find_policy("event_driven");
    CHECK_FALSE(may_be_known(config, "single-flight", "past deadline"));
    CHECK_FALSE(may_be_known(config, "redelivery", "parked in sleep"));
}

}  // namespace cancelsim::properties
