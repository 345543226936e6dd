#include "scenarios/run/interpreter.h"

#include <algorithm>

#include "scenarios/run/body.h"
#include "scenarios/run/state_hash.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::string_view kMain = "main";

sim::Poll resume_body(sim::Loop& /*loop*/, sim::Task& task, sim::Frame& frame, sim::Resume with) {
    Body& body = static_cast<Body&>(frame);
    return body.go_on(*body.runner, static_cast<model::Task&>(task), with);
}

constexpr sim::FrameType kBodyFrame{&resume_body, &hash_body, "body"};

}  // namespace

void Interpreter::prepare(const Case& program, const model::Config& config, sim::Choices* choices) {
    kernel_.reset(config, choices);
    hub_.clear();
    program_ = &program;
    executed_ = 0;
    bindings_.assign(program.names.size() + 1, {});
    objects_.prepare(program);
    native_bindings_.clear();
    timeouts_.clear();
    asyncio_groups_.clear();
    main_ = static_cast<Name>(std::find(program.names.begin(), program.names.end(), kMain) - program.names.begin());
    for (const Name name : program.stubborn) future_named(name).stubborn = true;
    schedule_environment();
    model::Task& task = kernel_.new_task();
    kernel_.start_task(task, new_body(0, program.main_end));
}

sim::Verdict Interpreter::run() {
    try {
        verdict_ = kernel_.run(static_cast<std::uint64_t>(program_->budget));
        if (verdict_ == sim::Verdict::quiescent) kernel_.audits().at_rest();
    } catch (const sim::Runaway&) {
        verdict_ = sim::Verdict::runaway;
    }
    for (const Object* object : objects_.all()) {
        const AtRest rest = (*type_of(object->spec->kind).at_rest)(*object);
        emit(events::ObjectAtRest{object->id, rest.available, rest.owner});
    }
    return verdict_;
}

Body& Interpreter::new_body(std::uint32_t begin, std::uint32_t end) {
    const bool is_main = begin == 0;
    Body& body = *kernel_.arena().make<Body>();
    body.type = &kBodyFrame;
    body.runner = this;
    body.begin = body.next = begin;
    body.end = body.stop = end;
    body.code = program_->statements.data();
    body.current = kNoStatement;
    body.task_name = is_main ? main_ : program_->statements[begin - 1].task;
    return body;
}

const sim::CallbackName Interpreter::kEntryName{&run_entry, "environment"};

void Interpreter::run_entry(sim::Loop& /*loop*/, void* argument) {
    const Entry& entry = *static_cast<Entry*>(argument);
    entry.run->run_environment(entry.index);
}

void Interpreter::schedule_environment() {
    const auto& environment = program_->environment;
    entries_ = kernel_.arena().make_array<Entry>(environment.size());
    for (std::uint32_t i = 0; i < environment.size(); ++i) {
        Entry& entry = entries_[i];
        entry.run = this;
        entry.index = i;
        const sim::Callback callback{&run_entry, &entry};
        if (environment[i].at_iteration) {
            kernel_.arrive_at_iteration(static_cast<std::uint64_t>(environment[i].when), callback);
        } else {
            entry.timer.callback = callback;
            kernel_.call_at(entry.timer, environment[i].when);
        }
    }
}

void Interpreter::run_environment(std::uint32_t index) {
    const EnvironmentEntry& entry = program_->environment[index];
    for (std::uint32_t i = entry.begin; i < entry.end; ++i) {
        begins(i, nullptr);
        sim::Error* error = (*type_of(program_->statements[i].op).execution->outside)(*this, i, nullptr);
        if (error == nullptr) continue;
        emit(events::Raised{sim::kNobody, i, error});
        return kernel_.callback_error(error);
    }
}

model::Event& Interpreter::event_named(Name name) {
    model::Event*& event = bindings_[name].event;
    if (event == nullptr) event = kernel_.arena().make<model::Event>();
    return *event;
}

sim::Future& Interpreter::future_named(Name name) {
    sim::Future*& future = bindings_[name].future;
    if (future == nullptr) future = kernel_.arena().make<sim::Future>();
    return *future;
}

void Interpreter::bind_scope(Name name, model::CancelScope& scope) {
    scope.label = bind(name);
    bindings_[name].scope = &scope;
}

void Interpreter::bind_group(Name name, model::TaskGroup& group) {
    group.label = bind(name);
    group.cancel_scope->label = group.label;
    bindings_[name].scope = group.cancel_scope;
    bindings_[name].group = &group;
}

void Interpreter::bind_task(Name name, model::Task& task) {
    task.label = bind(name);
    bindings_[name].task = &task;
}

NamedTimeout& Interpreter::new_timeout() {
    NamedTimeout& timeout = *kernel_.arena().make<NamedTimeout>();
    timeout.id = static_cast<sim::ObjectId>(timeouts_.size());
    timeout.timeout.id = timeout.id;
    timeouts_.push_back(&timeout);
    return timeout;
}

NamedAsyncioGroup& Interpreter::new_asyncio_group() {
    NamedAsyncioGroup& group = *kernel_.arena().make<NamedAsyncioGroup>();
    group.id = static_cast<sim::ObjectId>(asyncio_groups_.size());
    group.group.id = group.id;
    asyncio_groups_.push_back(&group);
    return group;
}

Interpreter::NativeBinding& Interpreter::native_binding(Name name) {
    if (native_bindings_.empty()) native_bindings_.resize(bindings_.size());
    return native_bindings_[name];
}

void Interpreter::bind_timeout(Name name, NamedTimeout& timeout) {
    timeout.label = bind(name);
    native_binding(name).timeout = &timeout;
}

void Interpreter::bind_asyncio_group(Name name, NamedAsyncioGroup& group) {
    group.label = bind(name);
    native_binding(name).group = &group;
}

/// The frame as a body; null where it is one of the library's own.
const Body* Interpreter::body_of(const sim::Frame& frame) {
    return frame.type == &kBodyFrame ? static_cast<const Body*>(&frame) : nullptr;
}

std::uint32_t Interpreter::statement_of(const model::Task& task) const {
    if (!task.label) return kNoStatement;
    // The body is the outermost frame, but for the library's own around it.
    for (const sim::Frame* frame = task.frame; frame != nullptr; frame = frame->caller)
        if (const Body* body = body_of(*frame)) return body->current;
    return kNoStatement;
}

std::string Interpreter::label_text(const model::Label& label) const {
    if (!label) return {};
    std::string text = label.name - 1 == program_->names.size() ? "main" : program_->names[label.name - 1];
    if (label.count > 1) text += "#" + std::to_string(label.count);
    return text;
}

}  // namespace cancelsim::scenarios
