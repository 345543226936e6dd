// Workers at hand: to start one takes as long as hundreds of runs.
#pragma once

#include <memory>

#include "properties/library/worker.h"

namespace cancelsim::properties {

/// Gives a worker back to those at hand.
struct GiveBack {
    void operator()(Worker* worker) const;
};
using LentWorker = std::unique_ptr<Worker, GiveBack>;

/// The library of `launch`. A worker is started to find out. Throws UsageError where that cannot be, or config_of knows
/// nothing of its releases.
Subject open_library(const Launch& launch);

/// A worker of `library`: one that is at hand, or a new one. Throws UsageError where the library has no launch, or is
/// not as it was any more.
LentWorker worker_of(const Library& library);

}  // namespace cancelsim::properties
