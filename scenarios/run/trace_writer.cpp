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

sim::EventMask TraceWriter::wanted() {
    return sim::mask_of(events::cancel, events::deliver, events::task_start, events::task_end, events::await,
                        events::scope_exit, events::group_exit, events::caught, events::raised, events::skip,
                        events::note, sim::events::callback_error);
}

void TraceWriter::on(const sim::TraceEvent& event) {
    switch (event.kind) {
        case events::task_start:
            open("task_start");
            add_task(event.task);
            break;
        case events::task_end:
            open("task_end");
            add_task(event.task);
            add_outcome(event.error);
            add_number(event.task->num_cancels_requested);
            break;
        case events::await:
        case events::caught:
        case events::raised:
            open(event.kind == events::await ? "await" : event.kind == events::caught ? "caught" : "raised");
            add_task(event.task);
            add_number(event.value);
            add_outcome(event.error);
            break;
        case events::scope_exit:
        case events::group_exit: {
            const bool is_group = event.kind == events::group_exit;
            const auto* group = static_cast<const model::TaskGroup*>(event.subject);
            const auto& scope =
                is_group ? *group->cancel_scope : *static_cast<const model::CancelScope*>(event.subject);
            open(is_group ? "group_exit" : "scope_exit");
            add_task(event.task);
            add_label(scope.label);
            add_flag(scope.cancel_called);
            add_flag(scope.cancelled_caught);
            add_outcome(event.error);
            break;
        }
        case events::cancel:
            open("cancel");
            add_label(static_cast<const model::CancelScope*>(event.subject)->label);
            add_task(event.task);
            break;
        case events::deliver: {
            open("deliver");
            add_label(static_cast<const model::CancelScope*>(event.subject)->label);
            text_ += ",[";
            const auto& tasks = run_.delivered();
            for (std::size_t i = 0; i < tasks.size(); ++i) {
                if (i > 0) text_ += ',';
                text_ += tasks[i]->label ? json_string(run_.label_text(tasks[i]->label)) : "null";
            }
            text_ += "]";
            add_flag(event.flag);
            break;
        }
        case events::skip:
            open("skip");
            add_task(event.task);
            add_number(event.value);
            break;
        case events::note:
            open("note");
            add_task(event.task);
            add_string(run_.program().names[run_.program().statements[event.value].name]);
            break;
        case sim::events::callback_error:
            open("callback_error");
            add_outcome(event.error);
            break;
        default: return;
    }
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
    for (const sim::Task* task : run_.tasks())
        if (!task->done() && as_task(*task).label) parked.push_back(run_.label_text(as_task(*task).label));
    std::vector<std::string> armed;
    for (const model::CancelScope* scope : run_.scopes())
        if (scope->cancel_handle && scope->label) armed.push_back(run_.label_text(scope->label));
    auto list = [](std::vector<std::string>& names) {
        std::sort(names.begin(), names.end());
        std::string text = "[";
        for (const std::string& name : names) text += (text.size() > 1 ? "," : "") + json_string(name);
        return text + "]";
    };
    open("end");
    const sim::Counters& counters = run_.counters();
    text_ += ",{\"verdict\":" + json_string(sim::name_of(run_.verdict()));
    text_ += ",\"iterations\":" + std::to_string(counters.iterations);
    text_ += ",\"handles\":" + std::to_string(counters.handles);
    text_ += ",\"time\":" + std::to_string(run_.now());
    text_ += ",\"hot\":" + std::to_string(counters.hot);
    text_ += ",\"parked\":" + list(parked);
    text_ += ",\"armed\":" + list(armed) + "}]";
}

void TraceWriter::open(const char* kind) {
    text_ += '[';
    text_ += std::to_string(run_.iteration());
    text_ += ',';
    text_ += std::to_string(run_.now());
    add_string(kind);
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

void TraceWriter::add_task(const sim::Task* task) {
    add_label(task != nullptr ? as_task(*task).label : model::Label{});
}

void TraceWriter::add_outcome(const sim::Error* error) { add_string(run_.outcome_text(error)); }

}  // namespace cancelsim::scenarios
