#include "model/kernel.h"

namespace cancelsim::model {

namespace {

/// Defect::address: the order of sets is taken from a number that no seed decides, all else from `choices`. It turns
/// round in every second run, so that any two runs on end show it; real addresses may well be the same again.
class ByAddress : public sim::Choices {
public:
    explicit ByAddress(sim::Choices* choices) : Choices(asked_with(choices)), choices_(choices) {
        thread_local std::uint32_t runs = 0;
        reversed_ = ++runs % 2 == 0;
    }

    std::uint32_t choose(sim::ChoiceKind kind, std::uint32_t count) override {
        if (kind == sim::ChoiceKind::set_order) return reversed_ ? count - 1 : 0;
        return choices_->choose(kind, count);
    }

private:
    static sim::ChoiceKinds asked_with(const sim::Choices* choices) {
        sim::ChoiceKinds kinds = sim::bit(sim::ChoiceKind::set_order);
        for (int i = 0; choices != nullptr && i < sim::kChoiceKinds; ++i)
            if (const auto kind = static_cast<sim::ChoiceKind>(i); choices->asks(kind)) kinds |= sim::bit(kind);
        return kinds;
    }

    sim::Choices* choices_;
    bool reversed_;
};

}  // namespace

void Kernel::reset(const Config& config, sim::Choices* choices) {
    if (config.defects.has(Defect::address)) [[unlikely]] {
        by_address_ = std::make_unique<ByAddress>(choices);
        choices = by_address_.get();
    }
    sim::Loop::reset(choices, *config.python);
    config_ = config;
    if (config.policy->parked != nullptr)
        on_parked([](sim::Loop& loop, sim::Task& task) {
            Kernel& kernel = static_cast<Kernel&>(loop);
            kernel.config_.policy->parked(kernel, static_cast<Task&>(task));
        });
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
