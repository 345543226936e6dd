// Faults of the simulator itself: told apart from findings, whatever form they take.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace cancelsim::properties {

/// A fault of ours: the message says what was running.
struct InternalError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What this thread runs. Plain data: a signal handler reads it.
struct Running {
    enum class What : std::uint8_t { nothing, schedule, token } what = What::nothing;
    std::uint64_t seed = 0;       ///< of the hunt, where it is a schedule of one
    std::uint64_t schedule = 0;   ///< its number in the hunt, from 0
    const char* token = nullptr;  ///< ends in 0
};
extern thread_local Running running;

/// Lets `running` be a token for as long as this lives.
class RunningToken {
public:
    /// `token` must outlive it.
    explicit RunningToken(const std::string& token) : before_(running) {
        running = {.what = Running::What::token, .token = token.c_str()};
    }
    ~RunningToken() { running = before_; }
    RunningToken(const RunningToken&) = delete;
    RunningToken& operator=(const RunningToken&) = delete;

private:
    Running before_;
};

/// ` in schedule 7 of the hunt of seed 1`, ` in the run of TOKEN`, or nothing.
std::string running_text();

/// From now on a fatal signal ends the process with exit code 3, and one line on standard error that begins with
/// "cancelsim: internal fault" and says what was running. So do a failed assertion and an exception that nobody
/// catches, which end in SIGABRT.
void report_faults();

/// A second stack for the signal handlers of this thread, for as long as this lives: a thread whose own is used up
/// needs it to say so.
class FaultStack {
public:
    FaultStack();
    ~FaultStack();
    FaultStack(const FaultStack&) = delete;
    FaultStack& operator=(const FaultStack&) = delete;

private:
    std::unique_ptr<char[]> memory_;
};

}  // namespace cancelsim::properties
