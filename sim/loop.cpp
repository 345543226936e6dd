#include "sim/loop.h"

#include <algorithm>
#include <cassert>

namespace cancelsim::sim {

namespace {
/// An answer from outside that is late comes at most this many iterations later than the case says.
constexpr std::uint32_t kLongestDelay = 3;

/// Asks for the memory of the task that `timer` is to wake next, of which its frame is allocated just before it: with
/// thousands of tasks it is far away.
void prefetch_around(const Timer& timer) {
    constexpr std::ptrdiff_t kLine = 64;
    const auto* end = reinterpret_cast<const char*>(&timer + 1) - 1;
    for (std::ptrdiff_t line = 0; line < 5; ++line) __builtin_prefetch(end - line * kLine);
}
}  // namespace

void (*on_long_run)(bool first) = nullptr;

const char* name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::quiescent: return "quiescent";
        case Verdict::spin: return "spin";
        case Verdict::budget: return "budget";
        case Verdict::runaway: return "runaway";
    }
    return "";
}

void Loop::reset(Choices* choices, const Python& python) {
    ready_.clear();
    timers_.clear();
    arrivals_.clear();
    next_arrival_ = 0;
    tasks_.clear();
    clock_ = {};
    handles_ = 0;
    steps_ = 0;
    long_at_ = kLongRun;
    hot_ = 0;
    futile_ = 0;
    askers_.clear();
    current_ = nullptr;
    hub_.clear();
    on_parked(nullptr);
    choices_ = choices;
    asked_ = choices != nullptr ? choices->asked() : ChoiceKinds{0};
    on_injection(nullptr);
    injections_left_ = choices != nullptr ? choices->injections() : 0;
    ties_at_ = -1;
    ties_ = 0;
    python_ = python;
    arena_.reset();
}

void Loop::arrive_at_iteration(std::uint64_t iteration, Callback callback) {
    assert(clock_.iteration == 0 && next_arrival_ == 0);
    auto after = std::upper_bound(arrivals_.begin(), arrivals_.end(), iteration,
                                  [](std::uint64_t k, const Arrival& other) { return k < other.iteration; });
    arrivals_.insert(
        after, {.iteration = iteration, .number = static_cast<std::uint32_t>(arrivals_.size()), .callback = callback});
}

Verdict Loop::run(std::uint64_t budget) {
    for (;;) {
        const bool arrivals_left = next_arrival_ < arrivals_.size();
        if (timers_.empty() && !arrivals_left) {
            if (ready_.empty()) return Verdict::quiescent;
            if (futile_ >= kFutileLimit) return Verdict::spin;
        }
        if (clock_.iteration >= budget) return Verdict::budget;
        run_once();
        if (handles_ >= long_at_) [[unlikely]]
            is_long();
    }
}

void Loop::is_long() {
    const bool first = long_at_ == kLongRun;
    long_at_ = handles_ + kLongRun;
    if (on_long_run != nullptr) on_long_run(first);
}

void Loop::run_once() {
    ++clock_.iteration;
    emit(events::IterationBegan{clock_.iteration});
    if (clock_.iteration - clock_.time_moved_in > kStandstill) [[unlikely]]
        emit(events::TimeStoodStill{});
    if (clock_.now >= clock_.alarm) [[unlikely]] {
        clock_.alarm = kInfinity;
        emit(events::AlarmRang{});
    }
    if (asks(ChoiceKind::inject)) [[unlikely]]
        inject();
    const Time before = clock_.now;
    if (next_arrival_ < arrivals_.size()) {
        // Nothing to do and nothing due: the real loop would block here until the outside world
        // answers.
        const bool would_block = ready_.empty() && (timers_.empty() || timers_.next() > clock_.now);
        take_arrivals(would_block);
    }
    if (!timers_.empty()) {
        const Time next = timers_.next();
        if (next > clock_.now) pass_time(next);
        if (next <= clock_.now) take_due_timers();
    }
    if (asks(ChoiceKind::ready_order)) choose_ready_order();

    const std::uint64_t handles_before = handles_;
    polled_ = 0;
    run_ready();
    assert(current_ == nullptr);
    if (polled_ != 0 && polled_ == handles_ - handles_before && clock_.now == before) {
        ++hot_;
        ++futile_;
        emit(events::FutileIteration{futile_});
    } else {
        futile_ = 0;
    }
}

/// Runs the handles that are ready. What a handle adds waits for the next iteration.
void Loop::run_ready() {
    // Handles are counted beforehand; those that a Runaway leaves unrun are taken back.
    struct Unrun {
        std::uint64_t& handles;
        std::size_t left;
        ~Unrun() { handles -= left; }
    } unrun{handles_, ready_.size()};
    handles_ += unrun.left;
    while (unrun.left != 0) {
        --unrun.left;
        const Callback handle = ready_.pop_front();
        handle.function(*this, handle.argument);
    }
}

const CallbackName Loop::kTimerName{&run_timer, "timer"};

void Loop::run_timer(Loop& loop, void* argument) {
    Timer& timer = *static_cast<Timer*>(argument);
    if (timer.state != TimerState::due) {  // cancelled by an earlier handle of this iteration
        --loop.handles_;
        return;
    }
    timer.state = TimerState::idle;
    timer.callback.function(loop, timer.callback.argument);
}

void Loop::take_arrivals(bool would_block) {
    const std::uint64_t last =
        would_block ? std::max(arrivals_[next_arrival_].iteration, clock_.iteration) : clock_.iteration;
    if (!would_block && asks(ChoiceKind::arrival)) {
        bool moved = false;
        for (std::size_t i = next_arrival_; i < arrivals_.size() && arrivals_[i].iteration <= last; ++i) {
            Arrival& arrival = arrivals_[i];
            if (arrival.delayed >= kLongestDelay) continue;
            if (choose({.kind = ChoiceKind::arrival, .owner = arrival.number, .at = arrival.delayed}, 2) == 0) continue;
            ++arrival.delayed;
            arrival.iteration = clock_.iteration + 1;
            moved = true;
        }
        if (moved) sort_arrivals();
    }
    for (; next_arrival_ < arrivals_.size() && arrivals_[next_arrival_].iteration <= last; ++next_arrival_) {
        const Callback& callback = arrivals_[next_arrival_].callback;
        call_soon(callback.function, callback.argument);
    }
}

/// By iteration, those of one iteration as they were. An insertion sort: std::stable_sort would allocate.
void Loop::sort_arrivals() {
    const auto earlier = [](const Arrival& a, const Arrival& b) { return a.iteration < b.iteration; };
    const auto first = arrivals_.begin() + static_cast<std::ptrdiff_t>(next_arrival_);
    for (auto at = first; at != arrivals_.end(); ++at)
        std::rotate(std::upper_bound(first, at, *at, earlier), at, at + 1);
}

/// `next`, when the next timer is due, is to come.
void Loop::pass_time(Time next) {
    // Where the real loop would block, and where it spins and the clock would move on under it.
    const bool blocks_or_spins = ready_.empty() || futile_ >= kFutileLimit;
    if (!blocks_or_spins) {
        if (!asks(ChoiceKind::elapse)) return;
        if (choose({.kind = ChoiceKind::elapse, .at = clock_.iteration}, 2) == 0) return;
    }
    assert(next > clock_.now);
    clock_.now = next;
    clock_.time_moved_in = clock_.iteration;
}

void Loop::take_due_timers() {
    const std::size_t first = ready_.size();
    while (Timer* timer = timers_.take_due(clock_.now)) ready_.push_back({&run_timer, timer});
    if (timers_.many()) [[unlikely]]
        prefetch_upcoming();
    if (asks(ChoiceKind::timer_order)) choose_timer_order(first);
}

/// Of the second to come: what is around the first has come.
void Loop::prefetch_upcoming() {
    if (const Timer* second = timers_.upcoming(1)) prefetch_around(*second);
}

void Loop::inject() {
    if (injections_left_ == 0 || injection_hook_ == nullptr) return;
    if (choose({.kind = ChoiceKind::inject, .at = clock_.iteration}, 2) == 0) return;
    --injections_left_;
    injection_hook_(*this);
}

void Loop::choose_timer_order(std::size_t first) {
    auto when = [](const Callback& handle) { return static_cast<const Timer*>(handle.argument)->when; };
    Question question{.kind = ChoiceKind::timer_order, .at = static_cast<std::uint64_t>(clock_.now)};
    for (Callback* at = ready_.begin() + first; at != ready_.end();) {
        Callback* end = at + 1;
        while (end != ready_.end() && when(*end) == when(*at)) ++end;
        if (end - at >= 2) {
            if (ties_at_ != clock_.now) ties_ = 0;
            ties_at_ = clock_.now;
            question.nth = ties_++;
            choose_order(at, end, question);
        }
        at = end;
    }
}

void Loop::choose_ready_order() {
    choose_order(ready_.begin(), ready_.end(), {.kind = ChoiceKind::ready_order, .at = clock_.iteration});
}

/// Orders [begin, end), handle by handle.
void Loop::choose_order(Callback* begin, Callback* end, Question question) {
    if (end - begin > kMany) return choose_order_of_many(begin, end, question);
    for (Callback* at = begin; end - at >= 2; ++at) {
        question.position = static_cast<std::uint32_t>(at - begin);
        Callback* chosen = at + choose(question, static_cast<std::uint32_t>(end - at));
        std::rotate(at, chosen, chosen + 1);
    }
}

void Loop::choose_order_of_many(Callback* begin, Callback* end, Question question) {
    const std::vector<Callback> all(begin, end);
    const auto count = static_cast<std::uint32_t>(all.size());
    std::vector<std::uint32_t> memory(count + 1);
    Untaken untaken(memory.data(), count);
    for (std::uint32_t taken = 0; taken < count; ++taken) {
        question.position = taken;
        begin[taken] = all[untaken.take(count - taken >= 2 ? choose(question, count - taken) : 0)];
    }
}

}  // namespace cancelsim::sim
