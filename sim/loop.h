// A deterministic asyncio event loop on a virtual clock.
//
// Source: CPython 3.11.7 Lib/asyncio/base_events.py (`_run_once`), Modules/_asynciomodule.c
// (`task_step_impl`, `task_wakeup`, `future_schedule_callbacks`). scenarios/CASES.md, "The loop",
// states the rules for virtual time.
#pragma once

#include <cassert>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/arena.h"
#include "sim/choices.h"
#include "sim/event_hub.h"
#include "sim/events.h"
#include "sim/future.h"
#include "sim/handle_queue.h"
#include "sim/python.h"
#include "sim/task.h"
#include "sim/timers.h"

namespace cancelsim::sim {

/// How a run ended.
enum class Verdict : std::uint8_t {
    quiescent,  ///< nothing was left to do
    spin,       ///< only polling was left, and nothing could ever end it
    budget,     ///< as many iterations as allowed have run
    runaway,    ///< a handle threw Runaway
};
const char* name_of(Verdict verdict);
/// Whether the run was ended before it came to an end by itself.
constexpr bool cut_short(Verdict verdict) { return verdict == Verdict::budget || verdict == Verdict::runaway; }

/// Thrown by a handle that would not come to an end: the run ends at once. The loop is then good for `reset` only.
struct Runaway {};

/// After so many futile iterations in a row the loop lets time pass, and where that cannot help,
/// ends the run.
inline constexpr std::uint32_t kFutileLimit = 20;

/// After so many iterations at one virtual time each further one is worth an event.
inline constexpr std::uint64_t kStandstill = 64;

/// A run is long after so many handles, and again after each as many.
inline constexpr std::uint64_t kLongRun = 65'536;
/// Called then by any loop, between two iterations; `first` once a run. What it throws ends the run: the loop is then
/// good for `reset` only. Null: nobody wants to know. To be set before there are threads.
extern void (*on_long_run)(bool first);

/// The most steps through a program's scopes that a run may take.
inline constexpr std::uint64_t kMostSteps = std::uint64_t{1} << 28;

/// What a run of the loop has counted.
struct Counters {
    std::uint64_t iterations = 0;
    std::uint64_t handles = 0;  ///< run; cancelled ones not counted
    std::uint64_t hot = 0;      ///< futile iterations
};

/// The loop. One object serves many runs: `reset`, set up, `run`, read the counters.
class Loop {
public:
    Loop() = default;
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Forgets the last run. `choices` answers what asyncio leaves open; null is insertion order.
    void reset(Choices* choices, const Python& python);

    /// Has `observer` told of the run until the next `reset`: see EventHub::add.
    template <class Listener, class... Set>
    void watch(Listener& observer, const Set&... first) {
        hub_.add(observer, first...);
    }
    /// Nobody watches any more.
    void unwatch() { hub_.clear(); }
    EventHub<events::All>& hub() { return hub_; }

    // What programs and kernels call.

    Clock& clock() { return clock_; }
    const Clock& clock() const { return clock_; }
    Time now() const { return clock_.now; }
    /// The time that is `delay` from now; of kInfinity kInfinity. It must be a time.
    Time after(Time delay) const {
        Time when = kInfinity;
        [[maybe_unused]] const bool overflows = delay != kInfinity && __builtin_add_overflow(clock_.now, delay, &when);
        assert(!overflows);
        return when;
    }
    std::uint64_t iteration() const { return clock_.iteration; }
    Task* current_task() const { return current_; }
    Arena& arena() { return arena_; }
    const Python& python() const { return python_; }

    void call_soon(void (*function)(Loop&, void*), void* argument) { ready_.push_back({function, argument}); }
    /// What a running callback says that only looked whether it has something to do. An iteration in which every
    /// callback says so, time standing still, is futile.
    void only_polled() { ++polled_; }
    /// What goes through scopes, as many as a program likes, says after how many `steps`. Throws Runaway where the run
    /// has taken more than kMostSteps.
    void walked(std::uint64_t steps) {
        steps_ += steps;
        if (steps_ > kMostSteps) [[unlikely]]
            throw Runaway();
    }
    /// Schedules an idle timer; its `callback` must be set.
    void call_at(Timer& timer, Time when) {
        assert(timer.callback.function != nullptr);
        timers_.schedule(timer, when);
    }
    /// `call_soon` with a handle that can be cancelled: an idle timer, whose `callback` must be set, is due. One that
    /// was cancelled while it was due must not be used again.
    void call_soon(Timer& timer) {
        assert(timer.callback.function != nullptr && timer.state == TimerState::idle);
        timer.state = TimerState::due;
        ready_.push_back({&run_timer, &timer});
    }
    void cancel_timer(Timer& timer) { timers_.cancel(timer); }
    /// Runs `callback` in the first iteration whose number is at least `iteration`, before due
    /// timers. Only before `run`. Questions call it by the number of such calls before.
    void arrive_at_iteration(std::uint64_t iteration, Callback callback);

    /// Registers a new task, constructed in the arena with its outermost `frame`, and schedules its
    /// first step.
    void start_task(Task& task, Frame& frame);
    /// `Task.cancel(msg)`, asked for by `by`: by the program where that is not said. Throws Runaway where tasks that
    /// wait for one another hand it on round a circle.
    bool cancel_task(Task& task, CancelMessage message, const By& by);
    bool cancel_task(Task& task, CancelMessage message) { return cancel_task(task, message, by_program()); }
    /// `Task.uncancel()`.
    void uncancel(Task& task, const By& by);
    void uncancel(Task& task) { uncancel(task, by_program()); }
    /// What runs now, as who asks for something.
    By by(By::Kind kind, ObjectId id = kNoObject) const {
        return {kind, current_ != nullptr ? current_->id : kNobody, id};
    }
    By by_program() const { return by(current_ != nullptr ? By::Kind::program : By::Kind::outside); }
    /// `Task.exception()` or `.result()` of a done task: the exception, or null. A cancelled task's
    /// own exception is given out once; who asks later gets a new one.
    Error* take_exception(Future& future);
    /// `future.result()` of a done future, in the running frame: the exception that it raises, or null.
    Error* result(Future& future);

    void set_result(Future& future) {  ///< the future must be pending
        assert(!future.done());
        future.state = FutureState::finished;
        schedule_callbacks(future);
    }
    void set_exception(Future& future, Error& error);  ///< the same
    /// `_make_cancelled_error()`: what ended a cancelled task, to the first that asks, else a new CancelledError.
    Error* make_cancelled_error(Future& future);
    /// `Future.cancel(msg)`; `by` counts where it comes to a task.
    bool cancel_future(Future& future, CancelMessage message, const By& by);
    bool cancel_future(Future& future, CancelMessage message) { return cancel_future(future, message, by_program()); }
    void add_done_callback(Future& future, Callback callback) {
        if (future.done() || future.callback0.function != nullptr) return add_further_callback(future, callback);
        future.callback0 = callback;
    }
    /// No effect where `callback` is not among those that wait for `future`. It must have been added once at most.
    void remove_done_callback(Future& future, const Callback& callback);

    /// A new exception, not yet raised.
    Error* new_error(ErrorKind kind, CancelMessage message = 0) { return arena_.make<Error>(Error{kind, message}); }
    /// What the `raise` of `error` in the running frame does: its context becomes what the frame
    /// handles.
    Error* raise(Error* error) {
        if (current_ != nullptr) set_context(*error, topmost_handled());
        return error;
    }
    Error* raise(ErrorKind kind) { return raise(new_error(kind)); }
    /// An exception that left a loop callback.
    void callback_error(Error* error) { emit(events::CallbackFailed{error}); }

    /// Makes `frame`, which must be new, the innermost of the running task: what `await f()` does.
    Poll call(Task& task, Frame& frame) {
        assert(&task == current_ && frame.caller == nullptr && frame.at == 0);
        frame.caller = task.frame;
        task.frame = &frame;
        return Poll::called();
    }
    /// `await future` of one that is not done, in a frame that continues where its `at` says.
    static Poll park(Future& future) { return Poll::awaiting(future); }
    /// `await future` of any: it parks, or ends at once, with what the future raises or without.
    Poll await(Future& future);

    /// Inline, so that an event that nobody wants costs a test and is never built.
    template <class Event>
    [[gnu::always_inline]] void emit(const Event& event) {
        if (wants<Event>()) [[unlikely]]
            hub_.send(event);
    }
    template <class Event>
    bool wants() const {
        return hub_.template wants<Event>();
    }

    /// Has `hook` called whenever a task has given way, when it is no longer the current one. asyncio has no such
    /// thing: it is for policies that would need one.
    void on_parked(void (*hook)(Loop&, Task&)) { parked_hook_ = hook; }

    /// Calls `visit(element)` for the elements of an OrderedSet, in the order that iterating Python's set gives. The
    /// set must stay as it is. `name()` is the question for the first element; it is called only where that is asked.
    template <class Set, class Name, class Visit>
    void in_set_order(const Set& set, Name name, Visit visit) {
        if (set.size() >= 2 && asks(ChoiceKind::set_order)) {
            auto order = chosen_order(set, name());
            while (auto* element = order.next(*this)) visit(*element);
            return;
        }
        for (auto* element = set.first(); element != nullptr; element = Set::next(*element)) visit(*element);
    }

    /// Iterates a set in an order that is chosen element by element.
    template <class Element>
    struct ChosenOrder {
        /// Null after the last.
        Element* next(Loop& loop) {
            if (question.position == count) return nullptr;
            std::uint32_t chosen = question.position;
            if (chosen + 1 < count) chosen += loop.choose(question, count - chosen);
            if (count > kMany) return left[untaken.take(chosen - question.position++)];
            Element* element = left[chosen];
            for (; chosen > question.position; --chosen) left[chosen] = left[chosen - 1];
            ++question.position;
            return element;
        }

        Question question;  ///< the next; its position is the number of those that were taken
        Element** left;     ///< from there on, those that were not taken yet, in the order of insertion
        std::uint32_t count;
        Untaken untaken;  ///< of more than kMany: `left` stays as it is
    };
    /// `question` asks for the first element.
    template <class Set>
    auto chosen_order(const Set& set, const Question& question) {
        using Element = std::remove_pointer_t<decltype(set.first())>;
        ChosenOrder<Element> order{question, arena_.template make_array<Element*>(set.size()), set.size(), {}};
        std::uint32_t n = 0;
        for (Element* each = set.first(); each != nullptr; each = Set::next(*each)) order.left[n++] = each;
        if (n > kMany) order.untaken = Untaken(arena_.template make_array<std::uint32_t>(n + 1), n);
        return order;
    }
    /// Has `hook` called at the beginning of an iteration in which somebody outside cancels something. It decides what.
    void on_injection(void (*hook)(Loop&)) { injection_hook_ = hook; }

    // What runs it.

    Verdict run(std::uint64_t budget);
    Counters counters() const { return {clock_.iteration, handles_, hot_}; }
    const std::vector<Task*>& tasks() const { return tasks_; }
    /// Bytes that the run has taken of the arena.
    std::size_t arena_used() const { return arena_.used(); }
    std::uint32_t futile_in_a_row() const { return futile_; }

protected:
    bool asks(ChoiceKind kind) const { return (asked_ & bit(kind)) != 0; }
    std::uint32_t choose(const Question& question, std::uint32_t count) {
        const std::uint32_t answer = choices_->choose(question, count);
        assert(answer < count);
        return answer;
    }

private:
    friend class StateHash;
    struct Arrival {
        std::uint64_t iteration;
        std::uint32_t number;  ///< in the order in which they were announced, from 0
        std::uint32_t delayed = 0;
        Callback callback;
    };

    static void run_timer(Loop& loop, void* timer);
    static void run_step(Loop& loop, void* task);
    static void run_wakeup(Loop& loop, void* task);
    static void run_self_await(Loop& loop, void* task);
    static const CallbackName kTimerName, kStepName, kWakeupName, kSelfAwaitName;
    void step(Task& task, Error* thrown);
    Poll drive(Task& task, Error* thrown);
    void finish(Task& task, const Poll& poll);
    void schedule_callbacks(Future& future) {
        if (future.callback0.function == nullptr) return;
        if (wants<events::TaskReady>()) [[unlikely]]
            tell_who_is_ready(future);
        call_soon(future.callback0.function, future.callback0.argument);
        future.callback0 = {};
        if (future.last_callback != nullptr) schedule_further_callbacks(future);
    }
    void schedule_further_callbacks(Future& future);
    void tell_who_is_ready(const Future& future);
    bool request_cancel(Task& task, CancelMessage message);
    void add_further_callback(Future& future, Callback callback);
    Callback take_after(Future& future, CallbackNode& before);
    bool hand_cancel_on(Future& asked, CancelMessage message, const By& by);
    bool ask_to_cancel(Future& asked, CancelMessage message, const By& by);
    events::CancelRequested request_of(const Task& task, CancelMessage message, const By& by) const;
    By asked_by(const By& first) const;
    Error* topmost_handled() const;

    void run_once();
    void run_ready();
    void is_long();
    void take_arrivals(bool would_block);
    void sort_arrivals();
    void take_due_timers();
    void prefetch_upcoming();
    void choose_timer_order(std::size_t first);
    void choose_ready_order();
    void choose_order(Callback* begin, Callback* end, Question question);
    void choose_order_of_many(Callback* begin, Callback* end, Question question);
    void inject();
    void pass_time(Time next);

    HandleQueue ready_;
    Timers timers_;
    std::vector<Arrival> arrivals_;  ///< in order; those before `next_arrival_` have come
    std::size_t next_arrival_ = 0;
    std::vector<Task*> tasks_;
    Clock clock_;
    std::uint64_t handles_ = 0;         ///< see Counters
    std::uint64_t steps_ = 0;           ///< see walked
    std::uint64_t long_at_ = kLongRun;  ///< handles
    std::uint64_t hot_ = 0;
    std::uint64_t polled_ = 0;  ///< handles of this iteration that only polled
    std::uint32_t futile_ = 0;  ///< futile iterations in a row
    /// A task or gathering future that hands a `cancel()` on, and waits for the answer.
    struct Asker {
        Future* future;
        std::uint32_t next_child = 0;       ///< of a gathering future
        bool accepted = false;              ///< by one of its children
        events::CancelRequested request{};  ///< of a task
    };
    std::vector<Asker> askers_;  ///< each asks the next
    Task* current_ = nullptr;
    void (*parked_hook_)(Loop&, Task&) = nullptr;
    void (*injection_hook_)(Loop&) = nullptr;
    std::uint32_t injections_left_ = 0;
    Time ties_at_ = -1;       ///< the time of the last tie of timers
    std::uint32_t ties_ = 0;  ///< that were at that time so far
    EventHub<events::All> hub_;
    Choices* choices_ = nullptr;
    ChoiceKinds asked_ = 0;
    Python python_{};
    Arena arena_;
};

}  // namespace cancelsim::sim
