// Recorded corpora: cases, and the traces that the real library gave.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/kernel.h"

namespace cancelsim::scenarios {

/// What the name of a trace file says: `NAME.VERSION.POLICY[.pyPYTHON][.reversed].jsonl[.zst]`.
struct CorpusName {
    std::string cases;  ///< the name of its file of cases, less the ending: `NAME.cases.jsonl`
    model::Config config;
    bool reversed = false;
};

/// Nothing where `file` is no name of a trace file of a known kernel, policy and Python.
std::optional<CorpusName> parse_corpus_name(std::string_view file);

/// How two traces of one case differ: a few lines of text. `recorded` and `simulated` are whole
/// trace lines.
std::string describe_difference(const std::string& recorded, const std::string& simulated);

}  // namespace cancelsim::scenarios
