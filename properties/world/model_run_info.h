// What the model says of a run.
#pragma once

#include "properties/world/run_info.h"
#include "scenarios/run/interpreter.h"

namespace cancelsim::properties {

class ModelRunInfo final : public RunInfo {
public:
    /// `run` must outlive it.
    explicit ModelRunInfo(scenarios::Interpreter& run) : run_(run) {}

    scenarios::Interpreter& run() const { return run_; }

    sim::Clock& clock() override { return run_.kernel().clock(); }
    const scenarios::Case* program() const override { return &run_.program(); }
    bool start_under_caller() const override { return run_.kernel().version().start_under_caller; }
    sim::Verdict verdict() const override { return run_.verdict(); }
    std::uint32_t statement_of(sim::TaskId task) const override { return run_.statement_of(run_.kernel().task(task)); }
    std::uint32_t statement() const override {
        const model::Task* task = run_.kernel().current_task();
        return task != nullptr ? run_.statement_of(*task) : scenarios::kNoStatement;
    }
    std::string task_label(sim::TaskId task) const override { return run_.label_text(run_.kernel().task(task).label); }
    std::string scope_label(model::ScopeId scope) const override {
        return run_.label_text(run_.kernel().scopes()[scope]->label);
    }
    std::string group_label(model::GroupId group) const override {
        return run_.label_text(run_.kernel().groups()[group]->label);
    }
    std::string outcome_text(const sim::Error* error) const override { return run_.outcome_text(error); }

private:
    scenarios::Interpreter& run_;
};

}  // namespace cancelsim::properties
