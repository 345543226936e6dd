#include "properties/report/timeline/story.h"

#include <fmt/format.h>

#include "properties/contracts/runner.h"
#include "properties/failure/choice_words.h"
#include "properties/failure/replay.h"
#include "properties/report/timeline/teller.h"

namespace cancelsim::properties {

namespace {

/// Passes questions on, and has the deviations told.
class ToldChoices : public sim::Choices {
public:
    ToldChoices(sim::Choices& inner, sim::ChoiceKinds asked, Teller& teller)
        : Choices(asked), inner_(inner), teller_(teller) {}
    std::uint32_t choose(sim::ChoiceKind kind, std::uint32_t count) override {
        const std::uint32_t answer = inner_.choose(kind, count);
        if (answer != 0) teller_.chose(kind, answer);
        return answer;
    }

private:
    sim::Choices& inner_;
    Teller& teller_;
};

}  // namespace

Story tell(const Failure& failure) {
    Runner runner(contracts_of(failure));
    Teller teller(runner.interpreter(), *runner.contracts().front());
    sim::Replay replay(failure.schedule);
    ToldChoices choices(replay, failure.schedule.asked, teller);
    runner.run_traced(failure.program, failure.config, &choices, &teller, Teller::kWanted);
    return teller.finish();
}

}  // namespace cancelsim::properties
