// Small patterns that the known bugs have in common. The grammar alone would write each of them too, but rarely: most
// need three or four statements that fit together. A motif leaves open whatever a bug does not depend on, so that a
// motif for one bug also finds its neighbours. DEFECTS.md's numbers stand beside those that a motif is there for.
#include "scenarios/generate/program_builder.h"

namespace cancelsim::scenarios {

namespace {

using Builder = ProgramBuilder;

/// Mostly in the middle of what happens, sometimes by a task of its own.
template <class Body>
void maybe_in_child(Builder& b, Body body) {
    if (const Name group = b.some_group(); group != kNoName && b.random.chance(1, 3))
        b.child(Op::spawn, group, [&](Name) { body(); });
    else if (b.random.chance(1, 4))
        b.group([&](Name group_name) {
            b.child(Op::spawn, group_name, [&](Name) { body(); });
            if (b.flip()) b.wait();
        });
    else
        body();
}

void park_behind_shield(Builder& b) {
    b.scope({.shield = true}, [&](Name) { b.park(); });
}

/// Level cancellation comes again, however often it was swallowed (`redelivery`; the policies v1 to v3, edge).
void swallow_in_loop(Builder& b) {
    b.in_some_scope([&](Name scope) {
        b.cancel_somehow(scope);
        auto round = [&] {
            b.attempt(
                {b.catch_cancelled(), Then::swallow}, [&] { b.wait(); },
                [&] {
                    if (b.random.chance(1, 4)) b.wait();
                });
        };
        if (b.loops() == 0 && b.flip())
            b.repeat(2 + b.random.below(2), round);
        else
            round();
        b.wait();
    });
}

/// A pass skips the current task; the next one must find it parked (`deferred-self-delivery`; v2, v3, edge).
void cancel_self_and_wait(Builder& b) {
    b.in_some_scope([&](Name scope) {
        maybe_in_child(b, [&] {
            b.add(Op::cancel, scope);
            b.wait();
            if (b.flip()) b.wait();
        });
    });
}

/// Two cancelled scopes, one in the other, in either order, with something between their ends
/// (#698, #774s, #790, #790c, #370, #551).
void cancel_both(Builder& b) {
    b.any_scope([&](Name outer) {
        auto inner_scope = [&] {
            b.scope({.shield = b.random.chance(1, 3), .cancel_first = b.random.chance(1, 6)}, [&](Name inner) {
                const Name first = b.flip() ? inner : outer;
                b.cancel_somehow(first);
                if (b.random.chance(1, 3)) b.wait();
                b.cancel_somehow(first == inner ? outer : inner);
                b.wait();
            });
        };
        if (b.flip())
            b.attempt({b.catch_cancelled(), b.any_then()}, inner_scope);
        else
            inner_scope();
        if (b.flip()) b.add(Op::note, generated::kNote);
        b.wait();
    });
}

/// `start` is cancelled while it waits (#685, #837, #597, `start-handshake`, `not-before-start`).
void cancel_start(Builder& b) {
    b.group([&](Name group) {
        if (b.flip()) b.child(Op::spawn, group, [&](Name) { b.park(); });
        auto start = [&](Name scope) {
            if (b.random.chance(3, 4)) b.by_another({.op = Op::cancel, .name = scope});
            b.child(Op::start, group, [&](Name) {
                if (b.random.chance(1, 3))
                    park_behind_shield(b);
                else
                    b.park();
                if (b.random.chance(2, 3)) b.add(Op::started);
                if (b.flip()) b.wait();
            });
        };
        if (b.random.chance(1, 3))
            b.fail_after({.shield = b.random.chance(1, 6), .deadline = b.small()}, start);
        else
            b.scope({.has_deadline = b.flip(), .deadline = b.small()}, start);
        b.wait();
    });
}

/// The child ends, fails, answers or is cancelled just when `start` returns (`start-handshake`, `errors-arrive`).
void race_start(Builder& b) {
    b.group([&](Name group) {
        if (b.random.chance(1, 3)) b.cancel_somehow(group);
        b.child(Op::start, group, [&](Name task) {
            if (b.flip()) b.wait();
            if (b.random.chance(3, 4)) b.add(Op::started);
            const std::uint32_t kind = b.random.below(6);
            if (kind < 2) b.add(Op::raise, b.error());
            if (kind == 2) b.add(Op::cancel, group);
            if (kind == 3) b.add(Op::native_cancel, b.flip() ? task : generated::kMain);
            if (kind == 4) b.add(Op::started);
            b.wait();
        });
        if (b.flip()) b.wait();
    });
}

/// A group is cancelled while a child, its host or both are under a shield
/// (#695, #642, #642b, #1069, #1070, `shield-holds`).
void shield_under_cancelled(Builder& b) {
    auto in_group = [&](Name outer, Name group) {
        b.child(Op::spawn, group, [&](Name) {
            if (b.flip())
                park_behind_shield(b);
            else
                b.park();
            if (b.random.chance(1, 4)) b.wait();
        });
        if (b.random.chance(1, 3)) b.child(Op::spawn, group, [&](Name) { b.park(); });
        if (b.random.chance(2, 3))
            b.by_another({.op = Op::cancel, .name = b.random.chance(2, 3) ? outer : group});
        else
            b.add(Op::cancel, b.flip() ? outer : group);
        const std::uint32_t host = b.random.below(4);
        if (host < 2) park_behind_shield(b);
        if (host == 2) b.park();
    };
    if (b.random.chance(1, 4)) {
        b.group([&](Name group) { in_group(group, group); });
    } else {
        b.any_scope([&](Name outer) {
            b.group([&](Name group) { in_group(outer, group); });
            if (b.flip()) b.wait();
        });
    }
}

/// A shield is raised and dropped over a cancelled scope (#274, `shield-holds`).
void drop_shield(Builder& b) {
    b.any_scope([&](Name outer) {
        b.scope({.shield = b.random.chance(3, 4)}, [&](Name shield) {
            b.cancel_somehow(outer);
            if (b.flip()) b.wait();
            if (b.flip())
                b.set_shield(shield, b.random.chance(1, 4));
            else
                b.by_another({.op = Op::set_shield, .name = shield, .flag = b.random.chance(1, 4)});
            b.park();
        });
    });
}

/// What a task waits for is there, and before it wakes it is cancelled, natively, by a scope, or both
/// (pr1260, #595, #1214, `redelivery`).
void cancel_in_wakeup_window(Builder& b) {
    b.in_some_scope([&](Name scope) {
        maybe_in_child(b, [&] {
            const bool on_event = b.flip();
            const Name what = on_event ? b.event() : b.future();
            b.outside();
            if (b.random.chance(3, 4)) b.deed({.op = on_event ? Op::event_set : Op::future_resolve, .name = what});
            if (b.random.chance(3, 4)) b.deed({.op = Op::native_cancel, .name = b.this_task()});
            b.deed({.op = Op::cancel, .name = scope});
            b.shuffle_deeds();
            auto wait = [&] { b.add(on_event ? Op::event_wait : Op::future_wait, what); };
            if (b.random.chance(3, 4))
                b.attempt({b.catch_cancelled(), Then::swallow}, wait);
            else
                wait();
            b.wait();
        });
    });
}

/// A native cancellation of its own is pending when the scope is cancelled (pr1260, #1214, #774u).
void native_and_scope(Builder& b) {
    b.in_some_scope([&](Name scope) {
        auto both = [&] {
            const bool native_first = b.flip();
            if (native_first) b.add(Op::native_cancel, b.this_task());
            b.add(Op::cancel, scope);
            if (!native_first) b.add(Op::native_cancel, b.this_task());
            b.wait();
        };
        if (b.random.chance(2, 3))
            b.attempt({b.catch_cancelled(), b.any_then()}, both, [&] {
                if (b.random.chance(1, 4)) b.add(Op::uncancel);
            });
        else
            both();
        b.wait();
    });
}

/// A native cancellation was swallowed long ago; its count must stay when a group with children is cancelled (#774u).
void leave_native_count(Builder& b) {
    b.attempt({b.catch_cancelled(), Then::swallow}, [&] {
        b.add(Op::native_cancel, b.this_task());
        b.wait();
    });
    b.group([&](Name group) {
        b.child(Op::spawn, group, [&](Name) { b.park(); });
        if (b.flip()) b.add(Op::checkpoint);
        b.cancel_somehow(group);
        b.wait();
    });
}

/// A native cancellation hits a group's wait for its children (#374, #586).
void native_in_group_wait(Builder& b) {
    b.group([&](Name group) {
        b.child(Op::spawn, group, [&](Name) {
            if (b.random.chance(1, 3))
                park_behind_shield(b);
            else
                b.park();
        });
        const Builder::Deed native{.op = Op::native_cancel, .name = b.this_task()};
        if (b.flip()) {
            b.outside_at(false, b.small());
            b.deed(native);
            if (b.random.chance(1, 4)) b.deed({.op = Op::cancel, .name = group});
        } else {
            b.by_another(native);
        }
    });
}

/// Children fail, at one moment, while handling a cancellation, or beside others (`errors-arrive`). No statement puts a
/// CancelledError into an exception group, so #634 and #1091 are out of reach of any case.
void fail_together(Builder& b) {
    auto group = [&] {
        b.group([&](Name name) {
            for (std::uint32_t i = b.random.below(2); i < 3; ++i)
                b.child(i == 2 && b.random.chance(1, 4) ? Op::start : Op::spawn, name, [&](Name) {
                    if (b.random.chance(1, 4)) {
                        b.attempt(
                            {b.catch_cancelled(), b.any_then()}, [&] { b.park(); },
                            [&] { b.add(Op::raise, b.error()); });
                        return;
                    }
                    if (b.flip()) b.wait();
                    if (b.random.chance(3, 4)) b.add(Op::raise, b.error());
                });
            if (b.flip()) b.wait();
        });
    };
    const std::uint32_t kind = b.random.below(3);
    if (kind == 0) return group();
    if (kind == 1) return b.attempt({Catch::error, b.any_then()}, group);
    b.any_scope([&](Name scope) {
        b.cancel_somehow(scope);
        group();
        if (b.flip()) b.wait();
    });
}

/// A child fails while a parent is cancelled; then the group is shielded, and its siblings live on (#787).
void fail_under_cancelled(Builder& b) {
    b.any_scope([&](Name outer) {
        b.group([&](Name group) {
            const std::uint32_t who = b.random.below(4);
            auto shield = [&] { b.set_shield(group, true); };
            b.child(Op::spawn, group, [&](Name) {
                b.attempt(
                    {b.catch_cancelled(), Then::swallow}, [&] { b.park(); },
                    [&] {
                        if (who == 0) shield();
                        b.add(Op::raise, b.error());
                    });
            });
            b.child(Op::spawn, group, [&](Name) {
                b.attempt({b.catch_cancelled(), Then::swallow}, [&] { b.park(); });
                if (who == 1) shield();
                b.park();
            });
            if (b.flip())
                b.by_another({.op = Op::cancel, .name = outer});
            else
                b.add(Op::cancel, outer);
            if (b.flip())
                park_behind_shield(b);
            else
                b.attempt({b.catch_cancelled(), Then::swallow}, [&] { b.park(); });
            if (who >= 2) shield();
            b.park();
        });
    });
}

/// A new CancelledError takes the place of anyio's (#606).
void replace_cancellation(Builder& b) {
    b.in_some_scope([&](Name scope) {
        b.cancel_somehow(scope);
        auto inner = [&] {
            b.attempt(
                {b.catch_cancelled(), Then::raise_cancelled}, [&] { b.park(); },
                [&] {
                    if (b.random.chance(1, 3)) b.wait();
                });
        };
        if (b.random.chance(1, 3))
            b.attempt({b.catch_cancelled(), b.any_then()}, inner, [&] { b.wait(); });
        else
            inner();
        if (b.flip()) b.wait();
    });
}

/// Deadlines that are past, now, equal to one another or to what they guard; a timeout's scope cancelled by name
/// (double, `deadline`, #589, #433).
void race_deadlines(Builder& b) {
    const std::int64_t time = b.small();
    auto body = [&](Name scope) {
        const std::uint32_t kind = b.random.below(6);
        if (kind == 0) b.cancel_somehow(scope);
        if (kind == 1) b.set_deadline(scope, b.small_or_past());
        if (kind == 2)
            b.by_another({.op = Op::set_deadline, .name = scope, .has_number = true, .number = b.small_or_past()});
        if (kind == 3) b.scope({.has_deadline = true, .deadline = time}, [&](Name) { b.wait(); });
        if (b.flip())
            b.add(Op::sleep, kNoName, time);
        else
            b.wait();
        if (b.flip()) b.wait();
    };
    const std::uint32_t kind = b.random.below(3);
    if (kind == 0)
        b.fail_after({.shield = b.random.chance(1, 8), .deadline = time}, body);
    else if (kind == 1)
        b.scope({.has_deadline = true, .deadline = time}, body);
    else
        b.scope({.has_deadline = b.flip(),
                 .deadline = -static_cast<std::int64_t>(b.random.below(2)),
                 .cancel_first = b.flip()},
                body);
}

constexpr Motif kMotifs[]{
    {swallow_in_loop, 3},      {cancel_self_and_wait, 2},   {cancel_both, 4},          {cancel_start, 3},
    {race_start, 2},           {shield_under_cancelled, 4}, {drop_shield, 2},          {cancel_in_wakeup_window, 4},
    {native_and_scope, 3},     {leave_native_count, 1},     {native_in_group_wait, 2}, {fail_together, 2},
    {fail_under_cancelled, 2}, {replace_cancellation, 2},   {race_deadlines, 3},
};
}  // namespace

void write_motif(ProgramBuilder& b) {
    if (b.profile == Profile::all) {
        const std::uint32_t kind = b.random.below(8);
        if (kind < 3) return write_objects_motif(b);
        if (kind < 6) return write_native_motif(b);
        if (kind < 7) return write_start_motif(b);
    }
    if (b.profile == Profile::misuse && b.flip()) return write_misuse_motif(b);
    if (b.profile == Profile::start && b.random.chance(2, 3)) return write_start_motif(b);
    if (b.profile == Profile::objects && b.random.chance(3, 4)) return write_objects_motif(b);
    if (b.profile == Profile::native) return write_native_motif(b);
    write_one_of(kMotifs, b);
}

}  // namespace cancelsim::scenarios
