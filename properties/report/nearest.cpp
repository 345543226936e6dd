#include "properties/report/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "properties/contracts/runner.h"
#include "properties/failure/replay.h"
#include "properties/subject/config_names.h"
#include "sim/strategies/tap.h"

namespace cancelsim::properties {

namespace {

/// Runs that the search for fewer choices may take, and that for one more.
constexpr std::size_t kMostRuns = 2000;

bool counts(const Row& row) { return row.kind != RowKind::choice && row.kind != RowKind::broken; }

bool same(const Story& here, const Row& a, const Story& there, const Row& b) {
    return a.kind == b.kind && a.iteration == b.iteration && a.time == b.time && a.text == b.text &&
           here.columns[a.column] == there.columns[b.column];
}

class Search {
public:
    Search(const Failure& failure, const Story& here)
        : failure_(failure), here_(here), runner_(contracts_of(failure)) {}

    std::optional<Neighbour> run() {
        with_fewer_deviations();
        if (!best_) with_another_kernel();
        if (!best_) with_one_more_choice();
        return std::move(best_);
    }

private:
    /// Keeps the run if it passes, and goes with the failing one for longer than the best so far. What `change` says is
    /// followed by what the run answers to `choice`, if that is given.
    void consider(std::string change, const Failure& candidate, const std::optional<sim::Question>& choice = {}) {
        sim::Replay replay(candidate.schedule);
        if (!runner_.run(candidate.program, candidate.config, &replay).empty()) return;
        Neighbour neighbour{std::move(change), candidate, tell(candidate), {}};
        neighbour.parting = parting_of(here_, neighbour.story);
        if (best_ && neighbour.parting.shared <= best_->parting.shared) return;
        if (choice) neighbour.change += choice_words(neighbour.story, *choice);
        best_ = std::move(neighbour);
    }

    static std::string choice_words(const Story& story, const sim::Question& question) {
        auto choice = story.choices.begin();
        for (const Row& row : story.rows)
            if (row.kind == RowKind::choice && *choice++ == question)
                return fmt::format(": in iteration {}, {}", row.iteration, row.text.substr(kByChoice.size()));
        return {};
    }

    /// Each one, then each two, as far as there are runs for that, then all of them.
    void with_fewer_deviations() {
        const auto& choices = here_.choices;
        std::size_t runs = 0;
        for (const sim::Question& one : choices)
            if (++runs <= kMostRuns) consider("without one choice" + choice_words(here_, one), without({one}));
        if (best_) return;
        for (std::size_t i = 0; i < choices.size(); ++i)
            for (std::size_t j = 0; j < i && ++runs <= kMostRuns; ++j)
                consider("without two choices" + choice_words(here_, choices[j]) + choice_words(here_, choices[i]),
                         without({choices[i], choices[j]}));
        if (best_ || choices.size() < 3) return;
        Failure candidate = failure_;
        candidate.schedule.deviations.clear();
        consider("in the ordinary order", candidate);
    }

    /// The failure without some of its deviations.
    Failure without(std::initializer_list<sim::Question> gone) const {
        Failure candidate = failure_;
        std::erase_if(candidate.schedule.deviations, [&](const sim::Deviation& deviation) {
            return std::find(gone.begin(), gone.end(), deviation.question) != gone.end();
        });
        return candidate;
    }

    /// The first of these that passes: less is different in it than in those that follow.
    void with_another_kernel() {
        for (const model::SwitchEntry& entry : model::all_switches()) {
            if (!failure_.config.switches.has(entry.what)) continue;
            Failure candidate = failure_;
            candidate.config.switches = {};
            for (const model::SwitchEntry& other : model::all_switches())
                if (other.what != entry.what && failure_.config.switches.has(other.what))
                    candidate.config.switches.set(other.what);
            consider(fmt::format("without the defect {}", entry.name), candidate);
        }
        with_kernel(failure_.config.version->name, "narrow");
        with_kernel(model::newest_version().name, "upstream");
        with_kernel(failure_.config.version->name, "ask_waiter");
        for (const model::SwitchEntry& entry : model::all_switches()) {
            if (best_ || entry.origin != model::Origin::live || failure_.config.switches.has(entry.what)) continue;
            Failure candidate = failure_;
            candidate.config.switches.set(entry.what);
            consider(fmt::format("with the fix {}", entry.name), candidate);
        }
        with_kernel(failure_.config.version->name, "event_driven");
    }

    void with_kernel(std::string_view version, std::string_view policy) {
        if (best_) return;
        Failure candidate = failure_;
        candidate.config.version = model::find_version(version);
        candidate.config.policy = model::find_policy(policy);
        consider(fmt::format("under {}", config_text(candidate.config)), candidate);
    }

    void with_one_more_choice() {
        Failure candidate = failure_;
        if (candidate.schedule.asked == 0) candidate.schedule.asked = sim::kAsyncioKinds;
        std::vector<std::pair<sim::Question, std::uint32_t>> questions;
        sim::Replay replay(candidate.schedule);
        sim::Tap asked(replay, [&](const sim::Question& question, std::uint32_t count, std::uint32_t answer) {
            if (answer == 0) questions.emplace_back(question, count);
        });
        runner_.run(candidate.program, candidate.config, &asked);
        auto& deviations = candidate.schedule.deviations;
        std::size_t runs = 0;
        for (const auto& [question, count] : questions) {
            const auto at =
                std::lower_bound(deviations.begin(), deviations.end(), sim::Deviation{question}, sim::by_question) -
                deviations.begin();
            deviations.insert(deviations.begin() + at, {question, 1});
            sim::Deviation& added = deviations[static_cast<std::size_t>(at)];
            for (added.answer = 1; added.answer < count; ++added.answer) {
                if (++runs > kMostRuns) return;
                consider("with one choice more", candidate, question);
            }
            deviations.erase(deviations.begin() + at);
        }
    }

    const Failure& failure_;
    const Story& here_;
    Runner runner_;
    std::optional<Neighbour> best_;
};

}  // namespace

Parting parting_of(const Story& here, const Story& there) {
    Parting parting;
    for (;; ++parting.here, ++parting.there, ++parting.shared) {
        while (parting.here < here.rows.size() && !counts(here.rows[parting.here])) ++parting.here;
        while (parting.there < there.rows.size() && !counts(there.rows[parting.there])) ++parting.there;
        if (parting.here == here.rows.size() || parting.there == there.rows.size()) return parting;
        if (!same(here, here.rows[parting.here], there, there.rows[parting.there])) return parting;
    }
}

std::optional<Neighbour> nearest_passing(const Failure& failure, const Story& here) {
    return Search(failure, here).run();
}

}  // namespace cancelsim::properties
