#include "properties/search/hunt.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

#include "properties/search/shrink.h"
#include "properties/search/strategies.h"
#include "sim/random.h"

namespace cancelsim::properties {

namespace {

using Clock = std::chrono::steady_clock;

/// Schedules that a worker takes at a time: enough that the counter they share costs nothing.
constexpr std::uint64_t kChunk = 256;
/// One run of so many is done twice, and the digests compared.
constexpr std::uint64_t kRepeatEvery = 4096;
/// Runs that shrinking one failure may take.
constexpr std::size_t kShrinkRuns = 20'000;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::unique_ptr<SeededChoices> strategy_of(const HuntOptions& options) {
    sim::ChoiceKinds asked = options.adversarial ? sim::kAdversarialKinds : sim::kAsyncioKinds;
    if (options.injections != 0) asked |= bit(sim::ChoiceKind::inject);
    return find_strategy(options.strategy)->make(asked, options.injections);
}

/// The first schedule that broke one contract at one kind of place.
struct Sighting {
    std::string_view contract;
    std::string_view place;
    std::uint64_t schedule;
};

/// The earliest sighting of each distinct failure.
class Sightings {
public:
    void add(const Sighting& sighting) {
        for (Sighting& known : list_) {
            if (known.contract != sighting.contract || known.place != sighting.place) continue;
            known.schedule = std::min(known.schedule, sighting.schedule);
            return;
        }
        list_.push_back(sighting);
    }
    void add(const Sightings& other) {
        for (const Sighting& sighting : other.list_) add(sighting);
    }
    std::vector<Sighting> in_order() const {
        auto sorted = list_;
        std::sort(sorted.begin(), sorted.end(), [](const Sighting& a, const Sighting& b) {
            return std::tie(a.schedule, a.contract, a.place) < std::tie(b.schedule, b.contract, b.place);
        });
        return sorted;
    }
    std::size_t size() const { return list_.size(); }

private:
    std::vector<Sighting> list_;
};

/// What the workers share: which schedules are taken, and the tally.
struct Shared {
    std::atomic<std::uint64_t> next{0};
    std::atomic<std::uint64_t> done{0};
    std::atomic<std::size_t> failures{0};
    std::atomic<bool> stop{false};
    std::mutex mutex;
    Sightings sightings;
    Census seen;
    std::exception_ptr error;
};

class Worker {
public:
    Worker(const HuntOptions& options, Shared& shared)
        : options_(options),
          shared_(shared),
          runner_(make_contracts(options.contracts)),
          strategy_(strategy_of(options)) {}

    void run() {
        try {
            while (!shared_.stop) {
                const std::uint64_t begin = shared_.next.fetch_add(kChunk);
                const std::uint64_t end =
                    options_.schedules == 0 ? begin + kChunk : std::min(begin + kChunk, options_.schedules);
                if (begin >= end) break;
                run_chunk(begin, end);
            }
        } catch (...) {
            const std::lock_guard lock(shared_.mutex);
            shared_.error = std::current_exception();
            shared_.stop = true;
        }
        const std::lock_guard lock(shared_.mutex);
        shared_.sightings.add(sightings_);
        shared_.seen.add(taker_.census());
    }

private:
    void run_chunk(std::uint64_t begin, std::uint64_t end) {
        const std::size_t known = sightings_.size();
        for (std::uint64_t index = begin; index < end; ++index) {
            std::uint64_t seed = 0;
            make_schedule(options_, index, program_, seed);
            if (index % kRepeatEvery == 0) repeat(index, seed);
            if (index % kStatesEvery == 0) taker_.look_at_states(program_, options_.config, strategy_->begin(seed));
            sim::Choices* choices = taker_.begin(program_, strategy_->begin(seed));
            for (const Contract* contract : runner_.run(program_, options_.config, choices))
                sightings_.add({contract->name(), contract->place(), index});
            taker_.end();
        }
        shared_.done += end - begin;
        shared_.failures += sightings_.size() - known;
    }

    void repeat(std::uint64_t index, std::uint64_t seed) {
        runner_.run_traced(program_, options_.config, strategy_->begin(seed));
        const std::uint64_t first = runner_.digest();
        runner_.run_traced(program_, options_.config, strategy_->begin(seed));
        if (runner_.digest() != first)
            throw NondeterminismError("schedule " + std::to_string(index) + " of this hunt gave digest " +
                                          digest_text(first) + " first and " + digest_text(runner_.digest()) +
                                          " when it ran again: the contract `determinism` is broken",
                                      index);
    }

    const HuntOptions& options_;
    Shared& shared_;
    Runner runner_;
    std::unique_ptr<SeededChoices> strategy_;
    scenarios::Case program_;
    Sightings sightings_;
    CensusTaker taker_;
};

void replay_from_token(Runner& runner, const Found& found) {
    const std::string token = to_token(found.failure);
    const Failure again = from_token(token);
    sim::Replay replay(again.schedule);
    runner.run_traced(again.program, again.config, &replay);
    if (runner.digest() != found.failure.digest)
        throw NondeterminismError("a failure of `" + again.contract + "` did not replay from its own token " + token,
                                  found.schedule);
}

/// Runs a sighting again, with a record of its choices, and makes a failure of it that replays from
/// its own token.
Found make_failure(const HuntOptions& options, Runner& runner, const Sighting& sighting) {
    Found found;
    found.place = sighting.place;
    found.schedule = sighting.schedule;
    Failure& failure = found.failure;
    failure.config = options.config;
    failure.contract = sighting.contract;
    std::uint64_t seed = 0;
    make_schedule(options, sighting.schedule, failure.program, seed);
    found.statements_found = failure.program.statements.size();

    auto strategy = strategy_of(options);
    if (sim::Choices* choices = strategy->begin(seed)) {
        sim::Record record(*choices);
        runner.run_traced(failure.program, failure.config, &record);
        failure.schedule = record.schedule();
    } else {
        runner.run_traced(failure.program, failure.config, nullptr);
    }
    failure.digest = runner.digest();
    if (options.shrink)
        shrink_found(runner, found, kShrinkRuns);
    else
        replay_from_token(runner, found);
    return found;
}

}  // namespace

void shrink_found(Runner& runner, Found& found, std::size_t runs) {
    const auto start = Clock::now();
    found.failure = shrink(runner, std::move(found.failure), found.place, runs);
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

HuntResult hunt(const HuntOptions& options, const std::atomic<bool>& stop, const Progress& progress) {
    const auto start = Clock::now();
    Shared shared;
    std::vector<std::thread> threads;
    for (unsigned job = 0; job < options.jobs; ++job)
        threads.emplace_back([&options, &shared] { Worker(options, shared).run(); });
    const auto finished = [&] { return shared.stop || (options.schedules != 0 && shared.done >= options.schedules); };
    while (!finished()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (stop || (options.schedules == 0 && seconds_since(start) >= options.seconds)) shared.stop = true;
        progress(shared.done, shared.failures, seconds_since(start));
    }
    for (std::thread& thread : threads) thread.join();
    if (shared.error) std::rethrow_exception(shared.error);

    HuntResult result;
    result.schedules = shared.done;
    result.seconds = seconds_since(start);
    result.seen = std::move(shared.seen);
    Runner runner(make_contracts(options.contracts));
    for (const Sighting& sighting : shared.sightings.in_order())
        result.found.push_back(make_failure(options, runner, sighting));
    return result;
}

}  // namespace cancelsim::properties
