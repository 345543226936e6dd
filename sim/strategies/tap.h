// A strategy that another one answers for.
#pragma once

#include <utility>

#include "sim/choices.h"

namespace cancelsim::sim {

/// Passes each question on to `inner`, and calls `told(question, count, answer)`.
template <class Told>
class Tap : public Choices {
public:
    Tap(Choices& inner, Told told)
        : Choices(inner.asked(), inner.injections()), inner_(inner), told_(std::move(told)) {}

    std::uint32_t choose(const Question& question, std::uint32_t count) override {
        const std::uint32_t answer = inner_.choose(question, count);
        told_(question, count, answer);
        return answer;
    }

private:
    Choices& inner_;
    Told told_;
};

}  // namespace cancelsim::sim
