#include "scenarios/program/python/python_forms.h"

#include <array>

namespace cancelsim::scenarios {

namespace {

std::vector<PythonForm> forms_of(Op op) {
    switch (op) {
        case Op::sleep: return {{"await anyio.sleep({for})"}};
        case Op::checkpoint: return {{"await anyio.lowlevel.checkpoint()"}};
        case Op::checkpoint_if_cancelled: return {{"await anyio.lowlevel.checkpoint_if_cancelled()"}};
        case Op::cancel_shielded_checkpoint: return {{"await anyio.lowlevel.cancel_shielded_checkpoint()"}};
        case Op::event_wait: return {{"await {event}.wait()"}};
        case Op::event_set: return {{"{event}.set()"}};
        case Op::future_wait: return {{"await {future}"}};
        case Op::future_resolve: return {{"if not {future}.done(): {future}.set_result(None)"}};
        case Op::scope:
            return {{"with anyio.CancelScope(shield={shield}) as {name}:"},
                    {"with anyio.move_on_after({deadline}, shield={shield}) as {name}:"},
                    {"{name} = anyio.CancelScope(shield={shield})\n{name}.cancel()\nwith {name}:", "cancel_first"},
                    {"{name} = anyio.move_on_after({deadline}, shield={shield})\n{name}.cancel()\nwith {name}:",
                     "cancel_first"}};
        case Op::fail_after: return {{"with anyio.fail_after({delay}, shield={shield}) as {name}:"}};
        case Op::group: return {{"async with anyio.create_task_group() as {name}:"}};
        case Op::spawn: return {{"{group}.start_soon({task})"}};
        case Op::start: return {{.pattern = "await {group}.start({task})", .gives_status = true}};
        case Op::started: return {{"task_status.started()"}};
        case Op::cancel: return {{"{scope}.cancel()"}};
        case Op::set_shield: return {{"{scope}.shield = {value}"}};
        case Op::set_deadline:
            return {{"{scope}.deadline = anyio.current_time() + {in}"}, {"{scope}.deadline = math.inf"}};
        case Op::try_: return {};
        case Op::repeat: return {{"for _ in range({times}):"}};
        case Op::raise: return {{"raise Exception({error})"}};
        case Op::native_cancel: return {{"{task}.cancel()"}};
        case Op::uncancel: return {{"asyncio.current_task().uncancel()"}};
        case Op::note: return {{"print({text})"}};
        case Op::enter:
            return {{"{name} = anyio.CancelScope(shield={shield}).__enter__()"},
                    {"{name} = anyio.move_on_after({deadline}, shield={shield}).__enter__()"}};
        case Op::exit: return {{"{scope}.__exit__(None, None, None)"}};
        case Op::group_enter: return {{"{name} = await anyio.create_task_group().__aenter__()"}};
        case Op::group_exit: return {{"await {group}.__aexit__(None, None, None)"}};
        case Op::spawn_detached: return {{"asyncio.create_task({task}())"}};
    }
    return {};
}

}  // namespace

const std::vector<PythonFormOf>& python_forms(Op op) {
    static const auto all = [] {
        std::array<std::vector<PythonFormOf>, kOps> forms;
        for (std::size_t i = 0; i < forms.size(); ++i)
            for (const PythonForm& form : forms_of(static_cast<Op>(i)))
                forms[i].push_back({form, PythonPattern(form.pattern)});
        return forms;
    }();
    return all[static_cast<std::size_t>(op)];
}

}  // namespace cancelsim::scenarios
