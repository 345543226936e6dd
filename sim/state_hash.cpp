#include "sim/state_hash.h"

#include <algorithm>

namespace cancelsim::sim {

namespace {

constexpr std::size_t kEntries = 256;

/// FNV-1a.
std::uint64_t number_of_name(std::string_view name) {
    std::uint64_t number = 0xcbf29ce484222325;
    for (const char c : name) number = (number ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return number;
}

}  // namespace

void StateHash::begin(const Loop& loop) {
    loop_ = &loop;
    hash_ = 0;
    sound_ = true;
    numbers_ = 0;
    if (entries_.empty()) entries_.resize(kEntries);
    if (++round_ == 0) {
        entries_.assign(entries_.size(), {});
        round_ = 1;
    }
}

std::uint64_t StateHash::value() const {
    std::uint64_t mixed = hash_ ^ (hash_ >> 32);
    mixed *= 0xbf58476d1ce4e5b9;
    return mixed ^ (mixed >> 31);
}

StateHash::Entry& StateHash::find(const void* object) {
    const std::size_t mask = entries_.size() - 1;
    // Multiplied, since addresses of neighbours differ in a few bits only.
    std::size_t at = (reinterpret_cast<std::uintptr_t>(object) * 0x9e3779b97f4a7c15 >> 40) & mask;
    while (entries_[at].round == round_ && entries_[at].object != object) at = (at + 1) & mask;
    return entries_[at];
}

std::uint32_t StateHash::number_of(const void* object) {
    Entry* entry = &find(object);
    if (entry->round == round_) return entry->number;
    if (2 * numbers_ >= entries_.size()) {
        grow();
        entry = &find(object);
    }
    *entry = {object, ++numbers_, round_};
    return numbers_;
}

void StateHash::grow() {
    const std::vector<Entry> old = std::move(entries_);
    entries_.assign(2 * old.size(), {});
    for (const Entry& entry : old)
        if (entry.round == round_) find(entry.object) = entry;
}

void StateHash::refer(const void* object) {
    if (object == nullptr) return add(0);
    const Entry& entry = find(object);
    if (entry.round != round_) sound_ = false;
    add(entry.number);
}

bool StateHash::meet(const void* object) {
    if (object == nullptr) {
        add(0);
        return false;
    }
    const std::uint32_t known = numbers_;
    add(number_of(object));
    return numbers_ != known;
}

void StateHash::add_callback(const Callback& callback) {
    if (callback.function == nullptr) return add(0);
    const char* name = CallbackName::find(callback.function);
    if (name == nullptr)
        sound_ = false;
    else
        add(number_of_name(name));
    refer(callback.argument);
}

void StateHash::add_error(const Error* error) {
    for (; meet(error); error = error->context) {
        add(static_cast<std::uint64_t>(error->kind) | static_cast<std::uint64_t>(error->count) << 8 |
            static_cast<std::uint64_t>(error->name) << 32);
        add(error->message);
        for (std::uint32_t i = 0; i < error->count; ++i) add_error(error->children[i]);
    }
}

void StateHash::add_future(const Future* future) {
    if (future != nullptr && future->is_task)
        refer(future);
    else if (meet(future))
        add_contents(*future);
}

void StateHash::add_contents(const Future& future) {
    add(static_cast<std::uint64_t>(future.state) | (future.is_task ? 1U << 8 : 0U) | (future.stubborn ? 1U << 9 : 0U) |
        (future.is_task && static_cast<const Task&>(future).future_blocking ? 1U << 10 : 0U) |
        static_cast<std::uint64_t>(future.cancel_message) << 32);
    add_error(future.exception);
    add_error(future.cancelled_exc);
    add_callback(future.callback0);
    if (const CallbackNode* node = future.last_callback) do {
            node = node->next;
            add_callback(node->callback);
        } while (node != future.last_callback);
}

void StateHash::add_frames(const Frame* innermost) {
    for (const Frame* frame = innermost; frame != nullptr; frame = frame->caller) {
        add(frame->at);
        add_error(frame->handled);
        add(number_of_name(frame->type->name));
        if (frame->type->hash == nullptr)
            sound_ = false;
        else
            frame->type->hash(*this, *frame);
    }
    add(0);
}

void StateHash::add_queues() {
    add(loop_->futile_);
    add(loop_->ready_.size());
    for (const Callback& handle : loop_->ready_) add_callback(handle);

    timers_.clear();
    loop_->timers_.for_each([this](const Timer& timer) { timers_.push_back(&timer); });
    const auto earlier = [](const Timer* a, const Timer* b) { return a->when < b->when; };
    if (!std::is_sorted(timers_.begin(), timers_.end(), earlier))
        std::stable_sort(timers_.begin(), timers_.end(), earlier);
    add(timers_.size());
    for (const Timer* timer : timers_) {
        add_time(timer->when);
        add_callback(timer->callback);
    }

    for (std::size_t i = loop_->next_arrival_; i < loop_->arrivals_.size(); ++i) {
        const Loop::Arrival& arrival = loop_->arrivals_[i];
        // One whose iteration has come comes now, however late that is.
        const std::uint64_t now = loop_->iteration();
        add(arrival.iteration > now ? arrival.iteration - now : 0);
        add(arrival.delayed);
        add_callback(arrival.callback);
    }
}

}  // namespace cancelsim::sim
