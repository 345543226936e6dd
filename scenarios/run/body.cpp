#include "scenarios/run/body.h"

#include <cassert>

namespace cancelsim::scenarios {

using model::Task;
using sim::Error;
using sim::Poll;
using sim::Resume;

Poll Body::run(Interpreter& run, Task& task, Resume with) {
    Poll step = at != fresh ? (*type_of(code[current].op).execution->resume)(*this, run, task, code[current], with)
                            : begin_body(run, task);
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
    run.progressed();
    run.emit(events::BodyEnded{task.id, step.kind == Poll::Kind::raised ? step.error : nullptr});
    return step;
}

Poll Body::begin_body(Interpreter& run, Task& task) {
    at = waiting;
    run.bind_task(task_name, task);
    run.progressed();
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
