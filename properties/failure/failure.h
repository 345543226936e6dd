// A failure: everything that a run was, and what it broke. A token is a failure in one word.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "properties/subject/subject.h"
#include "scenarios/program/case.h"
#include "sim/strategies/record.h"

namespace cancelsim::properties {

struct Failure {
    Subject config;
    scenarios::Case program;
    sim::Schedule schedule;
    std::string contract;
    std::uint64_t digest = 0;  ///< of the trace: see run_digest
};

/// Why a token or a saved failure can't be used: one line.
struct FailureError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// `cs2:SUBJECT:CONTRACT:DIGEST:PAYLOAD`, of letters, digits and `:,._-` only. The subject of a run on the model is
/// `model,ANYIO,POLICY,PYTHON`, and each switch that is on after another comma; on a library `library,ANYIO,PYTHON`,
/// and the hash of each patch: it can be run where there is such a library. The payload is the case and the schedule,
/// in base64url. A failure has exactly one token.
std::string to_token(const Failure& failure);
/// Throws FailureError. Also reads the first version, `cs1:KERNEL:POLICY[+SWITCH...]:PYTHON:CONTRACT:DIGEST:PAYLOAD`,
/// whose payload numbers the questions of the run: what it gives has their names.
Failure from_token(std::string_view token);
/// The first word of `text` that begins as a token does, if there is one.
std::optional<std::string_view> find_token(std::string_view text);

/// 16 hexadecimal digits.
std::string digest_text(std::uint64_t digest);

}  // namespace cancelsim::properties
