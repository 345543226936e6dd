// What a worker tells of a run of a user's own program, beside its events.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "properties/world/run_info.h"

namespace cancelsim::properties {

/// A place in a Python file.
struct PythonPlace {
    std::string file;  ///< an absolute path
    std::uint32_t line = 0;
    std::string function;
    std::string source;  ///< the line itself

    bool operator==(const PythonPlace&) const = default;
};
/// `pool.py:12 (ConnectionPool.acquire: `await turn.wait()`)`.
std::string place_text(const PythonPlace& place);

/// An await of the program's file.
struct Await {
    std::uint32_t line = 0;
    std::string function;

    auto operator<=>(const Await&) const = default;
};

struct ProgramFacts {
    std::vector<PythonPlace> sites;  ///< by number
    std::vector<std::string> tasks;  ///< by id: the function that each runs; of main's task `main`
    ProgramEnd end;                  ///< its statements are sites
    std::vector<Await> awaits;       ///< all those of the program's file
    std::vector<Await> parked;       ///< where a task has waited
    std::vector<Await> interrupted;  ///< where a cancellation has come
};

/// Throws InternalError where the answer is not what the protocol says.
ProgramFacts read_program_facts(const nlohmann::json& answer);

}  // namespace cancelsim::properties
