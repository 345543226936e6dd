#include "model/audit/scope_audits.h"

#include <algorithm>
#include <cassert>

#include "model/kernel.h"

namespace cancelsim::model {

namespace {

/// The first task in `scope`, or in a scope inside it, each scope before those below it; null if there is none.
const Task* first_task(const CancelScope& scope) {
    using Children = decltype(scope.child_scopes);
    // No recursion: a case can nest scopes deeper than a stack is.
    for (const CancelScope* at = &scope;;) {
        if (const Task* task = at->tasks.first()) return task;
        const CancelScope* next = at->child_scopes.first();
        for (; next == nullptr && at != &scope; at = at->parent_scope) next = Children::next(*at);
        if (next == nullptr) return nullptr;
        at = next;
    }
}

}  // namespace

void ScopeAudits::begin() {
    left_.clear();
    next_ = 0;
    kernel_.watch(*this, sim::EventSet<events::All>());
}

void ScopeAudits::left(const CancelScope& scope) {
    assert(!scope.active);
    left_.push_back({&scope, kernel_.iteration()});
    kernel_.Loop::hub().hear<events::IterationBegan>(*this);
    kernel_.hub().hear<events::PassEnded>(*this);
}

void ScopeAudits::at_rest() {
    while (next_ < left_.size()) audit(*left_[next_++].scope);
}

void ScopeAudits::on(const events::IterationBegan& event) {
    while (next_ < left_.size() && event.number - left_[next_].iteration >= kIterations) audit(*left_[next_++].scope);
    if (next_ == left_.size()) kernel_.Loop::hub().ignore<events::IterationBegan>(*this);
}

void ScopeAudits::on(const events::PassEnded& event) {
    const CancelScope& scope = *kernel_.scopes()[event.scope];
    if (!event.rearmed || scope.active) return;
    const auto last =
        std::find_if(left_.rbegin(), left_.rend(), [&](const Left& each) { return each.scope == &scope; });
    if (last != left_.rend() && last->iteration != kernel_.iteration()) audit(scope);
}

void ScopeAudits::audit(const CancelScope& scope) {
    if (scope.active) return;
    const Task* task = first_task(scope);
    kernel_.emit(events::ScopeAudited{scope.id, task != nullptr ? task->id : sim::kNobody,
                                      scope.timeout_handle.state != sim::TimerState::idle, scope.cancel_handle,
                                      scope.in_parent.owner != nullptr});
}

}  // namespace cancelsim::model
