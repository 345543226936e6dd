// error-never-retrieved: an error that ends a task is asked for.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"

namespace cancelsim::properties {

/// Of asyncio's own tasks: a group asks its for their outcomes. asyncio logs such an error when the task is collected,
/// whenever that is, as "Task exception was never retrieved".
class ErrorNeverRetrieved final : public Contract {
public:
    struct Places {
        static constexpr Place kOfATask{"of a task"};
    };

    ErrorNeverRetrieved()
        : Contract("error-never-retrieved", "the error that ends a task is retrieved by somebody before the run ends") {
    }

    static constexpr About kAbout = About::program;
    static constexpr Runs kRuns = Runs::of_programs;

    void start() {}

    void end() {
        const auto& error = info().program_end().unasked;
        if (!error || sim::cut_short(info().verdict())) return;
        Moment moment = now();
        moment.site = Site(error->statement);
        fail(Places::kOfATask, moment);
    }

    std::string what_happened() const override {
        const ProgramEnd::Error& error = *info().program_end().unasked;
        return "A task was ended by " + error.text + ", raised" + words().in_statement(error.statement) +
               ", and nobody has awaited it, or asked for its outcome, when the run is over.";
    }
};

}  // namespace cancelsim::properties
