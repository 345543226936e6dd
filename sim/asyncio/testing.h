// For tests only: coroutines that await one thing after another.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/asyncio/locks.h"
#include "sim/testing.h"

namespace cancelsim::sim::asyncio {

/// A loop whose tasks await one thing after another, noting what came of each: `ok`, or the name of the exception's
/// type.
struct AwaitingLoop : TestLoop {
    /// What is awaited, in the running task: what it gives back is the awaited thing's.
    using Await = std::function<Poll(Task&)>;

    explicit AwaitingLoop(const Python& python = kPython311, Choices* choices = nullptr) : TestLoop(choices, python) {}

    struct Coroutine : Frame {
        std::vector<Await> awaits;
        std::size_t next = 0;
        std::vector<std::string> outcomes;
        std::vector<std::uint64_t> iterations;  ///< in which each came
        Error* last = nullptr;                  ///< what came last
        bool fails = false;                     ///< it ends with what came last
        Task task;

        /// Whether all was awaited, and each came to `expected`.
        bool came_to(const std::vector<std::string>& expected) const {
            return outcomes == expected && next == awaits.size();
        }
    };

    /// Starts a task that awaits `awaits` and goes on whatever comes of them.
    Coroutine& go(std::vector<Await> awaits) {
        Coroutine& coroutine = coroutines_.emplace_back();
        coroutine.awaits = std::move(awaits);
        coroutine.type = &kCoroutine;
        start_task(coroutine.task, coroutine);
        return coroutine;
    }
    /// The same, of a task that something else starts.
    Coroutine& body(std::vector<Await> awaits, bool fails = false) {
        Coroutine& coroutine = coroutines_.emplace_back();
        coroutine.awaits = std::move(awaits);
        coroutine.fails = fails;
        coroutine.type = &kCoroutine;
        return coroutine;
    }
    /// In iteration `iteration`.
    void in(std::uint64_t iteration, std::function<void()> function) {
        arrive_at_iteration(iteration, callback(std::move(function)));
    }

    // What can be awaited.

    Await future(Future& future) {
        return [this, &future](Task&) { return await(future); };
    }
    /// A future of its own, which nobody sets.
    Await for_ever() { return future(futures_.emplace_back()); }
    static Await yield() {
        return [](Task&) { return Poll::yielded(); };
    }
    Await sleep(Time delay) {
        return [this, delay](Task& task) {
            Future& future = futures_.emplace_back();
            at(now() + delay, callback([this, &future] {
                   if (!future.done()) set_result(future);
               }));
            (void)task;
            return Poll::awaiting(future);
        };
    }
    /// No wait at all.
    Await does(std::function<Error*()> function) {
        return [function = std::move(function)](Task&) { return Poll::ended(function()); };
    }
    Await raises(Error& error) {
        return [this, &error](Task&) { return Poll::raised(*raise(&error)); };
    }

private:
    static Poll resume(Loop& loop, Task& task, Frame& frame, Resume with) {
        return resume_coroutine(loop, task, static_cast<Coroutine&>(frame), with);
    }
    static constexpr FrameType kCoroutine{&resume, nullptr, "coroutine"};

    static Poll resume_coroutine(Loop& loop, Task& task, Coroutine& coroutine, Resume with) {
        if (coroutine.at != 0) note(loop, coroutine, with.thrown);
        coroutine.at = 1;
        while (coroutine.next < coroutine.awaits.size()) {
            const Poll poll = coroutine.awaits[coroutine.next](task);
            if (poll.gives_way()) return poll;
            note(loop, coroutine, poll.kind == Poll::Kind::raised ? poll.error : nullptr);
        }
        return Poll::ended(coroutine.fails ? coroutine.last : nullptr);
    }
    static void note(Loop& loop, Coroutine& coroutine, Error* error) {
        ++coroutine.next;
        coroutine.last = error;
        coroutine.outcomes.push_back(error != nullptr ? type_name_of(error->kind) : "ok");
        coroutine.iterations.push_back(loop.iteration());
    }

    std::deque<Coroutine> coroutines_;
    std::deque<Future> futures_;
};

}  // namespace cancelsim::sim::asyncio
