#include "properties/library/library_run.h"

#include <fmt/format.h>

#include <cassert>
#include <nlohmann/json.hpp>
#include <optional>

#include "properties/subject/errors.h"
#include "properties/subject/fault.h"
#include "properties/subject/one_line.h"
#include "scenarios/program/case_json.h"
#include "scenarios/run/event_stream.h"

namespace cancelsim::properties {

namespace {

using Json = nlohmann::json;

std::optional<sim::Verdict> verdict_named(std::string_view name) {
    for (const auto verdict :
         {sim::Verdict::quiescent, sim::Verdict::spin, sim::Verdict::budget, sim::Verdict::runaway})
        if (name == sim::name_of(verdict)) return verdict;
    return std::nullopt;
}

/// `FILE:LINE: what`, or without a place where none is known.
std::string refusal_text(const Json& refused) {
    const std::string what = one_line(refused.at("what").get<std::string>());
    if (refused.at("file").is_null()) return what;
    return fmt::format("{}:{}: {}", refused.at("file").get<std::string>(), refused.at("line").get<int>(), what);
}

std::string request_of(const scenarios::Case& program, const sim::Choices* choices, bool traced) {
    return fmt::format(
        R"({{"run":{{"case":{},"names":{},"asked":{},"injections":{},"order":"insertion","trace":{},"events":true}}}})",
        scenarios::to_json(program), Json(program.names).dump(), choices == nullptr ? 0 : choices->asked(),
        choices == nullptr ? 0 : choices->injections(), traced);
}

}  // namespace

void LibraryRun::prepare(const scenarios::Case& program, const Subject& subject) {
    assert(subject.library);
    program_ = &program;
    library_ = subject.library;
    feed_.begin(&program, subject.version->start_under_caller);
}

Worker& LibraryRun::worker() {
    for (const auto& [library, worker] : workers_)
        if (library == library_) return *worker;
    return *workers_.emplace_back(library_, worker_of(*library_)).second;
}

void LibraryRun::run(sim::Choices* choices, bool traced) {
    answer_ = nullptr;
    const Worker::Answer& answer = worker().run(request_of(*program_, choices, traced), choices);
    const Json& facts = answer.facts;
    if (const auto fault = facts.find("fault"); fault != facts.end() && !fault->is_null())
        throw InternalError("the worker: " + one_line(fault->get<std::string>()));
    if (const auto refused = facts.find("refused"); refused != facts.end() && !refused->is_null())
        throw UsageError(refusal_text(*refused));
    const auto verdict = verdict_named(facts.value("verdict", ""));
    if (!verdict) throw InternalError("the worker gave a verdict that nobody knows");
    const auto trace = facts.find("trace");
    trace_ = traced && trace != facts.end() && trace->is_string() ? trace->get<std::string>() : std::string();
    strings_ = facts.value("strings", std::vector<std::string>());
    answer_ = &answer;
    feed_.play(answer.events, strings_, *verdict);
}

std::string LibraryRun::event_lines() const {
    return answer_ == nullptr ? std::string() : scenarios::event_lines(answer_->events, strings_);
}

}  // namespace cancelsim::properties
