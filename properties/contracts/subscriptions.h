// Which contracts hear which events at the moment.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "scenarios/run/event_hubs.h"

namespace cancelsim::properties {

/// By event, the numbers of the contracts that hear it. The run is told as soon as nobody hears an event any more: what
/// a hunt costs is the events that somebody hears.
class Subscriptions {
public:
    using Events = scenarios::events::All;
    /// The numbers of contracts are below this.
    static constexpr std::uint32_t kMost = 64;

    /// A run was prepared: `observer` watches it, and each contract hears what it hears at `first`.
    void begin(const scenarios::EventHubs& hubs, const sim::Observer& observer, const Subscriptions& first) {
        heard_ = first.heard_;
        hubs_.emplace(hubs);
        observer_ = &observer;
    }
    template <class Event>
    bool hears(std::uint32_t contract) const {
        return (heard_[index<Event>] >> contract & 1) != 0;
    }
    /// A bit for each contract that hears it.
    template <class Event>
    std::uint64_t heard_by() const {
        return heard_[index<Event>];
    }
    template <class Event>
    bool is_heard() const {
        return heard_[index<Event>] != 0;
    }
    template <class Event>
    void listen(std::uint32_t contract) {
        std::uint64_t& heard = heard_[index<Event>];
        if (heard == 0 && hubs_) hubs_->hear<Event>(*observer_);
        heard |= std::uint64_t{1} << contract;
    }
    template <class Event>
    void ignore(std::uint32_t contract) {
        std::uint64_t& heard = heard_[index<Event>];
        const std::uint64_t before = heard;
        heard &= ~(std::uint64_t{1} << contract);
        if (before != 0 && heard == 0) hubs_->ignore<Event>(*observer_);
    }
    void ignore_all(std::uint32_t contract) {
        Events::for_each([&]<class Event>(std::type_identity<Event>) { ignore<Event>(contract); });
    }

private:
    template <class Event>
    static constexpr std::size_t index = Events::index_of<Event>();

    std::array<std::uint64_t, Events::kCount> heard_{};
    std::optional<scenarios::EventHubs> hubs_;  ///< of the run
    const sim::Observer* observer_ = nullptr;
};

}  // namespace cancelsim::properties
