// The process that runs programs on the real library.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "properties/library/process.h"
#include "properties/subject/errors.h"
#include "properties/subject/subject.h"
#include "sim/choices.h"

namespace cancelsim::properties {

/// A worker, replaced where it is lost with a run: the next gets another. The protocol: scenarios/python/PROTOCOL.md.
class Worker {
public:
    /// Throws UsageError where none can be started, or a patch cannot be imported; InternalError where its events are
    /// not ours.
    explicit Worker(Launch launch);

    /// What it runs on.
    const Library& library() const { return library_; }

    struct Answer {
        nlohmann::json facts;              ///< what the protocol calls the answer's JSON
        std::vector<std::int64_t> events;  ///< as they came
    };
    /// Has `request` run: a JSON object. What is left open `choices` answers; null answers 0. Throws RunLost.
    const Answer& run(std::string_view request, sim::Choices* choices);

private:
    void start();
    /// Lets the worker go, and says in one line why.
    std::string lost(Process::Got how, std::chrono::milliseconds limit);
    void answer(std::string_view question, sim::Choices* choices, Process::Deadline deadline);
    void take(std::string_view payload);

    Launch launch_;
    Library library_;
    std::optional<Process> process_;
    std::string payload_;
    Answer answer_;
};

}  // namespace cancelsim::properties
