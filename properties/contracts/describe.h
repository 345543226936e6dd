// The words in which contracts tell what happened.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/run/interpreter.h"

namespace cancelsim::properties {

/// "scope `s0`"; for one of the library's own "an unnamed scope", with what is known of whose it is.
std::string scope_words(const scenarios::Interpreter& run, const model::CancelScope& scope);
/// "task `t0`", or "a task that has not started".
std::string task_words(const scenarios::Interpreter& run, const model::Task& task);
/// "at time 3, in iteration 12".
std::string moment_words(sim::Time time, std::uint64_t iteration);
/// What `task` executes or waits in: "statement 4 (`sleep`)", or "no statement".
std::string statement_words(const scenarios::Interpreter& run, const model::Task& task);
/// The same for what `Interpreter::statement_of` said earlier.
std::string statement_words(const scenarios::Interpreter& run, std::uint32_t statement);

/// The kind of place where a live task waits, such as "parked in sleep": a string literal.
std::string_view waiting_place(const scenarios::Interpreter& run, const model::Task& task);
/// The same for a task that waits in such a statement.
std::string_view waiting_place(scenarios::Op op);

}  // namespace cancelsim::properties
