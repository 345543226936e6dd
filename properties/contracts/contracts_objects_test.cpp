// The contracts about objects and about asyncio's own cancellers. Each catches the bug that is its witness, and holds
// without it. What the released library breaks is here too.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "model/kernel.h"
#include "properties/contracts/monitor.h"
#include "properties/contracts/told_run_testing.h"
#include "scenarios/program/case_json.h"

using namespace cancelsim;

namespace {

using model::Bug;
using model::Fix;
using model::Switch;

model::Config kernel(std::string_view version, std::string_view python, model::Switches switches = {}) {
    return {model::find_version(version), model::find_policy("upstream"), model::find_python(python), switches};
}
/// 4.15.1 on 3.13, which has none of the bugs but the live ones.
model::Config newest(model::Switches switches = {}) { return kernel("4.15.1", "3.13", switches); }

struct Result {
    std::string place;  ///< empty where the contract holds
    std::string what_happened;
};

/// Runs a case in the ordinary order, its keys but for the name given as JSON.
Result run(std::string_view contract, const model::Config& config, std::string_view keys) {
    const auto program = scenarios::parse_case("{\"name\":\"test\"," + std::string(keys) + "}", "test", 1);
    const std::string names[]{std::string(contract)};
    properties::Monitor monitor(properties::make_contracts(names));
    scenarios::Interpreter interpreter;
    properties::ModelRunInfo info(interpreter);
    interpreter.prepare(program, config, nullptr);
    monitor.begin(info);
    interpreter.run();
    monitor.end();
    if (monitor.broken().empty()) return {};
    const properties::Contract& broken = *monitor.broken().front();
    return {std::string(broken.place()), broken.what_happened()};
}

std::string place(std::string_view contract, const model::Config& config, std::string_view keys) {
    return run(contract, config, keys).place;
}

/// Where the bug breaks the contract on the newest kernel; "always" where that breaks it without the bug.
std::string place_with(Switch bug, std::string_view contract, std::string_view keys) {
    if (!place(contract, newest(), keys).empty()) return "always";
    return place(contract, newest({bug}), keys);
}

/// A case with one object, `x`, and two tasks of a group: `a`, which has it first, and `b`.
std::string two_tasks(std::string_view object, std::string_view a, std::string_view b, std::string_view after = {}) {
    return R"("objects":{"x":)" + std::string(object) + R"(},"main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"a","body":[)" +
           std::string(a) + R"(]},{"op":"spawn","group":"g","task":"b","body":[)" + std::string(b) + "]}" +
           std::string(after) + "]}]";
}

constexpr std::string_view kLock = R"({"kind":"lock"})";
constexpr std::string_view kLimiter = R"({"kind":"limiter","tokens":1})";

}  // namespace

TEST_CASE("permits-balance: what is handed over is taken, passed on or given back") {
    // The lock is handed to b, which is cancelled natively before it wakes.
    const std::string handed =
        two_tasks(kLock, R"({"op":"acquire","object":"x"},{"op":"sleep","for":1},{"op":"release","object":"x"},
                  {"op":"native_cancel","task":"b"})",
                  R"({"op":"try","catch":"cancelled","body":[{"op":"acquire","object":"x"}]})");
    CHECK(place_with(Bug::cancelled_waiter_keeps_lock, "permits-balance", handed) == "lock lost");
    // b is cancelled natively in the checkpoint after it has taken a free lock.
    const std::string in_checkpoint =
        two_tasks(kLock, R"({"op":"checkpoint"},{"op":"native_cancel","task":"b"})",
                  R"({"op":"try","catch":"cancelled","body":[{"op":"acquire","object":"x"}]})");
    CHECK(place_with(Bug::cancelled_checkpoint_keeps_lock, "permits-balance", in_checkpoint) == "lock lost");
    // b is woken, and a takes the token before b wakes.
    const std::string overtaken =
        two_tasks(kLimiter, R"({"op":"acquire","object":"x"},{"op":"sleep","for":1},{"op":"release","object":"x"},
                     {"op":"try","catch":"error","body":[{"op":"acquire_nowait","object":"x"}]},{"op":"sleep","for":1})",
                  R"({"op":"acquire","object":"x"})");
    CHECK(place_with(Bug::takes_token_on_resuming, "permits-balance", overtaken) == "more out than there are");
    CHECK(place("permits-balance", kernel("4.13.0", "3.13"), overtaken) == "more out than there are");
    const std::string cancelled =
        two_tasks(kLimiter, R"({"op":"acquire","object":"x"},{"op":"sleep","for":1},{"op":"release","object":"x"},
                     {"op":"native_cancel","task":"b"})",
                  R"({"op":"try","catch":"cancelled","body":[{"op":"acquire","object":"x"}]})");
    CHECK(place_with(Bug::cancelled_borrower_keeps_token, "permits-balance", cancelled) == "token lost");
    // Two tokens are out where there was one; a second one is made, and b is woken for it.
    const std::string raised =
        R"("objects":{"x":{"kind":"limiter","tokens":2}},"main":[{"op":"group","name":"g","body":[
        {"op":"acquire","object":"x"},
        {"op":"spawn","group":"g","task":"a","body":[{"op":"acquire","object":"x"},{"op":"sleep","for":5}]},
        {"op":"sleep","for":1},{"op":"set_tokens","object":"x","value":1},
        {"op":"spawn","group":"g","task":"b","body":[{"op":"acquire","object":"x"}]},
        {"op":"sleep","for":1},{"op":"set_tokens","object":"x","value":2},{"op":"sleep","for":1}]}])";
    CHECK(place_with(Bug::raised_total_wakes_too_many, "permits-balance", raised) == "more out than there are");
    CHECK(place("permits-balance", kernel("4.14.2", "3.13"), raised) == "more out than there are");
    const std::string kept =
        two_tasks(R"({"kind":"asyncio_semaphore","value":1})",
                  R"({"op":"acquire","object":"x"},{"op":"sleep","for":1},{"op":"release","object":"x"},
           {"op":"native_cancel","task":"b"})",
                  R"({"op":"try","catch":"cancelled","body":[{"op":"acquire","object":"x"}]})");
    CHECK(place_with(Bug::asyncio_semaphore_keeps_permit, "permits-balance", kept) == "asyncio permit lost");
}

TEST_CASE("permits-balance: a semaphore that was filled beyond what was acquired takes nothing back") {
    const std::string keys = R"("objects":{"x":{"kind":"semaphore","value":2,"max_value":3}},"main":[
        {"op":"try","catch":"error","body":[{"op":"release","object":"x"},{"op":"hold","object":"x","body":[]}]},
        {"op":"acquire","object":"x"}],
        "environment":[{"at":0,"do":[{"op":"release","object":"x"},{"op":"native_cancel","task":"main"}]}])";
    for (const char* version : {"4.13.0", "4.14.2", "4.15.1"})
        CHECK(place("permits-balance", kernel(version, "3.13"), keys).empty());
}

TEST_CASE("no-lost-permit: nobody waits for what is free, nor for what it has, and each in its turn") {
    const std::string left = R"({"op":"acquire","object":"x"},{"op":"sleep","for":1},{"op":"native_cancel","task":"b"},
        {"op":"release","object":"x"},{"op":"acquire","object":"x"})";
    const std::string waits = R"({"op":"try","catch":"cancelled","body":[{"op":"acquire","object":"x"}]})";
    const Result lock =
        run("no-lost-permit", newest({Bug::lock_keeps_cancelled_waiters}), two_tasks(kLock, left, waits));
    CHECK(lock.place == "waits for what is free");
    CHECK(
        lock.what_happened ==
        "At the end of the run, at time 1, in iteration 7, with nothing left to do, task `a` still waited in statement "
        "6 (`acquire`) to acquire the lock `x`, which is free.");
    CHECK(place_with(Bug::lock_keeps_cancelled_waiters, "no-lost-permit", two_tasks(kLock, left, waits)) ==
          "waits for what is free");
    CHECK(place("no-lost-permit", kernel("4.13.0", "3.13"), two_tasks(kLock, left, waits)) == "waits for what is free");
    CHECK(place_with(Bug::semaphore_keeps_cancelled_waiters, "no-lost-permit",
                     two_tasks(R"({"kind":"semaphore","value":1})", left, waits)) == "waits for what is free");
    const std::string again = two_tasks(
        kLock, R"({"op":"acquire","object":"x"},{"op":"try","catch":"error","body":[{"op":"acquire","object":"x"}]})",
        R"({"op":"checkpoint"})");
    CHECK(place_with(Bug::owner_waits_for_its_lock, "no-lost-permit", again) == "waits for what it has");
    const std::string three =
        two_tasks(kLimiter, R"({"op":"acquire","object":"x"},{"op":"sleep","for":2},{"op":"release","object":"x"})",
                  R"({"op":"acquire","object":"x"},{"op":"release","object":"x"})",
                  R"(,{"op":"sleep","for":1},{"op":"acquire","object":"x"},{"op":"release","object":"x"})");
    CHECK(place_with(Bug::limiter_serves_last_first, "no-lost-permit", three) == "served out of turn");
    const std::string woken =
        two_tasks(kLimiter, R"({"op":"acquire","object":"x"},{"op":"sleep","for":2},{"op":"release","object":"x"},
                     {"op":"native_cancel","task":"b"},{"op":"sleep","for":9})",
                  R"({"op":"try","catch":"cancelled","body":[{"op":"acquire","object":"x"}]})",
                  R"(,{"op":"sleep","for":1},{"op":"acquire","object":"x"},{"op":"release","object":"x"})");
    CHECK(place_with(Bug::cancelled_borrower_wakes_nobody, "no-lost-permit", woken) == "waits for what is free");
}

TEST_CASE("items-arrive: what was sent is received or buffered") {
    // b is cancelled, by its scope, before the item comes.
    const std::string cancelled = two_tasks(R"({"kind":"stream","buffer":0})",
                                            R"({"op":"sleep","for":1},{"op":"cancel","scope":"s"},
           {"op":"try","catch":"error","body":[{"op":"send_nowait","object":"x"}]})",
                                            R"({"op":"scope","name":"s","body":[{"op":"receive","object":"x"}]})");
    CHECK(place_with(Bug::hands_item_to_cancelled_receiver, "items-arrive", cancelled) == "lost");
    const std::string first =
        two_tasks(R"({"kind":"stream","buffer":0})", R"({"op":"sleep","for":1},{"op":"send","object":"x"})",
                  R"({"op":"try","catch":"error","body":[{"op":"receive","object":"x"}]})");
    CHECK(place_with(Bug::false_item_ends_stream, "items-arrive", first) == "lost");
    // b is cancelled natively after the item was handed to it: every release loses that.
    const std::string handed =
        two_tasks(R"({"kind":"stream","buffer":0})",
                  R"({"op":"sleep","for":1},{"op":"send_nowait","object":"x"},{"op":"native_cancel","task":"b"})",
                  R"({"op":"try","catch":"cancelled","body":[{"op":"receive","object":"x"}]})");
    for (const char* version : {"4.13.0", "4.14.2", "4.15.1"})
        CHECK(place("items-arrive", kernel(version, "3.13"), handed) == "lost");
    CHECK(place("items-arrive", newest({Fix::cancelled_receiver_passes_item_on}), handed).empty());
}

TEST_CASE("items-arrive: an item that nobody has sent is told with the stream that it came from") {
    properties::ToldRun told("items-arrive");
    told.tell(properties::events::ObjectMade{0, scenarios::ObjectKind::stream, 1, 0, sim::kNoObject});
    told.tell(properties::events::CallBegan{0, 0, properties::events::Call::receive, 0, 0});
    told.tell(properties::events::CallEnded{0, nullptr}).tell(properties::events::Received{0, 0, 7});
    CHECK(told.place() == "received though never sent");
    CHECK(told.what_happened().starts_with("Item 7 of a stream was received by task `main`"));
}

TEST_CASE("notify-reaches: a waiter that was notified and is cancelled passes it on") {
    const auto case_of = [](std::string_view kind) {
        return two_tasks(
            R"({"kind":")" + std::string(kind) + "\"}",
            R"({"op":"hold","object":"x","body":[{"op":"wait","object":"x"}]})",
            R"({"op":"hold","object":"x","body":[{"op":"wait","object":"x"}]})",
            R"(,{"op":"sleep","for":1},{"op":"hold","object":"x","body":[{"op":"notify","object":"x","n":1},
                              {"op":"native_cancel","task":"a"}]})");
    };
    CHECK(place_with(Bug::cancelled_waiter_keeps_notification, "notify-reaches", case_of("condition")) ==
          "not passed on");
    CHECK(place_with(Bug::asyncio_condition_drops_notification, "notify-reaches", case_of("asyncio_condition")) ==
          "not passed on by asyncio");
    for (const char* python : {"3.11", "3.12"})
        CHECK(place("notify-reaches", kernel("4.15.1", python), case_of("asyncio_condition")) ==
              "not passed on by asyncio");
}

TEST_CASE("end-of-stream: closing the last end wakes all") {
    const std::string two = two_tasks(R"({"kind":"stream","buffer":0})",
                                      R"({"op":"try","catch":"error","body":[{"op":"receive","object":"x"}]})",
                                      R"({"op":"try","catch":"error","body":[{"op":"receive","object":"x"}]})",
                                      R"(,{"op":"sleep","for":1},{"op":"close_send","object":"x"})");
    CHECK(place_with(Bug::last_close_wakes_one_receiver, "end-of-stream", two) == "receiver waits");
    const std::string first =
        two_tasks(R"({"kind":"stream","buffer":0})", R"({"op":"sleep","for":1},{"op":"send","object":"x"})",
                  R"({"op":"try","catch":"error","body":[{"op":"receive","object":"x"}]})");
    CHECK(place_with(Bug::false_item_ends_stream, "end-of-stream", first) == "EndOfStream though a sender is open");
}

TEST_CASE("timeout-is-ours: whoever asked first is heard") {
    const std::string pending = R"("main":[{"op":"try","catch":"all","body":[{"op":"native_cancel","task":"main"},
        {"op":"asyncio_timeout","name":"t","delay":0,"body":[{"op":"sleep","for":1}]}]}])";
    for (const char* python : {"3.11", "3.12", "3.13"})
        CHECK(place("timeout-is-ours", kernel("4.15.1", python), pending) == "took another's cancellation");
    CHECK(place("timeout-is-ours", newest({Fix::timeout_leaves_pending_cancel}), pending).empty());
    const std::string waits = R"("main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"a","body":[{"op":"sleep","for":1}]},
        {"op":"spawn","group":"g","task":"b","body":[{"op":"sleep","for":1},{"op":"native_cancel","task":"main"}]},
        {"op":"checkpoint"},{"op":"wait_for","task":"a","delay":5}]}])";
    CHECK(place_with(Bug::wait_for_prefers_result, "timeout-is-ours", waits) == "wait_for lost a cancellation");
    CHECK(place("timeout-is-ours", kernel("4.15.1", "3.11"), waits) == "wait_for lost a cancellation");
    // What is due is due, and nobody else has asked.
    const std::string due = R"("main":[{"op":"try","catch":"error","body":[
        {"op":"asyncio_timeout","name":"t","delay":1,"body":[{"op":"sleep","for":2}]}]}])";
    CHECK(place("timeout-is-ours", newest(), due).empty());
}

TEST_CASE("asyncio-group: a cancellation from outside goes on, also beside errors") {
    const std::string both = R"("main":[{"op":"try","catch":"error","body":[{"op":"asyncio_group","name":"G","body":[
        {"op":"create_task","group":"G","task":"a","body":[
            {"op":"try","catch":"cancelled","body":[{"op":"sleep","for":9}],"handler":[{"op":"raise","error":"E"}]}]}]}]},
        {"op":"sleep","for":1}],"environment":[{"at":1,"do":[{"op":"native_cancel","task":"main"}]}])";
    CHECK(place_with(Bug::asyncio_group_drops_outer_cancel, "asyncio-group", both) ==
          "cancellation from outside lost beside errors");
    for (const char* python : {"3.11", "3.12"})
        CHECK(place("asyncio-group", kernel("4.15.1", python), both) == "cancellation from outside lost beside errors");
}

TEST_CASE("cancellers-balance: a group takes back what it asked") {
    const std::string fails = R"("main":[{"op":"try","catch":"error","body":[{"op":"asyncio_group","name":"G","body":[
        {"op":"create_task","group":"G","task":"a","body":[{"op":"sleep","for":1},{"op":"raise","error":"E"}]}]}]}])";
    CHECK(place_with(Bug::asyncio_group_uncancels_before_joining, "cancellers-balance", fails) ==
          "left over by a group");
    for (const char* python : {"3.11", "3.12"})
        CHECK(place("cancellers-balance", kernel("4.15.1", python), fails) == "left over by a group");
    const Result left = run("cancellers-balance", kernel("4.15.1", "3.11"), fails);
    CHECK(left.what_happened ==
          "When task `main` left its asyncio group at time 1, in iteration 6, its `cancelling()` was 1 and should have "
          "been 0: what it had asked itself is still counted.");
}
