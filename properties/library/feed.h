// A run of which another process tells: its stream of events, told to those who watch as if it went on here.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "properties/library/program_facts.h"
#include "properties/world/run_info.h"
#include "scenarios/run/event_hubs.h"
#include "sim/arena.h"

namespace cancelsim::properties {

/// Decodes streams of scenarios/run/event_stream.h, one run after another. It has the errors and the clock of the run,
/// and tells of it as RunInfo does.
class Feed final : public RunInfo {
public:
    Feed() = default;
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

    /// A run is to come: forgets the last one, and those who watched it. `program` is null for a program of the user's
    /// own; else it must outlive what is read of the run.
    void begin(const scenarios::Case* program, bool start_under_caller);
    /// Where observers are added, between `begin` and `play`.
    scenarios::EventHubs hubs() { return {loop_, library_, program_hub_}; }
    /// Tells the whole run. `strings` are those that the stream refers to. Throws InternalError where the stream is not
    /// what it should be.
    void play(std::span<const std::int64_t> stream, const std::vector<std::string>& strings, sim::Verdict verdict);
    /// The same of a program of the user's own.
    void play(std::span<const std::int64_t> stream, const std::vector<std::string>& strings, sim::Verdict verdict,
              ProgramFacts facts);
    /// Of the last run, which was one of a program of the user's own.
    const ProgramFacts& facts() const { return facts_; }

    sim::Clock& clock() override { return clock_; }
    const scenarios::Case* program() const override { return program_; }
    bool start_under_caller() const override { return start_under_caller_; }
    sim::Verdict verdict() const override { return verdict_; }
    std::uint32_t statement_of(sim::TaskId task) const override;
    std::uint32_t statement() const override { return statement_of(running_); }
    std::string task_label(sim::TaskId task) const override;
    std::string scope_label(model::ScopeId scope) const override { return label_text(scope_labels_, scope); }
    std::string group_label(model::GroupId group) const override { return label_text(group_labels_, group); }
    std::string outcome_text(const sim::Error* error) const override;
    std::string place_text(std::uint32_t site) const override;
    const ProgramEnd& program_end() const override { return facts_.end; }

private:
    /// What the program calls something: nothing, `x`, or `x#2`.
    struct Label {
        std::uint32_t name = 0;  ///< of `names_`, plus 1; 0: none
        std::uint32_t binding = 0;
    };
    using Take = void (Feed::*)();

    template <class Event>
    void take();
    template <class Event>
    void send(const Event& event);
    template <class Event>
    void notice(const Event&) {}
    void notice(const sim::events::IterationBegan& event);
    void notice(const sim::events::TaskResumed& event) { running_ = event.task; }
    void notice(const scenarios::events::StatementBegan& event);
    void notice(const scenarios::events::ByHand& event);
    void notice(const model::events::GroupEntered& event);
    void notice(const model::events::GroupExitBegan& event);
    void notice(const scenarios::events::AsyncioGroupEntered& event);
    void notice(const scenarios::events::AsyncioGroupExitBegan& event);
    /// What changes once those who watch have been told.
    template <class Event>
    void noticed(const Event&) {}
    void noticed(const sim::events::IterationBegan&);
    void noticed(const sim::events::TaskParked&) { running_ = sim::kNobody; }
    void noticed(const sim::events::TaskDone& event);
    void noticed(const scenarios::events::BodyEnded& event);

    std::int64_t next();
    /// The next number, which must be from `least` to `most`.
    std::int64_t next_in(std::int64_t least, std::int64_t most);
    template <class Value>
    void read(Value& value);
    void read(const sim::Error*& error);
    template <class Element>
    void read(std::span<Element>& list);
    void take_error();
    void take_label();
    std::uint32_t name_of(std::int64_t string);
    std::uint32_t& statement_at(sim::TaskId task);
    std::string label_text(const std::vector<Label>& labels, std::uint32_t id) const;

    sim::EventHub<sim::events::All> loop_;
    sim::EventHub<model::events::Own> library_;
    sim::EventHub<scenarios::events::Own> program_hub_;

    const scenarios::Case* program_ = nullptr;
    bool start_under_caller_ = false;
    sim::Verdict verdict_ = sim::Verdict::quiescent;
    sim::Clock clock_;
    sim::Arena arena_;
    std::vector<sim::Error*> errors_;  ///< by id
    std::vector<std::string> names_;   ///< of the program, then others that errors and labels have
    std::map<std::string, std::uint32_t> number_of_name_;
    ProgramFacts facts_;                     ///< of a program of the user's own
    std::vector<std::uint32_t> statements_;  ///< by task: where it is; of the user's own program a site
    std::vector<Label> task_labels_;
    std::vector<Label> scope_labels_;
    std::vector<Label> group_labels_;
    // By id: the statement that entered it, in which its task waits when it leaves.
    std::vector<std::uint32_t> group_statements_;
    std::vector<std::uint32_t> asyncio_group_statements_;
    bool leaves_by_hand_ = false;  ///< the running task is about to leave a group by hand
    sim::TaskId running_ = sim::kNobody;

    std::span<const std::int64_t> stream_;
    std::size_t at_ = 0;
    const std::vector<std::string>* strings_ = nullptr;
};

}  // namespace cancelsim::properties
