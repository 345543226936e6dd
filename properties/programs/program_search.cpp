#include "properties/programs/program_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
#include <mutex>
#include <tuple>
#include <utility>

#include "properties/failure/replay.h"
#include "properties/programs/program_choices.h"
#include "properties/search/parallel.h"
#include "properties/subject/errors.h"
#include "properties/subject/fault.h"
#include "sim/strategies/fewest_deviations.h"
#include "sim/strategies/tap.h"

namespace cancelsim::properties {

namespace {

using Clock = std::chrono::steady_clock;
using sim::ChoiceKind;

/// One random run of so many is done twice, and the digests compared.
constexpr std::uint64_t kRepeatEvery = 50;
/// After so many runs in a row that gave no answer there is no sense in another.
constexpr unsigned kMostLostInARow = 5;
/// After so many runs that were cut short there is no sense in another: each takes seconds.
constexpr std::uint64_t kMostCutShort = 4;
/// Runs that shrinking one failure may take.
constexpr std::size_t kShrinkRuns = 300;

/// A question of the ordinary run, and how many answers it has.
struct Asked {
    sim::Question question;
    std::uint32_t count = 0;
};

/// A contract broken at one place.
struct Sighting {
    std::string contract;
    std::string place;
    std::optional<PythonPlace> site;
    std::uint64_t number = 0;  ///< of its schedule
    sim::Schedule schedule;

    bool is_of(const Contract& broken, const std::optional<PythonPlace>& at) const {
        return contract == broken.name() && place == broken.place().name() && site == at;
    }
};

bool comes_before(const Sighting& a, const Sighting& b) {
    const std::uint32_t line_of_a = a.site ? a.site->line : 0;
    const std::uint32_t line_of_b = b.site ? b.site->line : 0;
    return std::tie(a.number, a.contract, a.place, line_of_a) < std::tie(b.number, b.contract, b.place, line_of_b);
}

Contracts contracts_of(const ProgramOptions& options) {
    return options.contracts.empty() ? make_all_contracts() : make_contracts(options.contracts);
}

/// What the threads share.
struct Shared {
    std::vector<Asked> questions;  ///< of the ordinary run: each is one piece of work
    std::uint32_t iterations = 1;  ///< of the ordinary run
    std::atomic<std::size_t> next_question{0};
    std::atomic<std::uint64_t> next_random{0};
    std::atomic<std::uint64_t> singles{0};  ///< schedules that are one choice away and have begun
    std::atomic<std::uint64_t> schedules{0};
    std::atomic<std::uint64_t> cut_short{0};
    std::atomic<bool> has_enough{false};  ///< the search is to end with what there is
    std::atomic<std::uint64_t> lost{0};
    std::atomic<unsigned> lost_in_a_row{0};
    std::atomic<std::size_t> failures{0};
    std::mutex mutex;
    std::vector<Sighting> sightings;
    std::deque<std::string> losses;  ///< not told yet
    Coverage coverage;
};

class Searcher {
public:
    Searcher(const PythonProgram& program, const Subject& config, const ProgramOptions& options, Shared& shared,
             const std::atomic<bool>& stop)
        : program_(program),
          config_(config),
          options_(options),
          shared_(shared),
          stop_(stop),
          asked_(sim::kAsyncioKinds | (options.injections != 0 ? bit(ChoiceKind::inject) : 0)),
          runner_(contracts_of(options)) {}

    /// The ordinary run, twice; the second time nobody may be surprised.
    void run_ordinary() {
        const sim::Schedule none{asked_, {}};
        sim::Replay replay(none);
        sim::Tap tap(replay, [&](const sim::Question& question, std::uint32_t count, std::uint32_t) {
            shared_.questions.push_back({question, count});
            if (question.kind == ChoiceKind::inject) shared_.iterations = static_cast<std::uint32_t>(question.at);
        });
        runner_.run(program_, config_, &tap);
        const std::uint64_t digest = runner_.library_run().digest();
        const std::string events = runner_.event_lines();
        judge(0, none);
        if (runner_.library_run().digest() != digest) fail_as_nondeterministic(program_, events, runner_.event_lines());
        publish_coverage();
    }

    void run() {
        for (std::size_t i = shared_.next_question++; i < shared_.questions.size() && !is_over();
             i = shared_.next_question++)
            away_by(i);
        ProgramChoices choices(asked_, options_.injections, shared_.iterations);
        for (std::uint64_t i = shared_.next_random++; i < options_.cases && !is_over(); i = shared_.next_random++) {
            choices.begin(options_.seed + i);
            sim::Record record(choices);
            const std::uint64_t number = kFirstRandom + i;
            if (!attempt([&] { note(number, run_once(record), [&] { return record.schedule(); }); })) continue;
            if (i % kRepeatEvery == 0) repeat(record.schedule());
        }
        publish_coverage();
    }

    /// Numbers of schedules: the ordinary run has 0, those that are one choice away come in the order of the questions
    /// that they answer, and random ones after all of them.
    static constexpr std::uint64_t kAnswers = std::uint64_t{1} << 32;
    static constexpr std::uint64_t kFirstRandom = std::uint64_t{1} << 63;

private:
    /// All runs that answer question number `index` of the ordinary run otherwise. An injection is one choice, of
    /// whatever can be cancelled then.
    void away_by(std::size_t index) {
        const Asked& asked = shared_.questions[index];
        const std::uint64_t number = (index + 1) * kAnswers;
        if (asked.question.kind != ChoiceKind::inject) {
            for (std::uint32_t answer = 1; answer < asked.count && begin_single(); ++answer)
                attempt([&] { judge(number + answer, {asked_, {{asked.question, answer}}}); });
            return;
        }
        if (!begin_single()) return;
        std::uint32_t targets = 1;
        sim::Question which = asked.question;
        which.position = 1;
        const sim::Schedule first{asked_, {{asked.question, 1}}};
        attempt([&] {
            sim::Replay replay(first);
            sim::Tap tap(replay, [&](const sim::Question& question, std::uint32_t count, std::uint32_t) {
                if (question == which) targets = count;
            });
            note(number, run_once(tap), [&] { return first; });
        });
        for (std::uint32_t target = 1; target < targets && begin_single(); ++target)
            attempt([&] { judge(number + target, {asked_, {{asked.question, 1}, {which, target}}}); });
    }

    bool is_over() const { return stop_ || shared_.has_enough; }
    void publish_coverage() {
        const std::lock_guard lock(shared_.mutex);
        shared_.coverage.add(coverage_);
    }

    bool begin_single() { return !is_over() && shared_.singles++ < options_.limit; }

    void judge(std::uint64_t number, const sim::Schedule& schedule) {
        sim::Replay replay(schedule);
        note(number, run_once(replay), [&] { return schedule; });
    }

    const std::vector<Contract*>& run_once(sim::Choices& choices) {
        const auto& broken = runner_.run(program_, config_, &choices);
        ++shared_.schedules;
        coverage_.add(runner_.library_run().feed().facts());
        const bool cut_short = sim::cut_short(runner_.library_run().feed().verdict());
        if (cut_short && ++shared_.cut_short == kMostCutShort) shared_.has_enough = true;
        return broken;
    }

    template <class ScheduleOf>
    void note(std::uint64_t number, const std::vector<Contract*>& broken, ScheduleOf schedule_of) {
        for (const Contract* contract : broken) {
            const auto site = site_of(runner_, *contract);
            const std::lock_guard lock(shared_.mutex);
            auto& all = shared_.sightings;
            const auto known =
                std::find_if(all.begin(), all.end(), [&](const Sighting& each) { return each.is_of(*contract, site); });
            if (known == all.end()) {
                all.push_back({std::string(contract->name()), std::string(contract->place().name()), site, number,
                               schedule_of()});
                ++shared_.failures;
            } else if (number < known->number) {
                known->number = number;
                known->schedule = schedule_of();
            }
        }
    }

    /// Does what runs the program; false where that gave no answer.
    template <class Action>
    bool attempt(Action action) {
        try {
            action();
            shared_.lost_in_a_row = 0;
            return true;
        } catch (const RunLost& lost) {
            ++shared_.schedules;
            ++shared_.lost;
            const std::lock_guard lock(shared_.mutex);
            shared_.losses.emplace_back(lost.what());
            if (++shared_.lost_in_a_row == kMostLostInARow)
                throw UsageError(fmt::format("{}: {} runs in a row gave no answer: the last: {}",
                                             program_name(program_), kMostLostInARow, lost.what()));
            return false;
        }
    }

    /// Runs the last run again.
    void repeat(const sim::Schedule& schedule) {
        const std::uint64_t digest = runner_.library_run().digest();
        const std::string events = runner_.event_lines();
        attempt([&] {
            sim::Replay replay(schedule);
            runner_.run(program_, config_, &replay);
            if (runner_.library_run().digest() != digest)
                fail_as_nondeterministic(program_, events, runner_.event_lines());
        });
    }

    const PythonProgram& program_;
    const Subject& config_;
    const ProgramOptions& options_;
    Shared& shared_;
    const std::atomic<bool>& stop_;
    sim::ChoiceKinds asked_;
    Runner runner_;
    Coverage coverage_;
};

/// Makes of a sighting a failure that replays from its own token.
class Reporter {
public:
    Reporter(const PythonProgram& program, const Subject& config, const Subject& base, const ProgramOptions& options)
        : program_(program), config_(config), base_(base), options_(options) {}

    ProgramFound report(const Sighting& sighting) const {
        ProgramFound found;
        found.schedule = sighting.number;
        found.failure = {config_, program_, sighting.schedule, sighting.contract, 0};
        if (options_.shrink) shrink(found.failure, sighting);
        found.account = account_of(found.failure);
        if (!found.account.broken)
            throw NondeterminismError(fmt::format("{}: a failure of `{}` did not come again when its run was repeated",
                                                  program_name(program_), sighting.contract));
        found.failure.digest = found.account.digest;
        ProgramFailure again = program_failure_of(to_token(found.failure));
        again.config = config_;  // which a token only names
        if (const auto account = account_of(again); account.digest != found.failure.digest)
            fail_as_nondeterministic(program_, found.account.events, account.events);
        found.label = label_of(found);
        found.accepted = options_.accepted.has(found.failure, found.account);
        return found;
    }

private:
    void shrink(ProgramFailure& failure, const Sighting& sighting) const {
        Runner runner(make_contracts(std::vector{sighting.contract}));
        std::size_t left = kShrinkRuns;
        failure.schedule = sim::fewest_deviations(failure.schedule, [&](const sim::Schedule& schedule) {
            if (left == 0) return false;
            --left;
            try {
                sim::Replay replay(schedule);
                const auto& broken = runner.run(program_, config_, &replay);
                return !broken.empty() && sighting.is_of(*broken.front(), site_of(runner, *broken.front()));
            } catch (const RunLost&) {  // it showed nothing
                return false;
            }
        });
    }

    Label label_of(const ProgramFound& found) const {
        if (same_subject(config_, base_)) return found.account.finding != nullptr ? Label::known : Label::news;
        ProgramFailure there = found.failure;
        there.config = base_;
        const ProgramAccount account = account_of(there);
        if (!account.broken || account.place != found.account.place) return Label::news;
        const bool known = account.finding != nullptr && account.finding == found.account.finding;
        return known ? Label::known : Label::also_upstream;
    }

    const PythonProgram& program_;
    const Subject& config_;
    const Subject& base_;
    const ProgramOptions& options_;
};

}  // namespace

CaseVerdict verdict_of(const ProgramFound& found) {
    if (found.accepted) return CaseVerdict::known;
    if (found.account.about == About::program) return CaseVerdict::program;
    return found.label == Label::news ? CaseVerdict::broken : CaseVerdict::known;
}

CaseVerdict verdict_of(const ProgramResult& result) {
    CaseVerdict worst = CaseVerdict::kept;
    for (const ProgramFound& found : result.found) worst = std::min(worst, verdict_of(found));
    return worst;
}

std::vector<const ProgramFound*> not_in(const ProgramResult& one, const ProgramResult& other) {
    std::vector<const ProgramFound*> only;
    for (const ProgramFound& found : one.found) {
        const bool is_there = std::any_of(other.found.begin(), other.found.end(), [&](const ProgramFound& each) {
            return each.failure.contract == found.failure.contract && each.account.place == found.account.place &&
                   each.account.site == found.account.site;
        });
        if (!is_there && verdict_of(found) < CaseVerdict::known) only.push_back(&found);
    }
    return only;
}

ProgramResult search_program(const PythonProgram& program, const Subject& config, const Subject& base,
                             const ProgramOptions& options, std::atomic<bool>& stop, const ProgramNews& news) {
    const auto start = Clock::now();
    const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
    ProgramResult result;
    result.program = program;
    result.config = config;
    Shared shared;
    try {
        Searcher(program, config, options, shared, stop).run_ordinary();
    } catch (const RunLost& lost) {
        throw UsageError(fmt::format("{}: the ordinary run gave no answer: {}", program_name(program), lost.what()));
    }
    std::atomic<bool> ended{false};
    on_threads(
        options.jobs, ended, [&](unsigned) { Searcher(program, config, options, shared, ended).run(); },
        [&] {
            if (stop) ended = true;
            std::deque<std::string> losses;
            {
                const std::lock_guard lock(shared.mutex);
                losses.swap(shared.losses);
            }
            for (const std::string& why : losses) news.lost(why);
            news.progress(shared.schedules, shared.failures, seconds());
        });
    for (const std::string& why : shared.losses) news.lost(why);
    result.schedules = shared.schedules;
    result.cut_short = shared.cut_short;
    result.lost = shared.lost;
    result.coverage = shared.coverage;
    std::sort(shared.sightings.begin(), shared.sightings.end(), comes_before);
    const Reporter reporter(program, config, base, options);
    for (const Sighting& sighting : shared.sightings) {
        try {
            result.found.push_back(reporter.report(sighting));
        } catch (const RunLost& lost) {  // another time it may give an answer
            ++result.lost;
            news.lost(fmt::format("{} at {}: {}", sighting.contract, sighting.place, lost.what()));
        }
    }
    result.seconds = seconds();
    return result;
}

}  // namespace cancelsim::properties
