// Whether a failure is news: what the release itself does with the same case and the same choices.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
    /// The known one. Of a new one: whose cause it has, though the base keeps the promise there.
    const Finding* finding = nullptr;

    /// The finding where it is a known one, else null.
    const Finding* known() const { return label == Label::known ? finding : nullptr; }
    /// Whether it is new, and not by the cause of a finding either.
    bool is_of_no_finding() const { return label == Label::news && finding == nullptr; }
    bool operator==(const Labelled&) const = default;
};
/// `new`, `new, as F9`, `also-upstream`, or the number of the finding.
std::string text_of(const Labelled& labelled);
/// What `text_of` gave; nothing for any other text.
std::optional<Labelled> labelled_of(std::string_view text);

/// Labels failures, one after another.
class Labeller {
public:
    /// `failure` broke its contract at `place`. It is known only if `base`, on the same case and the same choices,
    /// breaks the same contract at the same place, and the precondition of a finding holds there in both runs. What
    /// breaks `base` itself where nothing is known is news without a run. Throws what Runner::run does.
    Labelled label(const Failure& failure, std::string_view place, const Subject& base);

private:
    struct Look {
        bool broken = false;               ///< at the same place
        const Finding* finding = nullptr;  ///< whose precondition holds there
    };
    Look look(const Failure& failure, std::string_view place, const Subject& subject);

    std::map<std::string, Runner, std::less<>> runners_;  ///< by their only contracts
};

}  // namespace cancelsim::properties
