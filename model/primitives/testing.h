// For tests only: tasks that use primitives.
#pragma once

#include <string>

#include "model/testing.h"

namespace cancelsim::model {

inline std::string outcome_of(const Error* error) {
    if (error == nullptr) return "ok";
    switch (error->kind) {
        case sim::ErrorKind::cancelled: return "cancelled";
        case sim::ErrorKind::runtime_error: return "RuntimeError";
        case sim::ErrorKind::value_error: return "ValueError";
        case sim::ErrorKind::would_block: return "WouldBlock";
        case sim::ErrorKind::closed_resource: return "ClosedResourceError";
        case sim::ErrorKind::broken_resource: return "BrokenResourceError";
        case sim::ErrorKind::end_of_stream: return "EndOfStream";
        case sim::ErrorKind::timeout_error:
        case sim::ErrorKind::assertion_error:
        case sim::ErrorKind::attribute_error:
        case sim::ErrorKind::named:
        case sim::ErrorKind::group: break;
    }
    return "other";
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
