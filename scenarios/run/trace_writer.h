// Writes a run as CASES.md has it: one line of JSON.
#pragma once

#include <string>

#include "scenarios/run/interpreter.h"

namespace cancelsim::scenarios {

/// Collects the trace of a run. Attach it with `wanted()` after `prepare`, call `finish` after
/// `run`.
class TraceWriter : public sim::Observer {
public:
    explicit TraceWriter(const Interpreter& run) : run_(run) {}

    static sim::EventMask wanted();
    void on(const sim::TraceEvent& event) override;
    /// The whole line `{"name":...,"trace":[...]}`, without a line feed; ready for the next run.
    std::string finish();

private:
    void open(const char* kind);
    void add_string(std::string_view text);
    void add_number(std::int64_t number);
    void add_flag(bool flag);
    void add_label(const model::Label& label);
    void add_task(const sim::Task* task);
    void add_outcome(const sim::Error* error);
    void close() { text_ += "],"; }
    void add_end();

    const Interpreter& run_;
    std::string text_;
};

}  // namespace cancelsim::scenarios
