// Runs of which nothing is told but events, for tests of contracts and of what is made of their breaches.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "properties/contracts/monitor.h"

namespace cancelsim::properties {

/// A run by its events alone, under one contract.
class ToldRun final : public RunInfo {
public:
    explicit ToldRun(const std::string& contract, const scenarios::Case* program = nullptr,
                     bool start_under_caller = false)
        : program_(program), start_under_caller_(start_under_caller), monitor_(make_contracts(std::vector{contract})) {
        monitor_.begin(*this, hubs());
        tell(events::TaskResumed{kMain, nullptr});
    }
    /// `also` hears of it too, after the contract.
    template <class Listener>
    ToldRun& told_to(Listener& also) {
        also.begin(*this, hubs());
        return tell(events::TaskResumed{kMain, nullptr});
    }

    ToldRun& began(std::uint64_t iteration, sim::Time now) {
        clock_.iteration = iteration;
        clock_.now = now;
        return tell(events::IterationBegan{iteration});
    }
    template <class Event>
    ToldRun& tell(const Event& event) {
        if constexpr (scenarios::events::Own::has<Event>)
            program_hub_.send(event);
        else if constexpr (model::events::Own::has<Event>)
            library_.send(event);
        else
            loop_.send(event);
        return *this;
    }
    ToldRun& made(TaskId task, TaskId by = kMain) {
        return tell(events::TaskCreated{task, by}).tell(events::TaskResumed{task, nullptr});
    }
    ToldRun& waits(TaskId task, sim::WaitKind kind, sim::ObjectId what = sim::kNoObject) {
        return tell(events::TaskParked{task, {kind, what}, false, false, false, false});
    }
    ToldRun& done(TaskId task, const sim::Error* error = nullptr) {
        return tell(events::TaskDone{task, error != nullptr && error->is_cancelled(), false, error, 0});
    }
    ToldRun& cancelled(TaskId task, By by) {
        return tell(events::CancelRequested{task, by, 0, true, true, false, false});
    }
    /// The run is over: where the contract broke, empty where it holds.
    std::string place(sim::Verdict verdict = sim::Verdict::quiescent) {
        verdict_ = verdict;
        monitor_.end();
        return monitor_.broken().empty() ? std::string() : std::string(monitor_.broken().front()->place().name());
    }
    ToldRun& ended(ProgramEnd end) {
        end_ = std::move(end);
        return *this;
    }
    std::string what_happened() const { return monitor_.broken().front()->what_happened(); }
    const Contract& contract() const { return *monitor_.contracts().front(); }
    /// All tasks are in that statement from now on.
    ToldRun& at(std::uint32_t statement) {
        statement_ = statement;
        return *this;
    }

    sim::Clock& clock() override { return clock_; }
    const scenarios::Case* program() const override { return program_; }
    bool start_under_caller() const override { return start_under_caller_; }
    sim::Verdict verdict() const override { return verdict_; }
    std::uint32_t statement_of(TaskId) const override { return statement_; }
    std::uint32_t statement() const override { return statement_; }
    std::string task_label(TaskId task) const override { return task == kMain ? "main" : ""; }
    std::string scope_label(ScopeId) const override { return {}; }
    std::string group_label(GroupId) const override { return {}; }
    std::string outcome_text(const sim::Error* error) const override { return sim::type_name_of(error->kind); }
    std::string place_text(std::uint32_t site) const override { return "x.py:" + std::to_string(site); }
    const ProgramEnd& program_end() const override { return end_; }

private:
    scenarios::EventHubs hubs() { return {loop_, library_, program_hub_}; }

    sim::EventHub<sim::events::All> loop_;
    sim::EventHub<model::events::Own> library_;
    sim::EventHub<scenarios::events::Own> program_hub_;
    sim::Clock clock_;
    const scenarios::Case* program_;
    bool start_under_caller_;
    std::uint32_t statement_ = scenarios::kNoStatement;
    sim::Verdict verdict_ = sim::Verdict::quiescent;
    ProgramEnd end_;
    Monitor monitor_;
};

}  // namespace cancelsim::properties
