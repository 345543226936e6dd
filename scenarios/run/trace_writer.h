// Writes a run as CASES.md has it: one line of JSON.
#pragma once

#include <string>

#include "scenarios/run/interpreter.h"

namespace cancelsim::scenarios {

/// Collects the trace of a run. It watches from between `prepare` and `run` on; call `finish` after `run`.
class TraceWriter : public sim::Observer {
public:
    explicit TraceWriter(const Interpreter& run) : run_(run) {}

    void on(const events::BodyBegan& event);
    void on(const events::BodyEnded& event);
    void on(const events::StatementEnded& event);
    void on(const events::Caught& event);
    void on(const events::Raised& event);
    void on(const events::Skipped& event);
    void on(const events::Noted& event);
    void on(const events::ScopeBlockLeft& event);
    void on(const events::GroupBlockLeft& event);
    void on(const events::ObjectBlockLeft& event);
    void on(const events::Offered& event);
    void on(const events::Received& event);
    void on(const events::TimeoutBlockLeft& event);
    void on(const events::AsyncioGroupBlockLeft& event);
    void on(const events::Gathered& event);
    void on(const events::Waited& event);
    void on(const events::ScopeCancelled& event);
    void on(const events::PassEnded& event);
    void on(const events::CallbackFailed& event);

    /// The whole line `{"name":...,"trace":[...]}`, without a line feed; ready for the next run.
    std::string finish();

private:
    void open(const char* kind);
    /// Of a list that is to be closed.
    void open_results(sim::TaskId task, std::uint32_t statement);
    void add_result(std::string_view text);
    void add_string(std::string_view text);
    void add_number(std::int64_t number);
    void add_flag(bool flag);
    void add_label(const model::Label& label);
    void add_task(sim::TaskId task);
    void add_exit(const char* kind, sim::TaskId task, const model::CancelScope& scope, const sim::Error* error);
    void add_item(const char* kind, sim::TaskId task, std::uint32_t statement, std::uint32_t item);
    void add_outcome(const char* kind, sim::TaskId task, std::uint32_t statement, const sim::Error* error);
    void add_outcome(const sim::Error* error);
    void close() { text_ += "],"; }
    void add_end();
    void add_objects();

    const Interpreter& run_;
    std::string text_;
};

}  // namespace cancelsim::scenarios
