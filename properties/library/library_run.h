// Runs of programs on real libraries, for one thread.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "properties/library/feed.h"
#include "properties/library/workers.h"
#include "properties/subject/python_program.h"

namespace cancelsim::properties {

/// A run that is to be told of by a Feed. Keeps a worker of each library that it was asked for.
class LibraryRun {
public:
    /// Sets up a run of `program` on the library of `subject`: both must outlive it. Observers are added to the hubs of
    /// `feed()` between this and `run`.
    void prepare(const scenarios::Case& program, const Subject& subject);
    void prepare(const PythonProgram& program, const Subject& subject);
    /// Runs it, and then tells of it. Throws RunLost; UsageError where the library cannot run it or is gone;
    /// InternalError.
    void run(sim::Choices* choices, bool traced);

    Feed& feed() { return feed_; }
    const Feed& feed() const { return feed_; }
    /// The trace, as CASES.md has it: only of a run that was traced, and of a case.
    std::string take_trace() { return std::move(trace_); }
    /// What tells the last run from any other: a hash of its events, and of how it ended.
    std::uint64_t digest() const;

    /// The events of the last run, a line each; empty before the first.
    std::string event_lines() const;

private:
    Worker& worker();
    void prepare(std::string program, const scenarios::Case* a_case, const Subject& subject);

    Feed feed_;
    std::string program_;  ///< as a request has it, a line of JSON
    bool is_case_ = false;
    std::shared_ptr<const Library> library_;
    std::vector<std::pair<std::shared_ptr<const Library>, LentWorker>> workers_;
    std::string trace_;
    const Worker::Answer* answer_ = nullptr;  ///< of the last run
    std::vector<std::string> strings_;        ///< to which its events refer
};

}  // namespace cancelsim::properties
