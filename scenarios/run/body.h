// The frame of a task's body: its statements, run as one `async def` would.
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>

#include "model/checkpoints.h"
#include "scenarios/program/statement_type.h"
#include "scenarios/run/interpreter.h"

namespace cancelsim::scenarios {

struct Block;
class StateHash;

/// How a kind of block behaves. What its functions lead to is a Poll: they give way, or raise, or the body goes on.
struct BlockType {
    std::string_view name;
    /// The end of the innermost block's statements was reached, which is of this type.
    sim::Poll (*leave)(Body& body, Interpreter& run, model::Task& task);
    /// `error` leaves the statements of the innermost block, which is of this type.
    sim::Poll (*unwind)(Body& body, Interpreter& run, model::Task& task, sim::Error* error);
    /// Adds what decides how `block` goes on, beside where it is.
    void (*hash)(StateHash& hash, const Block& block);
};

/// A block of statements that a body is in. Derived structs hold what a type of block keeps.
struct Block {
    Block* outer = nullptr;  ///< the block around it; of one that was left, the next of these
    const BlockType* type = nullptr;
    std::uint32_t statement = 0;
    std::uint32_t end = 0;  ///< of the statements that it is in
};

/// What a statement's `execute` keeps for its `resume`, in the arena. Derived structs hold it.
struct Kept {};

struct Body : sim::Frame {
    Interpreter* runner;  ///< whose program it is a part of
    std::uint32_t begin;
    std::uint32_t end;
    Name task_name;
    std::uint32_t next;     ///< the statement to execute next
    std::uint32_t stop;     ///< the end of the innermost block's statements, or of the body's own
    std::uint32_t current;  ///< the statement that is executed or waited in
    Block* innermost;       ///< block that it is in, or null
    Block* free_blocks;     ///< those that it has left, to be used again
    const Statement* code;  ///< the case's statements
    /// What a statement's `execute` leaves for its `resume`, which puts it back to 0.
    std::uint32_t mark;
    Kept* kept;  ///< the same, where that is more; whose it is only that statement knows

    sim::Poll go_on(Interpreter& run, model::Task& task, sim::Resume with);

    // For statements' types.

    /// `current` begins to wait for what `poll` says.
    sim::Poll wait(Interpreter& run, model::Task& task, sim::Poll poll) {
        run.emit(events::StatementWaits{task.id, current});
        return poll;
    }
    /// `current` awaits the frame that `make` makes, when it has been told that it waits.
    template <class Make>
    sim::Poll wait_for(Interpreter& run, model::Task& task, Make make) {
        const sim::Poll step = wait(run, task, sim::Poll::called());
        sim::Frame& frame = make();
        run.kernel().call(task, frame);
        return step;
    }
    /// `current`, a statement that can wait, is completed, or raises `error`.
    sim::Poll awaited(Interpreter& run, model::Task& task, sim::Error* error) {
        run.emit(events::StatementEnded{task.id, current, error});
        return sim::Poll::ended(error);
    }
    /// `current` raises `error` without having awaited.
    sim::Poll raised(Interpreter& run, model::Task& task, sim::Error* error) {
        run.emit(events::Raised{task.id, current, error});
        return sim::Poll::ended(error);
    }
    /// `current` has nothing to refer to.
    sim::Poll skipped(Interpreter& run, model::Task& task) {
        run.emit(events::Skipped{task.id, current});
        return sim::Poll::returned();
    }

    /// What `sleep` does, and what is left of it when its wait is over.
    sim::Poll sleep(Interpreter& run, model::Task& task, sim::Time delay) {
        return wait(run, task, model::sleep(run.kernel(), task, delay));
    }
    sim::Poll slept(Interpreter& run, model::Task& task, sim::Time delay, sim::Resume with) {
        if (delay > 0) model::sleep_ends(run.kernel(), task);
        return awaited(run, task, with.thrown);
    }
    /// What `checkpoint` does.
    sim::Poll give_way(Interpreter& run, model::Task& task) {
        task.waits_for = {sim::WaitKind::yield};
        return wait(run, task, sim::Poll::yielded());
    }

    /// The innermost block, which must be one whose type keeps an `Of`.
    template <class Of>
    Of& top() {
        return static_cast<Of&>(*innermost);
    }
    /// Enters a block of statement `current`, whose statements end before `block_end`; the first of them comes next.
    template <class Of>
    Of& push(Interpreter& run, const BlockType& block_type, std::uint32_t block_end) {
        static_assert(std::is_base_of_v<Block, Of> && sizeof(Of) <= kBlockBytes && alignof(Of) <= alignof(Block));
        static_assert(std::is_trivially_destructible_v<Of>);
        Of* block = ::new (block_memory(run)) Of{};
        block->outer = innermost;
        block->type = &block_type;
        block->statement = current;
        block->end = block_end;
        innermost = block;
        stop = block_end;
        next = current + 1;
        return *block;
    }
    /// The same for a block of one part, which is all of statement `current` but itself.
    template <class Of>
    Of& push(Interpreter& run, const BlockType& block_type) {
        return push<Of>(run, block_type, current + code[current].size);
    }
    /// Goes to another part, [part_begin, part_end), of the innermost block.
    void go_to(std::uint32_t part_begin, std::uint32_t part_end) {
        next = part_begin;
        innermost->end = stop = part_end;
    }
    /// Leaves the innermost block: the statement after it comes next. What `top` gave stays as it is until the next
    /// `push`.
    void pop() {
        Block* left = innermost;
        innermost = left->outer;
        next = left->statement + code[left->statement].size;
        left->outer = free_blocks;
        free_blocks = left;
        stop = innermost == nullptr ? end : innermost->end;
    }

private:
    enum : std::uint32_t { fresh, waiting };
    static constexpr std::size_t kBlockBytes = 64;

    sim::Poll begin_body(Interpreter& run, model::Task& task);
    sim::Poll execute(Interpreter& run, model::Task& task);
    sim::Poll resume_statement(Interpreter& run, model::Task& task, sim::Resume with);
    void* block_memory(Interpreter& run) {
        Block* block = free_blocks;
        if (block == nullptr) return run.kernel().arena().allocate(kBlockBytes);
        free_blocks = block->outer;
        return block;
    }
};

/// For a type's `execute`: what its `outside` does.
sim::Poll execute_outside(Body& body, Interpreter& run, model::Task& task, const Statement& statement);
/// For a type's `resume`: the statement ends as its wait has ended.
sim::Poll end_as_wait(Body& body, Interpreter& run, model::Task& task, const Statement& statement, sim::Resume with);
/// The same of a statement that never waits: it is never called.
sim::Poll never_waits(Body& body, Interpreter& run, model::Task& task, const Statement& statement, sim::Resume with);

}  // namespace cancelsim::scenarios
