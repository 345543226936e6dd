// Python's implicit `__context__`: the rules (a), (b) and (c) of CASES.md, "Context".
#include <doctest/doctest.h>

#include "sim/testing.h"

namespace cancelsim::sim {

namespace {

/// A loop with a task of three frames: outer awaits middle, which awaits inner, which parks once. Each can handle an
/// exception of its own; `then` is what inner does when it is resumed.
struct Nested : TestLoop {
    Error in_outer{ErrorKind::named};
    Error in_middle{ErrorKind::named};
    Error in_inner{ErrorKind::named};
    Future future;
    Error* arrived_at_outer = nullptr;

    Script* inner = nullptr;
    Script* middle = nullptr;
    Task* task = nullptr;

    explicit Nested(std::function<Poll(Nested&, Resume)> then) {
        inner =
            &frame({[this](Resume) { return park(future); }, [this, then](Resume with) { return then(*this, with); }});
        middle = &frame({[this](Resume) { return call(*current_task(), *inner); },
                         [](Resume with) { return Poll::ended(with.thrown); }});
        task = &spawn({[this](Resume) { return call(*current_task(), *middle); },
                       [this](Resume with) {
                           arrived_at_outer = with.thrown;
                           return Poll::returned();
                       }});
        outer_ = task->frame;
        TestLoop::run(1);
    }
    void outer_handles() { outer_->handled = &in_outer; }
    void middle_handles() { middle->handled = &in_middle; }
    void inner_handles() { inner->handled = &in_inner; }
    /// Throws a CancelledError into the task: what leaves its outermost frame but one.
    Error* interrupt() {
        cancel_task(*task, 7);
        TestLoop::run();
        return arrived_at_outer;
    }
    /// Resumes the task with a result: what leaves its outermost frame but one.
    Error* resume_normally() {
        set_result(future);
        TestLoop::run();
        return arrived_at_outer;
    }

private:
    Frame* outer_ = nullptr;
};

Poll pass_on(Nested&, Resume with) { return Poll::ended(with.thrown); }
Poll raise_new(Nested& run, Resume) { return Poll::raised(*run.raise(ErrorKind::runtime_error)); }

}  // namespace

TEST_CASE("setting a context replaces what was there, and nothing handled leaves it") {
    Error old{ErrorKind::named};
    Error handled{ErrorKind::named};
    Error error{.kind = ErrorKind::named, .context = &old};
    set_context(error, nullptr);
    CHECK(error.context == &old);
    set_context(error, &error);
    CHECK(error.context == &old);
    set_context(error, &handled);
    CHECK(error.context == &handled);
}

TEST_CASE("a link in the chain of what is handled back to the raised exception is cut") {
    Error error{ErrorKind::named};
    Error between{.kind = ErrorKind::named, .context = &error};
    Error handled{.kind = ErrorKind::named, .context = &between};
    set_context(error, &handled);
    CHECK(error.context == &handled);
    CHECK(handled.context == &between);
    CHECK(between.context == nullptr);
}

TEST_CASE("a raise sees the innermost exception that the running frames handle") {
    Nested run(&raise_new);
    SUBCASE("its own frame's") {
        run.outer_handles();
        run.middle_handles();
        run.inner_handles();
        CHECK(run.resume_normally()->context == &run.in_inner);
    }
    SUBCASE("else that of the nearest frame around it") {
        run.outer_handles();
        run.middle_handles();
        CHECK(run.resume_normally()->context == &run.in_middle);
    }
    SUBCASE("else that of an outer one") {
        run.outer_handles();
        CHECK(run.resume_normally()->context == &run.in_outer);
    }
    SUBCASE("or none") { CHECK(run.resume_normally()->context == nullptr); }
}

TEST_CASE("a raise in a loop callback has no context") {
    TestLoop loop;
    Error* raised = nullptr;
    loop.soon(loop.callback([&] { raised = loop.raise(ErrorKind::runtime_error); }));
    loop.run();
    CHECK(raised->context == nullptr);
}

TEST_CASE("of the frames that a thrown exception passes the outermost that handles one gives it its context") {
    Nested run(&pass_on);
    SUBCASE("all three handle one") {
        run.outer_handles();
        run.middle_handles();
        run.inner_handles();
        CHECK(run.interrupt()->context == &run.in_outer);
    }
    SUBCASE("the outermost handles none") {
        run.middle_handles();
        run.inner_handles();
        CHECK(run.interrupt()->context == &run.in_middle);
    }
    SUBCASE("only the innermost handles one") {
        run.inner_handles();
        CHECK(run.interrupt()->context == &run.in_inner);
    }
    SUBCASE("none does") { CHECK(run.interrupt()->context == nullptr); }
}

TEST_CASE("an inner frame sees only its own frame's context on a thrown exception") {
    Error* seen = nullptr;
    Nested run([&](Nested&, Resume with) {
        seen = with.thrown->context;
        return Poll::ended(with.thrown);
    });
    run.outer_handles();
    SUBCASE("which it has") {
        run.inner_handles();
        run.interrupt();
        CHECK(seen == &run.in_inner);
    }
    SUBCASE("or not") {
        run.interrupt();
        CHECK(seen == nullptr);
    }
}

TEST_CASE("a new exception that leaves an inner frame in the step of a throw is treated the same way") {
    Nested run(&raise_new);
    SUBCASE("by the frame around it") {
        run.middle_handles();
        CHECK(run.interrupt()->context == &run.in_middle);
    }
    SUBCASE("and by the outermost") {
        run.middle_handles();
        run.outer_handles();
        CHECK(run.interrupt()->context == &run.in_outer);
    }
}

TEST_CASE("until the task gives way again a raise after a throw does not see what outer frames handle") {
    Error* before = nullptr;
    Error* after = nullptr;
    TestLoop loop;
    Error in_outer{ErrorKind::named};
    Future first;
    Script& inner = loop.frame({[&](Resume) { return Loop::park(first); },
                                [&](Resume) {
                                    before = loop.raise(ErrorKind::runtime_error);
                                    return Poll::yielded();
                                },
                                [&](Resume) {
                                    after = loop.raise(ErrorKind::runtime_error);
                                    return Poll::returned();
                                }});
    Task& task = loop.spawn({[&](Resume) {
                                 loop.current_task()->frame->handled = &in_outer;
                                 return loop.call(*loop.current_task(), inner);
                             },
                             [](Resume with) { return Poll::ended(with.thrown); }});
    loop.run(1);
    loop.cancel_task(task, 7);
    loop.run();
    CHECK(before->context == nullptr);
    CHECK(after->context == &in_outer);
}

TEST_CASE("a throw into a coroutine that has not started passes no frame") {
    TestLoop loop;
    bool ran = false;
    Task& task = loop.spawn({[&](Resume) {
        ran = true;
        return Poll::returned();
    }});
    loop.cancel_task(task, 7);
    loop.run();
    CHECK_FALSE(ran);
    CHECK(task.end_error->context == nullptr);
}

}  // namespace cancelsim::sim
