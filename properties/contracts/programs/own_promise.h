// own-promise: what the program itself promises holds.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"

namespace cancelsim::properties {

/// The predicates that the program has given to `always` and `at_rest`: who runs it asks them, and stops at the first
/// that does not hold.
class OwnPromise final : public Contract {
public:
    struct Places {
        static constexpr Place kAlways{"always"};
        static constexpr Place kAtRest{"at_rest"};
    };

    OwnPromise()
        : Contract("own-promise",
                   "what the program promises by `always` holds after each iteration, and by `at_rest` at the end") {}

    static constexpr About kAbout = About::program;
    static constexpr Runs kRuns = Runs::of_programs;

    void start() {}

    void end() {
        const auto& promise = info().program_end().broken;
        if (!promise) return;
        Moment moment = now();
        moment.site = Site(promise->statement);
        fail(promise->what.starts_with(Places::kAlways) ? Places::kAlways : Places::kAtRest, moment);
    }

    std::string what_happened() const override {
        const ProgramEnd::Promise& promise = *info().program_end().broken;
        const bool raised = promise.what != place().name();
        return "The promise" + words().in_statement(promise.statement) + " did not hold" +
               (raised                       ? ": " + promise.what + "."
                : place() == Places::kAtRest ? " at the end of the run."
                                             : ".");
    }
};

}  // namespace cancelsim::properties
