// Recorded corpora against the model: every trace that the real library gave must come out again, byte for byte.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace cancelsim::properties {

/// What one file of recorded traces showed.
struct CorpusResult {
    std::string file;
    std::size_t cases = 0;
    std::size_t equal = 0;
    std::string differences;  ///< of the first few that differ, for a person
};

/// Runs the cases of each recorded file in `directory`, in the order of the files' names. Throws UsageError, CaseError.
std::vector<CorpusResult> compare_corpora(const std::string& directory);

}  // namespace cancelsim::properties
