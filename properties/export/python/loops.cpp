#include "properties/export/python/loops.h"

#include <fmt/format.h>

#include "properties/export/python/text.h"

namespace cancelsim::properties::python {

namespace {

/// What both loops have.
constexpr std::string_view kWatched = R"py(
    def create_task(self, coro, **options):
        task = $TASK$(coro, loop=self, **options)
        self.tasks.append(task)
        return task

$TELL_PARKED$
    def _run_once(self):
        timers_left = any(not timer._cancelled for timer in self._scheduled)
        nothing_left = not self._ready or self.futile >= FUTILE_LIMIT
        at_rest = nothing_left and not timers_left$ARRIVALS_LEFT$
        look(at_rest)
        if at_rest:
            kept("the program has come to rest")
$BUDGET$
        self.iteration += 1
$FUTILE$
        super()._run_once()
)py";

constexpr std::string_view kTellParked = R"py(    def call_soon(self, callback, *arguments, context=None):
        task = getattr(callback, "__self__", None)  # a step or a wakeup is a method of its task

        def step(*arguments):
            callback(*arguments)
            parked(task)

        return super().call_soon(step if isinstance(task, asyncio.Task) else callback, *arguments, context=context)

)py";

constexpr std::string_view kReal = R"py(
FUTILE_LIMIT = 500  # so many iterations in a row that only deliver are no coincidence


def is_pass(handle):
    return getattr(handle._callback, "__func__", None) is backend.CancelScope._deliver_cancellation


class WatchedLoop(asyncio.SelectorEventLoop):
    """asyncio's event loop as it is. Before each iteration it lets the watch look."""

    def __init__(self):
        super().__init__()
        self.tasks = []  # all that there ever were
        self.iteration = 0
        self.futile = 0  # iterations in a row that ran nothing but delivery passes
        self.polled_at = self.time()  # when the last iteration looked for timers that are due

    def _process_events(self, event_list):
        super()._process_events(event_list)
        self.polled_at = self.time()
)py";

constexpr std::string_view kFutileReal =
    "        self.futile = self.futile + 1 if self._ready and all(map(is_pass, self._ready)) else 0\n";

constexpr std::string_view kVirtual = R"py(
FUTILE_LIMIT = 20  # after so many iterations in a row that only deliver, time passes all the same


def is_pass(handle):
    return getattr(handle._callback, "__func__", None) is backend.CancelScope._deliver_cancellation

$CHOOSE$
class InOrder(dict):
    """A set that iterates in $SET_ORDER$. A real one does so by address, in any order."""

    __slots__ = ()
    add = dict.setdefault
    remove = dict.__delitem__

    def discard(self, item):
        self.pop(item, None)
$SET_ITERATION$

real_init = backend.CancelScope.__init__


def init_in_order(self, *arguments, **options):
    real_init(self, *arguments, **options)
    self._tasks, self._child_scopes = InOrder(), InOrder()


backend.CancelScope.__init__ = init_in_order


class WatchedLoop(asyncio.SelectorEventLoop):
    """asyncio's event loop on virtual time, which moves only where the real one would wait for it.

    Timers due together run in the order in which they were made. Before each iteration the loop lets the watch look.
    """

    def __init__(self):
        selector = selectors.SelectSelector()
        selector.select = self.wait
        super().__init__(selector)
        self._clock_resolution = 0.5
        self.tasks = []  # all that there ever were
        self.iteration = 0
        self.futile = 0  # iterations in a row that ran nothing but delivery passes
        self.now = self.timers_made = 0
        self.arrivals = []  # [iteration, function]: what the outside world does

    def time(self):
        return self.now

    @property
    def polled_at(self):
        return self.now

    def call_at(self, when, callback, *arguments, context=None):
        self.timers_made += 1  # a heap does not keep the order of equals
        return super().call_at(when + self.timers_made * 2**-20, callback, *arguments, context=context)

    def wait(self, timeout):
        """In place of the selector: lets arrive what is due, and time pass where nothing else is left to do."""
        before = self.now
        would_block = timeout is None or timeout >= 0.5
        last = max(self.iteration, self.arrivals[0][0]) if would_block and self.arrivals else self.iteration
$DELAY$
        while self.arrivals and self.arrivals[0][0] <= last:
            self.call_soon(self.arrivals.pop(0)[1])
        timers = self._scheduled  # asyncio has dropped cancelled ones from its top
        if timers and (not self._ready or self.futile >= FUTILE_LIMIT):
            self.now = max(self.now, int(timers[0]._when))
$ELAPSE$
        due = bool(timers) and timers[0]._when < self.now + 0.5
$TIMER_ORDER$
        only_passes = bool(self._ready) and not due and self.now == before and all(map(is_pass, self._ready))
        self.futile = self.futile + 1 if only_passes else 0
        return []
)py";

constexpr std::string_view kChoose = R"py(
# What this schedule decides otherwise than usual, where asyncio leaves it open: by kind, question -> answer.
CHOICES = $CHOICES$
questions = dict.fromkeys(CHOICES, 0)


def choose(kind, count):
    question, questions[kind] = questions[kind], questions[kind] + 1
    return min(CHOICES[kind].get(question, 0), count - 1)


)py";

constexpr std::string_view kSetIteration = R"py(
    def __iter__(self):
        left = list(self.keys())
        while left:
            yield left.pop(choose("set order", len(left)) if len(left) > 1 else 0)
)py";

constexpr std::string_view kDelay = R"py(        if not would_block:
            for arrival in self.arrivals:
                is_due = arrival[0] <= self.iteration and arrival[2] < 3
                if is_due and choose("arrival", 2):  # it comes an iteration later
                    arrival[0], arrival[2] = self.iteration + 1, arrival[2] + 1
            self.arrivals.sort(key=lambda arrival: arrival[0])
)py";

constexpr std::string_view kElapse =
    R"py(        elif timers and timers[0]._when >= self.now + 1 and choose("elapse", 2):
            self.now = int(timers[0]._when)  # what ran took so long
)py";

constexpr std::string_view kTimerOrder =
    R"py(        live = sorted(timer for timer in timers if not timer._cancelled and timer._when < self.now + 0.5)
        for when in sorted({int(timer._when) for timer in live}):
            left = [timer for timer in live if int(timer._when) == when]
            moments = [timer._when for timer in left]
            for moment in moments:
                left.pop(choose("timer order", len(left)) if len(left) > 1 else 0)._when = moment
        heapq.heapify(timers)
)py";

constexpr std::array<std::string_view, sim::kChoiceKinds> kKinds{"set order", "timer order", "arrival", "elapse",
                                                                 "ready order"};

std::string choices_literal(const KindDeviations& deviations) {
    std::string text;
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
        if (deviations[kind].empty()) continue;
        std::string answers;
        for (const auto& [question, answer] : deviations[kind])
            answers += fmt::format("{}{}: {}", answers.empty() ? "" : ", ", question, answer);
        text += fmt::format("{}\"{}\": {{{}}}", text.empty() ? "" : ", ", kKinds[kind], answers);
    }
    return "{" + text + "}";
}

std::string watched(const LoopNeeds& needs, std::string_view arrivals_left, std::string_view budget,
                    std::string_view futile) {
    return "\n" + filled(kWatched, {{"TASK", needs.task_class},
                                    {"TELL_PARKED", needs.tells_parked ? kTellParked : std::string_view()},
                                    {"ARRIVALS_LEFT", arrivals_left},
                                    {"BUDGET", budget},
                                    {"FUTILE", futile}});
}

}  // namespace

std::string real_loop(const LoopNeeds& needs) { return filled(kReal) + watched(needs, "", "", kFutileReal); }

std::string virtual_loop(const LoopNeeds& needs, const KindDeviations& deviations, std::int64_t budget) {
    const auto has = [&](sim::ChoiceKind kind) { return !deviations[static_cast<std::size_t>(kind)].empty(); };
    const auto only_if = [&](sim::ChoiceKind kind, std::string_view text) {
        return has(kind) ? text : std::string_view();
    };
    const std::string choices = choices_literal(deviations);
    const std::string budget_check =
        fmt::format("        if self.iteration >= {0}:\n            kept(\"{0} iterations have run\")\n", budget);
    const bool ordered = has(sim::ChoiceKind::set_order);
    return filled(kVirtual, {{"CHOOSE", choices == "{}" ? "\n" : "\n" + filled(kChoose, {{"CHOICES", choices}})},
                             {"SET_ORDER", ordered ? "the order that this schedule says" : "the order of insertion"},
                             {"SET_ITERATION", ordered ? "\n" + filled(kSetIteration) : std::string()},
                             {"DELAY", only_if(sim::ChoiceKind::arrival, kDelay)},
                             {"ELAPSE", only_if(sim::ChoiceKind::elapse, kElapse)},
                             {"TIMER_ORDER", only_if(sim::ChoiceKind::timer_order, kTimerOrder)}}) +
           watched(needs, " and not self.arrivals", budget_check, "");
}

}  // namespace cancelsim::properties::python
