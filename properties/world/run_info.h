// Tells of a run what is no event: what judges it, and reports on it, may ask of any subject.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/events.h"
#include "scenarios/program/case.h"
#include "sim/loop.h"

namespace cancelsim::properties {

/// How a run of a user's own program ended, beside what its events tell.
struct ProgramEnd {
    struct Error {
        std::string text;         ///< `KeyError: 'x'`
        std::string type;         ///< of a group that of its first leaf
        std::uint32_t statement;  ///< where it was raised; kNoStatement where that is not in the program
    };
    struct Promise {
        std::string what;         ///< `always`, `at_rest`, or which of them raised what
        std::uint32_t statement;  ///< where it was made
    };
    std::optional<Error> error;     ///< that left main
    std::optional<Error> unasked;   ///< that ended the first task whose outcome nobody has asked for, but main
    std::optional<Promise> broken;  ///< the first promise of its own that did not hold
};

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

    /// The statement that `task` executes or waits in; kNoStatement before its body starts and after its end. Where
    /// `program()` is null, the number of a place in the user's own program, as far as events have told of one.
    virtual std::uint32_t statement_of(sim::TaskId task) const = 0;
    /// The same of the task that runs; kNoStatement where none does.
    virtual std::uint32_t statement() const = 0;

    /// What the program calls it: `x`, or `x#2` for the second binding of x; empty for what has no name in the program.
    virtual std::string task_label(sim::TaskId task) const = 0;
    virtual std::string scope_label(model::ScopeId scope) const = 0;
    virtual std::string group_label(model::GroupId group) const = 0;
    /// How an exception, or null, prints: see CASES.md, "Outcomes".
    virtual std::string outcome_text(const sim::Error* error) const = 0;

    // Of a user's own program, where `program()` is null:

    /// What `statement_of` numbers: `pool.py:12 (ConnectionPool.acquire: `await turn.wait()`)`.
    virtual std::string place_text(std::uint32_t) const { return {}; }
    /// After the run.
    virtual const ProgramEnd& program_end() const {
        static const ProgramEnd kNothing;
        return kNothing;
    }

protected:
    RunInfo() = default;
    RunInfo(const RunInfo&) = default;
    RunInfo& operator=(const RunInfo&) = default;
};

}  // namespace cancelsim::properties
