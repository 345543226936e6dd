// Who is told of what.
#include "sim/watchers.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cancelsim::sim {

namespace {

using Log = std::vector<std::string>;

struct Told : Observer {
    Told(std::string called, Log& told) : name(std::move(called)), log(told) {}
    void on(const TraceEvent& event) override { log.push_back(name + " " + std::to_string(event.kind)); }

    std::string name;
    Log& log;
};

/// Tells apart how it was told.
struct ToldByKind final : Told {
    using Told::Told;
    const Tells& tells() const override {
        static const Tells kTells = [] {
            Tells tells{};
            tells.fill([](Observer& observer, EventHead head, Task*, const void*, Error*) {
                auto& self = static_cast<ToldByKind&>(observer);
                self.log.push_back(self.name + " alone " + std::to_string(head.kind) + (head.flag ? " set " : " not ") +
                                   std::to_string(head.value));
            });
            return tells;
        }();
        return kTells;
    }
};

void send(const Watchers& watchers, EventKind kind) {
    if (watchers.want(kind)) watchers.send({.kind = kind, .flag = true, .value = 7});
}

}  // namespace

TEST_CASE("watchers: each gets its kinds, in the order in which they were added") {
    Log log;
    Told a("a", log);
    Told b("b", log);
    Watchers watchers;
    CHECK_FALSE(watchers.want(3));
    watchers.add(a, mask_of(3, 4));
    send(watchers, 3);
    watchers.add(b, mask_of(3, 63));
    for (const EventKind kind : {EventKind{3}, EventKind{4}, EventKind{5}, EventKind{63}}) send(watchers, kind);
    CHECK(log == Log{"a 3", "a 3", "b 3", "a 4", "b 63"});
    watchers.clear();
    for (const EventKind kind : {EventKind{3}, EventKind{4}, EventKind{63}}) CHECK_FALSE(watchers.want(kind));
}

TEST_CASE("watchers: one listens to more and ignores some, and the others hear what they heard") {
    Log log;
    Told a("a", log);
    Told b("b", log);
    Watchers watchers;
    const auto first = watchers.add(a, mask_of(1));
    watchers.add(b, mask_of(2));
    watchers.listen(first, mask_of(2, 5));
    for (const EventKind kind : {EventKind{1}, EventKind{2}, EventKind{5}}) send(watchers, kind);
    CHECK(log == Log{"a 1", "a 2", "b 2", "a 5"});
    log.clear();
    watchers.ignore(first, mask_of(2, 5));
    for (const EventKind kind : {EventKind{1}, EventKind{2}, EventKind{5}}) send(watchers, kind);
    CHECK(log == Log{"a 1", "b 2"});
    CHECK_FALSE(watchers.want(5));
}

TEST_CASE("watchers: who is alone is told by the function of the kind, who is not by `on`") {
    Log log;
    ToldByKind a("a", log);
    Told b("b", log);
    Watchers watchers;
    watchers.add(a, mask_of(9));
    send(watchers, 9);
    watchers.add(b, mask_of(9));
    send(watchers, 9);
    watchers.clear();
    watchers.add(a, mask_of(9));
    send(watchers, 9);
    CHECK(log == Log{"a alone 9 set 7", "a 9", "b 9", "a alone 9 set 7"});
}

TEST_CASE("watchers: there is an end to how many may watch") {
    Log log;
    Told a("a", log);
    Watchers watchers;
    for (std::uint32_t i = 0; i < Watchers::kMost; ++i) CHECK(watchers.add(a, mask_of(1)) == i);
    CHECK_THROWS_AS(watchers.add(a, mask_of(1)), std::length_error);
}

}  // namespace cancelsim::sim
