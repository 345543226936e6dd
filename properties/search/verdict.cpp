#include "properties/search/verdict.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "properties/failure/label.h"
#include "properties/search/parallel.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

namespace {

using Clock = std::chrono::steady_clock;

/// Policies that the newer releases are tried with: their own, and those that propose to replace it.
constexpr std::array<std::string_view, 4> kProposed{"upstream", "pr1260", "ask_waiter", "event_driven"};

/// With every fix on it: its own again, the one proposed for stubborn futures, and the one without polling.
constexpr std::array<std::string_view, 3> kWithFixes{"upstream", "ask_waiter", "event_driven"};

/// Of the places where one kernel breaks one contract, so many are shrunk: those with the shortest cases as found.
constexpr std::size_t kCandidates = 3;
/// Runs that shrinking one of them may take.
constexpr std::size_t kRunsToShrinkACell = 8'000;

Standing standing_of(const Found& found) {
    switch (found.labelled.label) {
        case Label::news: return Standing::broken;
        case Label::known: return Standing::known;
        case Label::also_upstream: return Standing::also_upstream;
    }
    return Standing::broken;
}

/// A failure that may turn out to be the smallest of its cell.
struct Candidate {
    Cell* cell;
    Found found;
};

/// Says how the contract stands, and picks what shall be shrunk.
void judge(Cell& cell, std::string_view contract, const std::vector<Found>& all, std::vector<Candidate>& candidates) {
    std::vector<const Found*> here;
    for (const Found& found : all)
        if (found.failure.contract == contract) here.push_back(&found);
    if (here.empty()) return;
    cell.places = here.size();
    for (const Found* one : here) cell.standing = std::max(cell.standing, standing_of(*one));
    std::erase_if(here, [&](const Found* one) { return standing_of(*one) != cell.standing; });
    std::stable_sort(here.begin(), here.end(), [](const Found* left, const Found* right) {
        return left->statements_found < right->statements_found;
    });
    here.resize(std::min(here.size(), kCandidates));
    for (const Found* found : here) candidates.push_back({&cell, *found});
}

bool is_smaller(const Found& left, const Found& right) {
    const auto size = [](const Found& found) {
        return std::tuple(found.failure.program.statements.size(), found.failure.schedule.deviations.size(),
                          found.schedule);
    };
    return size(left) < size(right);
}

/// Shrinks the candidates, and gives each cell its smallest.
void find_smallest(std::vector<Candidate>& candidates, unsigned jobs, const std::atomic<bool>& stop,
                   const VerdictProgress& progress) {
    in_parallel(
        jobs, candidates.size(), stop,
        [&candidates](std::size_t i) {
            Found& found = candidates[i].found;
            const std::string contract[]{found.failure.contract};
            Runner runner(make_contracts(contract));
            Labeller labeller;
            shrink_found(runner, labeller, found, release_of(found.failure.config), kRunsToShrinkACell);
        },
        [&](std::size_t done) {
            progress("shrinking failure " + std::to_string(done) + " of " + std::to_string(candidates.size()));
        });
    for (Candidate& candidate : candidates) {
        Cell& cell = *candidate.cell;
        if (cell.smallest && !is_smaller(candidate.found, *cell.smallest)) continue;
        const Finding* known = candidate.found.labelled.known();
        cell.known = known != nullptr ? known->id : std::string_view();
        cell.smallest = std::move(candidate.found);
    }
}

}  // namespace

std::string_view name_of(Standing standing) {
    constexpr std::array<std::string_view, 5> kNames{"holds", "known", "also-upstream", "broken", "not applicable"};
    return kNames[static_cast<std::size_t>(standing)];
}

std::vector<model::Config> verdict_kernels(const std::string& anyio, const std::string& policy) {
    if (!anyio.empty() || !policy.empty()) {
        std::vector<model::Config> named;
        for (const std::string& release : anyio.empty() ? list_of(model::all_versions()) : std::vector{anyio})
            for (const std::string& pass : policy.empty() ? list_of(model::all_policies()) : std::vector{policy})
                named.push_back(ConfigNames{.anyio = release, .policy = pass}.resolve());
        return named;
    }
    const auto kernel = [](const model::Version& version, const model::Policy* pass, model::Switches switches = {}) {
        return model::Config{&version, pass, model::find_python("3.11"), switches};
    };
    std::vector<model::Config> kernels;
    const auto versions = model::all_versions();
    for (const model::Policy* pass : model::all_policies()) kernels.push_back(kernel(*versions.front(), pass));
    for (const model::Version* version : versions.subspan(1))
        for (const std::string_view name : kProposed) kernels.push_back(kernel(*version, model::find_policy(name)));
    for (const std::string_view name : kWithFixes)
        kernels.push_back(kernel(model::newest_version(), model::find_policy(name), model::all_fixes()));
    return kernels;
}

Verdict reach_verdict(const VerdictOptions& options, const std::atomic<bool>& stop, const VerdictProgress& progress) {
    const auto start = Clock::now();
    const std::vector<model::Config> kernels = verdict_kernels(options.anyio, options.policy);
    const Contracts contracts = make_contracts();
    const bool blocks = std::find(options.profiles.begin(), options.profiles.end(), scenarios::Profile::blocks) !=
                        options.profiles.end();

    Verdict verdict;
    for (const auto& contract : contracts) verdict.contracts.emplace_back(contract->name());
    verdict.rows.reserve(kernels.size());  // the candidates point into the rows
    std::vector<Candidate> candidates;
    for (const model::Config& config : kernels) {
        if (stop) break;
        HuntOptions hunting;
        hunting.config = config;
        hunting.profiles = options.profiles;
        hunting.seed = options.seed;
        hunting.schedules = options.schedules;
        hunting.seconds = options.seconds / static_cast<double>(kernels.size());
        hunting.jobs = options.jobs;
        hunting.shrink = false;
        const HuntResult result = hunt(hunting, stop, [&](std::uint64_t schedules, std::size_t, double) {
            progress(config_text(config) + ", schedule " + std::to_string(schedules));
        });
        VerdictRow& row = verdict.rows.emplace_back(VerdictRow{config, result.schedules, {}});
        row.cells.resize(contracts.size());
        for (std::size_t i = 0; i < contracts.size(); ++i) {
            if (contracts[i]->presupposes_blocks() && !blocks) row.cells[i].standing = Standing::not_applicable;
            judge(row.cells[i], contracts[i]->name(), result.found, candidates);
        }
    }
    find_smallest(candidates, options.jobs, stop, progress);
    verdict.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return verdict;
}

}  // namespace cancelsim::properties
