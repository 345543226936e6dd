// How an exported file finds out whether its promise is kept: for each contract, a few functions of Python.
#pragma once

#include <string>
#include <string_view>

namespace cancelsim::properties::python {

/// What watches over one promise.
struct Watch {
    std::string_view contract;
    /// The place of CONTRACTS.md's failures that it is for: it must be the beginning of theirs. Empty is any.
    std::string_view place;
    /// Functions `look(at_rest)`, called before each iteration of the loop, and whatever else it takes.
    std::string_view text;
};

/// Null where there is no watch for that contract.
const Watch* find_watch(std::string_view contract, std::string_view place);

/// The section of an exported file: `watch`, and the helpers that it calls. `stubborn` says whether the program has
/// futures that refuse to be cancelled, `seconds` whether it runs on real time.
std::string watch_section(const Watch& watch, bool stubborn, bool real_time);

/// What tasks are in a file with that watch.
std::string_view task_class(const Watch& watch);

}  // namespace cancelsim::properties::python
