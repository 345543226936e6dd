#include "properties/contracts/describe.h"

#include "scenarios/program/statement_type.h"

namespace cancelsim::properties {

using scenarios::Interpreter;

namespace {

std::string task_words(const Interpreter& run, const model::Task& task) {
    if (!task.label) return task.done() ? "a task that never started" : "a task that has not started";
    return "task `" + run.label_text(task.label) + "`";
}

/// The kind of place, by what a task waits for: where a program has no statements.
Place place_of_wait(sim::WaitKind kind) {
    switch (kind) {
        case sim::WaitKind::yield: return Place("in checkpoint");
        case sim::WaitKind::poll: return Place("in checkpoint_if_cancelled");
        case sim::WaitKind::shielded_checkpoint: return Place("in cancel_shielded_checkpoint");
        case sim::WaitKind::sleep: return Place("parked in sleep");
        case sim::WaitKind::event: return Place("parked in event_wait");
        case sim::WaitKind::future: return Place("parked in future_wait");
        case sim::WaitKind::object: return Place("parked in an object");
        case sim::WaitKind::task: return Place("parked in await_task");
        case sim::WaitKind::children:
        case sim::WaitKind::last_checkpoint: return Place("parked in a group's exit");
        case sim::WaitKind::started:
        case sim::WaitKind::child_end: return Place("parked in start");
        case sim::WaitKind::asyncio: return Place("parked in asyncio");
        case sim::WaitKind::asyncio_children: return Place("parked in an asyncio group's exit");
    }
    return {};
}

}  // namespace

std::string Words::task(TaskId task) const {
    const std::string label = info_.task_label(task);
    if (label.empty() && world_.task(task).started) return "task " + std::to_string(task);
    if (label.empty()) return world_.task(task).done() ? "a task that never started" : "a task that has not started";
    return "task `" + label + "`";
}

std::string Words::scope(ScopeId scope) const {
    const std::string label = info_.scope_label(scope);
    if (!label.empty()) return "scope `" + label + "`";
    const World::Scope& unnamed = world_.scope(scope);
    if (unnamed.purpose == model::Purpose::handle) return "the unnamed scope around " + task(unnamed.host);
    return unnamed.active ? "an unnamed scope of " + task(unnamed.host) : "an unnamed scope";
}

std::string Words::statement(std::uint32_t statement) const {
    if (statement == scenarios::kNoStatement) return "no statement";
    if (info_.program() == nullptr) return info_.place_text(statement);
    std::string text = "statement " + std::to_string(statement) + " (`";
    text += scenarios::name_of(info_.program()->statements[statement].op);
    return text + "`)";
}

Place Words::waiting_place(TaskId task) const {
    const World::Task& waiting = world_.task(task);
    if (!waiting.started) return WaitingPlaces::kNotStarted;
    if (waiting.parked && waiting.refuses) return WaitingPlaces::kStubbornFuture;
    const scenarios::Case* program = info_.program();
    if (program == nullptr) return place_of_wait(waiting.wait.kind);
    const std::uint32_t statement = info_.statement_of(task);
    if (statement == scenarios::kNoStatement) return WaitingPlaces::kOutsideStatements;
    return properties::waiting_place(program->statements[statement].op);
}

std::string scope_words(const Interpreter& run, const model::CancelScope& scope) {
    if (scope.label) return "scope `" + run.label_text(scope.label) + "`";
    for (const sim::Task* each : run.kernel().tasks()) {
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

Place waiting_place(scenarios::Op op) {
    const std::string_view waiting = *type_of(op).telling->waiting;
    return waiting.empty() ? WaitingPlaces::kRunning : Place(waiting);
}

}  // namespace cancelsim::properties
