// For tests: a worker that runs the model, so that all that is between the command and a library can be compared with
// running the model itself.
#pragma once

#include <filesystem>

#include "properties/subject/subject.h"

namespace cancelsim::properties {

/// An interpreter in a folder of its own. Its worker is this very program of tests.
class ModelWorker {
public:
    /// The model as `config` says, which must be a release without switches.
    explicit ModelWorker(const model::Config& config);
    ~ModelWorker();
    ModelWorker(const ModelWorker&) = delete;
    ModelWorker& operator=(const ModelWorker&) = delete;

    Launch launch() const { return {(folder_ / "python").string(), {}}; }

private:
    std::filesystem::path folder_;
};

}  // namespace cancelsim::properties
