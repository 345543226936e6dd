// For tests only: tasks that use primitives.
#pragma once

#include <string>

#include "model/testing.h"

namespace cancelsim::model {

inline std::string outcome_of(const Error* error) {
    if (error == nullptr) return "ok";
    return error->is_cancelled() ? "cancelled" : sim::type_name_of(error->kind);
}

struct PrimitivesKernel : TestKernel {
    explicit PrimitivesKernel(std::string_view version) : TestKernel("upstream", version) {}

    /// `await` in a task's step: calls the frame that `make` makes.
    template <class Make>
    sim::Script::Step call_step(Make make) {
        return [this, make](sim::Resume) { return call(*current_task(), make()); };
    }
    /// A task that awaits what `make` makes, logs `name: outcome`, and does `then` with what it raised.
    template <class Make>
    Task& awaits(
        std::string name, Make make, std::function<void(Error*)> then = [](Error*) {}) {
        return spawn({call_step(make), [this, name, then](sim::Resume with) {
                          log.push_back(name + ": " + outcome_of(with.thrown));
                          then(with.thrown);
                          return sim::Poll::ended(with.thrown);
                      }});
    }
    void at_iteration(std::uint64_t iteration, std::function<void()> function) {
        arrive_at_iteration(iteration, callback(std::move(function)));
    }
};

inline constexpr std::string_view kReleases[]{"4.13.0", "4.14.2", "4.15.1"};

}  // namespace cancelsim::model
