// Motifs of misuse, as production showed it: see generator_motifs.cpp. What they have in common is that leaving a scope
// in the wrong task or order raises before anything is undone, so that the scope stays as it was for ever.
#include "scenarios/generate/program_builder.h"

namespace cancelsim::scenarios {

namespace {

using Builder = ProgramBuilder;

/// A task enters a scope or group, or two, and ends; then somebody cancels it (#1111: spins).
void end_in_scope(Builder& b) {
    const std::uint32_t count = b.random.chance(1, 6) ? 3 : 1;
    for (std::uint32_t i = 0; i < count; ++i) {
        Name outer = kNoName;
        const Name in_group = b.random.chance(1, 4) ? b.some_group() : kNoName;
        b.child(in_group == kNoName ? Op::spawn_detached : Op::spawn, in_group, [&](Name) {
            if (b.random.chance(1, 4)) b.wait();
            const bool has_deadline = b.random.chance(1, 4);
            outer =
                b.random.chance(1, 4)
                    ? b.group_enter()
                    : b.enter({.shield = b.random.chance(1, 8), .has_deadline = has_deadline, .deadline = b.small()});
            if (b.random.chance(1, 3)) b.enter({});
            if (b.random.chance(1, 4)) b.wait();
        });
        if (b.random.chance(2, 3)) {
            b.outside();
            b.deed({.op = Op::cancel, .name = outer});
        } else {
            b.sleep();
            b.add(Op::cancel, outer);
        }
    }
}

/// Entered in one task, left in another (an async generator that is closed elsewhere).
void exit_elsewhere(Builder& b) {
    Name name = kNoName;
    const bool group = b.random.chance(1, 3);
    b.child(Op::spawn_detached, kNoName, [&](Name) {
        name = group ? b.group_enter() : b.enter(b.random_options());
        b.park();
        if (b.flip()) b.park();
    });
    b.sleep();
    if (b.flip()) b.add(Op::cancel, name);
    b.attempt({b.flip() ? Catch::error : Catch::all, Then::swallow},
              [&] { b.add(group ? Op::group_exit : Op::exit, name); });
    if (b.flip()) b.by_another({.op = Op::cancel, .name = name});
    b.wait();
}

/// Two groups or scopes, left in the order in which they were entered.
void first_in_first_out(Builder& b) {
    const bool groups = b.flip();
    const Name first = groups ? b.group_enter() : b.enter(b.random_options());
    const Name second = groups ? b.group_enter() : b.enter(b.random_options());
    if (groups && b.flip()) b.child(Op::spawn, b.flip() ? first : second, [&](Name) { b.wait(); });
    if (b.flip()) b.cancel_somehow(b.flip() ? first : second);
    if (b.random.chance(1, 3)) b.wait();
    const Op leave = groups ? Op::group_exit : Op::exit;
    auto both = [&] {
        b.add(leave, first);
        b.add(leave, second);
    };
    if (b.flip())
        b.attempt({Catch::error, Then::swallow}, both);
    else
        both();
    b.wait();
}

/// A waiter that refuses to be cancelled (#1257: spins).
void wait_stubbornly(Builder& b) {
    const Name future = b.future();
    b.make_stubborn(future);
    b.in_some_scope([&](Name scope) {
        b.cancel_somehow(scope);
        b.attempt({b.catch_cancelled(), b.any_then()}, [&] { b.add(Op::future_wait, future); });
        b.wait();
    });
    if (b.flip()) {
        b.outside();
        b.deed({.op = Op::future_resolve, .name = future});
    }
}

/// Entered and left by hand as it should be.
void by_hand_properly(Builder& b) {
    const Name name = b.enter(b.random_options());
    b.cancel_somehow(name);
    b.attempt({b.catch_cancelled(), Then::swallow}, [&] { b.wait(); });
    b.add(Op::exit, name);
    b.wait();
}

constexpr Motif kMotifs[]{
    {end_in_scope, 4}, {exit_elsewhere, 3}, {first_in_first_out, 2}, {wait_stubbornly, 2}, {by_hand_properly, 1},
};

}  // namespace

void write_misuse_motif(ProgramBuilder& b) { write_one_of(kMotifs, b); }

}  // namespace cancelsim::scenarios
