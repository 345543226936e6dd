#include "properties/search/odds.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <set>

#include "properties/failure/known.h"
#include "properties/search/parallel.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

namespace {

/// Policies that break promises: CONTRACTS.md names each as a witness. `upstream` is 4.13.0's own, with the zombies.
struct BadPolicy {
    std::string_view name;
    std::string_view contracts;
};
constexpr std::array kBadPolicies{
    BadPolicy{"upstream", "no-rearm-without-live-tasks, no-hot-loop"},
    BadPolicy{"v1", "redelivery"},
    BadPolicy{"v2", "deferred-self-delivery, redelivery"},
    BadPolicy{"v3", "no-livelock, deferred-self-delivery, redelivery"},
    BadPolicy{"edge", "redelivery"},
    BadPolicy{"pr1260", "redelivery"},
};

/// Switches that nothing can catch, and why.
struct OutOfReach {
    std::string_view name;
    std::string_view reason;
};
constexpr std::string_view kNoCancelledLeaf =
    "no case can put a CancelledError into an exception group: anyio's own groups leave them out, so it takes code "
    "that makes such a group itself, and no statement does";
constexpr std::array kOutOfReach{
    OutOfReach{"1091", kNoCancelledLeaf},
    OutOfReach{"634", kNoCancelledLeaf},
    OutOfReach{"gh-111693", "what it changes is between a condition's waiters and breaks no promise"},
    OutOfReach{
        "left-scope",
        "of a million random schedules about one leaves a scope by hand, with tasks parked in it, and cancels it "
        "then; a test has such a program"},
    OutOfReach{"unscoped-caller",
               "of 50,000 random schedules of the two profiles about one has a task in no scope that calls start() "
               "into a group "
               "that is cancelled meanwhile; a hunt of the profile `start` finds it within a few hundred, in a test"},
};

/// The contracts about the program that a case can break, and why random ones do not.
constexpr std::array kOwedByPrograms{
    OutOfReach{"consumed-cancellation", ""},
    OutOfReach{"error-never-seen", ""},
    OutOfReach{"exit-in-wrong-task", ""},
    OutOfReach{"exit-out-of-order", ""},
    OutOfReach{"orphaned-scope", ""},
    OutOfReach{"swallow-and-park",
               "no profile draws a loop of twenty rounds that swallows what cancels it; a test has such a program"},
};

constexpr std::string_view kDeterminism = "determinism";
/// Schedules of the first round of a hunt that ends at its first catch; each further round runs so many times more.
constexpr std::uint64_t kFirstRound = 512;
constexpr std::uint64_t kGrowth = 8;

using Clock = std::chrono::steady_clock;

const std::atomic<bool> kNeverStop{false};

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin < list.size();) {
        const std::size_t end = std::min(list.find(", ", begin), list.size());
        parts.emplace_back(list.substr(begin, end - begin));
        begin = end + 2;
    }
    return parts;
}

model::Config kernel(std::string_view version, std::string_view policy, std::string_view python = "3.11") {
    return {model::find_version(version), model::find_policy(policy), model::find_python(python), {}};
}

/// The profile whose programs can break one of these contracts; nothing where any can.
std::optional<scenarios::Profile> profile_for(const std::vector<std::string>& contracts) {
    constexpr std::array<std::string_view, 5> kOfObjects{"permits-balance", "no-lost-permit", "items-arrive",
                                                         "notify-reaches", "end-of-stream"};
    constexpr std::array<std::string_view, 3> kOfAsyncio{"timeout-is-ours", "asyncio-group", "cancellers-balance"};
    const auto is_one_of = [&](const auto& names) {
        return std::any_of(contracts.begin(), contracts.end(), [&](const std::string& contract) {
            return std::find(names.begin(), names.end(), contract) != names.end();
        });
    };
    if (is_one_of(kOfObjects)) return scenarios::Profile::objects;
    if (is_one_of(kOfAsyncio)) return scenarios::Profile::native;
    return std::nullopt;
}

Twins twins_of(const model::SwitchEntry& entry, std::string_view version) {
    Twins twins;
    twins.name = entry.name;
    twins.expected = split(entry.contracts);
    twins.profile = profile_for(twins.expected);
    // Of what is about objects the newest releases have least beside.
    twins.good = twins.profile ? kernel(model::newest_version().name, "narrow", "3.13") : kernel(version, "narrow");
    // An item is lost by each of several bugs, and the newest release still has one, whose fix hides another.
    if (twins.profile == scenarios::Profile::objects && entry.what != model::Fix::cancelled_receiver_passes_item_on &&
        entry.what != model::Bug::hands_item_to_cancelled_receiver)
        twins.good.switches.set(model::Fix::cancelled_receiver_passes_item_on);
    // The fix of 1214 goes by the task's count of requests, from which F9 (see FINDINGS.md) may take the native one
    // away.
    if (entry.what == model::Fix::asks_again_for_native_cancel)
        twins.good.switches.set(model::Fix::hands_cancels_to_same_host_only);
    // What these mend shows at the same places where another finding does.
    if (entry.what == model::Fix::cancelled_start_raises_error_of_child)
        twins.good.switches.set(model::Fix::cancelled_start_keeps_waiting);
    if (entry.what == model::Fix::cancels_left_scopes) twins.good.switches.set(model::Fix::waits_for_late_children);
    twins.bad = twins.good;
    twins.live = entry.origin == model::Origin::live;
    (twins.live ? twins.good : twins.bad).switches.set(entry.what);
    for (const OutOfReach& row : kOutOfReach)
        if (row.name == entry.name) twins.out_of_reach = row.reason;
    return twins;
}

HuntOptions hunting_of(const OddsOptions& options, const Twins& twins, const model::Config& config) {
    HuntOptions hunting;
    hunting.config = config;
    hunting.against = twins.good;
    hunting.profiles = twins.profile ? std::vector{*twins.profile} : options.profiles;
    hunting.seed = options.seed;
    hunting.schedules = options.limit;
    hunting.strategy = options.strategy;
    hunting.shrink = false;
    return hunting;
}

HuntResult quiet_hunt(const HuntOptions& hunting) {
    return hunt(hunting, kNeverStop, [](std::uint64_t, std::size_t, double) {});
}

/// A kernel without a bug, and what is run on it, by what tells them from the others here.
std::string key_of(const Twins& twins) {
    return config_text(twins.good) + (twins.profile ? std::string(scenarios::name_of(*twins.profile)) : std::string());
}

}  // namespace

std::vector<Twins> all_twins() {
    std::vector<Twins> all;
    for (const BadPolicy& policy : kBadPolicies)
        all.push_back({std::string(policy.name), kernel("4.13.0", policy.name), kernel("4.13.0", "narrow"),
                       split(policy.contracts)});
    for (const model::SwitchEntry& entry : model::all_switches()) {
        // 4.13.0 with the zombies patched away is where most of the history fits. But two it has anyway: its start()
        // ends children as 837 does, and a group that was left may still take tasks.
        // Three fixes are of the start() that later releases have; and what random schedules do not reach is listed
        // once.
        const bool anyway_in_4_13 = entry.what == model::Bug::cancels_started_child_natively ||
                                    entry.what == model::Bug::left_group_takes_tasks;
        const bool only_later = entry.what == model::Fix::cancelled_start_raises_error_of_child ||
                                entry.what == model::Fix::cancelled_start_keeps_waiting ||
                                entry.what == model::Fix::cancels_left_scopes ||
                                entry.what == model::Fix::starts_in_no_scope_for_unscoped_caller;
        if (!anyway_in_4_13 && !only_later) all.push_back(twins_of(entry, "4.13.0"));
        if (all.back().profile) continue;  // it is on the newest anyway
        if (anyway_in_4_13 || entry.origin == model::Origin::live)
            all.push_back(twins_of(entry, model::newest_version().name));
    }
    for (const OutOfReach& owed : kOwedByPrograms) {
        const model::Config release = kernel(model::newest_version().name, "upstream");
        all.push_back({.name = std::string(owed.name),
                       .bad = release,
                       .good = release,
                       .expected = {std::string(owed.name)},
                       .out_of_reach = owed.reason,
                       .of_programs = true});
    }
    return all;
}

Places places_of(HuntOptions hunting, std::uint64_t seeds) {
    std::set<std::pair<std::string, std::string>> places;
    for (std::uint64_t i = 0; i < seeds; ++i, ++hunting.seed)
        for (const Found& found : quiet_hunt(hunting).found) places.emplace(found.failure.contract, found.place);
    return {places.begin(), places.end()};
}

std::vector<Catch> catches(const HuntOptions& hunting, const Places& anyway) try {
    std::vector<Catch> all;
    for (const Found& found : quiet_hunt(hunting).found) {
        const bool is_elsewhere_too =
            std::binary_search(anyway.begin(), anyway.end(), std::pair(found.failure.contract, found.place));
        const bool is_news = hunting.against && found.labelled.label == Label::news;
        if (is_elsewhere_too && !is_news) continue;
        const bool again = std::any_of(all.begin(), all.end(),
                                       [&](const Catch& one) { return one.contract == found.failure.contract; });
        if (!again) all.push_back({found.failure.contract, found.schedule});
    }
    return all;
} catch (const NondeterminismError& error) {
    return {{std::string(kDeterminism), error.schedule}};
}

std::optional<Catch> first_catch(HuntOptions hunting, const Places& anyway) {
    const std::uint64_t limit = hunting.schedules;
    for (std::uint64_t round = kFirstRound;; round *= kGrowth) {
        hunting.schedules = std::min(round, limit);
        const std::vector<Catch> all = catches(hunting, anyway);
        if (!all.empty()) return all.front();
        if (hunting.schedules == limit) return std::nullopt;
    }
}

std::uint64_t Odds::caught() const {
    return static_cast<std::uint64_t>(
        std::count_if(first.begin(), first.end(), [](const auto& one) { return one.has_value(); }));
}

std::optional<std::uint64_t> Odds::median() const {
    std::vector<std::uint64_t> sorted;
    for (const auto& one : first)
        if (one) sorted.push_back(one->schedule + 1);
    std::sort(sorted.begin(), sorted.end());
    const std::size_t middle = first.size() / 2;
    if (sorted.size() <= middle) return std::nullopt;
    return first.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

double Odds::rate(std::uint64_t limit) const {
    double schedules = 0;
    for (const auto& one : first) schedules += static_cast<double>(one ? one->schedule + 1 : limit);
    const auto count = static_cast<double>(caught());
    if (count == 0) return 0;
    // The lower bound of a Poisson rate is the chi-squared quantile at 5 % over twice the trials; this is the
    // approximation of Wilson and Hilferty.
    const double degrees = 2 * count;
    const double root = 1 - 2 / (9 * degrees) - 1.645 * std::sqrt(2 / (9 * degrees));
    return std::max(0.0, degrees * root * root * root / 2 / schedules);
}

std::vector<std::string> Odds::contracts() const {
    std::set<std::string> names;
    for (const Catch& one : by) names.insert(one.contract);
    for (const auto& one : first)
        if (one) names.insert(one->contract);
    return {names.begin(), names.end()};
}

double miss(double rate, std::uint64_t schedules) {
    return std::exp(static_cast<double>(schedules) * std::log1p(-rate));
}

std::uint64_t schedules_for(double rate, double bound) {
    return static_cast<std::uint64_t>(std::ceil(std::log(bound) / std::log1p(-rate)));
}

std::vector<Odds> measure_odds(const OddsOptions& options, const std::atomic<bool>& stop,
                               const OddsProgress& progress) {
    std::vector<Odds> all;
    std::map<std::string, Places> anyway;                    // by the kernel without a bug
    std::vector<std::pair<std::string, HuntOptions>> goods;  // in its order
    for (Twins& twins : all_twins()) {
        const auto [places, is_new] = anyway.try_emplace(key_of(twins));
        if (is_new) goods.emplace_back(key_of(twins), hunting_of(options, twins, twins.good));
        // What a release is known to break it breaks anyway, were it too rare for these schedules.
        if (is_new && twins.good.switches.none()) places->second = known_places(twins.good);
        const std::uint64_t seeds = twins.out_of_reach.empty() ? options.seeds : 0;
        all.push_back({std::move(twins), std::vector<std::optional<Catch>>(seeds), {}, 0});
    }

    std::vector<Places> parts(goods.size() * options.seeds);
    const auto run_good = [&](std::size_t i) {
        HuntOptions hunting = goods[i / options.seeds].second;
        hunting.seed += i % options.seeds;
        parts[i] = places_of(hunting, 1);
    };
    in_parallel(options.jobs, parts.size(), stop, run_good, [&](std::size_t done) {
        progress("hunt " + std::to_string(done) + " of " + std::to_string(parts.size()) + " without a bug");
    });
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Places& places = anyway[goods[i / options.seeds].first];
        places.insert(places.end(), parts[i].begin(), parts[i].end());
    }
    for (auto& [key, places] : anyway) std::sort(places.begin(), places.end());

    // Of each bug: a hunt of all schedules for the contracts that catch it at all, then one hunt a seed.
    const std::size_t hunts = options.seeds + 1;
    const auto run_bad = [&](std::size_t i) {
        Odds& odds = all[i / hunts];
        const Places& places = anyway.at(key_of(odds.twins));
        HuntOptions hunting = hunting_of(options, odds.twins, odds.twins.bad);
        if (odds.twins.of_programs) hunting.contracts = odds.twins.expected;
        if (i % hunts == options.seeds) {
            const auto start = Clock::now();
            odds.by = catches(hunting, places);
            odds.seconds_per_schedule =
                std::chrono::duration<double>(Clock::now() - start).count() / static_cast<double>(options.limit);
            return;
        }
        if (odds.first.empty()) return;
        hunting.seed += i % hunts;
        odds.first[i % hunts] = first_catch(hunting, places);
    };
    in_parallel(options.jobs, all.size() * hunts, stop, run_bad, [&](std::size_t done) {
        progress("hunt " + std::to_string(done) + " of " + std::to_string(all.size() * hunts));
    });
    if (stop) return {};
    return all;
}

}  // namespace cancelsim::properties
