// asyncio's own cancellers among anyio's: the profile `native`. Cancellations come in the iteration in which a timeout
// is due, a task ends, or another canceller asks. DEFECTS.md's numbers stand beside the motifs that they are there for.
// See generator_motifs.cpp.
//
// Tasks that wait for one another round a circle are no part of CASES.md: each waits for earlier ones only.
#include "scenarios/generate/program_builder.h"

namespace cancelsim::scenarios {

namespace {

using Builder = ProgramBuilder;

template <class Body>
void timeout(Builder& b, Body body) {
    const bool never = b.random.chance(1, 8);
    b.block({.op = Op::asyncio_timeout,
             .has_number = !never,
             .name = b.new_timeout(),
             .number = never ? 0 : b.small_or_past()},
            body);
}

template <class Body>
void asyncio_group(Builder& b, Body body) {
    const Name group = b.new_asyncio_group();
    b.block({.op = Op::asyncio_group, .name = group}, [&] { body(group); });
}

void failing_or_waiting(Builder& b) {
    if (b.random.chance(1, 3)) {
        if (b.flip()) b.wait();
        b.add(Op::raise, b.error());
    } else {
        write_body(b, 3);
    }
}

void reschedule(Builder& b) {
    const Name timeout = b.some_timeout();
    if (timeout == kNoName) return b.wait();
    const bool never = b.random.chance(1, 6);
    const auto reschedules = [&] {
        b.add({.op = Op::reschedule, .has_number = !never, .name = timeout, .number = never ? 0 : b.small_or_past()});
    };
    b.flip() ? b.attempt({Catch::error, Then::swallow}, reschedules) : reschedules();
}

/// `wait_for` or `shield`, of a task or a future.
void wait_for_one(Builder& b, Op op) {
    Statement statement{.op = op};
    statement.task = b.random.chance(1, 4) ? kNoName : op == Op::shield ? b.some_task() : b.some_earlier_task();
    if (statement.task == kNoName) statement.name = b.future();
    if (op == Op::wait_for && b.random.chance(7, 8)) {
        statement.has_number = true;
        statement.number = b.small_or_past();
    }
    b.add(statement);
}

/// `gather` or `asyncio_wait`.
void wait_for_several(Builder& b, Op op) {
    std::array<Name, 3> tasks{};
    std::uint32_t count = 0;
    for (std::uint32_t wanted = 1 + b.random.below(3); count < wanted; ++count) {
        tasks[count] = op == Op::gather ? b.some_earlier_task() : b.some_task();
        if (tasks[count] == kNoName) return b.wait();
    }
    Statement statement{.op = op};
    if (op == Op::gather) {
        statement.flag = b.flip();
    } else {
        statement.word = b.random.below(3) & 3U;
        statement.has_number = b.flip();
        if (statement.has_number) statement.number = b.small();
    }
    b.add(b.with_list(statement, {tasks.data(), count}));
}

void await_task(Builder& b) {
    const Name task = b.some_earlier_task();
    task == kNoName ? b.wait() : b.add(Op::await_task, task);
}

/// Any of the ways to wait for a task.
void wait_for_tasks(Builder& b) {
    const std::uint32_t kind = b.random.below(8);
    if (kind < 2)
        await_task(b);
    else if (kind < 4)
        wait_for_one(b, Op::wait_for);
    else if (kind < 5)
        wait_for_one(b, Op::shield);
    else
        wait_for_several(b, kind < 7 ? Op::gather : Op::asyncio_wait);
}

void create_task(Builder& b) {
    const Name group = b.some_asyncio_group();
    if (group == kNoName) return b.child(Op::spawn_detached, kNoName, [&](Name) { write_body(b, 3); });
    b.child(Op::create_task, group, [&](Name) { failing_or_waiting(b); });
}

/// A task in any kind of group, or in none.
void some_child(Builder& b) {
    if (b.random.chance(2, 3)) return create_task(b);
    const Name group = b.some_group();
    const bool detached = group == kNoName || b.random.chance(1, 3);
    b.child(detached ? Op::spawn_detached : Op::spawn, detached ? kNoName : group,
            [&](Name) { failing_or_waiting(b); });
}

/// A group under a timeout, or the other way round, with a request from outside when the time is up (gh-116720,
/// gh-133747, gh-134471).
void group_and_timeout(Builder& b) {
    const Name outer_task = b.this_task();
    const auto children = [&](Name group) {
        for (std::uint32_t tasks = 1 + b.random.below(3); tasks > 0; --tasks)
            b.child(Op::create_task, group, [&](Name) { failing_or_waiting(b); });
        if (b.flip()) b.wait();
    };
    if (b.flip())
        timeout(b, [&] { asyncio_group(b, children); });
    else
        asyncio_group(b, [&](Name group) { timeout(b, [&] { children(group); }); });
    if (b.flip()) {
        b.outside_at(false, b.small());
        b.deed({.op = Op::native_cancel, .name = outer_task});
    }
    if (b.flip()) b.wait();
}

/// An asyncio group in another, or in anyio's, each of which has a task that fails (gh-116720).
void nested_groups(Builder& b) {
    const auto inner = [&](Name group) {
        b.child(Op::create_task, group, [&](Name) { failing_or_waiting(b); });
        if (b.flip()) b.child(Op::create_task, group, [&](Name) { failing_or_waiting(b); });
        if (b.flip()) b.wait();
    };
    if (b.flip()) {
        asyncio_group(b, [&](Name outer) {
            b.child(Op::create_task, outer, [&](Name) { failing_or_waiting(b); });
            asyncio_group(b, inner);
            if (b.flip()) b.wait();
        });
    } else {
        b.any_scope([&](Name) {
            const Name group = b.some_group();
            if (group != kNoName) b.child(Op::spawn, group, [&](Name) { failing_or_waiting(b); });
            asyncio_group(b, inner);
        });
    }
}

/// A task that ends, or is cancelled, in the iteration in which who waits for it is cancelled or out of time (gh-86296,
/// gh-107547).
void cancelled_as_it_ends(Builder& b) {
    const std::int64_t when = 1 + b.random.below(3);
    Name child = kNoName;
    b.child(Op::spawn_detached, kNoName, [&](Name name) {
        child = name;
        b.add(Op::sleep, kNoName, when);
        if (b.flip()) b.add(Op::checkpoint);
        if (b.random.chance(1, 4)) b.add(Op::raise, b.error());
    });
    b.add(Op::checkpoint);
    const Name waiter = b.this_task();
    const auto waits = [&] {
        if (b.flip() && (waiter == generated::kMain || child < waiter))
            b.add({.op = Op::wait_for, .has_number = true, .task = child, .number = b.flip() ? when : b.small()});
        else
            wait_for_tasks(b);
    };
    b.flip() ? b.attempt({Catch::all, b.any_then()}, waits) : waits();
    b.outside_at(false, when);
    b.deed({.op = Op::native_cancel, .name = b.flip() ? waiter : child});
    if (b.flip()) b.deed({.op = Op::native_cancel, .name = b.some_task()});
    b.shuffle_deeds();
}

/// A scope and a timeout around the same wait, due together or one after the other.
void scope_and_timeout(Builder& b) {
    const auto inside = [&] {
        b.flip() ? wait_for_tasks(b) : b.park();
        if (b.flip()) b.wait();
    };
    if (b.flip())
        b.any_scope([&](Name) { timeout(b, inside); });
    else
        timeout(b, [&] { b.any_scope([&](Name) { inside(); }); });
    if (b.random.chance(1, 3)) b.add(Op::native_cancel, b.some_task());
    b.wait();
}

/// Two to five tasks that wait for one another, and requests to any of them.
void chain(Builder& b) {
    asyncio_group(b, [&](Name group) {
        for (std::uint32_t tasks = 2 + b.random.below(4); tasks > 0; --tasks)
            b.child(Op::create_task, group, [&](Name) {
                if (b.flip()) b.wait();
                wait_for_tasks(b);
                if (b.random.chance(1, 3)) failing_or_waiting(b);
            });
        b.wait();
        b.by_another({.op = Op::native_cancel, .name = b.some_task()});
        if (b.flip()) wait_for_tasks(b);
    });
}

constexpr Motif kMotifs[]{
    {group_and_timeout, 4}, {nested_groups, 4}, {cancelled_as_it_ends, 4}, {scope_and_timeout, 3}, {chain, 3},
};

}  // namespace

void write_native_motif(ProgramBuilder& b) { write_one_of(kMotifs, b); }

void write_asyncios_own(ProgramBuilder& b) {
    const std::uint32_t kind = b.random.below(16);
    if (kind < 3)
        timeout(b, [&] { write_body(b, 3); });
    else if (kind < 5)
        asyncio_group(b, [&](Name) {
            some_child(b);
            write_body(b, 3);
        });
    else if (kind < 9)
        some_child(b);
    else if (kind < 11)
        reschedule(b);
    else
        wait_for_tasks(b);
}

}  // namespace cancelsim::scenarios
