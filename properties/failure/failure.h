// A failure: everything that a run was, and what it broke. A token is a failure in one word.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "model/defects.h"
#include "model/kernel.h"
#include "scenarios/program/case.h"
#include "sim/strategies/record.h"

namespace cancelsim::properties {

struct Failure {
    model::Config config;
    scenarios::Case program;
    sim::Schedule schedule;
    std::string contract;
    std::uint64_t digest = 0;  ///< of the trace: see run_digest
};

/// Why a token or a saved failure can't be used: one line.
struct FailureError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// `cs1:KERNEL:POLICY[+DEFECT...]:PYTHON:CONTRACT:DIGEST:PAYLOAD`, of letters, digits and `:.+_-`
/// only. The payload is the case and the schedule, in base64url.
std::string to_token(const Failure& failure);
/// Throws FailureError.
Failure from_token(std::string_view token);

/// 16 hexadecimal digits.
std::string digest_text(std::uint64_t digest);

}  // namespace cancelsim::properties
