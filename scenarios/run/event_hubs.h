// The hubs of all events of a subject, as one.
#pragma once

#include "scenarios/run/events.h"

namespace cancelsim::scenarios {

/// The hubs of a loop, of the library on it, and of the program that runs: an event is sent by the hub of its room.
struct EventHubs {
    sim::EventHub<sim::events::All>& loop;
    sim::EventHub<model::events::Own>& library;
    sim::EventHub<events::Own>& program;

    /// See EventHub::add, hear, ignore.
    template <class Listener, class... Set>
    void add(Listener& observer, const Set&... first) const {
        loop.add(observer, first...);
        library.add(observer, first...);
        program.add(observer, first...);
    }
    template <class Event>
    void hear(const sim::Observer& observer) const {
        hub_of<Event>().template hear<Event>(observer);
    }
    template <class Event>
    void ignore(const sim::Observer& observer) const {
        hub_of<Event>().template ignore<Event>(observer);
    }

private:
    template <class Event>
    auto& hub_of() const {
        if constexpr (events::Own::has<Event>)
            return program;
        else if constexpr (model::events::Own::has<Event>)
            return library;
        else
            return loop;
    }
};

}  // namespace cancelsim::scenarios
