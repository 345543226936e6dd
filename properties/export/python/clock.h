// On what time a failure shows in Python.
#pragma once

#include <cstdint>
#include <string>

#include "properties/export/python/loops.h"
#include "properties/failure/failure.h"

namespace cancelsim::properties::python {

/// Where a failure can be shown, found out by trying.
struct ClockNeeds {
    /// Why only a virtual clock shows it, as the end of a sentence that begins with "because"; empty where real time
    /// does.
    std::string reason;
    /// Real time can't show it at all, whatever the user prefers.
    bool impossible = false;
};

/// Whether `failure`, which breaks at `time`, also breaks where timers are a little late and sets are in any order.
ClockNeeds clock_needs(const Failure& failure, std::int64_t time);

/// Answers by kind: what an exported file does, also on another kernel, where other questions come in between.
class ChoicesByKind : public sim::Choices {
public:
    explicit ChoicesByKind(const KindDeviations& deviations);
    std::uint32_t choose(const sim::Question& question, std::uint32_t count) override;

private:
    const KindDeviations& deviations_;
    std::array<std::uint32_t, sim::kChoiceKinds> questions_{};
};

/// The schedule of `failure`, each kind's own questions counted. Throws FailureError for one that asyncio never has.
KindDeviations deviations_by_kind(const Failure& failure);

}  // namespace cancelsim::properties::python
