#include "scenarios/run/body.h"

#include <cassert>

namespace cancelsim::scenarios {

using model::Task;
using sim::Error;
using sim::Poll;
using sim::Resume;

// What tasks do most, sleep and give way, takes a short way here: without a call that no processor foresees.

inline Poll Body::execute(Interpreter& run, Task& task) {
    current = next;
    const Statement& statement = code[current];
    next = current + statement.size;
    run.begins(current, &task);
    if (statement.op == Op::sleep) [[likely]]
        return sleep(run, task, statement.number);
    if (statement.op == Op::checkpoint) return give_way(run, task);
    return (*type_of(statement.op).execution->execute)(*this, run, task, statement);
}

inline Poll Body::resume_statement(Interpreter& run, Task& task, Resume with) {
    const Statement& statement = code[current];
    if (statement.op == Op::sleep) [[likely]]
        return slept(run, task, statement.number, with);
    if (statement.op == Op::checkpoint) return awaited(run, task, with.thrown);
    return (*type_of(statement.op).execution->resume)(*this, run, task, statement, with);
}

Poll Body::go_on(Interpreter& run, Task& task, Resume with) {
    Poll step = at != fresh ? resume_statement(run, task, with) : begin_body(run, task);
    for (;;) {
        if (step.kind == Poll::Kind::returned) [[likely]] {
            if (next != stop) [[likely]]
                step = execute(run, task);
            else if (innermost == nullptr)
                break;
            else
                step = innermost->type->leave(*this, run, task);
        } else if (step.gives_way()) {
            return step;
        } else {
            if (innermost == nullptr) break;
            step = innermost->type->unwind(*this, run, task, step.error);
        }
    }
    run.emit(events::BodyEnded{task.id, step.kind == Poll::Kind::raised ? step.error : nullptr});
    return step;
}

Poll Body::begin_body(Interpreter& run, Task& task) {
    at = waiting;
    run.bind_task(task_name, task);
    run.emit(events::BodyBegan{task.id});
    return Poll::returned();
}

Poll execute_outside(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    Error* error = (*type_of(statement.op).execution->outside)(run, body.current, &task);
    return error != nullptr ? body.raised(run, task, error) : Poll::returned();
}

Poll end_as_wait(Body& body, Interpreter& run, Task& task, const Statement&, Resume with) {
    return body.awaited(run, task, with.thrown);
}

Poll never_waits(Body&, Interpreter&, Task&, const Statement&, Resume with) {
    assert(false);
    return Poll::ended(with.thrown);
}

}  // namespace cancelsim::scenarios
