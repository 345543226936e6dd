// Looks into the library's books of scopes that were left: for the event ScopeAudited.
#pragma once

#include <cstdint>
#include <vector>

#include "model/events.h"

namespace cancelsim::model {

class Kernel;
struct CancelScope;

/// Watches a kernel, of which it is a part, before anybody else does. It hears something only while a scope is to be
/// looked at, and that only where somebody wants to know.
class ScopeAudits final : public sim::Observer {
public:
    explicit ScopeAudits(Kernel& kernel) : kernel_(kernel) {}

    /// The kernel was reset: nobody watches it yet.
    void begin();
    /// Precondition: `scope` has just been left, and somebody wants ScopeAudited.
    void left(const CancelScope& scope);
    /// The run is at rest: audits the scopes that were left just before. Where nothing is left to do, nothing is left
    /// to wait for.
    void at_rest();

    void on(const events::IterationBegan& event);
    void on(const events::PassEnded& event);

private:
    /// A pass that was scheduled before the scope was left still runs, once: it finds nobody, and asks for no other.
    static constexpr std::uint64_t kIterations = 2;

    struct Left {
        const CancelScope* scope;
        std::uint64_t iteration;
    };

    void audit(const CancelScope& scope);

    Kernel& kernel_;
    std::vector<Left> left_;  ///< in this run, in order
    std::size_t next_ = 0;    ///< the first of them that was not audited
};

}  // namespace cancelsim::model
