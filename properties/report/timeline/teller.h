// Turns the events of a run into the rows of its story.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/report/timeline/story.h"
#include "scenarios/run/interpreter.h"

namespace cancelsim::properties {

/// Watches one run; `finish` ends the story. It has to see every event after `contract` has, which may be null.
class Teller : public sim::Observer {
public:
    Teller(const scenarios::Interpreter& run, const Contract* contract) : run_(run), contract_(contract) {
        story_.columns = {"the loop", "main"};
    }

    template <class Event>
    void on(const Event& event) {
        if constexpr (requires { tell(event); }) tell(event);
        tell_if_broken();
    }
    /// A choice was answered other than by default.
    void chose(const sim::Question& question, std::uint32_t answer);
    /// What has been told so far.
    const Story& story() const { return story_; }
    Story finish();

private:
    /// What is kept of a task.
    struct Told {
        std::uint64_t done_since = 0;
        std::uint32_t steps = 0;  ///< since `add` was called for the `steps_since`th time
        std::uint64_t steps_since = 0;
        bool parked_at_wait = false;  ///< it has given way since its statement began to wait
    };

    void tell(const events::StatementBegan& event);
    void tell(const events::StatementWaits& event);
    void tell(const events::StatementEnded& event);
    void tell(const events::Raised& event);
    void tell(const events::Skipped& event);
    void tell(const events::Caught& event);
    void tell(const events::Noted& event);
    void tell(const events::TaskCreated& event);
    void tell(const events::TaskResumed& event);
    void tell(const events::TaskParked& event);
    void tell(const events::TaskDone& event);
    void tell(const events::BodyBegan& event);
    void tell(const events::BodyEnded& event);
    void tell(const events::ChildReported& event);
    void tell(const events::CancelRequested& event);
    void tell(const events::CallbackFailed& event);
    void tell(const events::ScopeEntered& event);
    void tell(const events::ScopeLeft& event);
    void tell(const events::ScopeBlockLeft& event);
    void tell(const events::GroupBlockLeft& event);
    void tell(const events::DeadlineReached& event);
    void tell(const events::ScopeCancelled& event);
    void tell(const events::PassEnded& event);
    void tell_of_native_cancel(const model::Task& task, bool accepted);
    bool is_left_by_hand(const model::CancelScope& scope, const model::Task& host) const;
    void tell_of_exit(const model::CancelScope& scope, sim::TaskId task, const sim::Error* error);
    void tell_if_broken();

    void add(RowKind kind, sim::TaskId task, std::string text);
    void add_rounds();
    std::uint32_t& steps_of(sim::TaskId task);
    /// Adds to the text of the last row where it is about `statement` of `task`, else begins a row.
    void add_to_statement(sim::TaskId task, std::uint32_t statement, const std::string& text);
    bool last_is_about(sim::TaskId task, std::uint32_t statement) const;

    std::string entered_text(const model::CancelScope& scope, const model::Task& host) const;
    std::string cause_of_cancel(const model::Task& task);
    std::string name_of(const sim::Task& task);
    std::string name_of(const model::CancelScope& scope) const;
    bool is_cancelled(scenarios::Name name) const;
    std::string state_of(const model::Task& task);
    std::string statement_text(std::uint32_t statement) const;
    Told& told(sim::TaskId task);
    std::string& column_of(sim::TaskId task);

    const scenarios::Interpreter& run_;
    const Contract* contract_;
    Story story_;
    std::vector<Told> tasks_;  ///< by id
    std::uint64_t added_ = 0;  ///< how often `add` was called
    // What the last row is about, for what comes to be known of it.
    sim::TaskId last_task_ = sim::kNobody;
    std::uint32_t last_statement_ = scenarios::Interpreter::kNoStatement;
    const model::CancelScope* last_left_ = nullptr;  ///< whose block has just ended
    std::size_t left_row_ = 0;                       ///< the row that says so
    // What the next events have to do with.
    model::ScopeId due_ = model::kNoScope;             ///< the scope whose deadline has just come
    std::size_t last_cancel_ = 0;                      ///< the row of the last cancel() by nobody
    model::ScopeId last_cancelled_ = model::kNoScope;  ///< its scope
};

/// The choices of a run, of which its teller is told.
class ToldChoices : public sim::Replay {
public:
    ToldChoices(const sim::Schedule& schedule, Teller& teller) : sim::Replay(schedule), teller_(teller) {}
    std::uint32_t choose(const sim::Question& question, std::uint32_t count) override {
        const std::uint32_t answer = sim::Replay::choose(question, count);
        if (answer != 0) teller_.chose(question, answer);
        return answer;
    }

private:
    Teller& teller_;
};

}  // namespace cancelsim::properties
