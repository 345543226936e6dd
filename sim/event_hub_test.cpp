// Who is told of what.
#include "sim/event_hub.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sim/event_fields.h"

namespace cancelsim::sim {

namespace {

struct Rang {
    int times;
};
struct Knocked {
    int times;
    Rang before;
};
struct Left {};
using Events = EventList<Rang, Knocked, Left>;
using Log = std::vector<std::string>;

struct Doorman : Observer {
    Doorman(std::string called, Log& told) : name(std::move(called)), log(told) {}
    void on(const Rang& event) { log.push_back(name + " rang " + std::to_string(event.times)); }
    void on(const Knocked& event) { log.push_back(name + " knocked " + std::to_string(event.times)); }

    std::string name;
    Log& log;
};

struct Deaf : Observer {};

template <class Event>
void send(const EventHub<Events>& hub, const Event& event) {
    if (hub.wants<Event>()) hub.send(event);
}

}  // namespace

TEST_CASE("an observer is told of the events for which it has an `on`, in the order in which observers were added") {
    Log log;
    Doorman a("a", log);
    Doorman b("b", log);
    Deaf deaf;
    EventHub<Events> hub;
    hub.add(deaf);
    CHECK_FALSE(hub.wants<Rang>());
    hub.add(a);
    hub.add(b, EventSet<Events>().add<Knocked>());
    send(hub, Rang{1});
    send(hub, Knocked{2, {}});
    send(hub, Left{});
    CHECK(log == Log{"a rang 1", "a knocked 2", "b knocked 2"});
    CHECK_FALSE(hub.wants<Left>());
    hub.clear();
    CHECK_FALSE(hub.wants<Rang>());
}

TEST_CASE("an observer hears and ignores an event as it likes, and the others hear what they heard") {
    Log log;
    Doorman a("a", log);
    Doorman b("b", log);
    EventHub<Events> hub;
    hub.add(a);
    hub.add(b, EventSet<Events>());
    hub.hear<Knocked>(b);
    hub.ignore<Rang>(a);
    CHECK_FALSE(hub.wants<Rang>());
    send(hub, Rang{1});
    send(hub, Knocked{2, {}});
    hub.hear<Rang>(a);
    send(hub, Rang{3});
    CHECK(log == Log{"a knocked 2", "b knocked 2", "a rang 3"});
}

TEST_CASE("at most eight observers watch a run") {
    Log log;
    Doorman a("a", log);
    EventHub<Events> hub;
    for (std::uint32_t i = 0; i < EventHub<Events>::kMost; ++i) hub.add(a);
    CHECK_THROWS_AS(hub.add(a), std::length_error);
}

TEST_CASE("the fields of an event are visited in their order, whatever the event") {
    std::vector<int> seen;
    const auto see = [&]<class Field>(const Field& field) {
        if constexpr (std::is_same_v<Field, int>)
            seen.push_back(field);
        else
            for_each_field(field, [&](int inner) { seen.push_back(inner); });
    };
    const Rang rang{1};
    const Knocked knocked{2, {3}};
    for_each_field(rang, see);
    for_each_field(knocked, see);
    const Left left;
    for_each_field(left, see);
    CHECK(seen == std::vector<int>{1, 2, 3});
}

}  // namespace cancelsim::sim
