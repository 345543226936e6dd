#include "properties/report/timeline/story.h"

#include "properties/contracts/runner.h"
#include "properties/failure/replay.h"
#include "properties/report/timeline/interruptions.h"
#include "properties/report/timeline/teller.h"

namespace cancelsim::properties {

Story tell(const Failure& failure) {
    Runner runner(failure.contract.empty() ? Contracts{} : contracts_of(failure));
    Teller teller(runner.interpreter(), runner.contracts().empty() ? nullptr : runner.contracts().front().get());
    ToldChoices choices(failure.schedule, teller);
    runner.run_traced(failure.program, failure.config, &choices, teller);
    Story story = teller.finish();
    Interruptions interruptions;
    sim::Replay again(failure.schedule);
    runner.run(failure.program, failure.config, &again, interruptions);
    story.interruptions = interruptions.take();
    return story;
}

}  // namespace cancelsim::properties
