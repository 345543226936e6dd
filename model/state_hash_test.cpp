// The hash of a state has everything in it that decides how a run goes on. What is left out of it, an exhaustive search
// would silently leave out too.
#include "model/state_hash.h"

#include <doctest/doctest.h>

#include <utility>

#include "model/checkpoints.h"
#include "model/policies/asked_waiter.h"
#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::ErrorKind;
using sim::Future;
using sim::Loop;
using sim::Poll;
using sim::Resume;

/// The hash of a kernel whose programs are scripts: of those it takes nothing but where they are.
struct Hash : StateHash {
    std::uint64_t of(const Kernel& kernel) {
        begin(kernel);
        add_kernel(kernel);
        return value();
    }
    /// Of the frames of one task alone.
    std::uint64_t of_frames(const Kernel& kernel, const sim::Frame* innermost) {
        begin(kernel);
        add_frames(innermost);
        return value();
    }
};

/// That the hash is another where `part` is `other`, and the same again where it is not.
template <class T>
void check_counts(TestKernel& kernel, T& part, T other) {
    Hash hash;
    const std::uint64_t before = hash.of(kernel);
    const T was = std::exchange(part, other);
    CHECK(hash.of(kernel) != before);
    part = was;
    CHECK(hash.of(kernel) == before);
}

/// A task that waits for a future that never comes.
Task& parked_task(TestKernel& kernel, Future& future) {
    return kernel.spawn(
        {[&](Resume) { return Loop::park(future); }, [](Resume with) { return Poll::ended(with.thrown); }});
}

/// A task that calls `frame()`, and ends as that does.
template <class MakeFrame>
Task& calling_task(TestKernel& kernel, MakeFrame frame) {
    return kernel.spawn({[&kernel, frame](Resume) { return kernel.call(*kernel.current_task(), frame()); },
                         [](Resume with) { return Poll::ended(with.thrown); }});
}

}  // namespace

TEST_CASE("all of a task counts") {
    TestKernel kernel;
    Future future;
    Task& first = parked_task(kernel, future);
    Task& task = parked_task(kernel, future);
    CancelScope& scope = kernel.new_scope();
    sim::Script& coro = kernel.frame({});
    sim::Frame* outermost = nullptr;
    Error error{ErrorKind::named};
    kernel.run(1);
    check_counts(kernel, task.must_cancel, true);
    check_counts(kernel, task.started, false);
    check_counts(kernel, task.has_state, true);
    check_counts(kernel, task.num_cancels_requested, 1U);
    check_counts(kernel, task.num_cancels_requested, 2U);
    check_counts(kernel, task.cancels_by_others, 1U);
    check_counts(kernel, task.label.name, 1U);
    check_counts(kernel, task.label.count, 1U);
    check_counts<Future*>(kernel, task.fut_waiter, nullptr);
    check_counts<Future*>(kernel, task.fut_waiter, &first);
    check_counts(kernel, task.end_error, &error);
    check_counts(kernel, task.cancel_scope, &scope);
    check_counts(kernel, task.group, &kernel.new_group());
    check_counts(kernel, task.task_status_future, &future);
    check_counts(kernel, task.handle, &new_task_handle(kernel, coro, outermost));
    check_counts(kernel, task.frame->at, 2U);
    check_counts(kernel, task.frame->handled, &error);
    check_counts<sim::Frame*>(kernel, task.frame->caller, &coro);
    check_counts(kernel, task.state, sim::FutureState::finished);
}

TEST_CASE("all of a scope counts") {
    TestKernel kernel;
    Future future;
    Task& task = parked_task(kernel, future);
    CancelScope& other = kernel.new_scope();
    CancelScope& scope = kernel.new_scope();
    kernel.run(1);
    check_counts(kernel, scope.deadline, Time{3});
    check_counts(kernel, scope.shield, true);
    check_counts(kernel, scope.cancel_called, true);
    check_counts(kernel, scope.cancelled_caught, true);
    check_counts(kernel, scope.active, true);
    check_counts(kernel, scope.cancel_handle, true);
    check_counts(kernel, scope.pending_uncancellations, 1U);
    check_counts(kernel, scope.cancels_at_enter, 1U);
    check_counts(kernel, scope.label.name, 1U);
    check_counts(kernel, scope.label.count, 1U);
    check_counts(kernel, scope.parent_scope, &other);
    check_counts<Task*>(kernel, scope.host_task, &task);
    AskedWaiter asked{&scope, &future, nullptr};
    check_counts(kernel, scope.asked_waiters, &asked);
    asked.waiter = nullptr;
    check_counts(kernel, scope.asked_waiters, &asked);
    AskedWaiter second{&scope, &future, nullptr};
    scope.asked_waiters = &asked;
    check_counts<const Future*>(kernel, asked.waiter, &future);
    check_counts(kernel, asked.next, &second);
}

TEST_CASE("what a scope holds counts: which tasks, which scopes, in which order") {
    TestKernel kernel;
    Future future;
    Task& first = parked_task(kernel, future);
    Task& second = parked_task(kernel, future);
    CancelScope& child = kernel.new_scope();
    CancelScope& second_child = kernel.new_scope();
    CancelScope& scope = kernel.new_scope();
    kernel.run(1);
    Hash hash;
    const std::uint64_t empty = hash.of(kernel);
    scope.tasks.add(first);
    const std::uint64_t one = hash.of(kernel);
    scope.tasks.add(second);
    const std::uint64_t both = hash.of(kernel);
    scope.tasks.discard(first);
    scope.tasks.add(first);
    CHECK(one != empty);
    CHECK(both != one);
    CHECK(hash.of(kernel) != both);

    scope.tasks.discard(first);
    scope.tasks.discard(second);
    scope.child_scopes.add(child);
    CHECK(hash.of(kernel) != empty);
    CHECK_MESSAGE(hash.of(kernel) != one, "a task and a scope of one number are told apart");
    scope.child_scopes.add(second_child);
    const std::uint64_t both_children = hash.of(kernel);
    scope.child_scopes.discard(child);
    scope.child_scopes.add(child);
    CHECK(hash.of(kernel) != both_children);
}

TEST_CASE("none, the first and the second are three different things") {
    TestKernel kernel;
    Future future;
    Task* tasks[] = {nullptr, &parked_task(kernel, future), &parked_task(kernel, future)};
    CancelScope* scopes[] = {nullptr, &kernel.new_scope(), &kernel.new_scope()};
    CancelScope& scope = kernel.new_scope();
    kernel.run(1);
    for (Task* host : tasks)
        for (Task* other : tasks) {
            scope.host_task = host;
            if (other != host) check_counts(kernel, scope.host_task, other);
        }
    for (CancelScope* parent : scopes)
        for (CancelScope* other : scopes) {
            scope.parent_scope = parent;
            if (other != parent) check_counts(kernel, scope.parent_scope, other);
        }
}

TEST_CASE("all of a group counts, once a task is in it") {
    TestKernel kernel;
    Future future;
    Error error{ErrorKind::named};
    Error other{.kind = ErrorKind::named, .name = 1};
    Error* errors[] = {&error, &other};
    TaskGroup& group = kernel.new_group();
    parked_task(kernel, future).group = &group;
    kernel.run(1);
    check_counts(kernel, group.cancel_scope, &kernel.new_scope());
    check_counts(kernel, group.active, true);
    check_counts(kernel, group.entered, true);
    check_counts(kernel, group.exceptions_deleted, true);
    check_counts(kernel, group.child_cancelled, true);
    check_counts(kernel, group.child_cancel_reason, sim::CancelMessage{1});
    check_counts(kernel, group.tasks, 1U);
    check_counts(kernel, group.on_completed_fut, &future);
    check_counts(kernel, group.label.name, 1U);
    check_counts(kernel, group.label.count, 1U);
    group.exceptions.items = errors;
    check_counts(kernel, group.exceptions.count, 1U);
    check_counts(kernel, group.exceptions.count, 2U);
    group.exceptions.count = 1;
    check_counts(kernel, errors[0], &other);
    group.exceptions.count = 2;
    check_counts(kernel, errors[1], &error);
}

TEST_CASE("all of a handle counts, once a task has it, and all of its event") {
    TestKernel kernel("upstream", "4.14.2");
    Future future;
    sim::Frame* outermost = nullptr;
    TaskHandle& handle = new_task_handle(kernel, kernel.frame({}), outermost);
    Task& task = parked_task(kernel, future);
    Task& other = parked_task(kernel, future);
    task.handle = &handle;
    kernel.run(1);
    check_counts(kernel, handle.cancel_scope, &kernel.new_scope());
    check_counts(kernel, handle.finished_event.is_set, true);
    check_counts<sim::Task*>(kernel, handle.finished_event.first_waiting, &task);
    handle.finished_event.first_waiting = &task;
    check_counts<sim::Task*>(kernel, task.next_waiting, &other);
}

TEST_CASE("a list ends where it ends, whatever comes after it") {
    TestKernel kernel;
    Future future;
    parked_task(kernel, future);
    kernel.run(1);
    Hash hash;
    Event nobody{.is_set = true};
    Event one{.is_set = true, .first_waiting = kernel.tasks().front()};
    hash.begin(kernel);
    hash.add_event(one);
    hash.add(1);
    const std::uint64_t waiting = hash.value();
    hash.begin(kernel);
    hash.add_event(nobody);
    hash.refer(kernel.tasks().front());
    hash.add(1);
    CHECK(hash.value() != waiting);

    one.is_set = false;
    hash.begin(kernel);
    hash.add(7);
    hash.add_event(one);
    const std::uint64_t waiting_for_it = hash.value();
    hash.begin(kernel);
    hash.add(7);
    hash.add_event(nobody);
    hash.add(0);
    CHECK(hash.value() != waiting_for_it);

    sim::Script& frame = kernel.frame({});
    frame.at = 1;
    const auto of = [&](const sim::Frame* innermost, std::initializer_list<std::uint64_t> words) {
        hash.begin(kernel);
        hash.add(7);
        hash.add_frames(innermost);
        for (const std::uint64_t word : words) hash.add(word);
        return hash.value();
    };
    CHECK(of(&frame, {2}) != of(nullptr, {1, 0, 2}));
}

TEST_CASE("what is met twice is the same thing, not a like one") {
    TestKernel kernel;
    Hash hash;
    TaskGroup& group = kernel.new_group();
    TaskGroup& like = kernel.new_group();
    like.cancel_scope = group.cancel_scope;
    const auto of = [&](const TaskGroup& first, const TaskGroup& second) {
        hash.begin(kernel);
        hash.add_group(&first);
        hash.add_group(&second);
        return hash.value();
    };
    CHECK(of(group, group) == of(like, like));
    CHECK(of(group, group) != of(group, like));
}

TEST_CASE("kinds of frames are told apart, and one that nobody knows makes the hash say so") {
    TestKernel kernel;
    Hash hash;
    TaskGroup& group = kernel.new_group();
    sim::Script& coro = kernel.frame({});
    const Config faithful = kernel.config();
    sim::Frame* run_coro = nullptr;
    new_task_handle(kernel, coro, run_coro);
    std::vector<const sim::Frame*> frames{&coro, &cancel_shielded_checkpoint(kernel), &group.exit(kernel, nullptr),
                                          &group.start(kernel, coro), run_coro};
    TestKernel with_defect;
    Config config = faithful;
    config.switches.set(Bug::starts_under_shield);
    with_defect.reset(config, nullptr);
    frames.push_back(&with_defect.new_group().start(with_defect, coro));
    for (const sim::Frame* one : frames)
        for (const sim::Frame* other : frames)
            CHECK((hash.of_frames(kernel, one) == hash.of_frames(kernel, other)) == (one == other));
    for (const sim::Frame* frame : frames) {
        hash.of_frames(kernel, frame);
        CHECK(hash.is_sound());
    }
    constexpr sim::FrameType kUnknown{nullptr, nullptr, "unknown"};
    sim::Frame unknown{.type = &kUnknown};
    hash.of_frames(kernel, &unknown);
    CHECK_FALSE(hash.is_sound());
}

TEST_CASE("in a group's exit it counts which group, and what came into it") {
    TestKernel kernel;
    Hash hash;
    TaskGroup& group = kernel.new_group();
    TaskGroup& other = kernel.new_group();
    Error error{ErrorKind::named};
    const std::uint64_t plain = hash.of_frames(kernel, &group.exit(kernel, nullptr));
    CHECK(hash.of_frames(kernel, &other.exit(kernel, nullptr)) != plain);
    CHECK(hash.of_frames(kernel, &group.exit(kernel, &error)) != plain);
}

namespace {

/// The hash of the frames of a task that waits in a group's exit for a child that nothing ends. `from_body` comes into
/// the exit; a task that waits is then cancelled with the message 7, if it is `cancelled`.
std::uint64_t waiting_in_exit(bool from_body, bool cancelled) {
    TestKernel kernel;
    Future future{.stubborn = true};
    Future never;
    TaskGroup& group = kernel.new_group();
    sim::Script& child = kernel.frame({[&](Resume) { return Loop::park(future); }});
    Task& host = kernel.spawn({[&](Resume) {
        group.enter(kernel);
        group.start_soon(kernel, child);
        Error* error = from_body ? kernel.new_error(ErrorKind::cancelled, 7) : nullptr;
        return kernel.call(*kernel.current_task(), group.exit(kernel, error));
    }});
    if (cancelled) kernel.arrive_at_iteration(3, kernel.callback([&] { kernel.cancel_task(host, 7); }));
    kernel.run(9);
    return Hash().of_frames(kernel, host.frame);
}

}  // namespace

TEST_CASE("in a group's exit it counts what will leave it, and whether the body raised that") {
    CHECK(waiting_in_exit(false, true) != waiting_in_exit(false, false));
    CHECK(waiting_in_exit(true, false) != waiting_in_exit(false, true));
}

TEST_CASE("in start() it counts which task is waited for") {
    Hash hash;
    std::uint64_t hashes[2];
    for (const bool is_first : {false, true}) {
        TestKernel kernel;
        Future future;
        TaskGroup& group = kernel.new_group();
        const auto spawn = [&] {
            group.start_soon(kernel, kernel.frame({[&](Resume) { return Loop::park(future); }}));
        };
        sim::Script& child = kernel.frame({[&](Resume) { return Loop::park(future); }});
        Task& starter = kernel.spawn({[&](Resume) {
            group.enter(kernel);
            if (!is_first) spawn();
            return kernel.call(*kernel.current_task(), group.start(kernel, child));
        }});
        if (is_first) kernel.arrive_at_iteration(2, kernel.callback(spawn));
        kernel.run(5);
        hashes[is_first] = hash.of_frames(kernel, starter.frame);
    }
    CHECK(hashes[0] != hashes[1]);
}

TEST_CASE("before a task with a handle has begun it counts what it will run") {
    TestKernel kernel;
    Hash hash;
    sim::Frame* outermost = nullptr;
    sim::Script& coro = kernel.frame({});
    new_task_handle(kernel, coro, outermost);
    const std::uint64_t before = hash.of_frames(kernel, outermost);
    coro.at = 1;
    CHECK(hash.of_frames(kernel, outermost) != before);
}

TEST_CASE("what the loop has still to do counts") {
    TestKernel kernel;
    Hash hash;
    const std::uint64_t idle = hash.of(kernel);
    kernel.at(5, kernel.callback([] {}));
    const std::uint64_t with_timer = hash.of(kernel);
    kernel.soon(kernel.callback([] {}));
    CHECK(with_timer != idle);
    CHECK(hash.of(kernel) != with_timer);
}

TEST_CASE("all that the loop can hold on to is known to the hash") {
    for (const std::string_view policy : {"upstream", "ask_waiter"}) {
        CAPTURE(policy);
        TestKernel kernel(policy);
        Future future;
        Future stubborn{.stubborn = true};
        CancelScope& scope = kernel.new_scope(9);
        kernel.spawn({[&](Resume) {
            scope.enter(kernel);
            return Loop::park(stubborn);
        }});
        parked_task(kernel, future);
        kernel.spawn({[](Resume) { return Poll::yielded(); },
                      [&](Resume) {
                          scope.cancel(kernel);
                          return Poll::returned();
                      }});
        for (const std::uint64_t iterations : {0, 1, 2, 3}) {
            kernel.run(iterations);
            Hash hash;
            hash.begin(kernel);
            hash.add_kernel(kernel);
            CHECK(hash.is_sound());
        }
        CHECK(scope.cancel_handle == (policy == "upstream"));
        CHECK((scope.asked_waiters != nullptr) == (policy == "ask_waiter"));
    }
}

}  // namespace cancelsim::model
