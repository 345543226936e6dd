#include "properties/search/verify.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <tuple>

#include "properties/contracts/runner.h"
#include "properties/search/explorer.h"
#include "properties/search/hunt.h"
#include "properties/search/parallel.h"

namespace cancelsim::properties {

namespace {

using Clock = std::chrono::steady_clock;

Subject base_of(const VerifyOptions& options) { return options.against.value_or(release_of(options.config)); }

/// Cases that a worker takes at a time.
constexpr std::uint64_t kProgramsAtOnce = 64;

/// What broke one contract at one kind of place.
struct Sighting {
    std::string_view contract;
    std::string_view place;
    std::uint64_t number;  ///< of the case, among those of its size
    sim::Schedule schedule;
    scenarios::Case program;
    Labelled labelled;

    bool is_of(std::string_view other_contract, std::string_view other_place) const {
        return contract == other_contract && place == other_place;
    }
    bool smaller(std::size_t deviations, std::uint64_t other_number) const {
        return std::tuple(schedule.deviations.size(), number) <= std::tuple(deviations, other_number);
    }
};

/// The smallest sighting of each distinct failure. Once one is new and has the cause of no finding, nobody asks for a
/// larger one at its place.
class Sightings {
public:
    /// Whether it depends on its label whether one like this is kept.
    bool wants(std::string_view contract, std::string_view place, std::size_t deviations, std::uint64_t number) const {
        return std::none_of(list_.begin(), list_.end(), [&](const Sighting& known) {
            return known.is_of(contract, place) && known.labelled.is_of_no_finding() &&
                   known.smaller(deviations, number);
        });
    }
    void add(Sighting sighting) {
        const auto is_alike = [&](const Sighting& known) {
            return known.is_of(sighting.contract, sighting.place) && known.labelled == sighting.labelled;
        };
        const std::size_t deviations = sighting.schedule.deviations.size();
        const bool is_larger = std::any_of(list_.begin(), list_.end(), [&](const Sighting& known) {
            return is_alike(known) && known.smaller(deviations, sighting.number);
        });
        if (is_larger || !wants(sighting.contract, sighting.place, deviations, sighting.number)) return;
        std::erase_if(list_, [&](const Sighting& known) {
            const bool beaten = sighting.labelled.is_of_no_finding() && !known.smaller(deviations, sighting.number);
            return is_alike(known) || (known.is_of(sighting.contract, sighting.place) && beaten);
        });
        list_.push_back(std::move(sighting));
    }
    std::vector<Sighting> in_order() const {
        auto sorted = list_;
        std::sort(sorted.begin(), sorted.end(), [](const Sighting& a, const Sighting& b) {
            return std::tuple(a.schedule.deviations.size(), a.number, a.contract, a.place) <
                   std::tuple(b.schedule.deviations.size(), b.number, b.contract, b.place);
        });
        return sorted;
    }
    const std::vector<Sighting>& list() const { return list_; }

private:
    std::vector<Sighting> list_;
};

/// What the workers of one size share.
struct SharedPrograms {
    std::atomic<std::uint64_t> next{0};
    std::atomic<std::uint64_t> cases{0};
    std::atomic<std::uint64_t> schedules{0};
    std::atomic<bool> stop{false};
    std::mutex mutex;
    VerifiedSize size;
    Sightings sightings;
};

class Worker {
public:
    Worker(const VerifyOptions& options, SharedPrograms& shared)
        : options_(options),
          shared_(shared),
          explorer_(make_contracts(options.contracts),
                    options.adversarial ? sim::kAdversarialKinds : sim::kAsyncioKinds) {}

    void run() {
        for_each_case([this](scenarios::Case& program) { return take(program); });
        const std::lock_guard lock(shared_.mutex);
        VerifiedSize& sum = shared_.size;
        sum.cases += size_.cases;
        sum.schedules += size_.schedules;
        sum.stopped += size_.stopped;
        sum.most = std::max(sum.most, size_.most);
        for (const Sighting& sighting : sightings_.list()) shared_.sightings.add(sighting);
    }

private:
    template <class Visit>
    void for_each_case(Visit visit) {
        if (options_.cases.empty())
            return scenarios::for_each_small_program(options_.alphabet, shared_.size.statements, visit);
        for (scenarios::Case program : options_.cases)
            if (!visit(program)) return;
    }

    /// Each worker comes across all cases, and runs those of the chunks that it takes.
    bool take(scenarios::Case& program) {
        const std::uint64_t number = number_++;
        if (number >= end_) {
            shared_.cases += size_.cases - reported_.cases;
            shared_.schedules += size_.schedules - reported_.schedules;
            reported_ = size_;
            begin_ = shared_.next.fetch_add(kProgramsAtOnce);
            end_ = begin_ + kProgramsAtOnce;
        }
        if (number < begin_) return true;
        if (options_.cases.empty()) program.budget = kSmallBudget;
        run(program, number);
        return !shared_.stop;
    }

    void run(const scenarios::Case& program, std::uint64_t number) {
        const Explored explored =
            explorer_.explore(program, options_.config, options_.limit, [&](const std::vector<Contract*>& broken) {
                for (const Contract* contract : broken) see(program, number, *contract);
                return !shared_.stop;
            });
        ++size_.cases;
        size_.schedules += explored.schedules;
        size_.most = std::max(size_.most, explored.schedules);
        if (!explored.all) ++size_.stopped;
    }

    void see(const scenarios::Case& program, std::uint64_t number, const Contract& contract) {
        if (!sightings_.wants(contract.name(), contract.place(), explorer_.deviations(), number)) return;
        const std::string_view place = contract.place();
        const Failure failure{options_.config, program, explorer_.schedule(), std::string(contract.name())};
        const Labelled labelled = labeller_.label(failure, place, base_of(options_));
        sightings_.add({contract.name(), place, number, failure.schedule, program, labelled});
    }

    const VerifyOptions& options_;
    SharedPrograms& shared_;
    Explorer explorer_;
    std::uint64_t number_ = 0;  ///< of the next case
    std::uint64_t begin_ = 0;   ///< the chunk
    std::uint64_t end_ = 0;
    VerifiedSize size_;
    VerifiedSize reported_;
    Labeller labeller_;
    Sightings sightings_;
};

class Verification {
public:
    Verification(const VerifyOptions& options, const std::atomic<bool>& stop, const VerifyProgress& progress)
        : options_(options), stop_(stop), progress_(progress) {}

    VerifyResult run() {
        if (!options_.cases.empty()) run_size(0);
        for (std::uint32_t size = 1; options_.cases.empty() && size <= options_.statements; ++size) {
            run_size(size);
            const bool news = std::any_of(result_.broken.begin(), result_.broken.end(), is_news);
            if (result_.interrupted || (news && !options_.all)) break;
        }
        result_.seconds = seconds();
        return std::move(result_);
    }

private:
    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

    void run_size(std::uint32_t statements) {
        SharedPrograms shared;
        shared.size.statements = statements;
        on_threads(
            options_.jobs, shared.stop, [&](unsigned) { Worker(options_, shared).run(); },
            [&] {
                if (stop_) shared.stop = true;
                progress_({.statements = statements, .cases = shared.cases, .schedules = shared.schedules}, seconds());
            });
        result_.interrupted = shared.stop;
        result_.sizes.push_back(shared.size);
        for (const Sighting& sighting : shared.sightings.in_order()) keep(sighting);
    }

    /// Makes a failure of it that replays from its own token, unless a smaller case has shown the same.
    void keep(const Sighting& sighting) {
        const bool seen = std::any_of(result_.broken.begin(), result_.broken.end(), [&](const Broken& known) {
            const bool settled = known.labelled.is_of_no_finding() || known.labelled == sighting.labelled;
            return settled && sighting.is_of(known.failure.contract, known.place);
        });
        if (seen) return;
        Broken broken{{options_.config, sighting.program, sighting.schedule, std::string(sighting.contract)},
                      std::string(sighting.place),
                      sighting.labelled};
        Failure& failure = broken.failure;
        if (options_.cases.empty()) {
            failure.program.name =
                "small-" + std::to_string(result_.sizes.back().statements) + "-" + std::to_string(sighting.number + 1);
            failure.program.budget = scenarios::kDefaultBudget;
        }
        Runner runner(make_contracts(options_.contracts));
        const auto digest = [&](const Failure& again) {
            sim::Replay replay(again.schedule);
            const auto& contracts = runner.run_traced(again.program, again.config, &replay);
            const bool breaks = std::any_of(contracts.begin(), contracts.end(), [&](const Contract* contract) {
                return sighting.is_of(contract->name(), contract->place());
            });
            return breaks ? runner.digest() : 0;
        };
        failure.digest = digest(failure);
        if (failure.digest == 0 || digest(from_token(to_token(failure))) != failure.digest)
            throw NondeterminismError("a failure of `" + failure.contract + "` did not replay from its own token " +
                                      to_token(failure));
        result_.broken.push_back(std::move(broken));
    }

    const VerifyOptions& options_;
    const std::atomic<bool>& stop_;
    const VerifyProgress& progress_;
    const Clock::time_point start_ = Clock::now();
    VerifyResult result_;
};

}  // namespace

VerifyResult verify(const VerifyOptions& options, const std::atomic<bool>& stop, const VerifyProgress& progress) {
    return Verification(options, stop, progress).run();
}

bool is_news(const Broken& broken) { return broken.labelled.label == Label::news; }

}  // namespace cancelsim::properties
