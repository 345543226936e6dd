// Whether a failure is news: what the release itself does with the same case and the same choices.
#pragma once

#include <cstdint>
#include <string_view>

#include "properties/contracts/runner.h"
#include "properties/failure/failure.h"
#include "properties/failure/known.h"

namespace cancelsim::properties {

/// What a failure is beside what the release itself does.
enum class Label : std::uint8_t {
    news,   ///< nobody has reported it: the base keeps the contract, or breaks it for a reason of which nobody knows
    known,  ///< a finding about the release
    also_upstream,  ///< no finding, but the base breaks the same contract at the same place
};
/// `new`, `known`, `also-upstream`.
std::string_view name_of(Label label);

struct Labelled {
    Label label = Label::news;
    const Finding* finding = nullptr;  ///< of a known one
};

/// Labels failures, one after another.
class Labeller {
public:
    Labeller();

    /// `failure` broke its contract at `place`. It is known only if `base`, on the same case and the same choices,
    /// breaks the same contract at the same place, and the precondition of a finding holds there in both runs.
    Labelled label(const Failure& failure, std::string_view place, const Subject& base);

private:
    struct Look {
        bool broken = false;               ///< at the same place
        const Finding* finding = nullptr;  ///< whose precondition holds there
    };
    Look look(const Failure& failure, std::string_view place, const Subject& subject);

    Runner runner_;
};

}  // namespace cancelsim::properties
