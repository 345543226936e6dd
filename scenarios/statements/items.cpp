// Items through a stream or a queue: send, send_nowait, receive, receive_nowait.
#include "scenarios/statements/objects.h"

namespace cancelsim::scenarios {

namespace {

using model::Item;

constexpr ObjectUse kUse{[](ObjectKind kind) { return kind == ObjectKind::stream || *type_of(kind).queue != nullptr; },
                         "the name of a stream, a clone or a queue", true};

/// The queue that a name means; null where it means ends of a stream, or nothing.
const Queue* queue_of(const NamedObject& named) {
    return named.spec != nullptr ? *type_of(named.spec->kind).queue : nullptr;
}

Poll execute_send(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    const NamedObject& named = run.objects().use(run, kObject.of(statement));
    const Queue* queue = queue_of(named);
    if (queue == nullptr && named.send == nullptr) return body.skipped(run, task);
    const Item item = run.objects().next_item();
    run.emit(events::Offered{task.id, body.current, item});
    return await_call(body, run, task, *named.object, {events::Call::send}, [&]() -> sim::Frame& {
        return queue != nullptr ? (*queue->put)(run, *named.object, item) : named.send->send(run.kernel(), item);
    });
}

Error* run_send_nowait(Interpreter& run, std::uint32_t at, Task* task) {
    const NamedObject& named = run.objects().use(run, kObject.of(run.program().statements[at]));
    const Queue* queue = queue_of(named);
    if (queue == nullptr && named.send == nullptr) {
        run.skips(at, task);
        return nullptr;
    }
    const Item item = run.objects().next_item();
    run.emit(events::Offered{run.id_of(task), at, item});
    return call_at_once(run, task, *named.object, {events::Call::send_nowait}, [&] {
        return queue != nullptr ? (*queue->put_nowait)(run, *named.object, item)
                                : named.send->send_nowait(run.kernel(), item);
    });
}

/// `mark`: the item, when it has come.
Poll execute_receive(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    const NamedObject& named = run.objects().use(run, kObject.of(statement));
    const Queue* queue = queue_of(named);
    if (queue == nullptr && named.receive == nullptr) return body.skipped(run, task);
    return await_call(body, run, task, *named.object, {events::Call::receive}, [&]() -> sim::Frame& {
        return queue != nullptr ? (*queue->get)(run, *named.object, body.mark)
                                : named.receive->receive(run.kernel(), body.mark);
    });
}

Poll resume_receive(Body& body, Interpreter& run, Task& task, const Statement& statement, Resume with) {
    const Item item = body.mark;
    body.mark = 0;
    const Poll step = end_call(body, run, task, statement, with);
    if (with.thrown == nullptr) run.emit(events::Received{task.id, body.current, item});
    return step;
}

Error* run_receive_nowait(Interpreter& run, std::uint32_t at, Task* task) {
    const NamedObject& named = run.objects().use(run, kObject.of(run.program().statements[at]));
    const Queue* queue = queue_of(named);
    if (queue == nullptr && named.receive == nullptr) {
        run.skips(at, task);
        return nullptr;
    }
    Item item = 0;
    Error* error = call_at_once(run, task, *named.object, {events::Call::receive_nowait}, [&] {
        return queue != nullptr ? (*queue->get_nowait)(run, *named.object, item)
                                : named.receive->receive_nowait(run.kernel(), item);
    });
    if (error == nullptr) run.emit(events::Received{run.id_of(task), at, item});
    return error;
}

constexpr bool (*kSimplerWait[])(Statement&){become_checkpoint};

}  // namespace

constexpr StatementType statements::send{
    .name = "send",
    .fields = Fields{kObject},
    .check = check_object<kUse>,
    .python = PythonForms{{"await {object}.send(n.item)"}},
    .execution = Execution{.execute = execute_send, .resume = end_call, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 4, .simpler = kSimplerWait},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("parked in send"),
};

constexpr StatementType statements::send_nowait{
    .name = "send_nowait",
    .fields = Fields{kObject},
    .check = check_object<kUse>,
    .python = PythonForms{{"{object}.send_nowait(n.item)"}},
    .execution = Execution{.execute = execute_outside, .resume = never_waits, .outside = run_send_nowait},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::receive{
    .name = "receive",
    .fields = Fields{kObject},
    .check = check_object<kUse>,
    .python = PythonForms{{"await {object}.receive()"}},
    .execution = Execution{.execute = execute_receive, .resume = resume_receive, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 4, .simpler = kSimplerWait},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("parked in receive"),
};

constexpr StatementType statements::receive_nowait{
    .name = "receive_nowait",
    .fields = Fields{kObject},
    .check = check_object<kUse>,
    .python = PythonForms{{"{object}.receive_nowait()"}},
    .execution = Execution{.execute = execute_outside, .resume = never_waits, .outside = run_receive_nowait},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

}  // namespace cancelsim::scenarios
