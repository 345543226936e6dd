// A cancellation that travels up five frames, in the three ways that C++ offers: DESIGN_NOTES.md says what follows.
#include <algorithm>
#include <coroutine>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <utility>

#include "sim/loop.h"

namespace cancelsim::sim {

namespace {

constexpr int kFrames = 5;
constexpr int kRuns = 20'000;
constexpr int kRounds = 20;

/// A CancelledError as a C++ exception.
struct Cancelled {};

/// What a coroutine of the second kind returns: whether a CancelledError leaves it.
enum class Outcome : std::uint8_t { returned, cancelled };

/// Where the innermost frame parks: what the loop resumes, and what it is resumed with.
struct Parked {
    std::coroutine_handle<> innermost;
    bool cancel = false;
};

/// A coroutine that another can await; `Result` is void where a cancellation travels as an exception.
template <class Result>
class Coroutine {
public:
    struct Value {
        Result result{};
        void return_value(Result value) { result = value; }
    };
    struct NoValue {
        std::exception_ptr thrown;
        void return_void() {}
    };
    static constexpr bool kThrows = std::is_void_v<Result>;

    struct promise_type : std::conditional_t<kThrows, NoValue, Value> {
        std::coroutine_handle<> caller = std::noop_coroutine();

        Coroutine get_return_object() { return Coroutine(std::coroutine_handle<promise_type>::from_promise(*this)); }
        std::suspend_always initial_suspend() noexcept { return {}; }
        auto final_suspend() noexcept {
            struct ToCaller {
                bool await_ready() noexcept { return false; }
                std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
                    return self.promise().caller;
                }
                void await_resume() noexcept {}
            };
            return ToCaller{};
        }
        void unhandled_exception() {
            if constexpr (kThrows) this->thrown = std::current_exception();
        }
    };

    explicit Coroutine(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
    Coroutine(Coroutine&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Coroutine(const Coroutine&) = delete;
    Coroutine& operator=(const Coroutine&) = delete;
    ~Coroutine() {
        if (handle_) handle_.destroy();
    }

    bool await_ready() const { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) const {
        handle_.promise().caller = caller;
        return handle_;
    }
    Result await_resume() const {
        if constexpr (kThrows) {
            if (handle_.promise().thrown) std::rethrow_exception(handle_.promise().thrown);
        } else {
            return handle_.promise().result;
        }
    }
    void start() const { handle_.resume(); }
    bool done() const { return handle_.done(); }

private:
    std::coroutine_handle<promise_type> handle_;
};

/// `await future`, throwing what it is resumed with, or returning it.
template <bool Throws>
struct Park {
    Parked& parked;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> innermost) const { parked.innermost = innermost; }
    auto await_resume() const {
        if constexpr (Throws) {
            if (parked.cancel) throw Cancelled{};
        } else {
            return parked.cancel ? Outcome::cancelled : Outcome::returned;
        }
    }
};

Coroutine<void> throwing_frame(Parked& parked, int frames_below) {
    if (frames_below == 0)
        co_await Park<true>{parked};
    else
        co_await throwing_frame(parked, frames_below - 1);
}

Coroutine<void> throwing_body(Parked& parked, int& caught) {
    try {
        co_await throwing_frame(parked, kFrames - 1);
    } catch (const Cancelled&) {
        ++caught;
    }
}

Coroutine<Outcome> returning_frame(Parked& parked, int frames_below) {
    Outcome outcome = Outcome::returned;
    if (frames_below == 0)
        outcome = co_await Park<false>{parked};
    else
        outcome = co_await returning_frame(parked, frames_below - 1);
    if (outcome == Outcome::cancelled) co_return Outcome::cancelled;
    co_return Outcome::returned;
}

Coroutine<Outcome> returning_body(Parked& parked, int& caught) {
    const Outcome outcome = co_await returning_frame(parked, kFrames - 1);
    if (outcome == Outcome::cancelled) ++caught;
    co_return Outcome::returned;
}

template <class Body>
int run_coroutines(Body body) {
    int caught = 0;
    for (int i = 0; i < kRuns; ++i) {
        Parked parked;
        const auto coroutine = body(parked, caught);
        coroutine.start();
        parked.cancel = true;
        parked.innermost.resume();
        if (!coroutine.done()) return -1;
    }
    return caught;
}

/// This project's own: a struct a frame, in the arena.
struct ExplicitFrame : Frame {
    int frames_below;
    Future* future;
    int* caught;  ///< of the outermost frame
};

Poll run_frame(Loop& loop, Task& task, Frame& base, Resume with) {
    auto& frame = static_cast<ExplicitFrame&>(base);
    if (frame.at == 0) {
        frame.at = 1;
        if (frame.frames_below == 0) return Loop::park(*frame.future);
        auto& inner = *loop.arena().make<ExplicitFrame>();
        inner.type = frame.type;
        inner.frames_below = frame.frames_below - 1;
        inner.future = frame.future;
        return loop.call(task, inner);
    }
    if (frame.caught == nullptr) return Poll::ended(with.thrown);
    if (with.thrown != nullptr) ++*frame.caught;
    return Poll::returned();
}

constexpr FrameType kExplicitFrame{&run_frame, nullptr, "explicit"};

ExplicitFrame& new_body(Loop& loop, int& caught) {
    auto& body = *loop.arena().make<ExplicitFrame>();
    body.type = &kExplicitFrame;
    body.frames_below = kFrames;
    body.future = loop.arena().make<Future>();
    body.caught = &caught;
    return body;
}

/// Runs the innermost frame, and those that call or are called in turn, until one parks or the outermost has ended.
void drive(Loop& loop, Task& task, Resume with) {
    while (task.frame != nullptr) {
        const Poll poll = task.frame->type->resume(loop, task, *task.frame, with);
        if (poll.kind == Poll::Kind::awaiting) return;
        if (poll.kind == Poll::Kind::called) {
            with = {};
        } else {
            task.frame = task.frame->caller;
            with = {poll.kind == Poll::Kind::raised ? poll.error : nullptr};
        }
    }
}

/// The frames alone, as the coroutines above are alone.
int run_bare_frames() {
    int caught = 0;
    Loop loop;
    for (int i = 0; i < kRuns; ++i) {
        loop.arena().reset();
        auto& task = *loop.arena().make<Task>();
        task.frame = &new_body(loop, caught);
        drive(loop, task, {});
        drive(loop, task, {loop.new_error(ErrorKind::cancelled, 1)});
        if (task.frame != nullptr) return -1;
    }
    return caught;
}

/// With all that a run has: the loop's three iterations, the task, `Task.cancel()`, the future's callback, contexts.
int run_frames_on_loop() {
    int caught = 0;
    Loop loop;
    for (int i = 0; i < kRuns; ++i) {
        loop.reset(nullptr, {"3.11", false});
        auto& task = *loop.arena().make<Task>();
        loop.start_task(task, new_body(loop, caught));
        loop.run(1);
        loop.cancel_task(task, 1);
        loop.run(2);
        if (!task.done()) return -1;
    }
    return caught;
}

/// The best of a few rounds, in CPU time: nanoseconds for one task that is started, cancelled, and ended.
template <class Run>
void measure(const char* title, Run run) {
    double best_ns = 1e30;
    for (int round = 0; round < kRounds; ++round) {
        const std::clock_t begin = std::clock();
        const int caught = run();
        const double took_ns = 1e9 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
        if (caught != kRuns) std::abort();
        best_ns = std::min(best_ns, took_ns / kRuns);
    }
    std::printf("%-44s %7.0f ns\n", title, best_ns);
}

}  // namespace

}  // namespace cancelsim::sim

int main() {
    using namespace cancelsim::sim;
    std::printf("a task is started, parks %d frames deep, and is cancelled:\n", kFrames);
    measure("coroutines, cancellation is an exception", [] { return run_coroutines(&throwing_body); });
    measure("coroutines, cancellation is a return value", [] { return run_coroutines(&returning_body); });
    measure("explicit frames", [] { return run_bare_frames(); });
    measure("explicit frames, with the loop around them", [] { return run_frames_on_loop(); });
}
