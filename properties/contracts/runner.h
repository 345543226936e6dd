// Runs cases under contracts.
#pragma once

#include <cstdint>
#include <string>

#include "properties/contracts/monitor.h"
#include "scenarios/run/trace_writer.h"

namespace cancelsim::properties {

/// One interpreter with its monitor: everything that one thread of a hunt needs. In the steady
/// state `run` allocates nothing.
class Runner {
public:
    explicit Runner(Contracts contracts) : monitor_(std::move(contracts)), writer_(interpreter_) {}

    /// Runs `program`, which must outlive what is read of the run; returns the contracts that it
    /// broke.
    const std::vector<Contract*>& run(const scenarios::Case& program, const model::Config& config,
                                      sim::Choices* choices);
    /// The same; `also`, which begins to watch the run in its `begin`, is told of each event after the contracts are.
    template <class Listener>
    const std::vector<Contract*>& run(const scenarios::Case& program, const model::Config& config,
                                      sim::Choices* choices, Listener& also) {
        interpreter_.prepare(program, config, choices);
        monitor_.begin(info_);
        also.begin(interpreter_);
        interpreter_.run();
        monitor_.end();
        return monitor_.broken();
    }
    /// The same as without it, and keeps the trace.
    const std::vector<Contract*>& run_traced(const scenarios::Case& program, const model::Config& config,
                                             sim::Choices* choices) {
        return run_watched(program, config, choices, [](scenarios::Interpreter&) {});
    }
    /// The same; `also` is told of each event after the contracts are.
    template <class Listener>
    const std::vector<Contract*>& run_traced(const scenarios::Case& program, const model::Config& config,
                                             sim::Choices* choices, Listener& also) {
        return run_watched(program, config, choices, [&also](scenarios::Interpreter& run) { run.watch(also); });
    }

    const scenarios::Interpreter& interpreter() const { return interpreter_; }
    const Contracts& contracts() const { return monitor_.contracts(); }
    /// The last run's trace, as CASES.md has it: only after `run_traced`.
    const std::string& trace() const { return trace_; }
    /// What tells the last run from any other: a hash of its trace, the name of the case left out.
    /// Only after `run_traced`.
    std::uint64_t digest() const;

private:
    template <class Watch>
    const std::vector<Contract*>& run_watched(const scenarios::Case& program, const model::Config& config,
                                              sim::Choices* choices, Watch watch) {
        interpreter_.prepare(program, config, choices);
        monitor_.begin(info_);
        interpreter_.watch(writer_);
        watch(interpreter_);
        interpreter_.run();
        monitor_.end();
        trace_ = writer_.finish();
        return monitor_.broken();
    }

    scenarios::Interpreter interpreter_;
    ModelRunInfo info_{interpreter_};
    Monitor monitor_;
    scenarios::TraceWriter writer_;
    std::string trace_;
};

}  // namespace cancelsim::properties
