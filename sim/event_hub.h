// How those who watch a run are told of it: one struct an event, one overload of `on` for each event that is wanted.
//
// A room lists its events in an EventList and owns an EventHub of them. An observer derives from Observer and has
// `void on(const E&)` for what it wants; what it is told of follows from that. An event that nobody wants costs one
// test and is never built.
#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <tuple>
#include <type_traits>

namespace cancelsim::sim {

/// The types of some events, each once.
template <class... Events>
struct EventList {
    static constexpr std::size_t kCount = sizeof...(Events);

    template <class Event>
    static constexpr bool has = (std::is_same_v<Event, Events> || ...);

    /// The place of `Event` in the list, from 0.
    template <class Event>
    static constexpr std::size_t index_of() {
        static_assert(has<Event>, "the event is in no list: add it where its room lists its events");
        std::size_t index = 0;
        static_cast<void>(((std::is_same_v<Event, Events> || (++index, false)) || ...));
        return index;
    }
    /// Calls `visit(std::type_identity<Event>{})` for each in turn.
    template <class Visit>
    [[gnu::always_inline]] static constexpr void for_each(Visit visit) {
        (visit(std::type_identity<Events>{}), ...);
    }
};

template <class... Lists>
struct JoinedEventLists;
template <class... Events>
struct JoinedEventLists<EventList<Events...>> {
    using List = EventList<Events...>;
};
template <class... First, class... Second, class... Rest>
struct JoinedEventLists<EventList<First...>, EventList<Second...>, Rest...>
    : JoinedEventLists<EventList<First..., Second...>, Rest...> {};
/// The events of several lists as one list.
template <class... Lists>
using JoinEventLists = typename JoinedEventLists<Lists...>::List;

/// Whether an object of class `Listener` has an `on` for `Event`.
template <class Listener, class Event>
concept Hears = requires(Listener& listener, const Event& event) {
    listener.on(event);
};

/// Watches runs; changes nothing of them.
class Observer {
protected:
    Observer() = default;
    Observer(const Observer&) = default;
    Observer& operator=(const Observer&) = default;
    ~Observer() = default;
};

/// Some events of `List`.
template <class List>
class EventSet {
public:
    template <class Event>
    constexpr bool has() const {
        return in_[List::template index_of<Event>()];
    }
    template <class... Events>
    constexpr EventSet& add() {
        ((in_[List::template index_of<Events>()] = true), ...);
        return *this;
    }

private:
    std::array<bool, List::kCount> in_{};
};

template <class List>
class EventHub;

/// Tells observers of the events of one room, in the order in which the observers were added. An observer may stop
/// and resume hearing an event while a run goes on: that takes effect from the next event on.
template <class... Events>
class EventHub<EventList<Events...>> {
public:
    using List = EventList<Events...>;
    static constexpr std::uint32_t kMost = 8;

    EventHub() = default;
    EventHub(const EventHub&) = delete;
    EventHub& operator=(const EventHub&) = delete;

    void clear() {
        wanted_ = {};
        count_ = 0;
    }
    /// Adds `observer`, which must outlive its use. It is told of each event for which it has an `on`. Throws
    /// std::length_error for more than `kMost`.
    template <class Listener>
    void add(Listener& observer) {
        add_for(observer, [](auto) { return true; });
    }
    /// The same, but at first it hears only what is in `first`, an EventSet of a list that has these events.
    template <class Listener, class Set>
    void add(Listener& observer, const Set& first) {
        add_for(observer, [&first]<class Event>(std::type_identity<Event>) { return first.template has<Event>(); });
    }
    /// `observer`, which was added and has an `on` for it, hears `Event` from the next one on.
    template <class Event>
    void hear(const Observer& observer) {
        wanted_[index<Event>] |= bit_of(observer);
    }
    template <class Event>
    void ignore(const Observer& observer) {
        wanted_[index<Event>] &= static_cast<std::uint8_t>(~bit_of(observer));
    }

    template <class Event>
    bool wants() const {
        return wanted_[index<Event>] != 0;
    }
    template <class Event>
    void send(const Event& event) const {
        for (std::uint32_t left = wanted_[index<Event>]; left != 0; left &= left - 1) {
            const int number = std::countr_zero(left);
            std::get<index<Event>> (*tells_[number])(*observers_[number], event);
        }
    }

private:
    template <class Event>
    using Tell = void (*)(Observer& observer, const Event& event);
    using Tells = std::tuple<Tell<Events>...>;

    template <class Event>
    static constexpr std::size_t index = List::template index_of<Event>();

    /// The table is chosen by the class of the observer when that is added: so the downcast is right.
    template <class Listener, class Event>
    static constexpr Tell<Event> tell_of() {
        if constexpr (Hears<Listener, Event>)
            return [](Observer& observer, const Event& event) { static_cast<Listener&>(observer).on(event); };
        else
            return nullptr;
    }
    template <class Listener>
    static constexpr Tells kTells{tell_of<Listener, Events>()...};

    template <class Listener, class IsHeard>
    void add_for(Listener& observer, IsHeard is_heard) {
        if (count_ == kMost) throw std::length_error("more than 8 observers watch a run");
        observers_[count_] = &observer;
        tells_[count_] = &kTells<Listener>;
        const std::uint32_t number = count_++;
        List::for_each([&]<class Event>(std::type_identity<Event> event) {
            if constexpr (Hears<Listener, Event>)
                if (is_heard(event)) wanted_[index<Event>] |= static_cast<std::uint8_t>(1U << number);
        });
    }
    std::uint8_t bit_of(const Observer& observer) const {
        std::uint32_t number = 0;
        while (number < count_ && observers_[number] != &observer) ++number;
        assert(number < count_);
        return static_cast<std::uint8_t>(1U << number);
    }

    std::array<std::uint8_t, List::kCount> wanted_{};  ///< by event: a bit for each observer that wants it now
    std::uint32_t count_ = 0;
    std::array<Observer*, kMost> observers_{};
    std::array<const Tells*, kMost> tells_{};
};

}  // namespace cancelsim::sim
