// For tests only: coroutines and callbacks written as lambdas.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/loop.h"

namespace cancelsim::sim {

/// A coroutine: step n is what runs between the n-th time that it gives way and the next. It must outlive its task.
class Script : public Frame {
public:
    using Step = std::function<Poll(Resume)>;

    explicit Script(std::vector<Step> steps) : steps_(std::move(steps)) { type = &kType; }

private:
    static Poll resume(Loop&, sim::Task&, Frame& frame, Resume with) {
        auto& script = static_cast<Script&>(frame);
        return script.steps_.at(script.at++)(with);
    }
    /// Where it is says all.
    static constexpr FrameType kType{&resume, [](StateHash&, const Frame&) {}, "script"};

    std::vector<Step> steps_;
};

/// A loop of the given kind whose tasks are scripts, and what happened on it in words.
template <class Kernel, class KernelTask>
struct Scripted : Kernel {
    std::vector<std::string> log;

    /// A callback that runs `function`.
    Callback callback(std::function<void()> function) {
        functions_.push_back(std::move(function));
        static const CallbackName name{&run_function, "script"};
        return {&run_function, &functions_.back()};
    }
    /// A callback that logs `word`.
    Callback says(std::string word) {
        return callback([this, word] { log.push_back(word); });
    }
    void soon(const Callback& each) { this->call_soon(each.function, each.argument); }
    /// Schedules a timer, which lives as long as the loop.
    Timer& at(Time when, const Callback& each) {
        Timer& timer = timers_.emplace_back();
        timer.callback = each;
        this->call_at(timer, when);
        return timer;
    }
    /// A frame to `call`.
    Script& frame(std::vector<Script::Step> steps) { return scripts_.emplace_back(std::move(steps)); }
    /// A task whose coroutine is `steps`.
    KernelTask& spawn(std::vector<Script::Step> steps) {
        KernelTask& task = all_tasks_.emplace_back();
        this->start_task(task, frame(std::move(steps)));
        return task;
    }
    /// Runs it to its end, which `budget` iterations must suffice for.
    Verdict run(std::uint64_t budget = 1000) { return Loop::run(budget); }

private:
    static void run_function(Loop&, void* function) { (*static_cast<std::function<void()>*>(function))(); }

    std::deque<std::function<void()>> functions_;
    std::deque<Timer> timers_;
    std::deque<Script> scripts_;
    std::deque<KernelTask> all_tasks_;
};

struct TestLoop : Scripted<Loop, Task> {
    explicit TestLoop(Choices* choices = nullptr, const Python& python = kPython311) { reset(choices, python); }

    /// Runs a callback in each iteration from now on that only polls, as a delivery pass that re-arms does.
    void poll_for_ever() {
        call_soon(
            [](Loop& loop, void*) {
                loop.only_polled();
                static_cast<TestLoop&>(loop).poll_for_ever();
            },
            nullptr);
    }
};

}  // namespace cancelsim::sim
