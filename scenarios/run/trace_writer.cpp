#include "scenarios/run/trace_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace cancelsim::scenarios {

namespace {

/// As Python's json.dumps prints it.
std::string json_string(std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

const model::Task& as_task(const sim::Task& task) { return static_cast<const model::Task&>(task); }

}  // namespace

void TraceWriter::on(const events::BodyBegan& event) {
    open("task_start");
    add_task(event.task);
    close();
}

void TraceWriter::on(const events::BodyEnded& event) {
    open("task_end");
    add_task(event.task);
    add_outcome(event.error);
    add_number(run_.kernel().task(event.task).num_cancels_requested);
    close();
}

void TraceWriter::on(const events::StatementEnded& event) {
    add_outcome("await", event.task, event.statement, event.error);
}
void TraceWriter::on(const events::Caught& event) { add_outcome("caught", event.task, event.statement, event.error); }
void TraceWriter::on(const events::Raised& event) { add_outcome("raised", event.task, event.statement, event.error); }

void TraceWriter::add_outcome(const char* kind, sim::TaskId task, std::uint32_t statement, const sim::Error* error) {
    open(kind);
    add_task(task);
    add_number(statement);
    add_outcome(error);
    close();
}

void TraceWriter::on(const events::ScopeBlockLeft& event) {
    add_exit("scope_exit", event.task, *run_.kernel().scopes()[event.scope], event.error);
}
void TraceWriter::on(const events::GroupBlockLeft& event) {
    add_exit("group_exit", event.task, *run_.kernel().groups()[event.group]->cancel_scope, event.error);
}

void TraceWriter::on(const events::TimeoutBlockLeft& event) {
    open("timeout_exit");
    add_task(event.task);
    add_label(run_.timeouts()[event.timeout]->label);
    add_flag(event.expired);
    add_outcome(event.error);
    close();
}

void TraceWriter::on(const events::AsyncioGroupBlockLeft& event) {
    open("asyncio_group_exit");
    add_task(event.task);
    add_label(run_.asyncio_groups()[event.group]->label);
    add_outcome(event.error);
    close();
}

void TraceWriter::on(const events::Gathered& event) {
    open_results(event.task, event.statement);
    for (const sim::Error* result : event.results) add_result(run_.outcome_text(result));
    text_ += ']';
    close();
}

void TraceWriter::on(const events::Waited& event) {
    open_results(event.task, event.statement);
    for (const sim::TaskId task : event.done) add_result(run_.label_text(run_.kernel().task(task).label));
    text_ += ']';
    close();
}

void TraceWriter::add_exit(const char* kind, sim::TaskId task, const model::CancelScope& scope,
                           const sim::Error* error) {
    open(kind);
    add_task(task);
    add_label(scope.label);
    add_flag(scope.cancel_called);
    add_flag(scope.cancelled_caught);
    add_outcome(error);
    close();
}

void TraceWriter::on(const events::ObjectBlockLeft& event) {
    const Case& program = run_.program();
    open("object_exit");
    add_task(event.task);
    add_string(program.names[program.statements[event.statement].name]);
    add_outcome(event.error);
    close();
}

void TraceWriter::on(const events::Offered& event) { add_item("offer", event.task, event.statement, event.item); }
void TraceWriter::on(const events::Received& event) { add_item("item", event.task, event.statement, event.item); }

void TraceWriter::add_item(const char* kind, sim::TaskId task, std::uint32_t statement, std::uint32_t item) {
    open(kind);
    add_task(task);
    add_number(statement);
    add_number(item);
    close();
}

void TraceWriter::on(const events::ScopeCancelled& event) {
    open("cancel");
    add_label(run_.kernel().scopes()[event.scope]->label);
    add_task(event.by.task);
    close();
}

void TraceWriter::on(const events::PassEnded& event) {
    open("deliver");
    add_label(run_.kernel().scopes()[event.scope]->label);
    text_ += ",[";
    const auto& tasks = run_.kernel().delivered();
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        if (i > 0) text_ += ',';
        text_ += tasks[i]->label ? json_string(run_.label_text(tasks[i]->label)) : "null";
    }
    text_ += "]";
    add_flag(event.rearmed);
    close();
}

void TraceWriter::on(const events::Skipped& event) {
    open("skip");
    add_task(event.task);
    add_number(event.statement);
    close();
}

void TraceWriter::on(const events::Noted& event) {
    open("note");
    add_task(event.task);
    add_string(run_.program().names[run_.program().statements[event.statement].name]);
    close();
}

void TraceWriter::on(const events::CallbackFailed& event) {
    open("callback_error");
    add_outcome(event.error);
    close();
}

std::string TraceWriter::finish() {
    add_end();
    std::string line = "{\"name\":" + json_string(run_.program().name) + ",\"trace\":[" + text_ + "]}";
    text_.clear();
    return line;
}

void TraceWriter::add_end() {
    std::vector<std::string> parked;
    for (const sim::Task* task : run_.kernel().tasks())
        if (!task->done() && as_task(*task).label) parked.push_back(run_.label_text(as_task(*task).label));
    std::vector<std::string> armed;
    for (const model::CancelScope* scope : run_.kernel().scopes())
        if (scope->cancel_handle && scope->label) armed.push_back(run_.label_text(scope->label));
    auto list = [](std::vector<std::string>& names) {
        std::sort(names.begin(), names.end());
        std::string text = "[";
        for (const std::string& name : names) text += (text.size() > 1 ? "," : "") + json_string(name);
        return text + "]";
    };
    open("end");
    const sim::Counters counters = run_.kernel().counters();
    text_ += ",{\"verdict\":" + json_string(sim::name_of(run_.verdict()));
    text_ += ",\"iterations\":" + std::to_string(counters.iterations);
    text_ += ",\"handles\":" + std::to_string(counters.handles);
    text_ += ",\"time\":" + std::to_string(run_.kernel().now());
    text_ += ",\"hot\":" + std::to_string(counters.hot);
    text_ += ",\"parked\":" + list(parked);
    text_ += ",\"armed\":" + list(armed);
    if (run_.program().objects) add_objects();
    text_ += "}]";
}

void TraceWriter::add_objects() {
    text_ += ",\"objects\":{";
    bool first = true;
    for (const ObjectSpec& spec : *run_.program().objects) {
        const Object* object = run_.objects().made(spec);
        if (object == nullptr) continue;
        if (!first) text_ += ',';
        first = false;
        text_ += json_string(run_.program().names[spec.name]) + ":" + (*type_of(spec.kind).state)(run_, *object);
    }
    text_ += '}';
}

void TraceWriter::open(const char* kind) {
    text_ += '[';
    text_ += std::to_string(run_.kernel().iteration());
    text_ += ',';
    text_ += std::to_string(run_.kernel().now());
    add_string(kind);
}

void TraceWriter::open_results(sim::TaskId task, std::uint32_t statement) {
    open("results");
    add_task(task);
    add_number(statement);
    text_ += ",[";
}

void TraceWriter::add_result(std::string_view text) {
    if (text_.back() != '[') text_ += ',';
    text_ += json_string(text);
}

void TraceWriter::add_string(std::string_view text) {
    text_ += ',';
    text_ += json_string(text);
}

void TraceWriter::add_number(std::int64_t number) {
    text_ += ',';
    text_ += std::to_string(number);
}

void TraceWriter::add_flag(bool flag) { text_ += flag ? ",true" : ",false"; }

void TraceWriter::add_label(const model::Label& label) {
    if (label)
        add_string(run_.label_text(label));
    else
        text_ += ",null";
}

void TraceWriter::add_task(sim::TaskId task) {
    add_label(task != sim::kNobody ? run_.kernel().task(task).label : model::Label{});
}

void TraceWriter::add_outcome(const sim::Error* error) { add_string(run_.outcome_text(error)); }

}  // namespace cancelsim::scenarios
