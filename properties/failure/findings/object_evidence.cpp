#include "properties/failure/findings/object_evidence.h"

namespace cancelsim::properties {

void ObjectEvidence::asked(TaskId id) {
    const ObjectCalls::Running call = calls_.running(id);
    if (!call.active) return;
    const bool acquires = call.call == Call::acquire && calls_.object(call.object).kind == ObjectKind::limiter;
    if (acquires && Permits::is_for_another(id, call.borrower)) asked_for_another_ = true;
}

void ObjectEvidence::note(const World& world, const RunInfo&, const events::CallBegan& event) {
    calls_.on(event);
    permits_.began(calls_, event);
    if (event.task != kNobody) pending_[event.task] = {};
    if (event.task != kNobody && world.task(event.task).unarrived > 0) asked(event.task);
    const ObjectCalls::Object& object = calls_.object(event.object);
    if (event.call == Call::set_tokens) {
        const Permits::Account& account = permits_.of(object.lock);
        std::int64_t out = account.out;
        for_each_acquiring(event.object, [&](TaskId task) { out += has_token(world.task(task)) ? 1 : 0; });
        if (event.amount > account.total && out > account.total) raised_without_room_ = true;
    }
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
    if (!call.active) return;
    permits_.ended(calls_, event, call);
    if (event.task == kNobody || event.error == nullptr) return;
    const Pending& pending = pending_[event.task];
    const bool cancelled = event.error->is_cancelled();
    if (call.call == Call::receive && cancelled && pending.overtaken) item_dropped_ = true;
    if (call.call == Call::send && cancelled && pending.asked) sent_and_raised_ = true;
    if (call.call == Call::wait && pending.asked_after) notified_and_asked_ = true;
}

void ObjectEvidence::note(const World& world, const RunInfo&, const events::TaskParked& event) {
    Pending& pending = pending_[event.task];
    if (event.wait.kind != sim::WaitKind::object || !calls_.running(event.task).active) return;
    if (pending.waits != Waits::not_yet) return;
    pending.waits = Waits::first;
    pending.asked = world.task(event.task).unarrived > 0;
}

void ObjectEvidence::note(const World&, const RunInfo&, const events::TaskResumed& event) {
    interrupted_[event.task] = 0;
    Pending& pending = pending_[event.task];
    const ObjectCalls::Running call = calls_.running(event.task);
    const bool takes_lock = call.active && call.call == Call::wait && pending.waits == Waits::over;
    const bool cancelled = event.thrown != nullptr && event.thrown->is_cancelled();
    if (takes_lock && cancelled && calls_.object(call.object).kind == ObjectKind::condition)
        interrupted_at_lock_ = true;
    if (pending.waits == Waits::first) pending.waits = Waits::over;
}

void ObjectEvidence::note(const World& world, const RunInfo&, const events::CancelRequested& event) {
    const World::Task& told = world.task(event.task);
    if (event.by.kind == By::Kind::asyncio_group && told.parked && told.wait.kind == sim::WaitKind::asyncio_children &&
        told.wait.object == event.by.id)
        asked_in_exit_of_[event.by.id] = 1;
    if (!event.accepted) return;
    asked(event.task);
    Pending& pending = pending_[event.task];
    pending.asked = pending.asked || pending.waits == Waits::first;
    pending.overtaken = pending.overtaken || event.wait_was_over;
    pending.asked_after = pending.asked_after || pending.notified;
    const TaskId awaited = waits_for_.find(event.task) != nullptr ? waits_for_[event.task].awaited : kNobody;
    const bool time_is_up = event.by.kind == By::Kind::wait_for && event.by.task == kNobody;
    if (time_is_up && event.wait_was_over && awaited != kNobody && done_in_[awaited] + 1 >= world.iteration())
        result_beside_timeout_ = true;
    if (waits_for_.find(event.task) != nullptr && waits_for_[event.task].open) waits_for_[event.task].asked = true;
}

}  // namespace cancelsim::properties
