// Objects that tasks share: the profile `objects`. A case has one to three of them and two to six tasks that contend
// for them, and cancellations come in the iteration in which something is released, notified or sent. DEFECTS.md's
// numbers stand beside the motifs that they are there for. See generator_motifs.cpp.
#include "scenarios/generate/program_builder.h"

namespace cancelsim::scenarios {

namespace {

using Builder = ProgramBuilder;

bool is_condition(ObjectKind kind) { return kind == ObjectKind::condition || kind == ObjectKind::asyncio_condition; }
bool is_channel(ObjectKind kind) { return kind == ObjectKind::stream || kind == ObjectKind::asyncio_queue; }
bool is_semaphore(ObjectKind kind) { return kind == ObjectKind::semaphore || kind == ObjectKind::asyncio_semaphore; }
bool is_asyncios(ObjectKind kind) { return kind >= ObjectKind::asyncio_lock; }

/// What may fail without waiting: mostly caught, so that the task goes on.
template <class Body>
void maybe_caught(Builder& b, Body body) {
    if (b.random.chance(3, 4))
        b.attempt({Catch::error, Then::swallow}, body);
    else
        body();
}

/// While the object is held.
void write_inside(Builder& b, const ObjectSpec& object) {
    if (is_condition(object.kind) && b.random.chance(3, 4)) {
        if (b.flip())
            b.add(Op::wait, object.name);
        else
            b.notify(object.name, b.random.below(3));
        if (b.random.chance(1, 3)) b.wait();
    } else if (b.random.chance(1, 4)) {
        write_body(b, 2);
    } else {
        b.wait();
    }
}

void acquire_and_release(Builder& b, const ObjectSpec& object, Op acquire) {
    auto body = [&] {
        b.add(acquire, object.name);
        auto inside = [&] { write_inside(b, object); };
        auto release = [&] { b.add(Op::release, object.name); };
        if (b.flip()) {
            b.attempt(
                {Catch::none, Then::swallow}, inside, [] {}, release);
        } else {
            inside();
            release();
        }
    };
    acquire == Op::acquire ? body() : maybe_caught(b, body);
}

void write_on_limiter(Builder& b, const ObjectSpec& limiter) {
    const std::uint32_t kind = b.random.below(4);
    if (kind == 0) return b.add(Op::set_tokens, limiter.name, 1 + b.random.below(3));
    const Name borrower = generated::borrower(b.random.below(generated::kBorrowers));
    if (kind < 3) b.add_two(Op::acquire_for, limiter.name, borrower);
    if (b.random.chance(3, 4)) b.wait();
    maybe_caught(b, [&] { b.add_two(Op::release_for, limiter.name, borrower); });
}

void write_on_lockable(Builder& b, const ObjectSpec& object) {
    const std::uint32_t kind = b.random.below(16);
    if (kind >= 13 && object.kind == ObjectKind::limiter) return write_on_limiter(b, object);
    if (kind < 7)
        b.block(Op::hold, object.name, [&] { write_inside(b, object); });
    else if (kind < 11 || is_asyncios(object.kind))
        acquire_and_release(b, object, Op::acquire);
    else if (kind < 14)
        acquire_and_release(b, object, Op::acquire_nowait);
    else
        maybe_caught(b, [&] { b.add(Op::release, object.name); });
}

/// A stream's own name, mostly, or a clone's.
Name some_end(Builder& b, const ObjectSpec& stream) {
    return stream.kind == ObjectKind::stream && b.random.chance(1, 4)
               ? generated::clone(b.random.below(generated::kClones))
               : stream.name;
}

void write_on_stream_end(Builder& b, const ObjectSpec& stream) {
    constexpr std::array kEndOps{Op::close_send, Op::close_receive, Op::clone_send, Op::clone_receive};
    const Op op = kEndOps[b.random.below(kEndOps.size())];
    const Name end = some_end(b, stream);
    if (op == Op::close_send || op == Op::close_receive) return b.add(op, end);
    maybe_caught(b, [&] { b.add_two(op, end, generated::clone(b.random.below(generated::kClones))); });
}

void write_on_channel(Builder& b, const ObjectSpec& channel) {
    const std::uint32_t kind = b.random.below(16);
    const Name end = some_end(b, channel);
    if (kind < 5)
        b.add(Op::send, end);
    else if (kind < 10)
        b.add(Op::receive, end);
    else if (kind < 12)
        maybe_caught(b, [&] { b.add(Op::send_nowait, end); });
    else if (kind < 14)
        maybe_caught(b, [&] { b.add(Op::receive_nowait, end); });
    else if (channel.kind == ObjectKind::stream)
        write_on_stream_end(b, channel);
    else
        maybe_caught(b, [&] { b.add(b.flip() ? Op::task_done : Op::join, channel.name); });
}

void write_on(Builder& b, const ObjectSpec& object) {
    is_channel(object.kind) ? write_on_channel(b, object) : write_on_lockable(b, object);
}

/// What a waiter waits for, written here; true where it holds something then.
void wait_for_object(Builder& b, const ObjectSpec& object) {
    if (is_channel(object.kind))
        b.add(b.random.chance(2, 3) ? Op::receive : Op::send, some_end(b, object));
    else if (is_condition(object.kind))
        b.block(Op::hold, object.name, [&] { b.add(Op::wait, object.name); });
    else if (b.flip())
        b.block(Op::hold, object.name, [&] {
            if (b.flip()) b.wait();
        });
    else
        acquire_and_release(b, object, Op::acquire);
}

/// What lets a waiter go on, here; of lockable objects what comes at the end of a `hold`.
void let_go(Builder& b, const ObjectSpec& object) {
    if (is_channel(object.kind))
        maybe_caught(b, [&] { b.add(b.random.chance(2, 3) ? Op::send_nowait : Op::receive_nowait, object.name); });
    else if (is_condition(object.kind))
        b.notify(object.name, b.random.below(3));
    else
        b.add(Op::release, object.name);
}

/// A waiter is cancelled, by a scope or natively, in the very step in which what it waits for comes, before or after;
/// others wait behind it (#1145, #387, #1075, #947, #1170b, #728, #832, #146, gh-90155, gh-112202).
void cancel_as_it_comes(Builder& b) {
    const ObjectSpec& object = b.some_object();
    b.group([&](Name group) {
        Name scope = kNoName;
        Name task = kNoName;
        const auto cancel = [&] {
            b.flip() && scope != kNoName ? b.add(Op::cancel, scope) : b.add(Op::native_cancel, task);
        };
        const auto both = [&] {
            const bool first = b.flip();
            if (first) cancel();
            let_go(b, object);
            if (!first) cancel();
        };
        const bool holds = !is_channel(object.kind);
        const auto holder = [&] {
            if (holds) b.add(Op::acquire, object.name);
            b.sleep();
            if (b.flip()) b.add(Op::checkpoint);
            both();
            if (holds && is_condition(object.kind)) b.add(Op::release, object.name);
            if (b.flip()) write_on(b, object);
        };
        const bool holder_first = !is_condition(object.kind);
        // Names are handed out in order: the waiter's are known before it is written.
        const Name next_scope = b.next_scope();
        const Name next_task = b.next_task(holder_first ? 1 : 0);
        scope = next_scope;
        task = next_task;
        if (holder_first) b.child(Op::spawn, group, [&](Name) { holder(); });
        b.child(Op::spawn, group, [&](Name) {
            b.scope({.shield = b.random.chance(1, 12)}, [&](Name) { wait_for_object(b, object); });
            if (b.flip()) write_on(b, object);
        });
        for (std::uint32_t more = b.random.below(3); more > 0; --more)
            b.child(Op::spawn, group, [&](Name) { wait_for_object(b, object); });
        if (!holder_first) b.child(Op::spawn, group, [&](Name) { holder(); });
        if (b.random.chance(1, 3)) write_on(b, object);
    });
}

/// Two to six tasks that use the objects as they like.
void contend(Builder& b) {
    b.group([&](Name group) {
        for (std::uint32_t tasks = 2 + b.random.below(b.random.chance(1, 4) ? 5 : 2); tasks > 0; --tasks)
            b.child(Op::spawn, group, [&](Name task) {
                const ObjectSpec& object = b.some_object();
                const auto use = [&] {
                    write_on(b, object);
                    if (b.flip()) write_on(b, b.some_object());
                };
                if (b.random.chance(1, 3))
                    b.any_scope([&](Name scope) {
                        if (b.random.chance(2, 3)) b.cancel_somehow(scope);
                        use();
                    });
                else
                    use();
                if (b.random.chance(1, 6)) b.by_another({.op = Op::native_cancel, .name = task});
            });
        if (b.random.chance(1, 4)) b.cancel_somehow(group);
    });
}

/// The outside world does it, next to a cancellation: a permit, tokens, an item, an end that closes.
void from_outside(Builder& b) {
    const ObjectSpec& object = b.some_object();
    b.outside();
    const Name scope = b.some_scope();
    if (b.flip()) b.deed({.op = Op::native_cancel, .name = b.some_task()});
    if (b.flip() && scope != kNoName) b.deed({.op = Op::cancel, .name = scope});
    if (is_semaphore(object.kind))
        b.deed({.op = Op::release, .name = object.name});
    else if (object.kind == ObjectKind::limiter)
        b.deed({.op = Op::set_tokens, .name = object.name, .number = 1 + b.random.below(3)});
    else if (is_channel(object.kind))
        b.deed({.op = b.flip() ? Op::send_nowait : Op::receive_nowait, .name = object.name});
    if (object.kind == ObjectKind::stream && b.random.chance(1, 6))
        b.deed({.op = b.flip() ? Op::close_send : Op::close_receive, .name = some_end(b, object)});
    b.shuffle_deeds();
    wait_for_object(b, object);
}

/// More tokens are out than there are, and somebody waits, when there are to be more (#1223).
void resize(Builder& b, const ObjectSpec& limiter) {
    b.group([&](Name group) {
        const std::int64_t held = 2 + b.random.below(2);
        b.add(Op::set_tokens, limiter.name, held);
        for (std::int64_t i = 0; i < held; ++i)
            b.child(Op::spawn, group, [&](Name) {
                b.block(Op::hold, limiter.name, [&] { b.add(Op::sleep, kNoName, 3 + b.random.below(3)); });
            });
        b.add(Op::sleep, kNoName, 1);
        b.add(Op::set_tokens, limiter.name, 1);
        b.child(Op::spawn, group, [&](Name) { acquire_and_release(b, limiter, Op::acquire); });
        b.add(Op::sleep, kNoName, 1);
        b.add(Op::set_tokens, limiter.name, 1 + b.random.below(3));
        b.wait();
    });
}

/// A receiver waits that has nothing to fear: a shield is between it and a cancelled scope (#771), or it has swallowed
/// what it was asked (#832). An item comes.
void receive_in_peace(Builder& b, const ObjectSpec& stream) {
    b.group([&](Name group) {
        b.child(Op::spawn, group, [&](Name task) {
            if (b.flip()) {
                b.scope({}, [&](Name outer) {
                    b.scope({.shield = true}, [&](Name) {
                        b.add(Op::cancel, outer);
                        b.add(Op::receive, stream.name);
                    });
                });
            } else {
                b.attempt({b.catch_cancelled(), Then::swallow}, [&] {
                    b.add(Op::native_cancel, task);
                    b.wait();
                });
                b.add(Op::receive, stream.name);
            }
        });
        b.add(Op::sleep, kNoName, 1 + b.random.below(3));
        b.flip() ? b.add(Op::send, stream.name) : maybe_caught(b, [&] { b.add(Op::send_nowait, stream.name); });
    });
}

/// The last sender goes while several wait for an item, and none of them fails for it (`end-of-stream`).
void close_on_many(Builder& b, const ObjectSpec& stream) {
    b.group([&](Name group) {
        for (std::uint32_t waiters = 2 + b.random.below(2); waiters > 0; --waiters)
            b.child(Op::spawn, group, [&](Name) {
                b.attempt({Catch::error, Then::swallow}, [&] { b.add(Op::receive, stream.name); });
            });
        b.sleep();
        b.add(Op::close_send, stream.name);
    });
}

/// What only one kind of object has.
void as_its_kind(Builder& b) {
    const ObjectSpec& object = b.some_object();
    if (object.kind == ObjectKind::limiter) return resize(b, object);
    if (object.kind == ObjectKind::stream) return b.flip() ? receive_in_peace(b, object) : close_on_many(b, object);
    contend(b);
}

constexpr Motif kMotifs[]{{cancel_as_it_comes, 5}, {contend, 4}, {from_outside, 2}, {as_its_kind, 2}};

ObjectSpec random_object(Builder& b, std::uint32_t number) {
    constexpr std::array kAnyios{ObjectKind::lock, ObjectKind::semaphore, ObjectKind::limiter, ObjectKind::condition,
                                 ObjectKind::stream};
    constexpr std::array kAsyncios{ObjectKind::asyncio_lock, ObjectKind::asyncio_semaphore,
                                   ObjectKind::asyncio_condition, ObjectKind::asyncio_queue};
    ObjectSpec object{.name = generated::object(number)};
    object.kind =
        b.random.chance(1, 4) ? kAsyncios[b.random.below(kAsyncios.size())] : kAnyios[b.random.below(kAnyios.size())];
    if (object.kind == ObjectKind::lock || object.kind == ObjectKind::semaphore)
        object.fast_acquire = b.random.chance(1, 3);
    if (is_semaphore(object.kind)) object.amount = b.random.below(3);
    if (object.kind == ObjectKind::semaphore && b.random.chance(1, 3))
        object.max_value = object.amount + b.random.below(2);
    if (object.kind == ObjectKind::limiter) object.amount = 1 + b.random.below(2);
    if (is_channel(object.kind)) object.amount = b.flip() ? 0 : b.random.below(3);
    return object;
}

}  // namespace

void write_objects_motif(ProgramBuilder& b) { write_one_of(kMotifs, b); }

void write_on_some_object(ProgramBuilder& b) { write_on(b, b.some_object()); }

void make_objects(ProgramBuilder& b) {
    const std::uint32_t count = 1 + b.random.below(b.flip() ? 1 : 3);
    for (std::uint32_t i = 0; i < count; ++i) {
        ObjectSpec object = random_object(b, i);
        // Now and then a condition shares a lock that is listed before it.
        if (is_condition(object.kind) && i > 0 && b.flip()) {
            const ObjectSpec& other = b.object(i - 1);
            const bool anyios = object.kind == ObjectKind::condition && other.kind == ObjectKind::lock;
            const bool asyncios =
                object.kind == ObjectKind::asyncio_condition && other.kind == ObjectKind::asyncio_lock;
            if (anyios || asyncios) object.lock = other.name;
        }
        b.add_object(object);
    }
}

}  // namespace cancelsim::scenarios
