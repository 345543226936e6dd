// How a body enters and leaves its blocks.
#include "model/checkpoints.h"
#include "scenarios/run/body.h"

namespace cancelsim::scenarios {

using model::CancelScope;
using model::ExitResult;
using model::Task;
using model::TaskGroup;
using sim::Error;
using sim::ErrorKind;
using sim::Poll;
using sim::Resume;

Block& Body::push(Interpreter& run, std::uint32_t statement, std::uint32_t block_end) {
    Block* block = free_blocks;
    if (block != nullptr)
        free_blocks = block->outer;
    else
        block = run.arena().make<Block>();
    *block = {.outer = innermost, .statement = statement, .end = block_end, .op = code[statement].op};
    innermost = block;
    stop = block_end;
    next = statement + 1;
    return *block;
}

void Body::pop() {
    Block* left = innermost;
    innermost = left->outer;
    left->outer = free_blocks;
    free_blocks = left;
    stop = innermost == nullptr ? end : innermost->end;
}

Poll Body::enter_block(Interpreter& run, const Statement& statement) {
    switch (statement.op) {
        case Op::repeat:
            if (statement.size > 1) push(run, current, next).remaining = statement.number - 1;
            return Poll::returned();
        case Op::try_: push(run, current, current + statement.handler); return Poll::returned();
        case Op::group: {
            TaskGroup& group = run.new_group();
            run.bind_group(statement.name, group);
            push(run, current, next).group = &group;
            group.enter(run);  // a new group: it cannot fail
            return Poll::returned();
        }
        default: {  // scope, fail_after
            const bool has_deadline = statement.op == Op::fail_after || statement.has_number;
            CancelScope& scope =
                run.new_scope(has_deadline ? run.now() + statement.number : sim::kInfinity, statement.flag);
            run.bind_scope(statement.name, scope);
            push(run, current, next).scope = &scope;
            if (statement.cancel_first) scope.cancel(run);
            scope.enter(run);  // a new scope: it cannot fail
            return Poll::returned();
        }
    }
}

/// The end of the innermost block's statements was reached.
Poll Body::leave_block(Interpreter& run, Task& task) {
    Block& block = top();
    if (block.op == Op::repeat) {
        pop();
        return Poll::returned();
    }
    const Statement& statement = code[block.statement];
    switch (block.op) {
        case Op::group: return exit_group(run, task, nullptr);
        case Op::try_: break;
        default: return exit_scope(run, task, nullptr);
    }
    switch (block.phase) {
        case Block::Phase::body: return enter_finally(block, statement, nullptr);
        case Block::Phase::handler: return leave_handler(run, block);
        default: {
            handled = block.outer_handled;
            Error* pending = block.pending;
            pop();
            return Poll::ended(pending);
        }
    }
}

/// `error` leaves the statements of the innermost block.
Poll Body::unwind(Interpreter& run, Task& task, Error* error) {
    Block& block = top();
    const Statement& statement = code[block.statement];
    switch (statement.op) {
        case Op::repeat: pop(); return Poll::ended(error);
        case Op::group: return exit_group(run, task, error);
        case Op::try_: break;
        default: return exit_scope(run, task, error);
    }
    switch (block.phase) {
        case Block::Phase::body: {
            const bool catches = statement.catches == Catch::all ||
                                 (statement.catches == Catch::cancelled && error->is_cancelled()) ||
                                 (statement.catches == Catch::error && !error->is_cancelled());
            if (!catches) return enter_finally(block, statement, error);
            run.emit(events::Caught{task.id, block.statement, error});
            block.phase = Block::Phase::handler;
            block.caught = error;
            block.outer_handled = handled;
            handled = error;
            next = block.statement + statement.handler;
            block.end = stop = block.statement + statement.finally;
            return Poll::returned();
        }
        case Block::Phase::handler: handled = block.outer_handled; return enter_finally(block, statement, error);
        default:
            handled = block.outer_handled;
            pop();
            return Poll::ended(error);
    }
}

/// The end of an except clause.
Poll Body::leave_handler(Interpreter& run, Block& block) {
    const Statement& statement = code[block.statement];
    Error* error = nullptr;
    if (statement.then == Then::reraise) error = block.caught;
    if (statement.then == Then::raise_cancelled) error = run.raise(ErrorKind::cancelled);
    handled = block.outer_handled;
    return enter_finally(block, statement, error);
}

/// A `try` without `finally` ends here; `pending` goes on.
Poll Body::enter_finally(Block& block, const Statement& statement, Error* pending) {
    if (statement.finally == statement.size) {
        next = block.statement + statement.size;
        pop();
        return Poll::ended(pending);
    }
    block.phase = Block::Phase::finally;
    block.pending = pending;
    block.outer_handled = handled;
    if (pending != nullptr) handled = pending;
    next = block.statement + statement.finally;
    block.end = stop = block.statement + statement.size;
    return Poll::returned();
}

Poll Body::exit_scope(Interpreter& run, Task& task, Error* error) {
    const Block block = top();
    const Statement& statement = code[block.statement];
    Error* outer = handled;
    if (error != nullptr) handled = error;
    const ExitResult exit = statement.op == Op::fail_after ? model::fail_after_exit(run, *block.scope, error)
                                                           : block.scope->exit(run, error);
    handled = outer;
    pop();
    next = block.statement + statement.size;
    Error* leaves = exit.raised != nullptr ? exit.raised : exit.swallow ? nullptr : error;
    run.emit(events::ScopeBlockLeft{task.id, block.scope->id, leaves});
    return Poll::ended(leaves);
}

Poll Body::exit_group(Interpreter& run, Task& task, Error* error) {
    Block& block = top();
    block.caught = error;
    block.outer_handled = handled;
    if (error != nullptr) handled = error;
    current = block.statement;
    const Poll step = wait(run, task, Poll::called());
    run.call(task, block.group->exit(run, error));
    return step;
}

Poll Body::group_exited(Interpreter& run, Task& task, Resume with) {
    const Block block = top();
    handled = block.outer_handled;
    pop();
    next = block.statement + code[block.statement].size;
    Error* leaves = with.thrown != nullptr ? with.thrown : with.value ? nullptr : block.caught;
    run.progressed_in_ = run.iteration();
    run.emit(events::GroupBlockLeft{task.id, block.group->id, leaves});
    return Poll::ended(leaves);
}

}  // namespace cancelsim::scenarios
