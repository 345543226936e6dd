#include <doctest/doctest.h>

#include <array>

#include "properties/programs/program_choices.h"
#include "properties/programs/program_failure.h"

namespace cancelsim::properties {

namespace {

ProgramFailure a_failure() {
    ProgramFailure failure;
    auto library = std::make_shared<Library>(Library{"3.13.0", "4.15.1", {"0123456789abcdef"}, {}});
    failure.config = {*config_of(*library), library};
    failure.program = {"a b/pröbe.py", "Pool.main", "00000000000000ff"};
    failure.schedule.asked = sim::kAllKinds;
    failure.schedule.deviations = {
        {{.kind = sim::ChoiceKind::set_order, .set = 2, .owner = 0, .binding = 7, .at = 1, .position = 3}, 2},
        {{.kind = sim::ChoiceKind::arrival, .set = kOwnChoice, .nth = 4}, 9},
        {{.kind = sim::ChoiceKind::inject, .at = 12}, 1},
        {{.kind = sim::ChoiceKind::inject, .at = 12, .position = 1}, 3}};
    failure.contract = "endless-wait";
    failure.digest = 0x123456789abcdef0;
    return failure;
}

}  // namespace

TEST_CASE("a program's token names its file, hash, function, library and choices, and nothing is lost") {
    const ProgramFailure failure = a_failure();
    const std::string token = to_token(failure);
    CHECK(token.starts_with("cs2:program,4.15.1,3.13.0,0123456789abcdef:endless-wait:123456789abcdef0:"));
    CHECK(holds_program_token("./cancelsim replay " + token + " --on python3"));
    const ProgramFailure again = program_failure_of("./cancelsim replay " + token + " --on python3");
    CHECK(again.program.path == failure.program.path);
    CHECK(again.program.function == failure.program.function);
    CHECK(again.program.hash == failure.program.hash);
    CHECK(again.schedule == failure.schedule);
    CHECK(again.contract == failure.contract);
    CHECK(again.digest == failure.digest);
    CHECK(same_library(*again.config.library, *failure.config.library));
    CHECK(to_token(again) == token);
}

TEST_CASE("no part of a program's token can be damaged without a word") {
    const std::string token = to_token(a_failure());
    for (std::size_t cut = 1; cut < token.size(); ++cut) {
        const std::string part = token.substr(0, token.size() - cut);
        if (holds_program_token(part)) CHECK_THROWS_AS(program_failure_of(part), FailureError);
    }
    CHECK(!holds_program_token("cs2:model,4.13.0,upstream,3.11:no-hot-loop:0:0"));
    CHECK_THROWS_WITH_AS(from_token(token), "token: its subject 'program' is none that this version runs",
                         FailureError);
}

TEST_CASE("a program's random choices reach each answer, and inject at any iteration of the ordinary run") {
    ProgramChoices choices(sim::kAllKinds, 1, 40);
    std::array<int, 41> injected{};
    std::array<int, 5> chosen{};
    std::array<int, 16> late{};
    int none = 0;
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
        choices.begin(seed);
        int count = 0;
        for (std::uint64_t at = 1; at <= 40; ++at)
            if (choices.choose({.kind = sim::ChoiceKind::inject, .at = at}, 2) != 0) ++injected[at], ++count;
        CHECK(count <= 1);
        if (count == 0) ++none;
        ++chosen[choices.choose({.kind = sim::ChoiceKind::arrival, .set = kOwnChoice}, 5)];
        ++late[choices.choose({.kind = sim::ChoiceKind::arrival}, 16)];
    }
    CHECK(none > 500);
    for (std::size_t at = 1; at <= 40; ++at) CHECK(injected[at] > 30);
    for (const int times : chosen) CHECK(times > 500);
    for (const int times : late) CHECK(times > 5);
}

}  // namespace cancelsim::properties
