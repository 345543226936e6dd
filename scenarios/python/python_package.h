// The Python package, taken along in the binary: `cancelsim` with the delivery policies' Python.
#pragma once

#include <span>
#include <string_view>

namespace cancelsim::scenarios {

struct PackageFile {
    std::string_view path;  ///< below the folder that Python searches, with `/`: `cancelsim/loop.py`
    std::string_view text;
};

/// All files of the package, by path. The build makes it of scenarios/python/cancelsim and model/policies/*.py.
std::span<const PackageFile> python_package();

}  // namespace cancelsim::scenarios
