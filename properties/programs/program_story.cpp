#include "properties/programs/program_story.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "properties/failure/replay.h"

namespace cancelsim::properties {

namespace {

constexpr std::string_view kLoop = "the loop";
constexpr std::string_view kOutside = "outside";

using Kind = ProgramRow::Kind;

/// Watches one run; `finish` ends its story. It has to see every event after `contract` has.
class Teller final : public sim::Observer {
public:
    explicit Teller(const Contract& contract) : contract_(contract) {}

    void begin(RunInfo& info, const scenarios::EventHubs& hubs) {
        info_ = &info;
        world_.begin(info.clock(), info.start_under_caller());
        hubs.add(*this);
    }
    template <class Event>
    void on(const Event& event) {
        if constexpr (sim::Hears<World, Event>) world_.on(event);
        if constexpr (requires { tell(event); }) tell(event);
        tell_if_broken();
    }
    ProgramStory finish() {
        tell_if_broken();
        std::string text = "the run is cut short";
        switch (info_->verdict()) {
            case sim::Verdict::quiescent: text = "nothing is left to do"; break;
            case sim::Verdict::spin: text = "only delivery passes are left, for ever"; break;
            case sim::Verdict::budget:
            case sim::Verdict::runaway: break;
        }
        add(Kind::end, {}, text);
        return std::move(story_);
    }

private:
    void tell(const events::TaskCreated& event) {
        if (event.task != kMain) add(event.by, "starts " + words().task(event.task));
    }
    void tell(const events::TaskResumed& event) {
        if (event.thrown != nullptr) add(event.task, "gets " + words().outcome(event.thrown));
    }
    void tell(const events::TaskParked& event) {
        const std::uint32_t at = info_->statement_of(event.task);
        std::string text = at == scenarios::kNoStatement ? "waits" : "waits in " + info_->place_text(at);
        if (event.refuses) text += ", for what cannot be cancelled";
        add(event.task, text);
    }
    void tell(const events::TaskDone& event) {
        if (event.cancelled) return add(event.task, "ends, cancelled");
        add(event.task, event.error == nullptr ? "returns" : "ends with " + words().outcome(event.error));
    }
    void tell(const events::CancelRequested& event) {
        std::string text = "cancels " + words().task(event.task);
        if (!event.accepted) text += ", which is done already";
        switch (event.by.kind) {
            case By::Kind::program: return add(event.by.task, text);
            case By::Kind::outside: return add(Kind::outside, std::string(kOutside), text);
            case By::Kind::scope: return add(Kind::event, std::string(kLoop), scope(event.by.id) + " " + text);
            case By::Kind::deadline:
            case By::Kind::group:
            case By::Kind::child: return add(event.by.task, "(a task group of anyio's) " + text);
            case By::Kind::start: return add(event.by.task, "(a start() that is cancelled) " + text);
            case By::Kind::forwarded: return add(event.by.task, "(its own cancellation, handed on) " + text);
            case By::Kind::timeout: return add(event.by.task, "(an asyncio timeout that expires) " + text);
            case By::Kind::asyncio_group: return add(event.by.task, "(a TaskGroup of asyncio's) " + text);
            case By::Kind::wait_for: return add(event.by.task, "(a wait_for that is over) " + text);
            case By::Kind::again: return add(event.by.task, "(once more) " + text);
        }
    }
    void tell(const events::Uncancelled& event) {
        add(event.task, fmt::format("takes a request back: `cancelling()` is {}", event.requests));
    }
    void tell(const events::ScopeEntered& event) {
        if (event.purpose != model::Purpose::program && event.purpose != model::Purpose::group) return;
        entered_in_[event.scope] = info_->statement_of(event.task);
        add(event.task, "enters " + scope(event.scope));
    }
    void tell(const events::ScopeLeft& event) {
        if (entered_in_.find(event.scope) == nullptr) return;
        add(event.task, "leaves " + scope(event.scope) + (event.swallowed ? ", which swallows the cancellation" : ""));
    }
    void tell(const events::ScopeExitFailed& event) {
        add(event.task, "cannot leave " + scope(event.scope) + ": " + words().outcome(event.error));
    }
    void tell(const events::DeadlineReached& event) {
        add(Kind::event, std::string(kLoop), "the deadline of " + scope(event.scope) + " has come");
    }
    void tell(const events::ScopeCancelled& event) {
        if (event.by.kind == By::Kind::deadline) return;  // told already
        const bool outside = event.by.kind == By::Kind::outside;
        const std::string text = "cancels " + scope(event.scope);
        if (outside) return add(Kind::outside, std::string(kOutside), text);
        add(event.by.task, text);
    }
    void tell(const events::CallbackFailed& event) {
        add(Kind::event, std::string(kLoop), "a callback raises " + words().outcome(event.error));
    }

    void tell_if_broken() {
        if (story_.broken || !contract_.broken()) return;
        story_.broken = true;
        add(Kind::broken, {}, fmt::format("{} breaks at: {}", contract_.name(), contract_.place().name()));
    }

    void add(TaskId task, std::string text) {
        add(Kind::event, task == kNobody ? std::string(kLoop) : words().task(task), std::move(text));
    }
    /// What a task does again and again in a row is told once.
    void add(Kind kind, std::string who, std::string text) {
        ProgramRow row{kind, world_.iteration(), world_.now(), std::move(who), std::move(text)};
        std::string& last = last_of(row.who);
        if (kind == Kind::event && last == row.text) return;
        if (kind == Kind::event) last = row.text;
        story_.rows.push_back(std::move(row));
    }
    std::string& last_of(const std::string& who) {
        const auto at = std::find_if(last_.begin(), last_.end(), [&](const auto& each) { return each.first == who; });
        return at != last_.end() ? at->second : last_.emplace_back(who, std::string()).second;
    }

    std::string scope(ScopeId id) const {
        const std::uint32_t* at = entered_in_.find(id);
        if (at == nullptr || *at == scenarios::kNoStatement) return words().scope(id);
        return "the scope of " + info_->place_text(*at);
    }
    Words words() const { return {world_, *info_}; }

    const Contract& contract_;
    RunInfo* info_ = nullptr;
    World world_;
    ById<std::uint32_t> entered_in_;                         ///< by scope that the program made: where it was entered
    std::vector<std::pair<std::string, std::string>> last_;  ///< by who: the text of the last row
    ProgramStory story_;
};

ProgramNeighbour without_last_choice(const ProgramFailure& failure, const ProgramStory& here) {
    ProgramFailure other = failure;
    auto& deviations = other.schedule.deviations;
    const bool injected = deviations.back().question.kind == sim::ChoiceKind::inject;
    deviations.pop_back();
    if (injected && !deviations.empty() && deviations.back().question.kind == sim::ChoiceKind::inject &&
        failure.schedule.deviations.back().question.position == 1)
        deviations.pop_back();
    ProgramNeighbour neighbour;
    neighbour.change = injected ? "without the last cancellation from outside" : "without the last choice";
    neighbour.story = tell(other);
    const auto& rows = neighbour.story.rows;
    const auto parts = std::mismatch(here.rows.begin(), here.rows.end(), rows.begin(), rows.end());
    neighbour.shared = static_cast<std::size_t>(parts.second - rows.begin());
    return neighbour;
}

}  // namespace

ProgramStory tell(const ProgramFailure& failure) {
    Runner runner(make_contracts(std::vector{failure.contract}));
    Teller teller(*runner.contracts().front());
    sim::Replay replay(failure.schedule);
    runner.run(failure.program, failure.config, &replay, teller);
    return teller.finish();
}

ProgramExplanation explain(const ProgramFailure& failure) {
    ProgramExplanation explanation{exact_account_of(failure), tell(failure), {}};
    if (failure.schedule.deviations.empty()) return explanation;
    ProgramNeighbour neighbour = without_last_choice(failure, explanation.story);
    if (!neighbour.story.broken) explanation.nearest.push_back(std::move(neighbour));
    return explanation;
}

}  // namespace cancelsim::properties
