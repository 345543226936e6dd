// The result of a hunt as other programs take it: test reports, code scanning, annotations.
#pragma once

#include <string>
#include <vector>

#include "properties/search/hunt.h"

namespace cancelsim::properties {

/// A test suite of JUnit's: a test for each contract that was hunted, and one for each failure. Those that are known
/// pass, and say so in their output. Form: Jenkins' junit-10.xsd.
std::string junit_text(const HuntOptions& options, const HuntResult& result);

/// A log of SARIF 2.1.0: a rule for each contract, a result for each failure; known ones are notes. `files` are where
/// they were saved, each "" if it was not.
std::string sarif_text(const HuntOptions& options, const HuntResult& result, const std::vector<std::string>& files);

/// Workflow commands of GitHub Actions, a line for each failure that is not known; they annotate the run.
std::string github_annotations(const HuntResult& result);

}  // namespace cancelsim::properties
