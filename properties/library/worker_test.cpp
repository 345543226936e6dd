#include "properties/library/worker.h"

#include <doctest/doctest.h>

#include "properties/library/fake_interpreter_testing.h"
#include "properties/subject/errors.h"
#include "properties/subject/fault.h"

namespace cancelsim::properties {

namespace {

/// What a run says that is lost; empty where it is not.
std::string loss_of(Worker& worker, const char* request = R"({"run":{}})") {
    try {
        worker.run(request, nullptr);
    } catch (const RunLost& lost) {
        return lost.what();
    }
    return {};
}

/// Why a worker could not be started; empty where it could.
std::string refusal_of(const FakeInterpreter& fake) {
    try {
        const Worker worker(fake.launch());
    } catch (const UsageError& error) {
        return error.what();
    }
    return {};
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

/// Runs that do `fault` where they are asked to, in a worker that says how many it has run.
FakeInterpreter with_fault(const std::string& fault) {
    return FakeInterpreter(std::string(kGreeting) + "runs = 0" + kRuns + "    runs += 1\n    if wanted:\n        " +
                           fault + "\n    answer(runs=runs)\n");
}

/// One fault loses its own run and nothing else: the next gets a new worker. Returns what was said.
std::string said_of(const std::string& fault, std::chrono::milliseconds limit = std::chrono::milliseconds(5'000)) {
    const FakeInterpreter fake = with_fault(fault);
    Launch launch = fake.launch();
    launch.limit = limit;
    Worker worker(launch);
    CHECK(worker.run(R"({"run":{}})", nullptr).facts.at("runs") == 1);
    CHECK(worker.run(R"({"run":{}})", nullptr).facts.at("runs") == 2);
    std::string said = loss_of(worker, R"({"run":{"fault":1}})");
    CHECK(said.find('\n') == std::string::npos);
    CHECK(worker.run(R"({"run":{}})", nullptr).facts.at("runs") == 1);
    return said;
}

}  // namespace

TEST_CASE("a worker says what it runs on, asks, and answers with facts and events") {
    const FakeInterpreter fake(std::string(kGreeting) + kRuns + "    answer([1, -1, 1 << 40], chosen=ask(2, 7))\n");
    Launch launch = fake.launch();
    launch.patches = {"/a.py", "/b.py"};
    Worker worker(launch);
    CHECK(worker.library().python == "3.12.1");
    CHECK(worker.library().anyio == "4.14.2");
    CHECK(worker.library().patches == std::vector<std::string>{"ab", "ab"});
    struct Last : sim::Choices {
        Last() : Choices(sim::kAsyncioKinds) {}
        std::uint32_t choose(const sim::Question& question, std::uint32_t count) override {
            asked = question;
            return count - 1;
        }
        sim::Question asked;
    } choices;
    const Worker::Answer& answer = worker.run(R"({"run":{}})", &choices);
    CHECK(answer.facts.at("chosen") == 6);
    CHECK(answer.events == std::vector<std::int64_t>{1, -1, std::int64_t{1} << 40});
    CHECK(choices.asked == sim::Question{sim::ChoiceKind::arrival, 1, 2, 3, 4, 5, 6});
    CHECK(worker.run(R"({"run":{}})", nullptr).facts.at("chosen") == 0);
}

TEST_CASE("a worker that is killed, hangs, prints, exits or says nonsense loses one run, in one line") {
    CHECK(said_of("os.kill(os.getpid(), 9)") == "the worker was killed by signal 9");
    CHECK(said_of("time.sleep(60)", std::chrono::milliseconds(200)) ==
          "the worker gave no answer in 0.2 s and was killed");
    CHECK(said_of("print('one\\n\\033[1mtwo', flush=True); sys.exit(4)") == "the worker exited with 4: \\x1b[1mtwo");
    CHECK(said_of("raise ValueError('no such thing')") == "the worker exited with 1: ValueError: no such thing");
    CHECK(said_of("send(b'?')") == "the worker said what nobody can read");
    CHECK(said_of("ask(77, 2)") == "the worker asked for what nobody knows");
    CHECK(said_of("send(b'R' + struct.pack('<I', 1000))") == "the worker's answer is not whole");
    CHECK(has(said_of("bytearray(8 << 30)"), "MemoryError"));
}

TEST_CASE("a worker that prints more than a pipe holds goes on") {
    const FakeInterpreter fake = with_fault("print('x' * 3_000_000, flush=True)");
    Worker worker(fake.launch());
    CHECK(worker.run(R"({"run":{"fault":1}})", nullptr).facts.at("runs") == 1);
    CHECK(worker.run(R"({"run":{"fault":1}})", nullptr).facts.at("runs") == 2);
}

TEST_CASE("an interpreter that cannot serve is refused in one line") {
    CHECK_THROWS_WITH_AS(Worker({"/no/such/python", {}, {}}),
                         "/no/such/python: cannot start: No such file or directory", UsageError);
    const FakeInterpreter no_package("say(failed='ModuleNotFoundError: no anyio')\n");
    CHECK(refusal_of(no_package) == no_package.path() + ": ModuleNotFoundError: no anyio");
    const FakeInterpreter bad_patch(
        "say(hello=1, python='3.12.1', anyio=None, events=EVENTS)\nreceive()\n"
        "say(failed='mine.py line 3: NameError: x')\n");
    CHECK(refusal_of(bad_patch) == bad_patch.path() + ": mine.py line 3: NameError: x");
    const FakeInterpreter other("print('usage: other')\nsys.exit(2)\n");
    CHECK(refusal_of(other) == "the worker exited with 2: usage: other");
}

TEST_CASE("a worker whose events are not ours is a fault of ours, which names the first that differs") {
    const FakeInterpreter fake("EVENTS[2][0] = 'Rang'\nsay(hello=1, python='3.12.1', anyio=None, events=EVENTS)\n");
    CHECK_THROWS_WITH_AS(Worker(fake.launch()),
                         "the worker's events are not the simulator's: number 2 is [\"AlarmRang\",[]] here, "
                         "[\"Rang\",[]] there",
                         InternalError);
}

}  // namespace cancelsim::properties
