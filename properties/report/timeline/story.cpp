#include "properties/report/timeline/story.h"

#include "properties/contracts/runner.h"
#include "properties/failure/replay.h"
#include "properties/report/timeline/teller.h"

namespace cancelsim::properties {

Story tell(const Failure& failure) {
    Runner runner(contracts_of(failure));
    Teller teller(runner.interpreter(), *runner.contracts().front());
    ToldChoices choices(failure.schedule, teller);
    runner.run_traced(failure.program, failure.config, &choices, teller);
    return teller.finish();
}

}  // namespace cancelsim::properties
