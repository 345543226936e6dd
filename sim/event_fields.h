// The fields of an event, whatever its type: for those who hash, compare or print events.
#pragma once

#include <cstddef>

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

/// Calls `visit(field)` for each field of `event`, an aggregate of up to eight, in order.
template <class Event, class Visit>
constexpr void for_each_field(const Event& event, Visit visit) {
    constexpr std::size_t kCount = detail::count_fields<Event>();
    static_assert(kCount <= 8);
    const auto visit_all = [&](const auto&... fields) { (visit(fields), ...); };
    if constexpr (kCount == 1) {
        const auto& [a] = event;
        visit_all(a);
    } else if constexpr (kCount == 2) {
        const auto& [a, b] = event;
        visit_all(a, b);
    } else if constexpr (kCount == 3) {
        const auto& [a, b, c] = event;
        visit_all(a, b, c);
    } else if constexpr (kCount == 4) {
        const auto& [a, b, c, d] = event;
        visit_all(a, b, c, d);
    } else if constexpr (kCount == 5) {
        const auto& [a, b, c, d, e] = event;
        visit_all(a, b, c, d, e);
    } else if constexpr (kCount == 6) {
        const auto& [a, b, c, d, e, f] = event;
        visit_all(a, b, c, d, e, f);
    } else if constexpr (kCount == 7) {
        const auto& [a, b, c, d, e, f, g] = event;
        visit_all(a, b, c, d, e, f, g);
    } else if constexpr (kCount == 8) {
        const auto& [a, b, c, d, e, f, g, h] = event;
        visit_all(a, b, c, d, e, f, g, h);
    }
}

}  // namespace cancelsim::sim
