#include "scenarios/program/case_text.h"

#include <fmt/format.h>

namespace cancelsim::scenarios {

namespace {

constexpr std::size_t kStep = 4;

std::string scope_arguments(const Statement& statement) {
    std::string text;
    if (statement.has_number) text += fmt::format("deadline=now{:+}", statement.number);
    if (statement.flag) text += text.empty() ? "shield=True" : ", shield=True";
    return text;
}

class Printer {
public:
    Printer(const Case& program, std::size_t indent) : program_(program), indent_(indent) {}

    std::string run() {
        line(0, "main:");
        body(1, 0, program_.main_end);
        for (const EnvironmentEntry& entry : program_.environment) {
            line(0, entry.at_iteration ? fmt::format("outside, in iteration {}:", entry.when)
                                       : fmt::format("outside, at time {}:", entry.when));
            body(1, entry.begin, entry.end);
        }
        for (const Name name : program_.stubborn) line(0, fmt::format("{}.cancel() is refused", program_.names[name]));
        return text_;
    }

private:
    void line(std::size_t level, std::string_view content) {
        text_.append(indent_ + level * kStep, ' ');
        text_ += content;
        text_ += '\n';
    }
    void body(std::size_t level, std::uint32_t begin, std::uint32_t end) {
        if (begin == end) line(level, "pass");
        for (std::uint32_t at = begin; at < end; at += program_.statements[at].size) statement(level, at);
    }
    void statement(std::size_t level, std::uint32_t index) {
        const Statement& statement = program_.statements[index];
        line(level, statement_text(program_, index));
        if (!is_block(statement.op)) return;
        if (statement.op == Op::scope && statement.cancel_first)
            line(level + 1, fmt::format("# {}.cancel() was called before entering", program_.names[statement.name]));
        if (statement.op != Op::try_) {
            body(level + 1, index + 1, index + statement.size);
            return;
        }
        body(level + 1, index + 1, index + statement.handler);
        if (statement.catches != Catch::none) {
            constexpr std::string_view kCaught[] = {"", "CancelledError", "Exception", "BaseException"};
            line(level, fmt::format("except {}:", kCaught[static_cast<std::size_t>(statement.catches)]));
            const bool only_swallows = statement.then == Then::swallow;
            if (only_swallows || statement.handler != statement.finally)
                body(level + 1, index + statement.handler, index + statement.finally);
            if (statement.then == Then::reraise) line(level + 1, "raise");
            if (statement.then == Then::raise_cancelled) line(level + 1, "raise CancelledError()");
        }
        if (statement.has_finally) {
            line(level, "finally:");
            body(level + 1, index + statement.finally, index + statement.size);
        }
    }

    const Case& program_;
    std::size_t indent_;
    std::string text_;
};

}  // namespace

std::string statement_text(const Case& program, std::uint32_t index) {
    const Statement& statement = program.statements[index];
    const std::string name = statement.name == kNoName ? "" : program.names[statement.name];
    const std::string task = statement.task == kNoName ? "" : program.names[statement.task];
    switch (statement.op) {
        case Op::sleep: return fmt::format("await sleep({})", statement.number);
        case Op::checkpoint:
        case Op::checkpoint_if_cancelled:
        case Op::cancel_shielded_checkpoint: return fmt::format("await {}()", name_of(statement.op));
        case Op::event_wait: return fmt::format("await {}.wait()", name);
        case Op::event_set: return fmt::format("{}.set()", name);
        case Op::future_wait: return fmt::format("await {}", name);
        case Op::future_resolve: return fmt::format("{}.set_result(None)", name);
        case Op::scope: return fmt::format("with CancelScope({}) as {}:", scope_arguments(statement), name);
        case Op::fail_after:
            return fmt::format("with fail_after({}{}) as {}:", statement.number, statement.flag ? ", shield=True" : "",
                               name);
        case Op::group: return fmt::format("async with create_task_group() as {}:", name);
        case Op::spawn: return fmt::format("{}.start_soon({}):", name, task);
        case Op::start: return fmt::format("await {}.start({}):", name, task);
        case Op::started: return "task_status.started()";
        case Op::cancel: return fmt::format("{}.cancel()", name);
        case Op::set_shield: return fmt::format("{}.shield = {}", name, statement.flag ? "True" : "False");
        case Op::set_deadline:
            return statement.has_number ? fmt::format("{}.deadline = now{:+}", name, statement.number)
                                        : fmt::format("{}.deadline = inf", name);
        case Op::try_: return "try:";
        case Op::repeat: return fmt::format("for _ in range({}):", statement.number);
        case Op::raise: return fmt::format("raise {}", name);
        case Op::native_cancel: return fmt::format("{}.cancel()  # asyncio's own", name);
        case Op::uncancel: return "current_task().uncancel()";
        case Op::note: return fmt::format("# {}", name);
        case Op::enter: return fmt::format("{} = CancelScope({}).__enter__()", name, scope_arguments(statement));
        case Op::exit: return fmt::format("{}.__exit__(None, None, None)", name);
        case Op::group_enter: return fmt::format("{} = await create_task_group().__aenter__()", name);
        case Op::group_exit: return fmt::format("await {}.__aexit__(None, None, None)", name);
        case Op::spawn_detached: return fmt::format("asyncio.create_task({}):", task);
    }
    return {};
}

std::string program_text(const Case& program, std::size_t indent) { return Printer(program, indent).run(); }

}  // namespace cancelsim::scenarios
