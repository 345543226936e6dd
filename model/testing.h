// For tests only: a kernel whose tasks are scripts.
#pragma once

#include <cassert>

#include "model/kernel.h"
#include "sim/testing.h"

namespace cancelsim::model {

struct TestKernel : sim::Scripted<Kernel, Task> {
    explicit TestKernel(std::string_view policy = "narrow", std::string_view version = "4.13.0") {
        Config config;
        config.version = find_version(version);
        config.policy = find_policy(policy);
        config.python = find_python("3.11");
        reset(config, nullptr);
    }

    /// Ends a `with` block into which `error`, or null, came: returns the error that leaves it.
    Error* leave(CancelScope& scope, Error* error) { return what_leaves(scope.exit(*this, error), error); }
    /// The same, where `exit` is what its `__exit__` did.
    static Error* what_leaves(const ExitResult& exit, Error* error) {
        assert(exit.raised == nullptr || !exit.swallow);  // it cannot both return and raise
        if (exit.raised != nullptr) return exit.raised;
        return exit.swallow ? nullptr : error;
    }
};

}  // namespace cancelsim::model
