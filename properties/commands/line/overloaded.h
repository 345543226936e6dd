// One visitor of a std::variant, made of a lambda a type.
#pragma once

namespace cancelsim::properties {

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

}  // namespace cancelsim::properties
