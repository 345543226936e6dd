#include "sim/asyncio/awaiting.h"

#include <algorithm>
#include <functional>

#include "sim/asyncio/timeouts.h"

namespace cancelsim::sim::asyncio {

namespace {

/// `_release_waiter`
void release_waiter(Loop& loop, void* argument) {
    Future& waiter = *static_cast<Future*>(argument);
    if (!waiter.done()) loop.set_result(waiter);
}
const CallbackName kReleaseWaiterName{&release_waiter, "release-waiter"};

struct CancelAndWait : Frame {
    Future* fut;
    Future waiter;
};

/// async def _cancel_and_wait(fut)
Poll resume_cancel_and_wait(Loop& loop, Task&, Frame& base, Resume with) {
    auto& frame = static_cast<CancelAndWait&>(base);
    const Callback cb{&release_waiter, &frame.waiter};
    if (frame.at == 0) {
        loop.add_done_callback(*frame.fut, cb);
        loop.cancel_future(*frame.fut, 0, loop.by(By::Kind::wait_for));
        // We cannot wait on *fut* directly to make sure _cancel_and_wait itself is reliably cancellable.
        frame.at = 1;
        return Poll::awaiting(frame.waiter);
    }
    loop.remove_done_callback(*frame.fut, cb);
    return Poll::ended(with.thrown);
}

struct WaitFor : Frame {
    Future* fut;
    Time timeout;  ///< its length; kInfinity: None
    Future waiter;
    Timer timeout_handle;
    Timeout block;  ///< from 3.12 on

    enum : std::uint32_t { entered, awaiting_fut, awaiting_waiter, cancelling, interrupted };

    Poll run(Loop& loop, Task& task, Resume with);
    Poll begin(Loop& loop, Task& task);
    Poll waiter_done(Loop& loop, Task& task, Error* thrown);
    Poll fut_done(Loop& loop, Error* error);
    Poll cancel_and_wait(Loop& loop, Task& task, std::uint32_t then);
    /// `finally: timeout_handle.cancel()`
    Poll leave(Loop& loop, Error* error) {
        loop.cancel_timer(timeout_handle);
        return Poll::ended(error);
    }
};

/// async def wait_for(fut, timeout)
Poll WaitFor::run(Loop& loop, Task& task, Resume with) {
    switch (at) {
        case entered: return begin(loop, task);
        case awaiting_fut: return fut_done(loop, with.thrown);
        case awaiting_waiter: return waiter_done(loop, task, with.thrown);
        case cancelling: {
            if (with.thrown != nullptr) return leave(loop, with.thrown);
            // In case task cancellation failed with some exception, we should re-raise it
            Error* error = loop.result(*fut);
            if (error == nullptr || !error->is_cancelled()) return leave(loop, error);
            handled = error;
            return leave(loop, loop.raise(ErrorKind::timeout_error));
        }
        default: return leave(loop, with.thrown != nullptr ? with.thrown : handled);
    }
}

Poll WaitFor::begin(Loop& loop, Task& task) {
    if (timeout <= 0) return fut->done() ? leave(loop, loop.result(*fut)) : cancel_and_wait(loop, task, cancelling);
    if (loop.python().wait_for_is_a_timeout) {
        block.when = loop.after(timeout);
        block.asks_as = By::Kind::wait_for;
        block.enter(loop);
    } else if (timeout != kInfinity) {
        timeout_handle.callback = {&release_waiter, &waiter};
        loop.call_at(timeout_handle, loop.after(timeout));
        loop.add_done_callback(*fut, {&release_waiter, &waiter});
        at = awaiting_waiter;
        return Poll::awaiting(waiter);
    }
    const Poll poll = loop.await(*fut);
    if (!poll.gives_way()) return fut_done(loop, poll.kind == Poll::Kind::raised ? poll.error : nullptr);
    at = awaiting_fut;
    return poll;
}

/// `error`, or nothing, came of `await fut`, around which 3.12 has a timeout.
Poll WaitFor::fut_done(Loop& loop, Error* error) {
    if (!loop.python().wait_for_is_a_timeout) return leave(loop, error);
    handled = error;
    Error* raised = block.exit(loop, error);
    return leave(loop, raised != nullptr ? raised : error);
}

/// 3.11: `fut` or the time has come, or the waiting was interrupted.
Poll WaitFor::waiter_done(Loop& loop, Task& task, Error* thrown) {
    handled = thrown;
    if (fut->done()) return leave(loop, loop.result(*fut));
    loop.remove_done_callback(*fut, {&release_waiter, &waiter});
    // We must ensure that the task is not running after wait_for() returns. See https://bugs.python.org/issue32751
    return cancel_and_wait(loop, task, thrown != nullptr ? interrupted : cancelling);
}

Poll WaitFor::cancel_and_wait(Loop& loop, Task& task, std::uint32_t then) {
    at = then;
    auto& frame = *loop.arena().make<CancelAndWait>();
    frame.fut = fut;
    static constexpr FrameType kType{&resume_cancel_and_wait, nullptr, "asyncio._cancel_and_wait"};
    frame.type = &kType;
    return loop.call(task, frame);
}

}  // namespace

Poll wait_for(Loop& loop, Task& task, Future& fut, Time timeout) {
    auto& frame = *loop.arena().make<WaitFor>();
    frame.fut = &fut;
    frame.timeout = timeout;
    static constexpr FrameType kType{[](Loop& running, Task& waiting, Frame& self, Resume with) {
                                         return static_cast<WaitFor&>(self).run(running, waiting, with);
                                     },
                                     nullptr, "asyncio.wait_for"};
    frame.type = &kType;
    return loop.call(task, frame);
}

namespace {

struct Shield {
    Future* inner;
    Future outer;
};

void inner_done(Loop& loop, void* argument) {
    Shield& shield = *static_cast<Shield*>(argument);
    if (shield.outer.cancelled()) return;
    if (shield.inner->cancelled())
        loop.cancel_future(shield.outer, 0);
    else if (shield.inner->exception != nullptr)
        loop.set_exception(shield.outer, *shield.inner->exception);
    else
        loop.set_result(shield.outer);
}
const CallbackName kInnerDoneName{&inner_done, "inner-done"};

void outer_done(Loop& loop, void* argument) {
    Shield& shield = *static_cast<Shield*>(argument);
    if (!shield.inner->done()) loop.remove_done_callback(*shield.inner, {&inner_done, argument});
}
const CallbackName kOuterDoneName{&outer_done, "outer-done"};

}  // namespace

Future& shield(Loop& loop, Future& inner) {
    if (inner.done()) return inner;  // Shortcut.
    Shield& shield = *loop.arena().make<Shield>(Shield{&inner, {}});
    loop.add_done_callback(inner, {&inner_done, &shield});
    loop.add_done_callback(shield.outer, {&outer_done, &shield});
    return shield.outer;
}

namespace {

/// A child of a `gather()`: the argument of its `_done_callback`.
struct Child {
    Gathered* outer;
    Future* fut;
};

/// All futures are done: the result of `outer`.
void set_results(Loop& loop, Gathered& outer) {
    outer.results = loop.arena().make_array<Error*>(outer.count);
    for (std::uint32_t i = 0; i < outer.count; ++i) {
        const Future& child = *outer.children[i];
        outer.results[i] =
            child.cancelled() ? loop.new_error(ErrorKind::cancelled, child.cancel_message) : child.exception;
    }
    // If gather is being cancelled we must propagate the cancellation regardless of *return_exceptions* argument. `fut`
    // is the last child here: the loop over them has left it so.
    if (outer.cancel_requested)
        loop.set_exception(outer, *loop.make_cancelled_error(*outer.children[outer.count - 1]));
    else
        loop.set_result(outer);
}

/// `_done_callback(fut)`
void child_done(Loop& loop, void* argument) {
    const Child& child = *static_cast<Child*>(argument);
    Gathered& outer = *child.outer;
    ++outer.nfinished;
    if (outer.done()) return;
    if (!outer.return_exceptions) {
        Error* error = loop.take_exception(*child.fut);
        if (error != nullptr) return loop.set_exception(outer, *error);
    }
    if (outer.nfinished == outer.nfuts) set_results(loop, outer);
}
const CallbackName kChildDoneName{&child_done, "child-done"};

/// Sets `first[i]` where `futures[i]` is not among those before it.
void find_first_occurrences(Arena& arena, Future* const* futures, std::uint32_t count, bool* first) {
    std::uint32_t* order = arena.make_array<std::uint32_t>(count);
    for (std::uint32_t i = 0; i < count; ++i) order[i] = i;
    // The order of addresses only brings equal ones together.
    std::sort(order, order + count, [futures](std::uint32_t a, std::uint32_t b) {
        return futures[a] != futures[b] ? std::less<>()(futures[a], futures[b]) : a < b;
    });
    for (std::uint32_t i = 0; i < count; ++i) first[order[i]] = i == 0 || futures[order[i]] != futures[order[i - 1]];
}

}  // namespace

std::uint32_t unique(Arena& arena, Future** futures, std::uint32_t count) {
    bool* first = arena.make_array<bool>(count);
    find_first_occurrences(arena, futures, count, first);
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < count; ++i)
        if (first[i]) futures[kept++] = futures[i];
    return kept;
}

Gathered& gather(Loop& loop, Future* const* children, std::uint32_t count, bool return_exceptions) {
    Arena& arena = loop.arena();
    Gathered& outer = *arena.make<Gathered>();
    outer.children = arena.make_array<Future*>(count);
    std::copy_n(children, count, outer.children);
    outer.count = count;
    outer.return_exceptions = return_exceptions;
    bool* first = arena.make_array<bool>(count);
    find_first_occurrences(arena, children, count, first);
    outer.nfuts = static_cast<std::uint32_t>(std::count(first, first + count, true));

    Child* child_of = arena.make_array<Child>(count);
    const bool at_once = loop.python().gather_counts_done_at_once;
    for (std::uint32_t i = 0; i < count; ++i) {
        child_of[i] = {&outer, children[i]};
        if (first[i] && !(at_once && children[i]->done()))
            loop.add_done_callback(*children[i], {&child_done, &child_of[i]});
    }
    if (at_once)
        for (std::uint32_t i = 0; i < count; ++i)
            if (first[i] && children[i]->done()) child_done(loop, &child_of[i]);
    return outer;
}

namespace {

struct WaitFrame;

/// A future of a `wait()`: the argument of its `_on_completion`.
struct Awaited {
    WaitFrame* wait;
    Future* fut;
};

struct WaitFrame : Frame {
    Awaited* fs;
    std::uint32_t count;
    std::uint32_t counter;  ///< those whose `_on_completion` has not run
    ReturnWhen return_when;
    Time timeout;  ///< its length; kInfinity: None
    Timer timeout_handle;
    Future waiter;

    Poll run(Loop& loop, Resume with);
};

/// `_on_completion(f)`
void on_completion(Loop& loop, void* argument) {
    const Awaited& awaited = *static_cast<Awaited*>(argument);
    WaitFrame& wait = *awaited.wait;
    --wait.counter;
    const bool failed = !awaited.fut->cancelled() && awaited.fut->exception != nullptr;
    if (wait.counter > 0 && wait.return_when != ReturnWhen::first_completed &&
        !(wait.return_when == ReturnWhen::first_exception && failed))
        return;
    loop.cancel_timer(wait.timeout_handle);
    if (!wait.waiter.done()) loop.set_result(wait.waiter);
}
const CallbackName kOnCompletionName{&on_completion, "on-completion"};

/// async def _wait(fs, timeout, return_when, loop). It iterates a set of `fs`; nothing tells in which order.
Poll WaitFrame::run(Loop& loop, Resume with) {
    if (at == 0) {
        if (timeout != kInfinity) {
            timeout_handle.callback = {&release_waiter, &waiter};
            loop.call_at(timeout_handle, loop.after(timeout));
        }
        counter = count;
        for (std::uint32_t i = 0; i < count; ++i) loop.add_done_callback(*fs[i].fut, {&on_completion, &fs[i]});
        at = 1;
        return Poll::awaiting(waiter);
    }
    loop.cancel_timer(timeout_handle);
    for (std::uint32_t i = 0; i < count; ++i) loop.remove_done_callback(*fs[i].fut, {&on_completion, &fs[i]});
    return Poll::ended(with.thrown);
}

}  // namespace

Poll wait(Loop& loop, Task& task, Future* const* fs, std::uint32_t count, ReturnWhen return_when, Time timeout) {
    auto& frame = *loop.arena().make<WaitFrame>();
    frame.fs = loop.arena().make_array<Awaited>(count);
    for (std::uint32_t i = 0; i < count; ++i) frame.fs[i] = {&frame, fs[i]};
    frame.count = count;
    frame.return_when = return_when;
    frame.timeout = timeout;
    static constexpr FrameType kType{
        [](Loop& running, Task&, Frame& self, Resume with) { return static_cast<WaitFrame&>(self).run(running, with); },
        nullptr, "asyncio.wait"};
    frame.type = &kType;
    return loop.call(task, frame);
}

}  // namespace cancelsim::sim::asyncio
