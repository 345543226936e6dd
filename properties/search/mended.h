// What a patch of a library mends.
#pragma once

#include <atomic>
#include <vector>

#include "properties/search/hunt.h"

namespace cancelsim::properties {

/// How many schedules of the model are looked at: it takes as long as some ten on a library.
constexpr std::uint64_t kLookedAtOnModel = 20'000;

/// What the release breaks, and keeps with the patches of `options.config` on the same case and the same choices. The
/// model says what to look at; what it says is run on the library, without the patches and with them. Their `failure`
/// is of the release without them.
std::vector<Found> mended(const HuntOptions& options, const std::atomic<bool>& stop);

}  // namespace cancelsim::properties
