#include "properties/failure/numbered.h"

#include "scenarios/run/interpreter.h"

namespace cancelsim::properties {

sim::Schedule named(const model::Config& config, const scenarios::Case& program, sim::ChoiceKinds asked,
                    const std::vector<sim::NumberedDeviation>& numbered) {
    if (numbered.empty()) return {asked, {}};
    sim::ReplayNumbered replay(asked, numbered);
    sim::Record record(replay);
    scenarios::Interpreter interpreter;
    interpreter.prepare(program, config, &record);
    interpreter.run();
    return record.schedule();
}

}  // namespace cancelsim::properties
