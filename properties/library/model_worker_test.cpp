#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "properties/library/event_table.h"
#include "properties/library/model_worker_testing.h"
#include "properties/library/process.h"
#include "properties/library/worker.h"
#include "properties/subject/config_names.h"
#include "scenarios/program/case_json.h"
#include "scenarios/program/statement_type.h"
#include "scenarios/run/event_stream.h"
#include "scenarios/run/trace_writer.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kServes = "CANCELSIM_MODEL_WORKER";

/// The worker's end of the socket.
class Command {
public:
    bool receive(std::string& payload) {
        std::uint32_t size = 0;
        if (!take(&size, sizeof size)) return false;
        payload.resize(size);
        return take(payload.data(), size);
    }
    void send(const std::string& payload) {
        const auto size = static_cast<std::uint32_t>(payload.size());
        std::string frame(sizeof size, '\0');
        std::memcpy(frame.data(), &size, sizeof size);
        frame += payload;
        REQUIRE(::send(Process::kSocket, frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size()));
    }

private:
    template <class Byte>
    static bool take(Byte* bytes, std::size_t size) {
        return size == 0 || recv(Process::kSocket, bytes, size, MSG_WAITALL) == static_cast<ssize_t>(size);
    }
};

template <class... Numbers>
std::string packed(Numbers... numbers) {
    std::string bytes;
    const auto put = [&bytes](auto number) {
        char raw[sizeof number];
        std::memcpy(raw, &number, sizeof number);
        bytes.append(raw, sizeof raw);
    };
    (put(numbers), ...);
    return bytes;
}

/// Asks the command what it has not said beforehand.
class Asking : public sim::Choices {
public:
    /// `answers`: those of a request.
    Asking(Command& command, sim::ChoiceKinds asked, std::uint32_t injections, const Json& answers)
        : Choices(asked, injections), command_(command) {
        for (std::size_t i = 0; i + 8 <= answers.size(); i += 8) {
            const auto at = [&](std::size_t value) { return answers[i + value]; };
            known_[{at(0), at(1), at(2), at(3), at(4), at(5), at(6)}] = at(7);
        }
    }
    std::uint32_t choose(const sim::Question& question, std::uint32_t count) override {
        if (const auto known = known_.find(question); known != known_.end()) return known->second;
        command_.send("Q" + packed(static_cast<std::uint8_t>(question.kind), question.set, question.owner,
                                   question.binding, question.at, question.nth, question.position, count));
        std::string reply;
        std::uint32_t answer = 0;
        if (!command_.receive(reply)) std::exit(0);
        std::memcpy(&answer, reply.data(), sizeof answer);
        return answer;
    }

private:
    Command& command_;
    std::map<sim::Question, std::uint32_t> known_;
};

/// The case of a request, with its names numbered as the command numbers them.
scenarios::Case case_of(const Json& sent) {
    auto program = scenarios::parse_case(sent.at("case").dump(), "worker", 1);
    const auto names = sent.at("names").get<std::vector<std::string>>();
    const auto renumber = [&](scenarios::Name& name) {
        name = static_cast<scenarios::Name>(std::find(names.begin(), names.end(), program.names[name]) - names.begin());
        REQUIRE(name < names.size());
    };
    for (auto& statement : program.statements)
        scenarios::for_each_name_in(program, statement, [&](const auto&, scenarios::Name& name) { renumber(name); });
    for (auto* list : {&program.stubborn, &program.plain_futures})
        for (scenarios::Name& name : *list) renumber(name);
    if (program.objects)
        for (auto& object : *program.objects) {
            renumber(object.name);
            if (object.lock != scenarios::kNoName) renumber(object.lock);
        }
    program.names = names;
    return program;
}

void serve(const model::Config& config) {
    Command command;
    std::string payload;
    command.send(Json{{"hello", 1},
                      {"python", std::string(config.python->name) + ".0"},
                      {"anyio", config.version->name},
                      {"events", event_table()}}
                     .dump());
    if (!command.receive(payload)) return;
    command.send(R"({"ready":true,"patches":[]})");
    scenarios::Interpreter run;
    scenarios::TraceWriter writer(run);
    while (command.receive(payload)) {
        const std::size_t head = payload.find('\n');
        const Json wanted = Json::parse(payload.substr(0, head)).at("run");
        const scenarios::Case program = case_of(Json::parse(payload.substr(head + 1)));
        Asking choices(command, wanted.at("asked").get<sim::ChoiceKinds>(), wanted.at("injections"),
                       wanted.at("answers"));
        run.prepare(program, config, &choices);
        scenarios::EventEncoder encoder(run);
        run.watch(encoder);
        run.watch(writer);
        run.run();
        encoder.finish();
        const std::string facts = Json{
            {"verdict", sim::name_of(run.verdict())},
            {"strings", encoder.strings()},
            {"trace", writer.finish()},
            {"refused", nullptr},
            {"fault", nullptr}}.dump();
        std::string answer = "R" + packed(static_cast<std::uint32_t>(facts.size())) + facts;
        for (const std::int64_t number : encoder.stream()) answer += packed(number);
        command.send(answer);
    }
}

}  // namespace

ModelWorker::ModelWorker(const model::Config& config) {
    std::string name = (fs::temp_directory_path() / "cancelsim-model-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    const fs::path file = folder_ / "python";
    std::ofstream(file) << fmt::format("#!/bin/sh\nexport {}={},{}\nexec '{}' -ns -tc='serves as a worker'\n", kServes,
                                       config.version->name, config.python->name,
                                       fs::read_symlink("/proc/self/exe").string());
    fs::permissions(file, fs::perms::owner_all);
}

ModelWorker::~ModelWorker() { fs::remove_all(folder_); }

TEST_CASE("serves as a worker" * doctest::skip()) {
    const char* said = std::getenv(kServes);
    REQUIRE(said != nullptr);
    const std::string releases = said;
    const auto comma = releases.find(',');
    serve(ConfigNames{.anyio = releases.substr(0, comma), .python = releases.substr(comma + 1)}.resolve());
}

}  // namespace cancelsim::properties
