#include "properties/library/library_run.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <cassert>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "properties/subject/errors.h"
#include "properties/subject/fault.h"
#include "properties/subject/one_line.h"
#include "scenarios/program/case_json.h"
#include "scenarios/run/event_stream.h"
#include "scenarios/run/interpreter.h"
#include "sim/strategies/tap.h"

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

std::string request_of(const std::string& program, const sim::Choices* choices, const std::string& answers,
                       bool traced) {
    return fmt::format(
        R"({{"run":{{"asked":{},"injections":{},"answers":[{}],"order":"insertion","trace":{},"events":true}}}}{})",
        choices == nullptr ? 0 : choices->asked(), choices == nullptr ? 0 : choices->injections(), answers, traced,
        '\n' + program);
}

/// The answers of `choices` to what a run of the model asks, numbers of a list in JSON. The release asks the same. For
/// a worker to ask takes ten times as long as the model runs.
std::string answers_foreseen(const scenarios::Case* program, const Library& library, sim::Choices* choices) {
    std::string answers;
    if (program == nullptr || choices == nullptr || choices->asked() == 0 || !library.patches.empty()) return answers;
    const auto config = config_of(library);
    if (!config) return answers;
    sim::Tap tap(*choices, [&answers](const sim::Question& question, std::uint32_t, std::uint32_t answer) {
        fmt::format_to(std::back_inserter(answers), "{}{},{},{},{},{},{},{},{}", answers.empty() ? "" : ",",
                       static_cast<unsigned>(question.kind), question.set, question.owner, question.binding,
                       question.at, question.nth, question.position, answer);
    });
    thread_local scenarios::Interpreter model;  // it keeps its memory from run to run
    model.prepare(*program, *config, &tap);
    model.run();
    return answers;
}

/// JSON for what may hold bytes that are no UTF-8: the name of a file.
std::string json_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

void LibraryRun::prepare(const scenarios::Case& program, const Subject& subject) {
    prepare(fmt::format(R"({{"case":{},"names":{}}})", scenarios::to_json(program), Json(program.names).dump()),
            &program, subject);
}

void LibraryRun::prepare(const PythonProgram& program, const Subject& subject) {
    const std::string path = std::filesystem::absolute(program.path).lexically_normal().string();
    prepare(fmt::format(R"({{"program":{}}})", json_of({{"file", path}, {"function", program.function}})), nullptr,
            subject);
}

void LibraryRun::prepare(std::string program, const scenarios::Case* a_case, const Subject& subject) {
    assert(subject.library);
    program_ = std::move(program);
    is_case_ = a_case != nullptr;
    library_ = subject.library;
    feed_.begin(a_case, subject.version->start_under_caller);
}

Worker& LibraryRun::worker() {
    for (const auto& [library, worker] : workers_)
        if (library == library_) return *worker;
    return *workers_.emplace_back(library_, worker_of(*library_)).second;
}

void LibraryRun::run(sim::Choices* choices, bool traced) {
    answer_ = nullptr;
    const std::string answers = answers_foreseen(feed_.program(), *library_, choices);
    const Worker::Answer& answer = worker().run(request_of(program_, choices, answers, traced), choices);
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
    if (is_case_)
        feed_.play(answer.events, strings_, *verdict);
    else
        feed_.play(answer.events, strings_, *verdict, read_program_facts(facts));
}

std::uint64_t LibraryRun::digest() const {
    if (answer_ == nullptr) return 0;
    std::string text(name_of(feed_.verdict()));
    const ProgramEnd& end = feed_.program_end();
    for (const std::string& each : strings_) text += '\n' + each;
    if (end.error) text += "\nerror " + end.error->type;
    if (end.unasked) text += "\nunasked " + end.unasked->type;
    if (end.broken) text += "\nbroken " + end.broken->what;
    const auto of_text = XXH3_64bits(text.data(), text.size());
    return XXH3_64bits_withSeed(answer_->events.data(), answer_->events.size() * sizeof(std::int64_t), of_text);
}

std::string LibraryRun::event_lines() const {
    return answer_ == nullptr ? std::string() : scenarios::event_lines(answer_->events, strings_);
}

}  // namespace cancelsim::properties
