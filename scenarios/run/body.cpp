#include "scenarios/run/body.h"

#include "model/checkpoints.h"

namespace cancelsim::scenarios {

using model::CancelScope;
using model::Task;
using model::TaskGroup;
using sim::Error;
using sim::ErrorKind;
using sim::Poll;
using sim::Resume;

Poll Body::run(Interpreter& run, Task& task, Resume with) {
    Poll step = at != fresh ? wait_ends(run, task, with) : begin_body(run, task);
    for (;;) {
        if (step.kind == Poll::Kind::returned) [[likely]] {
            if (next != stop) [[likely]]
                step = execute(run, task);
            else if (innermost == nullptr)
                break;
            else if (!starts_next_round())
                step = leave_block(run, task);
        } else if (step.gives_way()) {
            return step;
        } else {
            if (innermost == nullptr) break;
            step = unwind(run, task, step.error);
        }
    }
    run.progressed_in_ = run.iteration();
    run.emit(events::BodyEnded{task.id, step.kind == Poll::Kind::raised ? step.error : nullptr});
    return step;
}

Poll Body::begin_body(Interpreter& run, Task& task) {
    at = waiting;
    run.bind_task(task_name, task);
    run.progressed_in_ = run.iteration();
    run.emit(events::BodyBegan{task.id});
    return Poll::returned();
}

Poll Body::execute(Interpreter& run, Task& task) {
    current = next;
    const Statement& statement = code[current];
    next = current + statement.size;
    run.begins(current, &task);
    // What tasks do most takes the short way, here and in `wait_ends`.
    if (statement.op == Op::sleep) [[likely]] {
        task.sleep_timer.reads = &statement;
        return wait(run, task, model::sleep(run, task, statement.number));
    }
    if (statement.op == Op::checkpoint) {
        task.waits_for = {sim::WaitKind::yield};
        return wait(run, task, Poll::yielded());
    }
    switch (statement.op) {
        case Op::checkpoint_if_cancelled:
        case Op::cancel_shielded_checkpoint:
        case Op::event_wait:
        case Op::future_wait: return execute_waiting(run, task, statement);
        case Op::scope:
        case Op::fail_after:
        case Op::group:
        case Op::try_:
        case Op::repeat: return enter_block(run, statement);
        case Op::spawn:
        case Op::start:
        case Op::spawn_detached: return spawn(run, task, statement);
        case Op::enter:
        case Op::exit:
        case Op::group_enter:
        case Op::group_exit: return execute_by_hand(run, task, statement);
        case Op::started:
            if (task.task_status_future == nullptr)
                run.emit(events::Skipped{task.id, current});
            else if (Error* error = model::started(run))
                return raised(run, task, error);
            return Poll::returned();
        case Op::raise: {
            Error* error = run.new_error(ErrorKind::named);
            error->name = statement.name;
            return raised(run, task, run.raise(error));
        }
        case Op::uncancel: run.uncancel(task); return Poll::returned();
        default: run.run_statement(current, &task); return Poll::returned();
    }
}

Poll Body::execute_waiting(Interpreter& run, Task& task, const Statement& statement) {
    switch (statement.op) {
        case Op::checkpoint_if_cancelled:
            if (!model::checkpoint_if_cancelled_yields(task)) return awaited(run, task, nullptr);
            task.waits_for = {sim::WaitKind::poll};
            return wait(run, task, Poll::yielded());
        case Op::cancel_shielded_checkpoint: {
            task.waits_for = {sim::WaitKind::shielded_checkpoint};
            const Poll step = wait(run, task, Poll::called());
            run.call(task, model::cancel_shielded_checkpoint(run));
            return step;
        }
        case Op::event_wait: {
            const Poll poll = model::event_wait(run, run.event_named(statement.name), task);
            if (!poll.gives_way()) return awaited(run, task, nullptr);
            task.waits_for = {sim::WaitKind::event, statement.name};
            parked_on_event = poll.kind == Poll::Kind::awaiting;
            return wait(run, task, poll);
        }
        default: {
            sim::Future& future = run.future_named(statement.name);
            task.waits_for = {sim::WaitKind::future, statement.name};
            if (!future.done()) return wait(run, task, Poll::awaiting(future));
            return awaited(run, task, future.cancelled() ? run.raise(run.take_exception(future)) : nullptr);
        }
    }
}

Poll Body::execute_by_hand(Interpreter& run, Task& task, const Statement& statement) {
    run.emit(events::ByHand{task.id, current});
    switch (statement.op) {
        case Op::enter: {
            CancelScope& scope = run.new_scope(run.deadline_of(statement), statement.flag);
            run.bind_scope(statement.name, scope);
            scope.enter(run);
            return Poll::returned();
        }
        case Op::exit: {
            CancelScope* scope = run.scope_named(statement.name);
            if (scope == nullptr) break;
            if (Error* error = scope->exit(run, nullptr).raised) return raised(run, task, error);
            return Poll::returned();
        }
        case Op::group_enter: {
            TaskGroup& group = run.new_group();
            run.bind_group(statement.name, group);
            return awaited(run, task, group.enter(run));
        }
        default: {
            TaskGroup* group = run.bindings_[statement.name].group;
            if (group == nullptr) break;
            const Poll step = wait(run, task, Poll::called());
            run.call(task, group->exit(run, nullptr));
            return step;
        }
    }
    run.emit(events::Skipped{task.id, current});
    return Poll::returned();
}

Poll Body::spawn(Interpreter& run, Task& task, const Statement& statement) {
    if (statement.op == Op::spawn_detached) {
        run.create_task(run.new_body(current + 1, next));
        return Poll::returned();
    }
    TaskGroup* group = run.bindings_[statement.name].group;
    if (group == nullptr) {
        run.emit(events::Skipped{task.id, current});
        return Poll::returned();
    }
    Body& coro = run.new_body(current + 1, next);
    if (statement.op == Op::start) {
        const Poll step = wait(run, task, Poll::called());
        run.call(task, group->start(run, coro));
        return step;
    }
    if (Error* error = group->start_soon(run, coro)) return raised(run, task, error);
    return Poll::returned();
}

/// What is left of the statement that the task waited in.
Poll Body::wait_ends(Interpreter& run, Task& task, Resume with) {
    const Statement& statement = code[current];
    if (statement.op == Op::sleep) [[likely]] {
        if (statement.number > 0) model::sleep_ends(run, task);
        return awaited(run, task, with.thrown);
    }
    switch (statement.op) {
        case Op::checkpoint_if_cancelled:
            // It loops on sleep(0) until an exception arrives.
            if (with.thrown == nullptr) return Poll::yielded();
            break;
        case Op::event_wait:
            if (parked_on_event) model::event_wait_ends(run.event_named(statement.name), task);
            break;
        case Op::group: return group_exited(run, task, with);
        default: break;
    }
    return awaited(run, task, with.thrown);
}

Poll Body::raised(Interpreter& run, Task& task, Error* error) {
    run.emit(events::Raised{task.id, current, error});
    return Poll::ended(error);
}

}  // namespace cancelsim::scenarios
