#include "model/kernel.h"

namespace cancelsim::model {

namespace {

/// Bug::orders_sets_by_address: the order of sets is taken from a number that no seed decides, all else from `choices`.
/// It turns round in every second run, so that any two runs on end show it; real addresses may well be the same again.
class ByAddress : public sim::Choices {
public:
    explicit ByAddress(sim::Choices* choices)
        : Choices(sim::bit(sim::ChoiceKind::set_order) | (choices != nullptr ? choices->asked() : 0U),
                  choices != nullptr ? choices->injections() : 0),
          choices_(choices) {
        thread_local std::uint32_t runs = 0;
        reversed_ = ++runs % 2 == 0;
    }

    std::uint32_t choose(const sim::Question& question, std::uint32_t count) override {
        if (question.kind == sim::ChoiceKind::set_order) return reversed_ ? count - 1 : 0;
        return choices_->choose(question, count);
    }

private:
    sim::Choices* choices_;
    bool reversed_;
};

/// Of the question for the first element of a set of `scope`.
enum : std::uint8_t { kTasks, kChildScopes };

sim::Question question_of(const CancelScope& scope, std::uint8_t set, std::uint32_t orders) {
    return {.kind = sim::ChoiceKind::set_order,
            .set = set,
            .owner = scope.label.name,
            .binding = scope.label ? scope.label.count : scope.id,
            .at = orders};
}

/// The release of CPython, with what switches change.
sim::Python python_of(const Config& config) {
    sim::Python python = *config.python;
    const Switches& switches = config.switches;
    if (switches.none()) return python;
    if (switches.has(Bug::asyncio_group_drops_outer_cancel)) python.group_cancels_parent_again = false;
    if (switches.has(Bug::asyncio_group_uncancels_before_joining)) python.group_uncancels_after_joining = false;
    if (switches.has(Bug::wait_for_prefers_result)) python.wait_for_is_a_timeout = false;
    if (switches.has(Bug::asyncio_condition_drops_notification)) python.condition_passes_notification_on = false;
    if (switches.has(Bug::asyncio_semaphore_wakes_one))
        python.semaphore_wakes_while_free = python.condition_reraises = false;
    if (switches.has(Bug::asyncio_semaphore_keeps_permit)) python.semaphore_keeps_permit = true;
    if (switches.has(Fix::timeout_leaves_pending_cancel)) python.timeout_leaves_pending = true;
    return python;
}

}  // namespace

void Kernel::reset(const Config& config, sim::Choices* choices) {
    if (config.switches.has(Bug::orders_sets_by_address)) [[unlikely]] {
        by_address_ = std::make_unique<ByAddress>(choices);
        choices = by_address_.get();
    }
    sim::Loop::reset(choices, python_of(config));
    config_ = config;
    if (config.policy->parked != nullptr)
        on_parked([](sim::Loop& loop, sim::Task& task) {
            Kernel& kernel = static_cast<Kernel&>(loop);
            kernel.config_.policy->parked(kernel, static_cast<Task&>(task));
        });
    if (asks(sim::ChoiceKind::inject)) [[unlikely]]
        on_injection([](sim::Loop& loop) { static_cast<Kernel&>(loop).inject(); });
    scopes_.clear();
    groups_.clear();
    hub_.clear();
    audits_.begin();
    delivered_.clear();
}

sim::Question Kernel::order_of_tasks(CancelScope& scope) { return question_of(scope, kTasks, scope.orders_of_tasks++); }

sim::Question Kernel::order_of_child_scopes(CancelScope& scope) {
    const std::uint32_t orders = scope.orders_of_child_scopes;
    if (scope.child_scopes.size() >= 2) ++scope.orders_of_child_scopes;
    return question_of(scope, kChildScopes, orders);
}

/// Calls `visit(scope, task)`, one of them null, for all that a program could cancel now: what it has a name for.
template <class Visit>
void Kernel::for_each_target(Visit visit) const {
    for (CancelScope* scope : scopes_)
        if (scope->label && scope->active && !scope->cancel_called) visit(scope, nullptr);
    for (sim::Task* task : tasks())
        if (static_cast<Task*>(task)->label && !task->done()) visit(nullptr, static_cast<Task*>(task));
}

/// Cancels a scope, or a task natively, as somebody outside could between two iterations.
void Kernel::inject() {
    std::uint32_t count = 0;
    for_each_target([&](CancelScope*, Task*) { ++count; });
    if (count == 0) return;
    std::uint32_t chosen = 0;
    if (count >= 2) chosen = choose({.kind = sim::ChoiceKind::inject, .at = iteration(), .position = 1}, count);
    CancelScope* scope = nullptr;
    Task* task = nullptr;
    for_each_target([&](CancelScope* candidate, Task* other) {
        if (chosen-- != 0) return;
        scope = candidate;
        task = other;
    });
    if (scope != nullptr)
        scope->cancel(*this);
    else
        cancel_task(*task, 0);
}

CancelScope& Kernel::new_scope(Time deadline, bool shield, Purpose purpose) {
    CancelScope& scope = *arena().make<CancelScope>();
    scope.deadline = deadline;
    scope.shield = shield;
    scope.purpose = purpose;
    scope.id = static_cast<std::uint32_t>(scopes_.size());
    scopes_.push_back(&scope);
    return scope;
}

TaskGroup& Kernel::new_group() {
    TaskGroup& group = *arena().make<TaskGroup>();
    group.cancel_scope = &new_scope(sim::kInfinity, false, Purpose::group);
    group.id = static_cast<GroupId>(groups_.size());
    groups_.push_back(&group);
    return group;
}

Task& Kernel::create_task(sim::Frame& coro) {
    Task& task = new_task();
    start_task(task, coro);
    return task;
}

}  // namespace cancelsim::model
