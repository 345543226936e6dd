#include "properties/failure/findings/object_evidence.h"

namespace cancelsim::properties {

void ObjectEvidence::asked(TaskId id) {
    Task& task = tasks_[id];
    const ObjectCalls::Running call = calls_.running(id);
    if (!call.active) return;
    task.asked |= bit(call.call);
    const bool acquires = call.call == Call::acquire && calls_.object(call.object).kind == ObjectKind::limiter;
    if (acquires && Permits::is_for_another(id, call.borrower)) task.asked_for_another = true;
}

void ObjectEvidence::note(const World& world, const RunInfo&, const events::CallBegan& event) {
    calls_.on(event);
    permits_.began(calls_, event);
    if (event.task != kNobody && world.task(event.task).unarrived > 0) asked(event.task);
    const ObjectCalls::Object& object = calls_.object(event.object);
    if (event.call == Call::set_tokens) {
        const Permits::Account& account = permits_.of(object.lock);
        if (event.amount > account.total && account.out > account.total) raised_without_room_ = true;
    }
    // An acquire takes its token at once, and returns after a checkpoint.
    const bool acquires = event.call == Call::acquire || event.call == Call::acquire_nowait;
    if (acquires && object.kind == ObjectKind::limiter)
        for_each_acquiring(event.object, [&](TaskId task) {
            if (task != event.task && world.task(task).ready && interrupted_[task] == 0) overtook_ = true;
        });
    if (event.call == Call::release)
        for_each_acquiring(event.object, [&](TaskId task) {
            if (interrupted_[task] != 0) passed_cancelled_ = true;
        });
}

void ObjectEvidence::note(const World&, const RunInfo&, const events::CallEnded& event) {
    const ObjectCalls::Running call = calls_.on(event);
    if (call.active) permits_.ended(calls_, event, call);
}

void ObjectEvidence::note(const World& world, const RunInfo&, const events::CancelRequested& event) {
    const World::Task& told = world.task(event.task);
    if (event.by.kind == By::Kind::asyncio_group && told.parked && told.wait.kind == sim::WaitKind::asyncio_children &&
        told.wait.object == event.by.id)
        asked_in_exit_ = true;
    if (!event.accepted) return;
    Task& task = tasks_[event.task];
    if (event.by.kind == By::Kind::forwarded) task.handed_on = true;
    asked(event.task);
    const ObjectCalls::Running call = calls_.running(event.task);
    if (call.active && event.wait_was_over) task.overtaken |= bit(call.call);
    if (waits_for_.find(event.task) != nullptr && waits_for_[event.task].open) waits_for_[event.task].asked = true;
}

}  // namespace cancelsim::properties
