#include "properties/library/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "properties/library/event_table.h"
#include "properties/library/package_folder.h"
#include "properties/subject/errors.h"
#include "properties/subject/fault.h"
#include "properties/subject/one_line.h"

namespace cancelsim::properties {

namespace {

using Json = nlohmann::json;
using Got = Process::Got;

/// To start, and to import anyio and the patches.
constexpr std::chrono::seconds kStartLimit{60};
/// Enough to tell patches apart.
constexpr std::size_t kHashDigits = 16;
/// How long a worker that has said its last may take to end.
constexpr std::chrono::seconds kEndLimit{1};

Process::Deadline in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

std::string program_of_worker() {
    return fmt::format("import sys; sys.path.insert(0, {}); from cancelsim.worker import main; main({})",
                       Json(package_folder().string()).dump(), Process::kSocket);
}

/// A question as it is sent: PROTOCOL.md, 4, without padding.
struct Packed {
    std::string_view bytes;

    template <class Number>
    Number take() {
        Number number{};
        if (bytes.size() < sizeof number) throw RunLost("the worker said what nobody can read");
        std::memcpy(&number, bytes.data(), sizeof number);
        bytes.remove_prefix(sizeof number);
        return number;
    }
};

}  // namespace

Worker::Worker(Launch launch) : launch_(std::move(launch)) { start(); }

void Worker::start() {
    process_.emplace(std::vector<std::string>{launch_.interpreter, "-B", "-c", program_of_worker()});
    const auto deadline = in(kStartLimit);
    const auto said = [&](std::string_view request) {
        if (!request.empty() && !process_->send(request, deadline)) throw UsageError(lost(Got::end, kStartLimit));
        if (const Got got = process_->receive(payload_, deadline); got != Got::frame)
            throw UsageError(lost(got, kStartLimit));
        Json answer = Json::parse(payload_, nullptr, false);
        if (!answer.is_object()) throw UsageError(fmt::format("{}: not a worker", launch_.interpreter));
        if (const auto failed = answer.find("failed"); failed != answer.end())
            throw UsageError(fmt::format("{}: {}", launch_.interpreter, one_line(failed->get<std::string>())));
        return answer;
    };
    const Json hello = said({});
    library_.python = hello.at("python");
    library_.anyio = hello.at("anyio").is_null() ? "" : hello.at("anyio").get<std::string>();
    library_.launch = launch_;
    if (const std::string differs = difference_of_events(hello.at("events")); !differs.empty())
        throw InternalError("the worker's events are not the simulator's: " + differs);
    const Json ready = said(Json{{"setup", {{"patches", launch_.patches}}}}.dump());
    library_.patches = ready.at("patches").get<std::vector<std::string>>();
    for (std::string& hash : library_.patches) hash.resize(std::min<std::size_t>(hash.size(), kHashDigits));
}

std::string Worker::lost(Got how, std::chrono::milliseconds limit) {
    const bool late = how == Got::late;
    const std::string printed = process_->last_line();
    const std::string ending = process_->ending(late ? std::chrono::milliseconds(0) : kEndLimit);
    const std::string last = printed.empty() ? process_->last_line() : printed;
    process_.reset();
    std::string text = late ? fmt::format("the worker gave no answer in {:g} s and was killed",
                                          std::chrono::duration<double>(limit).count())
                            : "the worker " + ending;
    if (!last.empty()) text += ": " + one_line(last);
    return text;
}

const Worker::Answer& Worker::run(std::string_view request, sim::Choices* choices) {
    if (!process_) start();
    const auto deadline = in(launch_.limit);
    try {
        if (!process_->send(request, deadline)) throw RunLost(lost(Got::end, launch_.limit));
        while (true) {
            if (const Got got = process_->receive(payload_, deadline); got != Got::frame)
                throw RunLost(lost(got, launch_.limit));
            const std::string_view payload = payload_;
            if (payload.starts_with('R')) break;
            if (!payload.starts_with('Q')) throw RunLost("the worker said what nobody can read");
            answer(payload.substr(1), choices, deadline);
        }
        take(std::string_view(payload_).substr(1));
    } catch (...) {
        process_.reset();  // it is in the middle of a run
        throw;
    }
    return answer_;
}

void Worker::answer(std::string_view question, sim::Choices* choices, Process::Deadline deadline) {
    Packed packed{question};
    sim::Question asked;
    const auto kind = packed.take<std::uint8_t>();
    if (kind >= sim::kChoiceKinds) throw RunLost("the worker asked for what nobody knows");
    asked.kind = static_cast<sim::ChoiceKind>(kind);
    asked.set = packed.take<std::uint8_t>();
    asked.owner = packed.take<std::uint32_t>();
    asked.binding = packed.take<std::uint32_t>();
    asked.at = packed.take<std::uint64_t>();
    asked.nth = packed.take<std::uint32_t>();
    asked.position = packed.take<std::uint32_t>();
    const auto count = packed.take<std::uint32_t>();
    const std::uint32_t chosen = choices == nullptr || count < 2 ? 0 : choices->choose(asked, count);
    std::string reply(sizeof chosen, '\0');
    std::memcpy(reply.data(), &chosen, sizeof chosen);
    if (!process_->send(reply, deadline)) throw RunLost(lost(Got::end, launch_.limit));
}

void Worker::take(std::string_view payload) {
    Packed packed{payload};
    const auto size = packed.take<std::uint32_t>();
    const std::string_view rest = packed.bytes;
    if (size > rest.size() || (rest.size() - size) % sizeof(std::int64_t) != 0)
        throw RunLost("the worker's answer is not whole");
    answer_.facts = Json::parse(rest.substr(0, size), nullptr, false);
    if (!answer_.facts.is_object()) throw RunLost("the worker's answer is no JSON object");
    answer_.events.resize((rest.size() - size) / sizeof(std::int64_t));
    std::memcpy(answer_.events.data(), rest.data() + size, rest.size() - size);
}

}  // namespace cancelsim::properties
