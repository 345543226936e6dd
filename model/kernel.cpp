#include "model/kernel.h"

namespace cancelsim::model {

void Kernel::reset(const Config& config, sim::Choices* choices) {
    sim::Loop::reset(choices, *config.python);
    config_ = config;
    scopes_.clear();
    delivered_.clear();
}

CancelScope& Kernel::new_scope(Time deadline, bool shield) {
    CancelScope& scope = *arena().make<CancelScope>();
    scope.deadline = deadline;
    scope.shield = shield;
    scope.id = static_cast<std::uint32_t>(scopes_.size());
    scopes_.push_back(&scope);
    return scope;
}

TaskGroup& Kernel::new_group() {
    TaskGroup& group = *arena().make<TaskGroup>();
    group.cancel_scope = &new_scope();
    return group;
}

Task& Kernel::create_task(sim::Frame& coro) {
    Task& task = new_task();
    start_task(task, coro);
    return task;
}

}  // namespace cancelsim::model
