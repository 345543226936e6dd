#include "properties/library/workers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <mutex>
#include <vector>

#include "properties/library/package_folder.h"
#include "properties/subject/config_names.h"
#include "properties/subject/errors.h"

namespace cancelsim::properties {

namespace {

/// The workers that nobody uses at the moment.
class AtHand {
public:
    AtHand() { package_folder(); }  // so that it is removed after the workers that read it

    void put(std::unique_ptr<Worker> worker) {
        const std::lock_guard lock(mutex_);
        workers_.push_back(std::move(worker));
    }
    /// One of `library`; null where there is none.
    std::unique_ptr<Worker> take(const Library& library) {
        const std::lock_guard lock(mutex_);
        for (auto& each : workers_) {
            if (!same_library(each->library(), library) ||
                each->library().launch->interpreter != library.launch->interpreter)
                continue;
            std::swap(each, workers_.back());
            auto taken = std::move(workers_.back());
            workers_.pop_back();
            return taken;
        }
        return nullptr;
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<Worker>> workers_;
};

AtHand& at_hand() {
    static AtHand workers;
    return workers;
}

}  // namespace

void GiveBack::operator()(Worker* worker) const { at_hand().put(std::unique_ptr<Worker>(worker)); }

Subject open_library(const Launch& launch) {
    at_hand();
    auto worker = std::make_unique<Worker>(launch);
    auto library = std::make_shared<const Library>(worker->library());
    const auto config = config_of(*library);
    if (!config)
        throw UsageError(fmt::format("{} has {}: the contracts know anyio {} and CPython {}", launch.interpreter,
                                     library_text(*library), fmt::join(list_of(model::all_versions()), ", "),
                                     fmt::join(list_of(model::all_pythons()), ", ")));
    at_hand().put(std::move(worker));
    return {*config, std::move(library)};
}

LentWorker worker_of(const Library& library) {
    if (!library.launch)
        throw UsageError(fmt::format("this ran on {}: say where that is, by --on PYTHON", library_text(library)));
    auto worker = at_hand().take(library);
    if (!worker) worker = std::make_unique<Worker>(*library.launch);
    if (!same_library(worker->library(), library))
        throw UsageError(fmt::format("{} was {} and is {} now", library.launch->interpreter, library_text(library),
                                     library_text(worker->library())));
    return LentWorker(worker.release());
}

}  // namespace cancelsim::properties
