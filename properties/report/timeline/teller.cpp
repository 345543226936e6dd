#include "properties/report/timeline/teller.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "properties/contracts/describe.h"
#include "properties/contracts/reach.h"
#include "properties/failure/choice_words.h"
#include "scenarios/program/python/case_python.h"
#include "scenarios/program/statement_type.h"

namespace cancelsim::properties {

namespace {

using scenarios::Interpreter;
using scenarios::Op;
using scenarios::type_of;

/// A row that comes so many iterations after the last one is told to have come late.
constexpr std::uint64_t kLongGap = 5;

const model::Task& as_task(const sim::Task& task) { return static_cast<const model::Task&>(task); }

const scenarios::Telling& telling_of(const Interpreter& run, std::uint32_t statement) {
    return *type_of(run.program().statements[statement].op).telling;
}

/// Whether what waits is the end of its block.
bool waits_at_end(const scenarios::Statement& statement) {
    const scenarios::StatementType& type = type_of(statement.op);
    return type.is_block() && !(*type.telling->thing).empty();
}

/// Why a run goes on no further.
std::string_view end_words(sim::Verdict verdict) {
    switch (verdict) {
        case sim::Verdict::quiescent: return "nothing is left to do";
        case sim::Verdict::spin: return "passes would go on for ever, and nothing else is left";
        case sim::Verdict::budget: return "it has taken all the iterations that its case allows";
        case sim::Verdict::runaway: return "it has executed all the statements that a run may";
    }
    return {};
}

}  // namespace

void Teller::tell(const events::StatementBegan& event) {
    const scenarios::Statement& statement = run_.program().statements[event.statement];
    if (!*type_of(statement.op).telling->at_once) return;
    std::string text = event.task == sim::kNobody ? "outside: " : "";
    text += statement_text(event.statement);
    const bool is_late = statement.op == Op::cancel && is_cancelled(statement.name);
    if (is_late) text += " (cancelled already)";
    add(RowKind::event, event.task, std::move(text));
    last_statement_ = event.statement;
}

void Teller::tell(const events::StatementWaits& event) {
    const scenarios::Statement& statement = run_.program().statements[event.statement];
    told(event.task).parked_at_wait = false;
    add(RowKind::event, event.task,
        waits_at_end(statement) ? fmt::format("at the end of {}", run_.program().names[statement.name])
                                : statement_text(event.statement));
    last_statement_ = event.statement;
}

void Teller::tell(const events::StatementEnded& event) {
    if (*telling_of(run_, event.statement).ends_as_said && event.error == nullptr) return;
    add_to_statement(event.task, event.statement, fmt::format(" -> {}", run_.outcome_text(event.error)));
}

void Teller::tell(const events::Raised& event) {
    const bool by_name = *telling_of(run_, event.statement).ends_as_said;
    add_to_statement(event.task, event.statement,
                     by_name ? "" : fmt::format(" -> raises {}", run_.outcome_text(event.error)));
}

void Teller::tell(const events::Skipped& event) {
    add_to_statement(event.task, event.statement, " (skipped: there is none of that name yet)");
}

void Teller::tell(const events::Caught& event) {
    add(RowKind::event, event.task, fmt::format("catches {}", run_.outcome_text(event.error)));
}

void Teller::tell(const events::Noted& event) {
    const scenarios::Name text = run_.program().statements[event.statement].name;
    add(RowKind::event, event.task, fmt::format("notes \"{}\"", run_.program().names[text]));
}

void Teller::tell(const events::TaskCreated& event) { column_of(event.task); }
void Teller::tell(const events::TaskResumed& event) { ++steps_of(event.task); }
void Teller::tell(const events::TaskParked& event) { told(event.task).parked_at_wait = true; }

void Teller::tell(const events::TaskDone& event) {
    told(event.task).done_since = run_.kernel().iteration();
    if (!run_.kernel().task(event.task).label) add(RowKind::event, event.task, "ends before it has started");
}

void Teller::tell(const events::BodyBegan& event) {
    column_of(event.task) = run_.label_text(run_.kernel().task(event.task).label);
    add(RowKind::event, event.task, "starts");
}

void Teller::tell(const events::BodyEnded& event) {
    std::string text = "ends";
    if (event.error != nullptr) text += fmt::format(": {}", run_.outcome_text(event.error));
    const std::uint32_t requests = run_.kernel().task(event.task).num_cancels_requested;
    if (requests != 0) text += fmt::format(", cancelling() = {}", requests);
    add(RowKind::event, event.task, std::move(text));
}

void Teller::tell(const events::ChildReported& event) {
    const model::CancelScope& scope = *run_.kernel().groups()[event.group]->cancel_scope;
    if (!event.cancelled_group || last_cancelled_ != scope.id) return;
    const model::Task& task = run_.kernel().task(event.task);
    story_.rows[last_cancel_].text = fmt::format("cancels {}: its task {} ended with {}", name_of(scope), name_of(task),
                                                 run_.outcome_text(task.end_error));
}

void Teller::tell(const events::CancelRequested& event) {
    if (event.by.kind != sim::By::Kind::scope && event.message == 0)
        tell_of_native_cancel(run_.kernel().task(event.task), event.accepted);
}

void Teller::tell(const events::CallbackFailed& event) {
    add(RowKind::event, sim::kNobody, fmt::format("a callback raises {}", run_.outcome_text(event.error)));
}

void Teller::tell(const events::ScopeEntered& event) {
    const model::CancelScope& scope = *run_.kernel().scopes()[event.scope];
    if (scope.label) add(RowKind::enter, event.task, entered_text(scope, run_.kernel().task(event.task)));
}

void Teller::tell(const events::ScopeLeft& event) {
    const model::CancelScope& scope = *run_.kernel().scopes()[event.scope];
    if (!scope.label) return;
    add(RowKind::leave, event.task,
        fmt::format("leaves {}{}", name_of(scope), event.swallowed ? " (cancelled, caught)" : ""));
    last_left_ = is_left_by_hand(scope, run_.kernel().task(event.task)) ? nullptr : &scope;
    left_row_ = story_.rows.size() - 1;
}

void Teller::tell(const events::ScopeBlockLeft& event) {
    tell_of_exit(*run_.kernel().scopes()[event.scope], event.task, event.error);
}
void Teller::tell(const events::GroupBlockLeft& event) {
    tell_of_exit(*run_.kernel().groups()[event.group]->cancel_scope, event.task, event.error);
}
void Teller::tell(const events::DeadlineReached& event) { due_ = event.scope; }

std::string Teller::entered_text(const model::CancelScope& scope, const model::Task& host) const {
    const std::string_view thing = *telling_of(run_, run_.statement_of(host)).thing;
    std::string text = fmt::format("{} {}", thing.empty() ? "scope" : thing, name_of(scope));
    if (scope.shield) text += ", shielded";
    if (scope.deadline != sim::kInfinity) text += fmt::format(", deadline {}", scope.deadline);
    return text;
}

/// Whether it is a statement that leaves the scope, and not the end of its block.
bool Teller::is_left_by_hand(const model::CancelScope& scope, const model::Task& host) const {
    const scenarios::Statement& statement = run_.program().statements[run_.statement_of(host)];
    return *type_of(statement.op).telling->leaves_by_hand && run_.binding(statement.name).scope == &scope;
}

void Teller::tell_of_exit(const model::CancelScope& scope, sim::TaskId task, const sim::Error* error) {
    std::string text = "leaves " + run_.label_text(scope.label);
    if (scope.cancel_called) text += scope.cancelled_caught ? " (cancelled, caught)" : " (cancelled)";
    if (error != nullptr) text += fmt::format(" -> {}", run_.outcome_text(error));
    if (last_left_ == &scope)
        story_.rows[left_row_].text = std::move(text);
    else  // it could not be left
        add(RowKind::event, task, "cannot leave" + text.substr(std::string_view("leaves").size()));
}

/// The first cancel() of a scope, and who or what called it.
void Teller::tell(const events::ScopeCancelled& event) {
    const model::CancelScope& scope = *run_.kernel().scopes()[event.scope];
    const sim::TaskId task = event.by.task;
    const std::string name = name_of(scope);
    const bool is_due = due_ == event.scope;
    due_ = model::kNoScope;
    if (is_due) {
        const bool now = scope.deadline >= run_.kernel().now();
        return add(RowKind::event, task,
                   fmt::format("cancels {}: its deadline {}", name, now ? "has come" : "was in the past"));
    }
    const bool by_statement = last_task_ == task && last_statement_ != Interpreter::kNoStatement &&
                              run_.program().statements[last_statement_].op == Op::cancel;
    if (by_statement) {
        story_.rows.back().text = fmt::format("{}cancels {}", task == sim::kNobody ? "outside: " : "", name);
    } else if (task != sim::kNobody) {
        add(RowKind::event, task, fmt::format("cancels {}{}", name, cause_of_cancel(run_.kernel().task(task))));
    } else {  // the done callback of a child: ChildReported will say of which
        add(RowKind::event, task, fmt::format("cancels {}", name));
        last_cancel_ = story_.rows.size() - 1;
        last_cancelled_ = event.scope;
    }
}

/// Why a task's statement, which is none of `cancel`, cancels a scope.
std::string Teller::cause_of_cancel(const model::Task& task) {
    const std::uint32_t index = run_.statement_of(task);
    if (index == Interpreter::kNoStatement) return {};
    const scenarios::Telling& telling = telling_of(run_, index);
    return std::string(*(told(task.id).parked_at_wait ? telling.cancels_after_wait : telling.cancels_before_wait));
}

void Teller::tell_of_native_cancel(const model::Task& task, bool accepted) {
    const sim::TaskId current = run_.kernel().by_program().task;
    const bool by_statement = last_statement_ != Interpreter::kNoStatement && last_task_ == current &&
                              run_.program().statements[last_statement_].op == Op::native_cancel;
    if (by_statement) {
        if (!accepted) story_.rows.back().text += " (it is done)";
        return;
    }
    add(RowKind::event, current, fmt::format("the library calls {}.cancel(), asyncio's own", name_of(task)));
}

void Teller::tell(const events::PassEnded& event) {
    const model::CancelScope& scope = *run_.kernel().scopes()[event.scope];
    std::string text = fmt::format("pass of {}: ", name_of(scope));
    std::vector<std::string> names;
    for (const model::Task* task : run_.kernel().delivered())
        names.push_back(task->done() ? fmt::format("{} ({})", name_of(*task), state_of(*task)) : name_of(*task));
    text += names.empty() ? "cancels nobody" : fmt::format("cancels {}", fmt::join(names, ", "));
    if (event.rearmed) text += ", re-arms";
    if (event.rearmed && names.empty()) {
        std::vector<std::string> over;
        for_each_reached(scope, [&](const model::Task& task) {
            over.push_back(fmt::format("{}, {}", name_of(task), state_of(task)));
            return true;
        });
        text += over.empty() ? " over no task" : fmt::format(" over {}", fmt::join(over, "; "));
    }
    add(RowKind::pass, sim::kNobody, std::move(text));
}

void Teller::chose(const sim::Question& question, std::uint32_t answer) {
    add(RowKind::choice, sim::kNobody, kByChoice + answer_words(question.kind, answer));
    story_.choices.push_back(question);
}

void Teller::tell_if_broken() {
    if (contract_ == nullptr || story_.broken || !contract_->broken()) return;
    add(RowKind::broken, sim::kNobody,
        fmt::format("{} breaks here ({})", contract_->name(), contract_->place().name()));
    story_.broken = true;
}

Story Teller::finish() {
    tell_if_broken();
    std::vector<std::string> waiting;
    for (const sim::Task* each : run_.kernel().tasks()) {
        const model::Task& task = as_task(*each);
        if (task.done()) continue;
        const bool is_awake = task.fut_waiter == nullptr && run_.statement_of(task) != Interpreter::kNoStatement;
        waiting.push_back(
            fmt::format("{}, {}{}", name_of(task), state_of(task),
                        is_awake ? fmt::format(" in `{}`", statement_text(run_.statement_of(task))) : ""));
    }
    std::vector<std::string> armed;
    for (const model::CancelScope* scope : run_.kernel().scopes())
        if (scope->cancel_handle) armed.push_back(name_of(*scope));
    std::string text = fmt::format("the run ends ({}): {}", sim::name_of(run_.verdict()), end_words(run_.verdict()));
    if (!waiting.empty()) text += fmt::format("; not done: {}", fmt::join(waiting, "; "));
    if (!armed.empty()) text += fmt::format("; still armed: {}", fmt::join(armed, ", "));
    add(RowKind::end, sim::kNobody, std::move(text));
    return std::move(story_);
}

void Teller::add(RowKind kind, sim::TaskId task, std::string text) {
    if (!story_.rows.empty() && run_.kernel().iteration() - story_.rows.back().iteration >= kLongGap) add_rounds();
    ++added_;
    const std::uint32_t column = task == sim::kNobody ? 0 : task + 1;
    story_.rows.push_back({kind, run_.kernel().iteration(), run_.kernel().now(), column, std::move(text)});
    last_task_ = task;
    last_statement_ = Interpreter::kNoStatement;
}

/// How often a task has run since `add` was called last.
std::uint32_t& Teller::steps_of(sim::TaskId task) {
    Told& each = told(task);
    if (each.steps_since != added_) each.steps = 0;
    each.steps_since = added_;
    return each.steps;
}

/// Tasks that have run since the last row, and got nowhere.
void Teller::add_rounds() {
    const std::uint64_t iteration = story_.rows.back().iteration + 1;
    for (const sim::Task* task : run_.kernel().tasks()) {
        if (steps_of(task->id) < kLongGap - 1) continue;
        const std::uint32_t statement = run_.statement_of(as_task(*task));
        std::string text = fmt::format("runs {} times", steps_of(task->id));
        if (statement != Interpreter::kNoStatement) text += fmt::format(" in `{}`", statement_text(statement));
        story_.rows.push_back({RowKind::rounds, iteration, run_.kernel().now(), task->id + 1, std::move(text)});
    }
}

bool Teller::last_is_about(sim::TaskId task, std::uint32_t statement) const {
    return last_statement_ == statement && last_task_ == task &&
           story_.rows.back().iteration == run_.kernel().iteration();
}

void Teller::add_to_statement(sim::TaskId task, std::uint32_t statement, const std::string& text) {
    if (last_is_about(task, statement))
        story_.rows.back().text += text;
    else
        add(RowKind::event, task, statement_text(statement) + text);
}

std::string Teller::name_of(const sim::Task& task) { return column_of(task.id); }

std::string Teller::name_of(const model::CancelScope& scope) const {
    return scope.label ? run_.label_text(scope.label) : scope_words(run_, scope);
}

bool Teller::is_cancelled(scenarios::Name name) const {
    const model::CancelScope* scope = run_.binding(name).scope;
    return scope != nullptr && scope->cancel_called;
}

/// What a task is about: why a pass does, or cannot, do anything to it.
std::string Teller::state_of(const model::Task& task) {
    if (task.done()) return fmt::format("done since iteration {}", told(task.id).done_since);
    if (&task == run_.kernel().current_task()) return "running";
    if (!task.started) return "not started";
    if (task.must_cancel && task.fut_waiter == nullptr) return "with a cancellation pending";
    if (task.fut_waiter == nullptr) return "about to run";
    if (task.fut_waiter->done()) return "about to wake up";
    if (task.fut_waiter->stubborn) return "whose future refuses to be cancelled";
    const std::uint32_t statement = run_.statement_of(task);
    if (statement == Interpreter::kNoStatement) return "waiting";
    return fmt::format("in `{}`", statement_text(statement));
}

/// One line, without what introduces a block.
std::string Teller::statement_text(std::uint32_t statement) const {
    std::string text = scenarios::PythonStatements(run_.program()).line(statement);
    if (text.ends_with(':')) text.pop_back();
    return text;
}

Teller::Told& Teller::told(sim::TaskId task) {
    if (task >= tasks_.size()) tasks_.resize(task + 1);
    return tasks_[task];
}

/// The heading of the task's column: until it starts, what the statement that makes it calls it.
std::string& Teller::column_of(sim::TaskId task) {
    while (story_.columns.size() <= task + 1) {
        const model::Task* maker = run_.kernel().current_task();
        const std::uint32_t statement = maker == nullptr ? Interpreter::kNoStatement : run_.statement_of(*maker);
        const bool named =
            statement != Interpreter::kNoStatement && run_.program().statements[statement].task != scenarios::kNoName;
        story_.columns.push_back(named ? run_.program().names[run_.program().statements[statement].task] : "(no name)");
    }
    return story_.columns[task + 1];
}

}  // namespace cancelsim::properties
