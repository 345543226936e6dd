#include "properties/search/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "properties/contracts/describe.h"
#include "properties/failure/replay.h"
#include "properties/search/explorer.h"
#include "properties/search/strategies.h"
#include "properties/subject/errors.h"

namespace cancelsim::properties {

namespace {

Contracts contracts_of(const JudgeOptions& options) {
    return options.contracts.empty() ? make_all_contracts() : make_contracts(options.contracts);
}

/// After so many runs of a case that gave no answer there is no sense in another.
constexpr std::size_t kMostLost = 10;

CaseVerdict verdict_of(const JudgedFailure& failure) {
    if (failure.about == About::program) return CaseVerdict::program;
    return failure.label == Label::news ? CaseVerdict::broken : CaseVerdict::known;
}

class Judgement {
public:
    Judgement(const scenarios::Case& program, const Subject& config, const Subject& base, const JudgeOptions& options,
              const std::atomic<bool>& stop)
        : program_(program), base_(base), options_(options), stop_(stop) {
        judged_.name = program.name;
        judged_.config = config;
    }

    Judged run() {
        if (judged_.config.library)
            explore_library();
        else
            explore();
        if (!judged_.exhausted) sample();
        Runner runner(contracts_of(options_));
        for (JudgedFailure& failure : judged_.failures) {
            describe(runner, failure);
            judged_.verdict = std::min(judged_.verdict, verdict_of(failure));
        }
        std::stable_sort(judged_.failures.begin(), judged_.failures.end(),
                         [](const JudgedFailure& a, const JudgedFailure& b) { return verdict_of(a) < verdict_of(b); });
        return std::move(judged_);
    }

private:
    void explore() {
        Explorer explorer(contracts_of(options_), sim::kAsyncioKinds);
        const Explored explored =
            explorer.explore(program_, judged_.config, options_.limit, [&](const std::vector<Contract*>& broken) {
                for (const Contract* contract : broken) see(*contract, [&] { return explorer.schedule(); });
                return !stop_;
            });
        judged_.schedules = explored.schedules;
        judged_.exhausted = explored.all;
    }

    /// Every schedule has a run of its own: which of them come to the same, only the model tells.
    void explore_library() {
        Runner runner(contracts_of(options_));
        sim::Exhaustive choices(sim::kAsyncioKinds);
        for (; choices.next(); ++judged_.schedules) {
            if (stop_ || judged_.schedules == options_.limit) return;
            judge_run(runner, choices);
        }
        judged_.exhausted = judged_.lost.empty();
        if (judged_.lost.size() == judged_.schedules)
            throw UsageError(fmt::format("{}: no run gave an answer: {}", program_.name, judged_.lost.back()));
    }

    /// One run; `choices` can say afterwards which they were.
    template <class Choices>
    void judge_run(Runner& runner, Choices& choices) {
        try {
            for (const Contract* contract : runner.run(program_, judged_.config, &choices))
                see(*contract, [&] { return choices.schedule(); });
        } catch (const RunLost& lost) {
            judged_.lost.emplace_back(lost.what());
            if (judged_.lost.size() == kMostLost)
                throw UsageError(
                    fmt::format("{}: {} runs gave no answer: the last: {}", program_.name, kMostLost, lost.what()));
        }
    }

    void sample() {
        Runner runner(contracts_of(options_));
        const auto strategy = find_strategy("random")->make(sim::kAsyncioKinds, 0);
        for (std::uint64_t i = 0; i < options_.cases && !stop_; ++i, ++judged_.schedules) {
            sim::Record record(*strategy->begin(options_.seed + i));
            judge_run(runner, record);
        }
    }

    /// Of one contract at one kind of place the first of each cause, up to one that is new, or the program's.
    template <class Schedule>
    void see(const Contract& contract, Schedule schedule) {
        const auto is_there = [&](const JudgedFailure& known) {
            return known.failure.contract == contract.name() && known.place == contract.place().name();
        };
        const auto settles = [&](const JudgedFailure& known) {
            return is_there(known) && (known.about == About::program || known.label == Label::news);
        };
        if (std::any_of(judged_.failures.begin(), judged_.failures.end(), settles)) return;
        JudgedFailure seen{{judged_.config, program_, schedule(), std::string(contract.name()), 0},
                           std::string(contract.place().name())};
        seen.about = contract.about();
        const Labelled labelled = labeller_.label(seen.failure, seen.place, base_);
        seen.label = labelled.label;
        seen.finding = labelled.known();
        const bool is_alike = std::any_of(judged_.failures.begin(), judged_.failures.end(), [&](const auto& known) {
            return is_there(known) && known.label == seen.label && known.finding == seen.finding;
        });
        if (!is_alike) judged_.failures.push_back(std::move(seen));
    }

    /// Runs it again, from its own token, and keeps what is to be said of it.
    static void describe(Runner& runner, JudgedFailure& failure) {
        const auto run = [&](const Failure& again) {
            sim::Replay replay(again.schedule);
            runner.run_traced(again.program, again.config, &replay);
            return runner.digest();
        };
        failure.failure.digest = run(failure.failure);
        const std::string token = to_token(failure.failure);
        const Contract* found = nullptr;
        Failure again = from_token(token);                      // what is told of the run reads its program
        again.config.library = failure.failure.config.library;  // which a token only names
        if (run(again) == failure.failure.digest)
            for (const auto& contract : runner.contracts())
                if (contract->broken() && contract->name() == failure.failure.contract &&
                    contract->place().name() == failure.place)
                    found = contract.get();
        if (found == nullptr)
            throw NondeterminismError("a failure of `" + failure.failure.contract +
                                      "` did not replay from its own token " + token);
        failure.iteration = found->broken_at_iteration();
        failure.time = found->broken_at_time();
        failure.happened = found->what_happened();
        if (found->site()) failure.site = runner.words().statement(found->site().number());
    }

    const scenarios::Case& program_;
    const Subject& base_;
    const JudgeOptions& options_;
    const std::atomic<bool>& stop_;
    Labeller labeller_;
    Judged judged_;
};

}  // namespace

std::string_view name_of(CaseVerdict verdict) {
    switch (verdict) {
        case CaseVerdict::broken: return "broken";
        case CaseVerdict::program: return "program";
        case CaseVerdict::known: return "known";
        case CaseVerdict::kept: return "kept";
    }
    return {};
}

Judged judge(const scenarios::Case& program, const Subject& config, const Subject& base, const JudgeOptions& options,
             const std::atomic<bool>& stop) {
    return Judgement(program, config, base, options, stop).run();
}

}  // namespace cancelsim::properties
