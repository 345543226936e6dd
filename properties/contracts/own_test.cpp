#include "properties/contracts/own.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "properties/contracts/runner.h"
#include "properties/subject/config_names.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

/// At most one scope of a run is cancelled. It hears of scopes that are cancelled only once one was entered.
class CancelledOnce : public Contract {
public:
    struct Places {
        static constexpr Place kAgain{"cancelled again"};
    };
    using Dormant = sim::EventList<events::ScopeCancelled>;

    CancelledOnce() : Contract("cancelled-once", "at most one scope of a run is cancelled") {}

    void start() { cancelled_ = 0; }
    void on(const events::ScopeEntered&) { listen<events::ScopeCancelled>(); }
    void on(const events::ScopeCancelled&) {
        if (++cancelled_ == 2) fail(Places::kAgain);
    }

    std::string what_happened() const override { return "Two scopes were cancelled."; }

private:
    int cancelled_ = 0;
};

/// Breaks at the end of each run of a program that enters scopes as blocks alone.
template <int kWhich>
class Another : public Contract {
public:
    static constexpr bool kPresupposesBlocks = true;

    Another() : Contract(kNames[kWhich], "a run fails at its end") {}
    void start() {}
    void end() { fail(Place("end")); }
    std::string what_happened() const override { return "It ended."; }

private:
    static constexpr std::string_view kNames[]{"one", "two", "three", "four"};
};

bool is_there(std::string_view name) {
    const Contracts all = make_contracts();
    return std::any_of(all.begin(), all.end(), [&](const auto& contract) { return contract->name() == name; });
}

std::vector<std::string> broken_by(Runner& runner, std::string_view main) {
    const auto program = scenarios::parse_case(R"({"name":"test","main":[)" + std::string(main) + "]}", "test", 1);
    std::vector<std::string> broken;
    for (const Contract* contract : runner.run(program, default_config(), nullptr))
        broken.push_back(std::string(contract->name()) + " at " + std::string(contract->place()));
    return broken;
}

constexpr std::string_view kOnce = R"({"op":"scope","name":"a","body":[{"op":"cancel","scope":"a"}]})";
constexpr std::string_view kTwice =
    R"({"op":"scope","name":"a","body":[{"op":"cancel","scope":"a"}]},
       {"op":"scope","name":"b","body":[{"op":"cancel","scope":"b"}]})";

}  // namespace

TEST_CASE("a contract of one's own is a contract as long as it is registered") {
    CHECK_FALSE(is_there("cancelled-once"));
    {
        const RegisteredContract<CancelledOnce> registered;
        CHECK(is_there("cancelled-once"));
        Runner runner(make_contracts());
        CHECK(broken_by(runner, kOnce).empty());
        CHECK(broken_by(runner, kTwice) == std::vector<std::string>{"cancelled-once at cancelled again"});
        CHECK(broken_by(runner, kOnce).empty());
        Runner alone(make_contracts(std::vector<std::string>{"cancelled-once"}));
        CHECK(broken_by(alone, kTwice).size() == 1);
    }
    CHECK_FALSE(is_there("cancelled-once"));
    CHECK_THROWS_AS(make_contracts(std::vector<std::string>{"cancelled-once"}), std::invalid_argument);
}

TEST_CASE("contracts of one's own presuppose blocks where they say so") {
    const RegisteredContract<Another<0>> registered;
    Runner runner(make_contracts(std::vector<std::string>{"one"}));
    CHECK(broken_by(runner, kOnce) == std::vector<std::string>{"one at end"});
    CHECK(broken_by(runner, R"({"op":"enter","name":"s"},{"op":"exit","scope":"s"})").empty());
}

TEST_CASE("a name is that of one contract, and a run has room for four of one's own") {
    const RegisteredContract<Another<0>> one;
    CHECK_THROWS_AS(RegisteredContract<Another<0>>(), std::invalid_argument);
    const RegisteredContract<Another<1>> two;
    const RegisteredContract<Another<2>> three;
    const RegisteredContract<Another<3>> four;
    CHECK_THROWS_AS(RegisteredContract<CancelledOnce>(), std::length_error);
    Runner runner(make_contracts());
    const std::vector<std::string> all{"one at end", "two at end", "three at end", "four at end"};
    CHECK(broken_by(runner, kOnce) == all);
}

}  // namespace cancelsim::properties
