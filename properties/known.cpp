#include "properties/known.h"

#include <array>

namespace cancelsim::properties {

namespace {

bool is_sound(const model::Config& config) {
    const auto policy = config.policy->name;
    const bool unpatched = policy == "upstream" && config.version->skips_done_tasks;
    return config.defects.none() && (unpatched || policy == "narrow");
}

constexpr std::array kFindings{
    KnownFinding{"no-hot-loop", "stubborn future", "anyio issue 1257",
                 "A task that waits on a future whose cancel() refuses keeps every cancelled scope "
                 "around it re-arming "
                 "until the future is done.",
                 &is_sound},
    KnownFinding{"single-flight", "past deadline", "a past deadline starts two delivery loops",
                 "Entering a scope whose deadline has passed delivers once from the deadline and "
                 "once more from "
                 "__enter__, and both re-arm.",
                 &is_sound},
};

}  // namespace

const KnownFinding* known_finding(const model::Config& config, std::string_view contract,
                                  std::string_view place) {
    for (const KnownFinding& finding : kFindings)
        if (finding.contract == contract && finding.place == place && finding.applies(config))
            return &finding;
    return nullptr;
}

}  // namespace cancelsim::properties
