// Runs that break a contract at the place of a finding by another cause: what they tell of, no release does.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "properties/contracts/told_run_testing.h"
#include "properties/failure/findings/evidence.h"
#include "properties/failure/known.h"

namespace cancelsim::properties {

inline constexpr ScopeId kOuter = 0;
inline constexpr TaskId kChild = 1;
inline constexpr TaskId kOther = 2;
inline constexpr By kByMain{By::Kind::program, kMain, sim::kNoObject};
inline const sim::Error kNative{.kind = sim::ErrorKind::cancelled};
inline const sim::Error kOurs{.kind = sim::ErrorKind::cancelled, .message = 1};
inline const sim::Error kOursAgain{.kind = sim::ErrorKind::cancelled, .message = 1};
inline const sim::Error kAssertion{.kind = sim::ErrorKind::assertion_error};

inline By by_scope(ScopeId scope) { return {By::Kind::scope, sim::kNobody, scope}; }

/// A run of one contract, with its evidence.
class Told {
public:
    explicit Told(const std::string& contract, const scenarios::Case* program = nullptr,
                  bool start_under_caller = false)
        : run_(contract, program, start_under_caller), evidence_(run_.contract()) {
        run_.told_to(evidence_).began(1, 0);
    }

    ToldRun* operator->() { return &run_; }
    Told& entered(ScopeId scope, TaskId task, bool shield = false, model::Purpose purpose = model::Purpose::program) {
        run_.tell(events::ScopeEntered{scope, task, shield, purpose, sim::kInfinity});
        return *this;
    }
    /// Group 0, whose scope is `scope`.
    Told& group_entered(ScopeId scope, TaskId host) {
        entered(scope, host, false, model::Purpose::group);
        run_.tell(events::GroupEntered{0, scope, host});
        return *this;
    }
    Told& spawned(TaskId task, ScopeId begins_in, bool by_start = false) {
        run_.made(task).tell(events::TaskSpawned{task, 0, begins_in, by_start});
        if (by_start) run_.tell(events::StartCalled{task, 0, kMain});
        return *this;
    }
    Told& cancelled(TaskId task, const By& by, bool wait_was_over = false, bool was_pending = false) {
        const sim::CancelMessage message = by.kind == By::Kind::scope ? by.id + 1 : 0;
        run_.tell(events::CancelRequested{task, by, message, true, true, wait_was_over, was_pending});
        return *this;
    }

    /// The contract broke at `place`, which a finding about `anyio` is known for, and is taken for new.
    void check_new(std::string_view anyio, std::string_view place, std::string_view python = "3.11") {
        CHECK(run_.place() == place);
        const model::Config config{
            model::find_version(anyio), model::find_policy("upstream"), model::find_python(python), {}};
        CHECK(may_be_known(config, run_.contract().name(), place));
        CHECK(known_finding(evidence_, config) == nullptr);
    }

private:
    ToldRun run_;
    Evidence evidence_;
};

}  // namespace cancelsim::properties
