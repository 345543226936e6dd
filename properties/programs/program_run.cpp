#include "properties/programs/program_run.h"

#include <fmt/format.h>

#include <stdexcept>

#include "properties/failure/findings/evidence.h"
#include "properties/failure/replay.h"
#include "properties/subject/fault.h"

namespace cancelsim::properties {

std::optional<PythonPlace> site_of(const Runner& runner, const Contract& contract) {
    const auto& sites = runner.library_run().feed().facts().sites;
    if (contract.site().number() >= sites.size()) return std::nullopt;
    return sites[contract.site().number()];
}

ProgramAccount account_of(const ProgramFailure& failure) {
    const std::string token = to_token(failure);
    const RunningToken said_in_a_fault(token);
    Contracts contracts;
    try {
        contracts = make_contracts(std::vector{failure.contract});
    } catch (const std::invalid_argument& error) {
        throw FailureError(error.what());
    }
    Runner runner(std::move(contracts));
    const Contract& contract = *runner.contracts().front();
    Evidence evidence(contract);
    sim::Replay replay(failure.schedule);
    const bool broken = !runner.run(failure.program, failure.config, &replay, evidence).empty();
    ProgramAccount account;
    account.digest = runner.library_run().digest();
    account.events = runner.event_lines();
    account.promise = contract.promise();
    account.about = contract.about();
    if (!broken) return account;
    account.broken = true;
    account.place = contract.place().name();
    account.site = site_of(runner, contract);
    account.happened = contract.what_happened();
    account.iteration = contract.broken_at_iteration();
    account.time = contract.broken_at_time();
    account.finding = known_finding(evidence, failure.config);
    return account;
}

ProgramAccount exact_account_of(const ProgramFailure& failure) {
    if (read_python_program(program_name(failure.program)).hash != failure.program.hash)
        throw FailureError(fmt::format("stale: {} has changed since", failure.program.path));
    ProgramAccount account = account_of(failure);
    if (const auto again = account_of(failure); again.digest != account.digest)
        fail_as_nondeterministic(failure.program, account.events, again.events);
    if (account.digest != failure.digest)
        throw FailureError(
            fmt::format("stale: this version runs it as {}, and it was {}: what it imports, or cancelsim, has changed "
                        "since",
                        digest_text(account.digest), digest_text(failure.digest)));
    if (!account.broken)
        throw FailureError(
            fmt::format("stale: `{}` holds in this version, with the same events: the contract has changed since",
                        failure.contract));
    return account;
}

void fail_as_nondeterministic(const PythonProgram& program, const std::string& events,
                              const std::string& events_again) {
    const std::string differs = first_difference(events, events_again);
    throw NondeterminismError(fmt::format("{}: the same run, repeated, went otherwise: {}", program_name(program),
                                          differs.empty() ? "its events are the same, but not how it ended"
                                                          : "the first event that differs: " + differs));
}

}  // namespace cancelsim::properties
