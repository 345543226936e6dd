#include "properties/report/nearest.h"

#include <fmt/format.h>

#include <utility>

#include "properties/contracts/runner.h"
#include "properties/failure/replay.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

namespace {

/// Runs that the search for one more choice may take.
constexpr std::size_t kMostRuns = 2000;

bool counts(const Row& row) { return row.kind != RowKind::choice && row.kind != RowKind::broken; }

bool same(const Story& here, const Row& a, const Story& there, const Row& b) {
    return a.kind == b.kind && a.iteration == b.iteration && a.time == b.time && a.text == b.text &&
           here.columns[a.column] == there.columns[b.column];
}

/// Remembers how many alternatives each question had.
class CountedChoices : public sim::Choices {
public:
    CountedChoices(sim::Choices& inner, sim::ChoiceKinds asked) : Choices(asked), inner_(inner) {}
    std::uint32_t choose(sim::ChoiceKind kind, std::uint32_t count) override {
        counts.push_back(count);
        return inner_.choose(kind, count);
    }
    std::vector<std::uint32_t> counts;

private:
    sim::Choices& inner_;
};

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
    static constexpr std::size_t kNoChoice = SIZE_MAX;

    /// Keeps the run if it passes, and goes with the failing one for longer than the best so far. What `change` says is
    /// followed by what the run's deviation number `choice` does, if one is given.
    void consider(std::string change, const Failure& candidate, std::size_t choice = kNoChoice) {
        sim::Replay replay(candidate.schedule);
        if (!runner_.run(candidate.program, candidate.config, &replay).empty()) return;
        Neighbour neighbour{std::move(change), candidate, tell(candidate), {}};
        neighbour.parting = parting_of(here_, neighbour.story);
        if (best_ && neighbour.parting.shared <= best_->parting.shared) return;
        if (choice != kNoChoice) neighbour.change += choice_words(neighbour.story, choice);
        best_ = std::move(neighbour);
    }

    static std::string choice_words(const Story& story, std::size_t choice) {
        for (const Row& row : story.rows)
            if (row.kind == RowKind::choice && choice-- == 0)
                return fmt::format(": in iteration {}, {}", row.iteration, row.text.substr(kByChoice.size()));
        return {};
    }

    /// Each one, then each two, then all of them.
    void with_fewer_deviations() {
        const std::size_t count = failure_.schedule.deviations.size();
        for (std::size_t i = 0; i < count; ++i) consider("without one choice" + choice_words(here_, i), without({i}));
        if (best_) return;
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t j = 0; j < i; ++j)
                consider("without two choices" + choice_words(here_, j) + choice_words(here_, i), without({i, j}));
        if (best_ || count < 3) return;
        Failure candidate = failure_;
        candidate.schedule.deviations.clear();
        consider("in the ordinary order", candidate);
    }

    /// The failure without some of its deviations, the last of them given first.
    Failure without(std::initializer_list<std::size_t> gone) const {
        Failure candidate = failure_;
        for (const std::size_t index : gone)
            candidate.schedule.deviations.erase(candidate.schedule.deviations.begin() +
                                                static_cast<std::ptrdiff_t>(index));
        return candidate;
    }

    /// The first of these that passes: less is different in it than in those that follow.
    void with_another_kernel() {
        for (const model::DefectEntry& entry : model::all_defects()) {
            if (!failure_.config.defects.has(entry.defect)) continue;
            Failure candidate = failure_;
            candidate.config.defects = {};
            for (const model::DefectEntry& other : model::all_defects())
                if (other.defect != entry.defect && failure_.config.defects.has(other.defect))
                    candidate.config.defects.set(other.defect);
            consider(fmt::format("without the defect {}", entry.name), candidate);
        }
        with_kernel(failure_.config.version->name, "narrow");
        with_kernel(model::newest_version().name, "upstream");
        with_kernel(failure_.config.version->name, "ask_waiter");
        for (const model::DefectEntry& entry : model::all_defects()) {
            if (best_ || entry.origin != model::Origin::live || failure_.config.defects.has(entry.defect)) continue;
            Failure candidate = failure_;
            candidate.config.defects.set(entry.defect);
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
        sim::Replay replay(candidate.schedule);
        CountedChoices questions(replay, candidate.schedule.asked);
        runner_.run(candidate.program, candidate.config, &questions);
        const std::vector<sim::Deviation> before = candidate.schedule.deviations;
        std::size_t runs = 0;
        for (std::uint32_t question = 0; question < questions.counts.size(); ++question) {
            for (std::uint32_t answer = 1; answer < questions.counts[question]; ++answer) {
                if (++runs > kMostRuns) return;
                auto at = before.begin();
                while (at != before.end() && at->question < question) ++at;
                if (at != before.end() && at->question == question) continue;
                candidate.schedule.deviations.assign(before.begin(), at);
                candidate.schedule.deviations.push_back({question, answer});
                candidate.schedule.deviations.insert(candidate.schedule.deviations.end(), at, before.end());
                consider("with one choice more", candidate, static_cast<std::size_t>(at - before.begin()));
            }
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
