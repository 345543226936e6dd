#include "properties/failure/replay.h"

#include <fmt/format.h>

#include <algorithm>

#include "properties/contracts/runner.h"
#include "properties/subject/fault.h"

namespace cancelsim::properties {

std::string first_difference(std::string_view one, std::string_view other) {
    const auto take_line = [](std::string_view& text) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        return line;
    };
    while (!one.empty() || !other.empty()) {
        const auto was = take_line(one);
        const auto is = take_line(other);
        if (was != is) return fmt::format("{} first, then {}", was, is);
    }
    return {};
}

Contracts contracts_of(const Failure& failure) {
    try {
        return make_contracts(std::vector{failure.contract});
    } catch (const std::invalid_argument& error) {
        throw FailureError(error.what());
    }
}

Account account_of(const Failure& failure) {
    const std::string token = to_token(failure);
    const RunningToken said_in_a_fault(token);
    Runner runner(contracts_of(failure));
    sim::Replay replay(failure.schedule);
    const auto& broken = runner.run_traced(failure.program, failure.config, &replay);
    Account account;
    account.digest = runner.digest();
    account.trace = runner.trace();
    account.not_arisen = replay.not_arisen();
    const Contract& contract = *runner.contracts().front();
    account.promise = contract.promise();
    account.about = contract.about();
    if (broken.empty()) return account;
    account.broken = true;
    account.place = contract.place();
    account.happened = contract.what_happened();
    account.iteration = contract.broken_at_iteration();
    account.time = contract.broken_at_time();
    return account;
}

Account exact_account_of(const Failure& failure) {
    Account account = account_of(failure);
    if (account_of(failure).digest != account.digest)
        throw NondeterminismError("this run gave two digests in a row: the contract `determinism` is broken");
    if (account.digest != failure.digest)
        throw FailureError(fmt::format("stale: this version runs it as {}, and it was {}: the model has changed since",
                                       digest_text(account.digest), digest_text(failure.digest)));
    if (!account.broken)
        throw FailureError(
            fmt::format("stale: `{}` holds in this version, with the same trace: the contract has changed since",
                        failure.contract));
    return account;
}

}  // namespace cancelsim::properties
