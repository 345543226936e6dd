// The frame of a task's body: its statements, run as one `async def` would.
#pragma once

#include "scenarios/run/interpreter.h"

namespace cancelsim::scenarios {

/// A block of statements that a body is in.
struct Block {
    Block* outer = nullptr;  ///< the block around it; of one that was left, the next of these
    enum class Phase : std::uint8_t { body, handler, finally };
    std::uint32_t statement = 0;
    std::uint32_t end = 0;  ///< of the statements of this phase
    Op op = Op::repeat;     ///< of the statement
    Phase phase = Phase::body;
    std::int64_t remaining = 0;           ///< of `repeat`: rounds after this one
    sim::Error* caught = nullptr;         ///< of `try`: what its handler handles; of `group`: what came to its exit
    sim::Error* pending = nullptr;        ///< of `try`: what its `finally` will raise again
    sim::Error* outer_handled = nullptr;  ///< what the frame handled before this phase
    model::CancelScope* scope = nullptr;
    model::TaskGroup* group = nullptr;
};

struct Body : sim::Frame {
    std::uint32_t begin;
    std::uint32_t end;
    Name task_name;
    std::uint32_t next;     ///< the statement to execute next
    std::uint32_t stop;     ///< the end of the innermost block's statements, or of the body's own
    std::uint32_t current;  ///< the statement that is executed or waited in
    Block* innermost;       ///< block that it is in, or null
    Block* free_blocks;     ///< those that it has left, to be used again
    const Statement* code;  ///< the case's statements
    bool parked_on_event;   ///< `current` is an event_wait that is in the event's queue

    sim::Poll run(Interpreter& run, model::Task& task, sim::Resume with);

private:
    enum : std::uint32_t { fresh, waiting };

    // What a part of the body leads to: it gives way, or `error` was raised, or (returned) it goes on.
    sim::Poll begin_body(Interpreter& run, model::Task& task);
    sim::Poll wait(Interpreter& run, model::Task& task, sim::Poll poll) {
        run.emit(events::StatementWaits{task.id, current});
        return poll;
    }

    sim::Poll execute(Interpreter& run, model::Task& task);
    sim::Poll execute_waiting(Interpreter& run, model::Task& task, const Statement& statement);
    sim::Poll execute_by_hand(Interpreter& run, model::Task& task, const Statement& statement);
    sim::Poll enter_block(Interpreter& run, const Statement& statement);
    sim::Poll spawn(Interpreter& run, model::Task& task, const Statement& statement);
    sim::Poll wait_ends(Interpreter& run, model::Task& task, sim::Resume with);
    sim::Poll leave_block(Interpreter& run, model::Task& task);
    sim::Poll unwind(Interpreter& run, model::Task& task, sim::Error* error);
    sim::Poll exit_scope(Interpreter& run, model::Task& task, sim::Error* error);
    sim::Poll exit_group(Interpreter& run, model::Task& task, sim::Error* error);
    sim::Poll group_exited(Interpreter& run, model::Task& task, sim::Resume with);
    sim::Poll leave_handler(Interpreter& run, Block& block);
    sim::Poll enter_finally(Block& block, const Statement& statement, sim::Error* pending);
    sim::Poll raised(Interpreter& run, model::Task& task, sim::Error* error);
    sim::Poll awaited(Interpreter& run, model::Task& task, sim::Error* error) {
        run.progressed_in_ = run.iteration();
        run.emit(events::StatementEnded{task.id, current, error});
        return sim::Poll::ended(error);
    }

    Block& top() { return *innermost; }
    /// The end of a round of `repeat`: starts the next one, if there is one.
    bool starts_next_round() {
        Block& block = top();
        if (block.op != Op::repeat || block.remaining == 0) return false;
        --block.remaining;
        next = block.statement + 1;
        return true;
    }
    Block& push(Interpreter& run, std::uint32_t statement, std::uint32_t block_end);
    void pop();
};

}  // namespace cancelsim::scenarios
