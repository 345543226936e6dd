// Reading what a command was given.
#pragma once

#include <string>
#include <vector>

#include "properties/failure/failure.h"
#include "scenarios/program/case.h"

namespace cancelsim::properties {

/// The cases of a JSONL file, `-` for standard input; a name that ends in `.zst` is decompressed. A name that ends in
/// `.py` is that of one case in Python. Throws UsageError, CaseError.
std::vector<scenarios::Case> read_case_file(const std::string& path);

/// The lines of a text file, decompressed as above. Throws UsageError.
std::vector<std::string> read_lines(const std::string& path);

/// Whether that is a token, or the name of a saved failure's file, `.json`.
bool holds_failure(const std::string& token_or_file);
/// The failure that a token is, or that a file holds: saved, or as a token; `-` is standard input. There may be other
/// words around a token, such as those of the command that a hunt prints. Throws FailureError, UsageError,
/// CaseError.
Failure load_failure(const std::string& token_or_file);

}  // namespace cancelsim::properties
