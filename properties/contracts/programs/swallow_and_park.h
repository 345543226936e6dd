// swallow-and-park: a program that swallows a cancellation does not go back to what it was doing.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"
#include "properties/world/effective_cancellation.h"

namespace cancelsim::properties {

/// Level cancellation cancels again whatever awaits in a cancelled scope: a program that swallows that and awaits, over
/// and over, burns the CPU. The library does what it promises, so this is about the program.
class SwallowAndPark final : public Contract {
public:
    SwallowAndPark()
        : Contract(
              "swallow-and-park",
              "a program does not swallow a cancellation and wait again 20 times in a row while time stands still") {}

    using Dormant = sim::EventList<events::StatementEnded>;
    static constexpr About kAbout = About::program;

    void start() {
        tasks_.clear();
        task_ = nullptr;
    }

    void on(const events::StatementEnded& event) {
        Rounds& rounds = tasks_[event.task];
        rounds.awaited_in = event.statement;
        if (event.error == nullptr) rounds.count = 0;
    }
    void on(const events::Caught& event) {
        Rounds& rounds = tasks_[event.task];
        listen(Dormant{});
        if (!event.error->is_cancelled() ||
            run().program().statements[event.statement].then != scenarios::Then::swallow)
            return;
        if (rounds.time != run().now()) rounds.count = 0;
        rounds.time = run().now();
        if (rounds.count == 0) rounds.since = run().iteration();
        if (++rounds.count < kLimit) return;
        task_ = &task(event.task);
        Moment moment = now();
        moment.site = event.statement;
        fail(waiting_place(run().program().statements[rounds.awaited_in].op), moment);
    }

    std::string what_happened() const override {
        const Rounds& rounds = *tasks_.find(task_->id);
        const model::CancelScope* scope = cancelling_scope(*task_);
        return "From iteration " + std::to_string(rounds.since) + " to " + std::to_string(broken_at_iteration()) +
               ", time standing still at " + std::to_string(broken_at_time()) + ", " + statement_words(run(), site()) +
               " of " + task_words(run(), *task_) + " swallowed " + std::to_string(kLimit) +
               " cancellations, and each time the task waited again in " + statement_words(run(), rounds.awaited_in) +
               (scope == nullptr ? "." : ". It is cancelled by " + scope_words(run(), *scope) + ".");
    }

private:
    static constexpr std::uint32_t kLimit = 20;

    struct Rounds {
        std::uint32_t awaited_in = 0;  ///< the statement that the task awaited last
        std::uint32_t count = 0;       ///< cancellations that it swallowed in a row
        std::uint64_t since = 0;       ///< the iteration of the first
        sim::Time time = 0;
    };

    ById<Rounds> tasks_;
    const model::Task* task_ = nullptr;
};

}  // namespace cancelsim::properties
