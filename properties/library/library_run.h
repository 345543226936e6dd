// Runs of programs on real libraries, for one thread.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "properties/library/feed.h"
#include "properties/library/workers.h"

namespace cancelsim::properties {

/// A run that is to be told of by a Feed. Keeps a worker of each library that it was asked for.
class LibraryRun {
public:
    /// Sets up a run of `program` on the library of `subject`: both must outlive it. Observers are added to the hubs of
    /// `feed()` between this and `run`.
    void prepare(const scenarios::Case& program, const Subject& subject);
    /// Runs it, and then tells of it. Throws RunLost; UsageError where the library cannot run it or is gone;
    /// InternalError.
    void run(sim::Choices* choices, bool traced);

    Feed& feed() { return feed_; }
    /// The trace, as CASES.md has it: only of a run that was traced.
    std::string take_trace() { return std::move(trace_); }

    /// The events of the last run, a line each; empty before the first.
    std::string event_lines() const;

private:
    Worker& worker();

    Feed feed_;
    const scenarios::Case* program_ = nullptr;
    std::shared_ptr<const Library> library_;
    std::vector<std::pair<std::shared_ptr<const Library>, LentWorker>> workers_;
    std::string trace_;
    const Worker::Answer* answer_ = nullptr;  ///< of the last run
    std::vector<std::string> strings_;        ///< to which its events refer
};

}  // namespace cancelsim::properties
