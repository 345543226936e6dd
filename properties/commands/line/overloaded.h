// One visitor of a std::variant, made of a lambda a type.
#pragma once

namespace cancelsim::properties {

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
// clang++ derives none for an aggregate before version 17.
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace cancelsim::properties
