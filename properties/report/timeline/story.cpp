#include "properties/report/timeline/story.h"

#include <utility>

#include "properties/contracts/runner.h"
#include "properties/failure/replay.h"
#include "properties/report/timeline/interruptions.h"
#include "properties/report/timeline/teller.h"
#include "sim/strategies/tap.h"

namespace cancelsim::properties {

Story tell(const Failure& failure) {
    Runner runner(failure.contract.empty() ? Contracts{} : contracts_of(failure));
    Teller teller(runner.interpreter(), runner.contracts().empty() ? nullptr : runner.contracts().front().get());
    sim::Replay replay(failure.schedule);
    std::vector<sim::Question> chosen;
    sim::Tap choices(replay, [&](const sim::Question& question, std::uint32_t, std::uint32_t answer) {
        if (answer == 0) return;
        teller.chose(question.kind, answer);
        chosen.push_back(question);
    });
    runner.run_traced(failure.program, failure.config, &choices, teller);
    Story story = teller.finish();
    story.choices = std::move(chosen);
    Interruptions interruptions;
    sim::Replay again(failure.schedule);
    runner.run(failure.program, failure.config, &again, interruptions);
    story.interruptions = interruptions.take();
    return story;
}

}  // namespace cancelsim::properties
