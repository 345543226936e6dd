// For tests: interpreters whose workers do as a few lines of Python say.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "properties/library/event_table.h"
#include "properties/subject/subject.h"

namespace cancelsim::properties {

/// What each of them begins with: the frames of the protocol.
inline constexpr const char* kFrames = R"(#!/usr/bin/env python3
import json, os, socket, struct, sys, time
command = socket.socket(fileno=3)
def receive():
    size, = struct.unpack("<I", command.recv(4, socket.MSG_WAITALL))
    return command.recv(size, socket.MSG_WAITALL)
def send(payload):
    command.sendall(struct.pack("<I", len(payload)) + payload)
def say(**words):
    send(json.dumps(words).encode())
def ask(kind, count):
    send(b"Q" + struct.pack("<BBIIQIII", kind, 1, 2, 3, 4, 5, 6, count))
    return struct.unpack("<I", receive())[0]
def answer(events=(), **facts):
    text = json.dumps(facts).encode()
    send(b"R" + struct.pack("<I", len(text)) + text + struct.pack(f"<{len(events)}q", *events))
)";
inline constexpr const char* kGreeting = R"(
say(hello=1, python="3.12.1", anyio="4.14.2", events=EVENTS)
say(ready=True, patches=["ab" for patch in json.loads(receive())["setup"]["patches"]])
)";
inline constexpr const char* kRuns = R"(
while True:
    wanted = json.loads(receive().split(b"\n")[0])["run"]
)";

/// A program that stands in for an interpreter, and never looks at its arguments.
class FakeInterpreter {
public:
    explicit FakeInterpreter(const std::string& body) {
        std::string name = (std::filesystem::temp_directory_path() / "cancelsim-fake-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        folder_ = name;
        std::ofstream(path()) << kFrames << "EVENTS = json.loads(r'''" << event_table().dump() << "''')\n" << body;
        std::filesystem::permissions(path(), std::filesystem::perms::owner_all);
    }
    ~FakeInterpreter() { std::filesystem::remove_all(folder_); }
    FakeInterpreter(const FakeInterpreter&) = delete;
    FakeInterpreter& operator=(const FakeInterpreter&) = delete;

    std::string path() const { return (folder_ / "python").string(); }
    Launch launch() const { return {path(), {}, std::chrono::milliseconds(5'000)}; }

private:
    std::filesystem::path folder_;
};

}  // namespace cancelsim::properties
