#include "properties/search/explorer.h"

#include "scenarios/run/trace_writer.h"

namespace cancelsim::properties {

namespace {

/// Most small cases have fewer schedules than that; for them, looking for equal states costs more than it saves.
constexpr std::uint64_t kRunsBeforeMerging = 16;
constexpr std::size_t kSeenAtFirst = 1024;

/// The scope that an event is about, by its number; of a group, its own scope.
std::uint64_t subject_of(const sim::TraceEvent& event) {
    switch (event.kind) {
        case events::scope_entered:
        case events::scope_left:
        case events::cancel:
        case events::deliver:
        case events::shield_changed:
        case events::deadline_changed:
        case events::delivered_to:
        case events::deadline_passed:
        case events::scope_exit: return static_cast<const model::CancelScope*>(event.subject)->id + 1;
        case events::group_entered:
        case events::group_left:
        case events::spawned:
        case events::start_called:
        case events::start_returned:
        case events::started_called:
        case events::task_left_group:
        case events::group_exit: return static_cast<const model::TaskGroup*>(event.subject)->cancel_scope->id + 1;
        default: return 0;
    }
}

}  // namespace

Explorer::Explorer(Contracts contracts, sim::ChoiceKinds asked) : monitor_(std::move(contracts)), choices_(asked) {}

Explored Explorer::explore(const scenarios::Case& program, const model::Config& config, std::uint64_t limit,
                           const Visit& visit) {
    Explored explored;
    choices_.restart();
    seen_count_ = 0;
    seen_.assign(seen_.empty() ? 0 : kSeenAtFirst, 0);
    bool sound = true;
    while (choices_.next()) {
        if (explored.schedules == limit) {
            explored.all = false;
            break;
        }
        ++explored.schedules;
        interpreter_.prepare(program, config, &choices_);
        followed_ = merge_ && sound && explored.schedules > kRunsBeforeMerging;
        history_ = 0;
        monitor_.begin(interpreter_);
        if (followed_)
            interpreter_.watch(*this, scenarios::TraceWriter::wanted() | sim::mask_of(sim::events::iteration));
        interpreter_.run();
        monitor_.end();
        sound = state_.is_sound();
        if (!visit(monitor_.broken())) {
            explored.all = false;
            break;
        }
    }
    return explored;
}

void Explorer::on(const sim::TraceEvent& event) {
    if (event.kind == sim::events::iteration) {
        if (followed_) iteration_begins();
    } else if (followed_) {
        add(event.kind | (event.flag ? 1U << 8 : 0U) | static_cast<std::uint64_t>(event.value) << 32);
        add((event.task != nullptr ? event.task->id + 1 : 0) | subject_of(event) << 32);
        if (event.error != nullptr)
            add(static_cast<std::uint64_t>(event.error->kind) | static_cast<std::uint64_t>(event.error->message) << 8);
    }
}

void Explorer::iteration_begins() {
    add(state_.of(interpreter_));
    add(static_cast<std::uint64_t>(interpreter_.now()));
    if (!state_.is_sound()) {
        followed_ = false;
        return;
    }
    if (!choices_.is_on_its_own() || insert(history_)) return;
    choices_.cut();
    followed_ = false;
}

bool Explorer::insert(std::uint64_t history) {
    if (2 * seen_count_ >= seen_.size()) {
        const std::vector<std::uint64_t> old = std::move(seen_);
        seen_.assign(old.empty() ? kSeenAtFirst : 2 * old.size(), 0);
        seen_count_ = 0;
        for (const std::uint64_t each : old)
            if (each != 0) insert(each);
    }
    const std::size_t mask = seen_.size() - 1;
    if (history == 0) history = 1;
    for (std::size_t at = history >> 20 & mask;; at = (at + 1) & mask) {
        if (seen_[at] == history) return false;
        if (seen_[at] != 0) continue;
        seen_[at] = history;
        ++seen_count_;
        return true;
    }
}

}  // namespace cancelsim::properties
