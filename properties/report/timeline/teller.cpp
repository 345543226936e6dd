#include "properties/report/timeline/teller.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "properties/contracts/describe.h"
#include "properties/contracts/reach.h"
#include "properties/failure/choice_words.h"
#include "scenarios/program/case_text.h"

namespace cancelsim::properties {

namespace {

using scenarios::Interpreter;
using scenarios::Op;

/// A row that comes so many iterations after the last one is told to have come late.
constexpr std::uint64_t kLongGap = 5;

const model::Task& as_task(const sim::Task& task) { return static_cast<const model::Task&>(task); }

/// Whether a statement is told when it begins; of others it is told when they wait, enter, raise ...
bool is_told_at_once(Op op) {
    switch (op) {
        case Op::event_set:
        case Op::future_resolve:
        case Op::spawn:
        case Op::spawn_detached:
        case Op::started:
        case Op::cancel:
        case Op::set_shield:
        case Op::set_deadline:
        case Op::native_cancel:
        case Op::uncancel: return true;
        default: return false;
    }
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

void Teller::on(const sim::TraceEvent& event) {
    tell(event);
    tell_if_broken();
}

void Teller::tell(const sim::TraceEvent& event) {
    switch (event.kind) {
        case events::begins:
        case events::awaits:
        case events::await:
        case events::raised:
        case events::caught:
        case events::skip:
        case events::note: return tell_of_statement(event);
        case sim::events::task_created:
        case sim::events::task_step:
        case sim::events::task_parked:
        case sim::events::task_done:
        case events::task_start:
        case events::task_end:
        case events::task_left_group: return tell_of_task(event);
        case sim::events::cancel_requested:
            if (event.value == 0) tell_of_native_cancel(as_task(*event.task), event.flag);
            return;
        case sim::events::callback_error:
            return add(RowKind::event, nullptr, fmt::format("a callback raises {}", run_.outcome_text(event.error)));
        default: return tell_of_scope(event);
    }
}

void Teller::tell_of_statement(const sim::TraceEvent& event) {
    const scenarios::Statement& statement = run_.program().statements[event.value];
    switch (event.kind) {
        case events::begins: {
            if (!is_told_at_once(statement.op)) return;
            std::string text = event.task == nullptr ? "outside: " : "";
            text += statement_text(event.value);
            const bool is_late = statement.op == Op::cancel && is_cancelled(statement.name);
            if (is_late) text += " (cancelled already)";
            add(RowKind::event, event.task, std::move(text));
            last_statement_ = event.value;
            return;
        }
        case events::awaits:
            told(*event.task).parked_at_wait = false;
            add(RowKind::event, event.task,
                statement.op == Op::group ? fmt::format("at the end of {}", run_.program().names[statement.name])
                                          : statement_text(event.value));
            last_statement_ = event.value;
            return;
        case events::await:
            // That a group was entered by hand has been told.
            if (statement.op == Op::group_enter && event.error == nullptr) return;
            return add_to_statement(event, fmt::format(" -> {}", run_.outcome_text(event.error)));
        case events::raised:
            if (statement.op == Op::raise) return add_to_statement(event, "");
            return add_to_statement(event, fmt::format(" -> raises {}", run_.outcome_text(event.error)));
        case events::skip: return add_to_statement(event, " (skipped: there is none of that name yet)");
        case events::caught:
            return add(RowKind::event, event.task, fmt::format("catches {}", run_.outcome_text(event.error)));
        default:
            return add(RowKind::event, event.task, fmt::format("notes \"{}\"", run_.program().names[statement.name]));
    }
}

void Teller::tell_of_task(const sim::TraceEvent& event) {
    const model::Task& task = as_task(*event.task);
    switch (event.kind) {
        case sim::events::task_created: column_of(task); return;
        case sim::events::task_step: ++told(task).steps; return;
        case sim::events::task_parked: told(task).parked_at_wait = true; return;
        case sim::events::task_done:
            told(task).done_since = run_.iteration();
            if (!task.label) add(RowKind::event, &task, "ends before it has started");
            return;
        case events::task_start:
            column_of(task) = run_.label_text(task.label);
            return add(RowKind::event, &task, "starts");
        case events::task_end: {
            std::string text = "ends";
            if (event.error != nullptr) text += fmt::format(": {}", run_.outcome_text(event.error));
            if (task.num_cancels_requested != 0) text += fmt::format(", cancelling() = {}", task.num_cancels_requested);
            return add(RowKind::event, &task, std::move(text));
        }
        default:
            if (event.flag && last_cancelled_ == static_cast<const model::TaskGroup*>(event.subject)->cancel_scope)
                story_.rows[last_cancel_].text =
                    fmt::format("cancels {}: its task {} ended with {}", name_of(*task.group->cancel_scope),
                                name_of(task), run_.outcome_text(task.end_error));
            return;
    }
}

void Teller::tell_of_scope(const sim::TraceEvent& event) {
    const auto* scope = static_cast<const model::CancelScope*>(event.subject);
    switch (event.kind) {
        case events::scope_entered:
            if (scope->label) add(RowKind::enter, event.task, entered_text(*scope, as_task(*event.task)));
            return;
        case events::scope_left:
            if (!scope->label) return;
            add(RowKind::leave, event.task,
                fmt::format("leaves {}{}", name_of(*scope), event.flag ? " (cancelled, caught)" : ""));
            last_left_ = is_left_by_hand(*scope, as_task(*event.task)) ? nullptr : scope;
            left_row_ = story_.rows.size() - 1;
            return;
        case events::scope_exit: return tell_of_exit(*scope, event);
        case events::group_exit:
            return tell_of_exit(*static_cast<const model::TaskGroup*>(event.subject)->cancel_scope, event);
        case events::deadline_passed: due_ = event.subject; return;
        case events::cancel: return tell_of_cancel(*scope, event.task);
        case events::deliver: return tell_of_pass(*scope, event.flag);
        default: return;
    }
}

std::string Teller::entered_text(const model::CancelScope& scope, const model::Task& host) const {
    const Op op = run_.program().statements[run_.statement_of(host)].op;
    std::string text = op == Op::group || op == Op::group_enter ? "group "
                       : op == Op::fail_after                   ? "fail_after "
                                                                : "scope ";
    text += name_of(scope);
    if (scope.shield) text += ", shielded";
    if (scope.deadline != sim::kInfinity) text += fmt::format(", deadline {}", scope.deadline);
    return text;
}

/// Whether it is a statement that leaves the scope, and not the end of its block.
bool Teller::is_left_by_hand(const model::CancelScope& scope, const model::Task& host) const {
    const scenarios::Statement& statement = run_.program().statements[run_.statement_of(host)];
    const bool leaves = statement.op == Op::exit || statement.op == Op::group_exit;
    return leaves && run_.binding(statement.name).scope == &scope;
}

void Teller::tell_of_exit(const model::CancelScope& scope, const sim::TraceEvent& event) {
    std::string text = "leaves " + run_.label_text(scope.label);
    if (scope.cancel_called) text += scope.cancelled_caught ? " (cancelled, caught)" : " (cancelled)";
    if (event.error != nullptr) text += fmt::format(" -> {}", run_.outcome_text(event.error));
    if (last_left_ == &scope)
        story_.rows[left_row_].text = std::move(text);
    else  // it could not be left
        add(RowKind::event, event.task, "cannot leave" + text.substr(std::string_view("leaves").size()));
}

/// The first cancel() of a scope, and who or what called it.
void Teller::tell_of_cancel(const model::CancelScope& scope, const sim::Task* task) {
    const std::string name = name_of(scope);
    const bool is_due = due_ == &scope;
    due_ = nullptr;
    if (is_due) {
        const bool now = scope.deadline >= run_.now();
        return add(RowKind::event, task,
                   fmt::format("cancels {}: its deadline {}", name, now ? "has come" : "was in the past"));
    }
    const bool by_statement = last_task_ == task && last_statement_ != Interpreter::kNoStatement &&
                              run_.program().statements[last_statement_].op == Op::cancel;
    if (by_statement) {
        story_.rows.back().text = fmt::format("{}cancels {}", task == nullptr ? "outside: " : "", name);
    } else if (task != nullptr) {
        add(RowKind::event, task, fmt::format("cancels {}{}", name, cause_of_cancel(as_task(*task))));
    } else {  // the done callback of a child: `task_left_group` will say of which
        add(RowKind::event, nullptr, fmt::format("cancels {}", name));
        last_cancel_ = story_.rows.size() - 1;
        last_cancelled_ = &scope;
    }
}

/// Why a task's statement, which is none of `cancel`, cancels a scope.
std::string Teller::cause_of_cancel(const model::Task& task) {
    const std::uint32_t index = run_.statement_of(task);
    if (index == Interpreter::kNoStatement) return {};
    switch (run_.program().statements[index].op) {
        case Op::group:
        case Op::group_exit:
            return told(task).parked_at_wait ? ": its wait for the tasks was interrupted"
                                             : ": an exception left its body";
        case Op::start: return ": start() was interrupted";
        case Op::scope: return " before entering it";
        default: return {};
    }
}

void Teller::tell_of_native_cancel(const model::Task& task, bool accepted) {
    const sim::Task* current = run_.current_task();
    const bool by_statement = last_statement_ != Interpreter::kNoStatement && last_task_ == current &&
                              run_.program().statements[last_statement_].op == Op::native_cancel;
    if (by_statement) {
        if (!accepted) story_.rows.back().text += " (it is done)";
        return;
    }
    add(RowKind::event, current, fmt::format("the library calls {}.cancel(), asyncio's own", name_of(task)));
}

void Teller::tell_of_pass(const model::CancelScope& scope, bool rearmed) {
    std::string text = fmt::format("pass of {}: ", name_of(scope));
    std::vector<std::string> names;
    for (const model::Task* task : run_.delivered())
        names.push_back(task->done() ? fmt::format("{} ({})", name_of(*task), state_of(*task)) : name_of(*task));
    text += names.empty() ? "cancels nobody" : fmt::format("cancels {}", fmt::join(names, ", "));
    if (rearmed) text += ", re-arms";
    if (rearmed && names.empty()) {
        std::vector<std::string> over;
        for_each_reached(scope, [&](const model::Task& task) {
            over.push_back(fmt::format("{}, {}", name_of(task), state_of(task)));
            return true;
        });
        text += over.empty() ? " over no task" : fmt::format(" over {}", fmt::join(over, "; "));
    }
    add(RowKind::pass, nullptr, std::move(text));
}

void Teller::chose(sim::ChoiceKind kind, std::uint32_t answer) {
    add(RowKind::choice, nullptr, kByChoice + answer_words(kind, answer));
}

void Teller::tell_if_broken() {
    if (story_.broken || !contract_.broken()) return;
    add(RowKind::broken, nullptr, fmt::format("{} breaks here ({})", contract_.name(), contract_.place()));
    story_.broken = true;
}

Story Teller::finish() {
    tell_if_broken();
    std::vector<std::string> waiting;
    for (const sim::Task* each : run_.tasks()) {
        const model::Task& task = as_task(*each);
        if (task.done()) continue;
        const bool is_awake = task.fut_waiter == nullptr && run_.statement_of(task) != Interpreter::kNoStatement;
        waiting.push_back(
            fmt::format("{}, {}{}", name_of(task), state_of(task),
                        is_awake ? fmt::format(" in `{}`", statement_text(run_.statement_of(task))) : ""));
    }
    std::vector<std::string> armed;
    for (const model::CancelScope* scope : run_.scopes())
        if (scope->cancel_handle) armed.push_back(name_of(*scope));
    std::string text = fmt::format("the run ends ({}): {}", sim::name_of(run_.verdict()), end_words(run_.verdict()));
    if (!waiting.empty()) text += fmt::format("; not done: {}", fmt::join(waiting, "; "));
    if (!armed.empty()) text += fmt::format("; still armed: {}", fmt::join(armed, ", "));
    add(RowKind::end, nullptr, std::move(text));
    return std::move(story_);
}

void Teller::add(RowKind kind, const sim::Task* task, std::string text) {
    if (!story_.rows.empty() && run_.iteration() - story_.rows.back().iteration >= kLongGap) add_rounds();
    for (Told& each : tasks_) each.steps = 0;
    const std::uint32_t column = task == nullptr ? 0 : task->id + 1;
    story_.rows.push_back({kind, run_.iteration(), run_.now(), column, std::move(text)});
    last_task_ = task;
    last_statement_ = Interpreter::kNoStatement;
}

/// Tasks that have run since the last row, and got nowhere.
void Teller::add_rounds() {
    const std::uint64_t iteration = story_.rows.back().iteration + 1;
    for (const sim::Task* task : run_.tasks()) {
        if (told(*task).steps < kLongGap - 1) continue;
        const std::uint32_t statement = run_.statement_of(as_task(*task));
        std::string text = fmt::format("runs {} times", told(*task).steps);
        if (statement != Interpreter::kNoStatement) text += fmt::format(" in `{}`", statement_text(statement));
        story_.rows.push_back({RowKind::rounds, iteration, run_.now(), task->id + 1, std::move(text)});
    }
}

bool Teller::last_is_about(const sim::Task* task, std::uint32_t statement) const {
    return last_statement_ == statement && last_task_ == task && story_.rows.back().iteration == run_.iteration();
}

void Teller::add_to_statement(const sim::TraceEvent& event, const std::string& text) {
    if (last_is_about(event.task, event.value))
        story_.rows.back().text += text;
    else
        add(RowKind::event, event.task, statement_text(event.value) + text);
}

std::string Teller::name_of(const sim::Task& task) { return column_of(task); }

std::string Teller::name_of(const model::CancelScope& scope) const {
    return scope.label ? run_.label_text(scope.label) : scope_words(run_, scope);
}

bool Teller::is_cancelled(scenarios::Name name) const {
    const model::CancelScope* scope = run_.binding(name).scope;
    return scope != nullptr && scope->cancel_called;
}

/// What a task is about: why a pass does, or cannot, do anything to it.
std::string Teller::state_of(const model::Task& task) {
    if (task.done()) return fmt::format("done since iteration {}", told(task).done_since);
    if (&task == run_.current_task()) return "running";
    if (!task.started) return "not started";
    if (task.must_cancel && task.fut_waiter == nullptr) return "with a cancellation pending";
    if (task.fut_waiter == nullptr) return "about to run";
    if (task.fut_waiter->done()) return "about to wake up";
    if (task.fut_waiter->stubborn) return "whose future refuses to be cancelled";
    const std::uint32_t statement = run_.statement_of(task);
    if (statement == Interpreter::kNoStatement) return "waiting";
    return fmt::format("in `{}`", statement_text(statement));
}

/// One line, without what introduces a block; a comment in brackets.
std::string Teller::statement_text(std::uint32_t statement) const {
    std::string text = scenarios::statement_text(run_.program(), statement);
    if (text.ends_with(':')) text.pop_back();
    if (const std::size_t comment = text.find("  # "); comment != std::string::npos)
        text = fmt::format("{} ({})", text.substr(0, comment), text.substr(comment + 4));
    return text;
}

Teller::Told& Teller::told(const sim::Task& task) {
    if (task.id >= tasks_.size()) tasks_.resize(task.id + 1);
    return tasks_[task.id];
}

/// The heading of the task's column: until it starts, what the statement that makes it calls it.
std::string& Teller::column_of(const sim::Task& task) {
    while (story_.columns.size() <= task.id + 1) {
        const model::Task* maker = run_.current_task();
        const std::uint32_t statement = maker == nullptr ? Interpreter::kNoStatement : run_.statement_of(*maker);
        const bool named =
            statement != Interpreter::kNoStatement && run_.program().statements[statement].task != scenarios::kNoName;
        story_.columns.push_back(named ? run_.program().names[run_.program().statements[statement].task] : "(no name)");
    }
    return story_.columns[task.id + 1];
}

}  // namespace cancelsim::properties
