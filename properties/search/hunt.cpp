#include "properties/search/hunt.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <optional>

#include "properties/failure/known.h"
#include "properties/search/parallel.h"
#include "properties/search/shrink.h"
#include "properties/search/sightings.h"
#include "properties/search/strategies.h"
#include "properties/subject/errors.h"
#include "properties/subject/fault.h"
#include "properties/subject/limits.h"
#include "sim/random.h"

namespace cancelsim::properties {

namespace {

using Clock = std::chrono::steady_clock;

/// Schedules that a worker takes at a time: enough that the counter they share costs nothing.
constexpr std::uint64_t kChunk = 256;
/// On a library, where each takes a thousand times as long.
constexpr std::uint64_t kChunkOnLibrary = 8;
/// One run of so many is done twice, and the digests compared.
constexpr std::uint64_t kRepeatEvery = 100;
/// After so many runs in a row that gave no answer there is no sense in another.
constexpr unsigned kMostLostInARow = 10;
/// Runs that shrinking one failure may take.
constexpr std::size_t kShrinkRuns = 20'000;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::unique_ptr<SeededChoices> strategy_of(const HuntOptions& options) {
    sim::ChoiceKinds asked = options.adversarial ? sim::kAdversarialKinds : sim::kAsyncioKinds;
    if (options.injections != 0) asked |= bit(sim::ChoiceKind::inject);
    return find_strategy(options.strategy)->make(asked, options.injections);
}

/// The number in the whole hunt of schedule `own` of a shard.
std::uint64_t number_of(const HuntOptions& options, std::uint64_t own) {
    return own * options.shards + (options.shard - 1);
}

/// How many schedules the shard runs, those of `first` included; UINT64_MAX where time decides.
std::uint64_t size_of_shard(const HuntOptions& options) {
    if (options.schedules == 0) return UINT64_MAX;
    if (options.schedules < options.shard) return 0;
    return (options.schedules - options.shard) / options.shards + 1;
}

/// What the workers share: which schedules are taken, and the tally. Schedules are counted by their numbers in the
/// shard.
struct Shared {
    explicit Shared(const HuntOptions& options) : next(options.first), open(options.jobs), seen(options.seen) {
        for (auto& each : open) each = UINT64_MAX;
    }

    std::atomic<std::uint64_t> next;
    std::vector<std::atomic<std::uint64_t>> open;  ///< by job: all that it has taken before that has run
    std::atomic<std::uint64_t> done{0};
    std::atomic<std::size_t> failures{0};
    std::atomic<bool> stop{false};
    std::atomic<unsigned> lost_in_a_row{0};
    std::mutex mutex;
    Sightings sightings;
    /// What was seen in the chunk of schedules from `begin` on.
    struct Part {
        std::uint64_t begin;
        Census seen;
    };
    std::vector<Part> parts;
    Census seen;                                              ///< but for the parts
    std::vector<std::pair<std::uint64_t, std::string>> lost;  ///< schedules without an answer, and why

    /// Lets `seen` be of all schedules before `finished`, and of no other.
    void count(std::uint64_t finished) {
        std::erase_if(parts, [&](const Part& part) {
            if (part.begin >= finished) return false;
            seen.add(part.seen);
            return true;
        });
    }

    /// All schedules before this have run, and their sightings are among `sightings`.
    std::uint64_t finished() const {
        // In this order: a job says that something is open before it moves `next` on.
        std::uint64_t least = next;
        for (const auto& each : open) least = std::min(least, each.load());
        return least;
    }
};

class Hunter {
public:
    Hunter(const HuntOptions& options, Shared& shared, unsigned job)
        : options_(options),
          base_(base_of(options)),
          shared_(shared),
          open_(shared.open[job]),
          strategy_(strategy_of(options)) {
        begin_anew();
    }

    void run() {
        const std::uint64_t size = size_of_shard(options_);
        while (!shared_.stop) {
            open_ = shared_.next.load();
            const std::uint64_t chunk = options_.config.library ? kChunkOnLibrary : kChunk;
            const std::uint64_t begin = shared_.next.fetch_add(chunk);
            open_ = begin;
            if (begin >= size) break;
            const std::uint64_t end = std::min(begin + chunk, size);
            try {
                run_chunk(begin, end);
            } catch (const NondeterminismError&) {
                publish();
                throw;
            } catch (const UsageError&) {
                publish();
                throw;
            } catch (const std::exception& error) {
                publish();
                throw InternalError(error.what() + running_text());
            }
            publish();
            count(begin);
            shared_.done += end - begin;
        }
        open_ = UINT64_MAX;
        running = {};
    }

private:
    /// What grows with the largest run so far.
    struct Tools {
        explicit Tools(Contracts contracts) : runner(std::move(contracts)) {}

        Runner runner;
        Runner recorder{Contracts{}};
        Labeller labeller;
        CensusTaker taker;
    };

    void begin_anew() {
        Census seen = tools_ ? tools_->taker.take({}) : options_.seen.part();
        tools_.reset();
        tools_.emplace(make_contracts(options_.contracts));
        tools_->taker.take(std::move(seen));
    }

    void run_chunk(std::uint64_t begin, std::uint64_t end) {
        for (std::uint64_t own = begin; own < end; ++own) {
            const std::uint64_t index = number_of(options_, own);
            running = {.what = Running::What::schedule, .seed = options_.seed, .schedule = index};
            std::uint64_t seed = 0;
            make_schedule(options_, index, program_, seed);
            const bool on_model = options_.config.library == nullptr;
            if (on_model && index % kStatesEvery == 0)
                tools_->taker.look_at_states(program_, options_.config, strategy_->begin(seed));
            try {
                run_one(own, seed);
                if (shared_.lost_in_a_row != 0) shared_.lost_in_a_row = 0;
            } catch (const RunLost& lost) {
                lose(index, lost.what());
            } catch (const OverMemory& over) {
                begin_anew();
                lose(index, over.what());
            }
        }
    }

    void run_one(std::uint64_t own, std::uint64_t seed) {
        const std::uint64_t index = number_of(options_, own);
        sim::Choices* choices = tools_->taker.begin(program_, strategy_->begin(seed));
        const auto& broken = index % kRepeatEvery == 0 ? run_twice(index, seed, choices)
                                                       : tools_->runner.run(program_, options_.config, choices);
        met_.clear();
        for (const Contract* contract : broken) met_.push_back({contract->name(), contract->place(), own, {}});
        tools_->taker.end();
        see(seed);
    }

    /// Labels what the run of `seed` has broken, where that can make a difference.
    void see(std::uint64_t seed) {
        std::erase_if(met_, [&](const Sighting& met) { return sightings_.find_new(met.contract, met.place); });
        if (met_.empty()) return;
        Failure failure{options_.config, {}, {}, {}};
        const bool needs_runs =
            !same_subject(options_.config, base_) || std::any_of(met_.begin(), met_.end(), [&](const Sighting& met) {
                return may_be_known(base_, met.contract, met.place);
            });
        if (needs_runs) {
            failure.program = program_;
            failure.schedule = schedule_of(seed);
        }
        for (Sighting& met : met_) {
            failure.contract = met.contract;
            met.labelled = tools_->labeller.label(failure, met.place, base_);
            sightings_.add(met);
        }
    }

    /// What the strategy chooses, by names.
    sim::Schedule schedule_of(std::uint64_t seed) {
        sim::Choices* choices = strategy_->begin(seed);
        if (choices == nullptr) return {};
        sim::Record record(*choices);
        tools_->recorder.run(program_, options_.config, &record);
        return record.schedule();
    }

    void lose(std::uint64_t index, const std::string& why) {
        const std::lock_guard lock(shared_.mutex);
        shared_.lost.emplace_back(index, why);
        if (++shared_.lost_in_a_row == kMostLostInARow)
            throw UsageError(
                fmt::format("{} runs in a row gave no answer: the last, schedule {}: {}", kMostLostInARow, index, why));
    }

    /// Runs it under `choices`, and before that without anybody who notes them.
    const std::vector<Contract*>& run_twice(std::uint64_t index, std::uint64_t seed, sim::Choices* choices) {
        Runner& runner = tools_->runner;
        runner.run_traced(program_, options_.config, strategy_->begin(seed));
        const std::uint64_t first = runner.digest();
        const std::string events = runner.event_lines();
        strategy_->begin(seed);
        const auto& broken = runner.run_traced(program_, options_.config, choices);
        const std::string differs = first_difference(events, runner.event_lines());
        if (runner.digest() == first && differs.empty()) return broken;
        throw NondeterminismError(
            fmt::format(
                "schedule {} of the hunt of seed {} gave digest {} first and {} when it ran again: the contract "
                "`determinism` is broken{}",
                index, options_.seed, digest_text(first), digest_text(runner.digest()),
                differs.empty() ? "" : "; the first event that differs: " + differs),
            index);
    }

    /// Gives what is new to all.
    void publish() {
        if (published_ == sightings_.size()) return;
        const std::lock_guard lock(shared_.mutex);
        shared_.sightings.add(sightings_);
        shared_.failures = shared_.sightings.size();
        published_ = sightings_.size();
    }

    /// Gives what was seen in the chunk from `begin` on to all.
    void count(std::uint64_t begin) {
        const std::lock_guard lock(shared_.mutex);
        shared_.parts.push_back({begin, tools_->taker.take(shared_.seen.part())});
    }

    const HuntOptions& options_;
    const Subject base_;
    Shared& shared_;
    std::atomic<std::uint64_t>& open_;
    std::optional<Tools> tools_;
    std::unique_ptr<SeededChoices> strategy_;
    scenarios::Case program_;
    std::vector<Sighting> met_;  ///< in one run
    Sightings sightings_;
    std::size_t published_ = 0;
};

void replay_from_token(Runner& runner, const Found& found) {
    const std::string token = to_token(found.failure);
    Failure again = from_token(token);
    again.config.library = found.failure.config.library;  // which a token only names
    sim::Replay replay(again.schedule);
    runner.run_traced(again.program, again.config, &replay);
    if (runner.digest() != found.failure.digest)
        throw NondeterminismError("a failure of `" + again.contract + "` did not replay from its own token " + token,
                                  found.schedule);
}

/// Makes failures that replay from their own tokens of sightings, while the hunt goes on.
class Reporter {
public:
    Reporter(const HuntOptions& options, const HuntNews& news, HuntResult& result)
        : options_(options), base_(base_of(options)), news_(news), result_(result) {
        runner_.emplace(make_contracts(options.contracts));
    }

    /// Reports the sightings of schedules before `finished`. What comes later is of later schedules.
    void report(const std::vector<Sighting>& in_order, std::uint64_t finished) {
        for (; reported_ < in_order.size() && in_order[reported_].own < finished; ++reported_)
            if (!was_reported_before(in_order[reported_])) report(in_order[reported_]);
    }
    /// How many sightings it has dealt with.
    std::size_t reported() const { return reported_; }

private:
    bool was_reported_before(const Sighting& sighting) const {
        return std::any_of(options_.reported.begin(), options_.reported.end(), [&](const Reported& each) {
            const bool settled = each.labelled.is_of_no_finding() || each.labelled == sighting.labelled;
            return settled && each.contract == sighting.contract && each.place == sighting.place;
        });
    }

    void report(const Sighting& sighting) {
        try {
            report_found(unshrunk(sighting));
        } catch (const RunLost& lost) {  // another time it may give an answer
            lose(sighting, lost.what());
        } catch (const OverMemory& over) {
            runner_.emplace(make_contracts(options_.contracts));
            lose(sighting, over.what());
        }
    }

    void lose(const Sighting& sighting, const std::string& why) {
        news_.lost(number_of(options_, sighting.own), why);
        ++result_.lost;
    }

    void report_found(Found found) {
        news_.seen(found.failure);
        if (options_.shrink)
            shrink_found(*runner_, labeller_, found, base_, kShrinkRuns);
        else
            replay_from_token(*runner_, found);
        news_.found(found);
        result_.found.push_back(std::move(found));
    }

    /// Runs a sighting again, with a record of its choices.
    Found unshrunk(const Sighting& sighting) {
        Found found;
        found.place = sighting.place;
        found.labelled = sighting.labelled;
        found.schedule = number_of(options_, sighting.own);
        Failure& failure = found.failure;
        failure.config = options_.config;
        failure.contract = sighting.contract;
        std::uint64_t seed = 0;
        make_schedule(options_, found.schedule, failure.program, seed);
        found.statements_found = failure.program.statements.size();
        const auto strategy = strategy_of(options_);
        if (sim::Choices* choices = strategy->begin(seed)) {
            sim::Record record(*choices);
            runner_->run_traced(failure.program, failure.config, &record);
            failure.schedule = record.schedule();
        } else {
            runner_->run_traced(failure.program, failure.config, nullptr);
        }
        failure.digest = runner_->digest();
        return found;
    }

    const HuntOptions& options_;
    const Subject base_;
    const HuntNews& news_;
    HuntResult& result_;
    std::optional<Runner> runner_;
    Labeller labeller_;
    std::size_t reported_ = 0;  ///< sightings
};

}  // namespace

void shrink_found(Runner& runner, Labeller& labeller, Found& found, const Subject& base, std::size_t runs) {
    const auto start = Clock::now();
    const auto keeps = [&](const Failure& candidate) {
        return labeller.label(candidate, found.place, base) == found.labelled;
    };
    found.failure = shrink(runner, std::move(found.failure), found.place, runs, keeps);
    found.shrink_seconds = seconds_since(start);
    replay_from_token(runner, found);
}

void make_schedule(const HuntOptions& options, std::uint64_t index, scenarios::Case& program,
                   std::uint64_t& strategy_seed) {
    std::uint64_t state = options.seed + index * 0xd1342543de82ef95;  // an odd number: distinct states
    const std::uint64_t case_seed = sim::splitmix64(state);
    strategy_seed = sim::splitmix64(state);
    scenarios::generate(options.profiles[index % options.profiles.size()], case_seed, program);
}

HuntResult hunt(const HuntOptions& options, const std::atomic<bool>& stop, const HuntNews& news) {
    const auto start = Clock::now();
    Shared shared(options);
    HuntResult result;
    Reporter reporter(options, news, result);
    const std::uint64_t size = size_of_shard(options);
    std::uint64_t told = 0;
    std::size_t lost = 0;
    const auto report = [&] {
        const std::uint64_t finished = std::min(shared.finished(), size);
        std::vector<Sighting> sightings;
        std::vector<std::pair<std::uint64_t, std::string>> losses;
        {
            const std::lock_guard lock(shared.mutex);
            shared.count(finished);
            losses.assign(shared.lost.begin() + static_cast<std::ptrdiff_t>(lost), shared.lost.end());
            if (shared.sightings.size() > reporter.reported()) sightings = shared.sightings.in_order();
        }
        for (const auto& [schedule, why] : losses) news.lost(schedule, why);
        lost += losses.size();
        reporter.report(sightings, finished);
        if (finished > told) news.finished(told = finished, shared.seen);
    };
    const auto wait = [&] {
        if (stop || (options.schedules == 0 && seconds_since(start) >= options.seconds)) shared.stop = true;
        report();
        news.progress(shared.done, shared.failures, seconds_since(start));
    };
    std::exception_ptr error;
    try {
        on_threads(
            options.jobs, shared.stop, [&](unsigned job) { Hunter(options, shared, job).run(); }, wait);
    } catch (...) {
        error = std::current_exception();
    }
    report();
    if (error) {
        reporter.report(shared.sightings.in_order(), UINT64_MAX);
        std::rethrow_exception(error);
    }
    result.schedules = shared.done;
    result.lost += lost;
    result.seconds = seconds_since(start);
    result.seen = std::move(shared.seen);
    return result;
}

HuntResult hunt(const HuntOptions& options, const std::atomic<bool>& stop, const Progress& progress) {
    HuntNews news;
    news.progress = progress;
    return hunt(options, stop, news);
}

}  // namespace cancelsim::properties
