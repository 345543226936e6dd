// Those who watch a run.
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>

#include "sim/trace.h"

namespace cancelsim::sim {

/// Observers, each with the kinds of events that it wants at the moment. An event goes to those who want its kind, in
/// the order in which they were added; an event that nobody wants costs one test. Mostly there is one, which is told
/// without a detour: from each place in the code that tells of something, a call of its own.
class Watchers final : private Observer {
public:
    static constexpr std::uint32_t kMost = 8;

    Watchers() = default;
    Watchers(const Watchers&) = delete;
    Watchers& operator=(const Watchers&) = delete;

    void clear() {
        wanted_ = 0;
        count_ = 0;
    }
    /// Adds an observer, which must outlive its use, and returns its number. Throws std::length_error for more than
    /// `kMost`.
    std::uint32_t add(Observer& observer, EventMask kinds) {
        if (count_ == kMost) throw std::length_error("more than 8 observers watch a run");
        told_ = count_ == 0 ? &observer : this;
        tells_ = told_->tells().data();
        watching_[count_] = {&observer, kinds};
        wanted_ |= kinds;
        return count_++;
    }
    /// From the next event on, observer number `index` gets these kinds too.
    void listen(std::uint32_t index, EventMask kinds) {
        watching_[index].kinds |= kinds;
        wanted_ |= kinds;
    }
    /// From the next event on, observer number `index` does not get these kinds any more.
    void ignore(std::uint32_t index, EventMask kinds) {
        watching_[index].kinds &= ~kinds;
        wanted_ = 0;
        for (std::uint32_t i = 0; i < count_; ++i) wanted_ |= watching_[i].kinds;
    }

    bool want(EventKind kind) const { return (wanted_ >> kind & 1) != 0; }
    /// Only an event of a kind that somebody wants.
    [[gnu::always_inline]] void send(const TraceEvent& event) const {
        tells_[event.kind](*told_, {event.kind, event.flag, event.value}, event.task, event.subject, event.error);
    }

private:
    /// Where there are several.
    void on(const TraceEvent& event) override {
        for (std::uint32_t i = 0; i < count_; ++i)
            if ((watching_[i].kinds >> event.kind & 1) != 0) watching_[i].observer->on(event);
    }

    struct Watching {
        Observer* observer = nullptr;
        EventMask kinds = 0;
    };

    EventMask wanted_ = 0;         ///< kinds that anybody wants
    Observer* told_ = nullptr;     ///< the only one, or this
    const Tell* tells_ = nullptr;  ///< its, by kind
    std::uint32_t count_ = 0;
    std::array<Watching, kMost> watching_{};
};

}  // namespace cancelsim::sim
