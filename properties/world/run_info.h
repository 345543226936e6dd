// Tells of a run what is no event: what judges it, and reports on it, may ask of any subject.
#pragma once

#include <cstdint>
#include <string>

#include "model/events.h"
#include "scenarios/program/case.h"
#include "sim/loop.h"

namespace cancelsim::properties {

/// What a subject says of the run that goes on, or that has ended and whose successor was not prepared. Ids are those
/// of events. Nothing here decides whether a contract holds but the verdict, the program and the clock: the rest is for
/// the words.
class RunInfo {
public:
    virtual ~RunInfo() = default;

    /// As it is at the event that was heard last. It outlives every run.
    virtual sim::Clock& clock() = 0;
    /// What runs; null where that is no case, but a program of the user's own.
    virtual const scenarios::Case* program() const = 0;
    /// Whether the release has a child of `start` begin in its caller's scope: see world.h.
    virtual bool start_under_caller() const = 0;
    /// After the run.
    virtual sim::Verdict verdict() const = 0;

    /// The statement that `task` executes or waits in; kNoStatement before its body starts, after its end, and where
    /// `program()` is null.
    virtual std::uint32_t statement_of(sim::TaskId task) const = 0;
    /// The same of the task that runs; kNoStatement where none does.
    virtual std::uint32_t statement() const = 0;

    /// What the program calls it: `x`, or `x#2` for the second binding of x; empty for what has no name in the program.
    virtual std::string task_label(sim::TaskId task) const = 0;
    virtual std::string scope_label(model::ScopeId scope) const = 0;
    virtual std::string group_label(model::GroupId group) const = 0;
    /// How an exception, or null, prints: see CASES.md, "Outcomes".
    virtual std::string outcome_text(const sim::Error* error) const = 0;

protected:
    RunInfo() = default;
    RunInfo(const RunInfo&) = default;
    RunInfo& operator=(const RunInfo&) = default;
};

}  // namespace cancelsim::properties
