#include "properties/report/page/needed.h"

#include <string>

#include "properties/contracts/runner.h"
#include "properties/failure/replay.h"
#include "scenarios/program/rebuilder.h"

namespace cancelsim::properties {

namespace {

class Omission {
public:
    explicit Omission(const Failure& failure)
        : failure_(failure), runner_(contracts_of(failure)), place_(place_of(failure.program)) {}

    bool fails_without(std::size_t statement, scenarios::Fate fate) {
        scenarios::Case without;
        scenarios::Rebuilder rebuilder(failure_.program, without);
        rebuilder.fates[statement] = fate;
        rebuilder.rebuild();
        return !place_.empty() && place_of(without) == place_;
    }

private:
    /// Where the contract breaks; empty where it holds.
    std::string place_of(const scenarios::Case& program) {
        sim::Replay replay(failure_.schedule);
        const auto& broken = runner_.run(program, failure_.config, &replay);
        return broken.empty() ? std::string() : std::string(broken.front()->place());
    }

    const Failure& failure_;
    Runner runner_;
    std::string place_;
};

}  // namespace

std::vector<bool> needed_statements(const Failure& failure) {
    using scenarios::Fate;
    Omission omission(failure);
    std::vector<bool> needed;
    for (std::size_t i = 0; i < failure.program.statements.size(); ++i) {
        const scenarios::StatementType& type = scenarios::type_of(failure.program.statements[i].op);
        const bool has_body_to_leave = type.is_block() && !type.fields->spawns();
        needed.push_back(!omission.fails_without(i, Fate::drop) &&
                         !(has_body_to_leave && omission.fails_without(i, Fate::body)));
    }
    return needed;
}

}  // namespace cancelsim::properties
