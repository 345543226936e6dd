// Which contracts judge which runs.
#include "properties/contracts/monitor.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

/// Runs cases whose groups are left without a schedule point, one after another under the same contracts.
class Watched {
public:
    explicit Watched(std::vector<std::string> names) : monitor_(make_contracts(names)) {}

    /// The names of the contracts that `main`, given as JSON, breaks.
    std::vector<std::string_view> broken_by(std::string_view main) {
        const auto program = scenarios::parse_case(R"({"name":"test","main":[)" + std::string(main) + "]}", "test", 1);
        interpreter_.prepare(program, config_, nullptr);
        monitor_.begin(info_);
        interpreter_.run();
        monitor_.end();
        std::vector<std::string_view> names;
        for (const Contract* contract : monitor_.broken()) names.push_back(contract->name());
        for (const auto& contract : monitor_.contracts())
            CHECK(contract->broken() == (std::find(names.begin(), names.end(), contract->name()) != names.end()));
        return names;
    }

private:
    model::Config config_{model::find_version("4.13.0"),
                          model::find_policy("narrow"),
                          model::find_python("3.11"),
                          {model::Bug::empty_group_does_not_yield}};
    scenarios::Interpreter interpreter_;
    ModelRunInfo info_{interpreter_};
    Monitor monitor_;
};

constexpr std::string_view kLeft = R"({"op":"group","name":"g","body":[]},{"op":"sleep","for":1})";

using Names = std::vector<std::string_view>;

}  // namespace

TEST_CASE("a program that enters or leaves scopes by hand is not judged by contracts that presuppose blocks") {
    const std::string left(kLeft);
    const std::string by_hand = R"({"op":"enter","name":"s"},{"op":"exit","scope":"s"})";
    Watched watched({"canary", "group-joins"});
    const Names both{"group-joins", "canary"};
    const Names canary{"canary"};
    CHECK(watched.broken_by(left) == both);
    // After what is broken, before it, or where the program never comes to.
    CHECK(watched.broken_by(left + "," + by_hand) == canary);
    CHECK(watched.broken_by(by_hand + "," + left) == canary);
    CHECK(watched.broken_by(left + R"(,{"op":"event_wait","event":"never"},)" + by_hand) == canary);
    CHECK(watched.broken_by(left) == both);
}

TEST_CASE("contracts come in the order of the list, each once, whatever the order of the names") {
    const std::vector<std::string> names{"redelivery", "canary", "clean-exit", "redelivery"};
    Names made;
    for (const auto& contract : make_contracts(names)) made.push_back(contract->name());
    CHECK(made == Names{"clean-exit", "redelivery", "canary"});
}

}  // namespace cancelsim::properties
