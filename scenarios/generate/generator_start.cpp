// Motifs of `start`: who calls it from where, and what happens until the child calls `started()`. See
// generator_motifs.cpp.
#include "scenarios/generate/program_builder.h"

namespace cancelsim::scenarios {

namespace {

using Builder = ProgramBuilder;

/// What a child does until it calls `started()`, if it does, and after. Now and then it swallows a cancellation and
/// goes on, or waits and fails in its clean-up.
void write_startup(Builder& b, Name group) {
    auto waits = [&] { b.random.chance(1, 4) ? write_body(b, 2) : b.wait(); };
    const std::uint32_t kind = b.random.below(8);
    if (kind < 2)
        b.attempt({b.catch_cancelled(), b.any_then()}, waits, [&] {
            if (b.flip()) b.wait();
            if (b.random.chance(1, 4)) b.add(Op::raise, b.error());
        });
    else if (kind == 2)
        b.scope(b.random_options(), [&](Name) { waits(); });
    else if (kind < 7)
        waits();
    if (b.random.chance(1, 5)) b.cancel_somehow(b.flip() ? group : b.some_scope());
    if (b.random.chance(4, 5)) b.add(Op::started);
    if (b.random.chance(3, 4)) b.wait();
    if (b.random.chance(1, 6)) b.add(Op::raise, b.error());
}

void start_into(Builder& b, Name group) {
    b.child(Op::start, group, [&](Name) { write_startup(b, group); });
}

/// In a scope or not, and caught or not.
void call_start(Builder& b, Name group) {
    auto call = [&] { start_into(b, group); };
    const std::uint32_t kind = b.random.below(8);
    if (kind < 3)
        b.any_scope([&](Name scope) {
            if (b.flip()) b.cancel_somehow(scope);
            call();
        });
    else if (kind < 5)
        b.attempt({b.catch_cancelled(), b.any_then()}, call, [&] {
            if (b.flip()) b.wait();
        });
    else
        call();
    if (b.flip()) b.wait();
}

/// The caller is a task of another group, or of none, so that what is around it is not what is around the child's
/// group.
void start_from_elsewhere(Builder& b) {
    b.group([&](Name outer) {
        if (b.random.chance(1, 4)) b.cancel_somehow(outer);
        b.group([&](Name inner) {
            const bool detached = b.random.chance(1, 3);
            b.child(detached ? Op::spawn_detached : Op::spawn, detached ? kNoName : outer,
                    [&](Name) { call_start(b, inner); });
            if (b.random.chance(2, 3)) b.cancel_somehow(b.random.chance(3, 4) ? inner : outer);
            if (b.flip()) b.wait();
        });
        if (b.flip()) b.wait();
    });
}

/// The caller is the host of the child's group or one of its tasks.
void start_from_inside(Builder& b) {
    b.group([&](Name group) {
        if (b.random.chance(1, 3)) b.cancel_somehow(group);
        if (b.flip())
            call_start(b, group);
        else
            b.child(b.random.chance(1, 4) ? Op::start : Op::spawn, group, [&](Name) { call_start(b, group); });
        if (b.flip()) b.wait();
    });
}

/// What `start` waits for starts another, before or after it has called `started()` itself.
void start_in_start(Builder& b) {
    b.group([&](Name outer) {
        auto both = [&](Name group) {
            b.child(Op::start, group, [&](Name) {
                const bool first = b.flip();
                if (first) b.add(Op::started);
                call_start(b, b.flip() ? group : outer);
                if (!first) b.add(Op::started);
                if (b.flip()) b.wait();
            });
        };
        if (b.flip()) b.cancel_somehow(outer);
        if (b.flip())
            both(outer);
        else
            b.group([&](Name inner) {
                if (b.random.chance(1, 3)) b.cancel_somehow(inner);
                both(inner);
            });
    });
}

/// The caller has swallowed a native cancellation, or meets one while it waits (`uncancel-balance`, `start-handshake`).
void start_with_native_cancels(Builder& b) {
    b.group([&](Name group) {
        if (b.flip())
            b.attempt({b.catch_cancelled(), Then::swallow}, [&] {
                b.add(Op::native_cancel, b.this_task());
                b.wait();
            });
        for (std::uint32_t cancels = b.random.below(3); cancels > 0; --cancels)
            b.by_another({.op = Op::native_cancel, .name = b.this_task()});
        call_start(b, group);
        b.wait();
    });
}

constexpr Motif kMotifs[]{
    {start_from_elsewhere, 4},
    {start_from_inside, 3},
    {start_in_start, 2},
    {start_with_native_cancels, 2},
};

}  // namespace

void write_start_motif(ProgramBuilder& b) { write_one_of(kMotifs, b); }

}  // namespace cancelsim::scenarios
