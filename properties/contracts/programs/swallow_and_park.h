// swallow-and-park: a program that swallows a cancellation does not go back to what it was doing.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"

namespace cancelsim::properties {

/// Level cancellation cancels again whatever awaits in a cancelled scope: a program that swallows that and awaits, over
/// and over, burns the CPU. The library does what it promises, so this is about the program.
class SwallowAndPark final : public Contract {
public:
    SwallowAndPark()
        : Contract(
              "swallow-and-park",
              "a program does not swallow a cancellation and wait again 20 times in a row while time stands still") {}

    using Dormant = sim::EventList<events::StatementEnded, events::TaskResumed>;
    static constexpr About kAbout = About::program;

    void start() {
        tasks_.clear();
        task_ = kNobody;
    }

    void on(const events::StatementEnded& event) {
        Rounds& rounds = tasks_[event.task];
        rounds.awaited_in = event.statement;
        if (event.error == nullptr) rounds.count = 0;
    }
    /// Where a program has no statements, every wait that ends as it should counts.
    void on(const events::TaskResumed& event) {
        if (info().program() == nullptr && event.thrown == nullptr) tasks_[event.task].count = 0;
    }
    void on(const events::Caught& event) {
        Rounds& rounds = tasks_[event.task];
        listen(Dormant{});
        if (!event.error->is_cancelled() || !event.swallows || is_group_exit(event.task)) return;
        if (rounds.time != time()) rounds.count = 0;
        rounds.time = time();
        if (rounds.count == 0) rounds.since = iteration();
        if (++rounds.count < kLimit) return;
        task_ = event.task;
        Moment moment = now();
        moment.site = Site(event.statement);
        fail(place_of_wait(rounds), moment);
    }

    std::string what_happened() const override {
        const Rounds& rounds = *tasks_.find(task_);
        const ScopeId scope = world().cancelling_scope_of(task_);
        return "From iteration " + std::to_string(rounds.since) + " to " + std::to_string(broken_at_iteration()) +
               ", time standing still at " + std::to_string(broken_at_time()) + ", " +
               words().handler(site().number()) + " of " + words().task(task_) + " swallowed " +
               std::to_string(kLimit) + " cancellations, and each time the task waited again in " +
               words().statement(rounds.awaited_in) +
               (scope == kNoScope ? "." : ". It is cancelled by " + words().scope(scope) + ".");
    }

private:
    static constexpr std::uint32_t kLimit = 20;

    struct Rounds {
        std::uint32_t awaited_in = scenarios::kNoStatement;  ///< that the task awaited last
        std::uint32_t count = 0;                             ///< cancellations that it swallowed in a row
        std::uint64_t since = 0;                             ///< the iteration of the first
        sim::Time time = 0;
    };

    /// Of a user's own program: it is the exit of a group that has swallowed what came to its wait.
    bool is_group_exit(TaskId task) const {
        const sim::WaitKind waited = world().task(task).wait.kind;
        return info().program() == nullptr &&
               (waited == sim::WaitKind::children || waited == sim::WaitKind::asyncio_children);
    }

    /// The kind of place where the task that runs has waited.
    Place place_of_wait(const Rounds& rounds) const {
        if (rounds.awaited_in == scenarios::kNoStatement) return words().waiting_place(world().running());
        return waiting_place(info().program()->statements[rounds.awaited_in].op);
    }

    ById<Rounds> tasks_;
    TaskId task_ = kNobody;
};

}  // namespace cancelsim::properties
