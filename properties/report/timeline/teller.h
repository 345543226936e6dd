// Turns the events of a run into the rows of its story.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/report/timeline/story.h"

namespace cancelsim::properties {

/// Watches one run; `finish` ends the story. It has to see every event after `contract` has.
class Teller : public sim::Observer {
public:
    static constexpr sim::EventMask kWanted = ~sim::EventMask{0};

    Teller(const scenarios::Interpreter& run, const Contract& contract) : run_(run), contract_(contract) {
        story_.columns = {"the loop", "main"};
    }

    void on(const sim::TraceEvent& event) override;
    /// A choice was answered other than by default.
    void chose(sim::ChoiceKind kind, std::uint32_t answer);
    Story finish();

private:
    /// What is kept of a task.
    struct Told {
        std::uint64_t done_since = 0;
        std::uint32_t steps = 0;      ///< since the last row
        bool parked_at_wait = false;  ///< it has given way since its statement began to wait
    };

    void tell(const sim::TraceEvent& event);
    void tell_of_statement(const sim::TraceEvent& event);
    void tell_of_task(const sim::TraceEvent& event);
    void tell_of_scope(const sim::TraceEvent& event);
    void tell_of_cancel(const model::CancelScope& scope, const sim::Task* task);
    void tell_of_pass(const model::CancelScope& scope, bool rearmed);
    void tell_of_native_cancel(const model::Task& task, bool accepted);
    bool is_left_by_hand(const model::CancelScope& scope, const model::Task& host) const;
    void tell_of_exit(const model::CancelScope& scope, const sim::TraceEvent& event);
    void tell_if_broken();

    void add(RowKind kind, const sim::Task* task, std::string text);
    void add_rounds();
    /// Adds to the text of the last row where it is about `statement` of `task`, else begins a row.
    void add_to_statement(const sim::TraceEvent& event, const std::string& text);
    bool last_is_about(const sim::Task* task, std::uint32_t statement) const;

    std::string entered_text(const model::CancelScope& scope, const model::Task& host) const;
    std::string cause_of_cancel(const model::Task& task);
    std::string name_of(const sim::Task& task);
    std::string name_of(const model::CancelScope& scope) const;
    bool is_cancelled(scenarios::Name name) const;
    std::string state_of(const model::Task& task);
    std::string statement_text(std::uint32_t statement) const;
    Told& told(const sim::Task& task);
    std::string& column_of(const sim::Task& task);

    const scenarios::Interpreter& run_;
    const Contract& contract_;
    Story story_;
    std::vector<Told> tasks_;  ///< by id
    // What the last row is about, for what comes to be known of it.
    const sim::Task* last_task_ = nullptr;
    std::uint32_t last_statement_ = scenarios::Interpreter::kNoStatement;
    const model::CancelScope* last_left_ = nullptr;  ///< whose block has just ended
    std::size_t left_row_ = 0;                       ///< the row that says so
    // What the next events have to do with.
    const void* due_ = nullptr;             ///< the scope whose deadline has just come
    std::size_t last_cancel_ = 0;           ///< the row of the last cancel() by nobody
    const void* last_cancelled_ = nullptr;  ///< its scope
};

}  // namespace cancelsim::properties
