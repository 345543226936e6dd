#include "properties/search/explorer.h"

namespace cancelsim::properties {

namespace {

/// Most small cases have fewer schedules than that; for them, looking for equal states costs more than it saves.
constexpr std::uint64_t kRunsBeforeMerging = 16;
constexpr std::size_t kSeenAtFirst = 1024;

}  // namespace

Explorer::Explorer(Contracts contracts, sim::ChoiceKinds asked) : monitor_(std::move(contracts)), choices_(asked) {}

Explored Explorer::explore(const scenarios::Case& program, const Subject& config, std::uint64_t limit,
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
        monitor_.begin(info_);
        if (followed_) interpreter_.watch(*this);
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

void Explorer::iteration_begins() {
    add(state_.of(interpreter_));
    add(static_cast<std::uint64_t>(interpreter_.kernel().now()));
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
