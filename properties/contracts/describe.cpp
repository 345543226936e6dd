#include "properties/contracts/describe.h"

#include "scenarios/program/statement_type.h"

namespace cancelsim::properties {

using scenarios::Interpreter;

std::string task_words(const Interpreter& run, const model::Task& task) {
    if (!task.label) return task.done() ? "a task that never started" : "a task that has not started";
    return "task `" + run.label_text(task.label) + "`";
}

std::string scope_words(const Interpreter& run, const model::CancelScope& scope) {
    if (scope.label) return "scope `" + run.label_text(scope.label) + "`";
    for (const sim::Task* each : run.tasks()) {
        const auto& task = static_cast<const model::Task&>(*each);
        if (task.handle != nullptr && task.handle->cancel_scope == &scope)
            return "the unnamed scope around " + task_words(run, task);
    }
    if (scope.host_task == nullptr) return "an unnamed scope";
    return "an unnamed scope of " + task_words(run, *scope.host_task);
}

std::string moment_words(sim::Time time, std::uint64_t iteration) {
    return "at time " + std::to_string(time) + ", in iteration " + std::to_string(iteration);
}

std::string statement_words(const Interpreter& run, const model::Task& task) {
    return statement_words(run, run.statement_of(task));
}

std::string statement_words(const Interpreter& run, std::uint32_t statement) {
    if (statement == Interpreter::kNoStatement) return "no statement";
    std::string text = "statement " + std::to_string(statement) + " (`";
    text += scenarios::name_of(run.program().statements[statement].op);
    return text + "`)";
}

std::string_view waiting_place(const Interpreter& run, const model::Task& task) {
    if (!task.started) return "task that has not started";
    if (task.fut_waiter != nullptr && task.fut_waiter->stubborn) return "stubborn future";
    const std::uint32_t statement = run.statement_of(task);
    if (statement == Interpreter::kNoStatement) return "outside any statement";
    return waiting_place(run.program().statements[statement].op);
}

std::string_view waiting_place(scenarios::Op op) {
    const std::string_view waiting = *type_of(op).telling->waiting;
    return waiting.empty() ? "running" : waiting;
}

}  // namespace cancelsim::properties
