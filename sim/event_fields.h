// The fields of an event, whatever its type: for those who hash, compare or print events.
#pragma once

#include <cstddef>
#include <type_traits>

namespace cancelsim::sim {

namespace detail {

struct Anything {
    template <class Type>
    operator Type() const;
};

template <class Event, class... Fields>
constexpr std::size_t count_fields() {
    if constexpr (requires { Event{Fields{}..., Anything{}}; })
        return count_fields<Event, Fields..., Anything>();
    else
        return sizeof...(Fields);
}

}  // namespace detail

/// How many fields an aggregate of up to eight has.
template <class Event>
inline constexpr std::size_t kFieldCount = detail::count_fields<Event>();

/// Calls `visit(field)` for each field of `event`, an aggregate of up to eight, in order. They are as constant as it
/// is.
template <class Event, class Visit>
constexpr void for_each_field(Event& event, Visit visit) {
    constexpr std::size_t kCount = kFieldCount<std::remove_const_t<Event>>;
    static_assert(kCount <= 8);
    const auto visit_all = [&](auto&... fields) { (visit(fields), ...); };
    if constexpr (kCount == 1) {
        auto& [a] = event;
        visit_all(a);
    } else if constexpr (kCount == 2) {
        auto& [a, b] = event;
        visit_all(a, b);
    } else if constexpr (kCount == 3) {
        auto& [a, b, c] = event;
        visit_all(a, b, c);
    } else if constexpr (kCount == 4) {
        auto& [a, b, c, d] = event;
        visit_all(a, b, c, d);
    } else if constexpr (kCount == 5) {
        auto& [a, b, c, d, e] = event;
        visit_all(a, b, c, d, e);
    } else if constexpr (kCount == 6) {
        auto& [a, b, c, d, e, f] = event;
        visit_all(a, b, c, d, e, f);
    } else if constexpr (kCount == 7) {
        auto& [a, b, c, d, e, f, g] = event;
        visit_all(a, b, c, d, e, f, g);
    } else if constexpr (kCount == 8) {
        auto& [a, b, c, d, e, f, g, h] = event;
        visit_all(a, b, c, d, e, f, g, h);
    }
}

}  // namespace cancelsim::sim
