// Sets iterate in the reverse of insertion order; nothing else is left open.
#pragma once

#include "sim/choices.h"

namespace cancelsim::sim {

class Reversed : public Choices {
public:
    Reversed() : Choices(bit(ChoiceKind::set_order)) {}
    std::uint32_t choose(const Question&, std::uint32_t count) override { return count - 1; }
};

}  // namespace cancelsim::sim
