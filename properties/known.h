// What the real library is known to do, though a contract says otherwise: FINDINGS.md has each with
// its evidence.
#pragma once

#include <string_view>

#include "model/defects.h"
#include "model/kernel.h"

namespace cancelsim::properties {

struct KnownFinding {
    std::string_view contract;
    std::string_view place;
    std::string_view title;
    std::string_view explanation;  ///< one or two sentences
    /// Whether it is known of this kernel; on any other the same failure is news.
    bool (*applies)(const model::Config& config);
};

/// The known finding that a failure of `contract` at `place` is, or null.
const KnownFinding* known_finding(const model::Config& config, std::string_view contract,
                                  std::string_view place);

}  // namespace cancelsim::properties
