#include "properties/report/timeline/interruptions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace cancelsim::properties {

void Interruptions::note(const events::TaskResumed& event) {
    if (event.thrown == nullptr || !event.thrown->is_cancelled()) return;
    std::vector<std::string> causes;
    for (const Asked& asked : requests_[event.task]) {
        std::string cause = requester(asked);
        if (std::find(causes.begin(), causes.end(), cause) == causes.end()) causes.push_back(std::move(cause));
    }
    requests_[event.task].clear();
    if (causes.empty()) causes.emplace_back("nobody: what it waited for was cancelled, or had failed so");
    found_.push_back({world_.iteration(), world_.now(), words().task(event.task), words().statement_of(event.task),
                      fmt::format("{}", fmt::join(causes, "; and "))});
}

std::string Interruptions::task_in(TaskId task, std::uint32_t statement) const {
    if (task == kNobody) return "the outside world";
    std::string text = words().task(task);
    if (statement != scenarios::kNoStatement) text += " in " + words().statement(statement);
    return text;
}

std::string Interruptions::requester(const Asked& asked) const {
    const std::string when = " " + moment_words(asked.time, asked.iteration);
    switch (asked.by.kind) {
        case By::Kind::scope: return words().scope(asked.by.id) + canceller(asked.by.id);
        case By::Kind::program: return task_in(asked.by.task, asked.statement) + ", natively" + when;
        case By::Kind::outside: return "the outside world, natively" + when;
        case By::Kind::start:
            return "`start` of " + task_in(asked.by.task, asked.statement) + ", which was cancelled itself," + when;
        case By::Kind::forwarded: return words().task(asked.by.id) + ", which waits for it and was cancelled," + when;
        case By::Kind::timeout: return "an `asyncio.timeout` whose time was up" + when;
        case By::Kind::asyncio_group: return "an `asyncio.TaskGroup` that aborted" + when;
        case By::Kind::wait_for: return "a `wait_for` that gave up" + when;
        case By::Kind::again: return "an `asyncio.TaskGroup`, in the place of whoever had asked before," + when;
        case By::Kind::deadline:
        case By::Kind::group:
        case By::Kind::child: break;
    }
    return "the library" + when;
}

std::string Interruptions::canceller(ScopeId scope) const {
    const Asked* asked = cancels_.find(scope);
    if (asked == nullptr) return {};
    const std::string when = " " + moment_words(asked->time, asked->iteration);
    switch (asked->by.kind) {
        case By::Kind::program: return ", which " + task_in(asked->by.task, asked->statement) + " cancelled" + when;
        case By::Kind::outside: return ", which the outside world cancelled" + when;
        case By::Kind::deadline: return ", whose deadline had come" + when;
        case By::Kind::group: return ", which the exit of its group cancelled" + when;
        case By::Kind::child: return ", which the end of " + words().task(asked->by.id) + " cancelled" + when;
        case By::Kind::scope:
        case By::Kind::start:
        case By::Kind::forwarded:
        case By::Kind::timeout:
        case By::Kind::asyncio_group:
        case By::Kind::wait_for:
        case By::Kind::again: break;
    }
    return ", which was cancelled" + when;
}

}  // namespace cancelsim::properties
