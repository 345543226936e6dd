// The words in which contracts tell what happened.
#pragma once

#include <string>
#include <string_view>

#include "properties/contracts/place.h"
#include "properties/world/run_info.h"
#include "properties/world/world.h"
#include "scenarios/run/interpreter.h"

namespace cancelsim::properties {

/// What there is to say of a run, by what its events tell and what the subject says.
class Words {
public:
    Words(const World& world, const RunInfo& info) : world_(world), info_(info) {}

    /// "task `t0`"; for one without a name "task 3", or "a task that has not started".
    std::string task(TaskId task) const;
    /// "scope `s0`"; for one of the library's own "an unnamed scope", with what is known of whose it is.
    std::string scope(ScopeId scope) const;
    /// "group `g`".
    std::string group(GroupId group) const { return "group `" + info_.group_label(group) + "`"; }
    /// "cancelled", "group(A,B)": see RunInfo::outcome_text.
    std::string outcome(const sim::Error* error) const { return info_.outcome_text(error); }
    /// What `task` executes or waits in: "statement 4 (`sleep`)", or "no statement".
    std::string statement_of(TaskId task) const { return statement(info_.statement_of(task)); }
    /// The same for what `RunInfo::statement_of` said earlier.
    std::string statement(std::uint32_t statement) const;
    /// " in statement 4 (`sleep`)"; empty where it is none.
    std::string in_statement(std::uint32_t statement) const {
        return statement == scenarios::kNoStatement ? std::string() : " in " + this->statement(statement);
    }

    /// Of a Caught: "statement 2 (`try`)", or "the program".
    std::string handler(std::uint32_t statement) const {
        return statement == scenarios::kNoStatement ? "the program" : this->statement(statement);
    }

    /// The kind of place where a live task waits, such as "parked in sleep".
    Place waiting_place(TaskId task) const;

private:
    const World& world_;
    const RunInfo& info_;
};

/// "at time 3, in iteration 12".
std::string moment_words(sim::Time time, std::uint64_t iteration);
/// The kind of place where a task waits that is in such a statement.
Place waiting_place(scenarios::Op op);

/// The same word by the model's objects.
std::string scope_words(const scenarios::Interpreter& run, const model::CancelScope& scope);

}  // namespace cancelsim::properties
