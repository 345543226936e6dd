// Runs cases under contracts.
#pragma once

#include <cstdint>
#include <string>

#include "properties/contracts/describe.h"
#include "properties/contracts/monitor.h"
#include "properties/library/library_run.h"
#include "scenarios/run/trace_writer.h"

namespace cancelsim::properties {

/// Runs for one thread of a hunt, on any subject, with one monitor. In the steady state `run` on the model allocates
/// nothing. On a library it throws what LibraryRun does.
class Runner {
public:
    explicit Runner(Contracts contracts) : monitor_(std::move(contracts)), writer_(interpreter_) {}

    /// Runs `program`, which must outlive what is read of the run; returns the contracts that it
    /// broke.
    const std::vector<Contract*>& run(const scenarios::Case& program, const Subject& subject, sim::Choices* choices) {
        return run_watched(program, subject, choices, false, [](RunInfo&, const scenarios::EventHubs&) {});
    }
    /// The same of a program of the user's own, which only a library can run.
    const std::vector<Contract*>& run(const PythonProgram& program, const Subject& subject, sim::Choices* choices) {
        return run_on_library(program, subject, choices, false, [](RunInfo&, const scenarios::EventHubs&) {});
    }
    template <class Listener>
    const std::vector<Contract*>& run(const PythonProgram& program, const Subject& subject, sim::Choices* choices,
                                      Listener& also) {
        return run_on_library(program, subject, choices, false,
                              [&also](RunInfo& info, const scenarios::EventHubs& hubs) { also.begin(info, hubs); });
    }
    /// The same of a case; `also`, which begins to watch the run in its `begin`, is told of each event after the
    /// contracts are.
    template <class Listener>
    const std::vector<Contract*>& run(const scenarios::Case& program, const Subject& subject, sim::Choices* choices,
                                      Listener& also) {
        return run_watched(program, subject, choices, false,
                           [&also](RunInfo& info, const scenarios::EventHubs& hubs) { also.begin(info, hubs); });
    }
    /// The same as without it, and keeps the trace.
    const std::vector<Contract*>& run_traced(const scenarios::Case& program, const Subject& subject,
                                             sim::Choices* choices) {
        return run_watched(program, subject, choices, true, [](RunInfo&, const scenarios::EventHubs&) {});
    }
    /// The same; `also` is told of each event after the contracts are.
    template <class Listener>
    const std::vector<Contract*>& run_traced(const scenarios::Case& program, const Subject& subject,
                                             sim::Choices* choices, Listener& also) {
        return run_watched(program, subject, choices, true,
                           [&also](RunInfo&, const scenarios::EventHubs& hubs) { hubs.add(also); });
    }

    /// Of the last run on the model.
    const scenarios::Interpreter& interpreter() const { return interpreter_; }
    const Contracts& contracts() const { return monitor_.contracts(); }
    /// The words for what happened in the last run.
    Words words() const { return monitor_.words(); }
    /// The last run's trace, as CASES.md has it: only after `run_traced`.
    const std::string& trace() const { return trace_; }
    /// What tells the last run from any other: a hash of its trace, the name of the case left out.
    /// Only after `run_traced`.
    std::uint64_t digest() const;
    /// The events of the last run, which was on a library, a line each: to compare it with another.
    std::string event_lines() const { return library_.event_lines(); }
    /// The last run, which was one of a program of the user's own.
    const LibraryRun& library_run() const { return library_; }

private:
    template <class Watch>
    const std::vector<Contract*>& run_watched(const scenarios::Case& program, const Subject& subject,
                                              sim::Choices* choices, bool traced, Watch watch) {
        if (subject.library) return run_on_library(program, subject, choices, traced, watch);
        interpreter_.prepare(program, subject, choices);
        monitor_.begin(info_);
        if (traced) interpreter_.watch(writer_);
        watch(info_, interpreter_.hubs());
        interpreter_.run();
        monitor_.end();
        if (traced) trace_ = writer_.finish();
        return monitor_.broken();
    }

    template <class Program, class Watch>
    const std::vector<Contract*>& run_on_library(const Program& program, const Subject& subject, sim::Choices* choices,
                                                 bool traced, Watch watch) {
        library_.prepare(program, subject);
        monitor_.begin(library_.feed(), library_.feed().hubs());
        watch(library_.feed(), library_.feed().hubs());
        library_.run(choices, traced);
        monitor_.end();
        if (traced) trace_ = library_.take_trace();
        return monitor_.broken();
    }

    scenarios::Interpreter interpreter_;
    ModelRunInfo info_{interpreter_};
    Monitor monitor_;
    scenarios::TraceWriter writer_;
    LibraryRun library_;
    std::string trace_;
};

}  // namespace cancelsim::properties
