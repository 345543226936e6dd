// error-never-seen: an error is not lost behind a cancellation.
#pragma once

#include <algorithm>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/errors.h"

namespace cancelsim::properties {

/// A cancellation that reaches the clean-up after an error replaces it: the error is its context. Where a scope, or the
/// program, then swallows the cancellation, nobody will see the error, unless it was seen before or shows up elsewhere.
class ErrorNeverSeen final : public Contract {
public:
    struct Places {
        static constexpr Place kBehindACancellationThatAScopeSwallowed{"behind a cancellation that a scope swallowed"};
        static constexpr Place kBehindACancellationThatTheProgramSwallowed{
            "behind a cancellation that the program swallowed"};
    };

    ErrorNeverSeen()
        : Contract("error-never-seen",
                   "an error that a cancellation replaced is seen by somebody, though that cancellation is swallowed") {
    }

    static constexpr About kAbout = About::program;
    static constexpr Runs kRuns = Runs::of_cases;

    void start() {
        seen_.clear();
        lost_.clear();
    }

    void on(const events::ScopeLeft& event) {
        if (event.swallowed && event.came_in != nullptr)
            swallowed(*event.came_in, {event.scope, scenarios::kNoStatement, event.task});
    }
    void on(const events::Caught& event) {
        see(*event.error);
        if (event.swallows && event.error->is_cancelled())
            swallowed(*event.error, {kNoScope, event.statement, event.task});
    }
    void on(const events::GroupLeft& event) { see_any(event.error); }
    void on(const events::BodyEnded& event) { see_any(event.error); }
    void on(const events::CallbackFailed& event) { see_any(event.error); }

    void end() {
        if (lost_.empty() || sim::cut_short(info().verdict())) return;
        const auto first =
            std::find_if(lost_.begin(), lost_.end(), [&](const Lost& lost) { return !seen_.contains(*lost.error); });
        lost_.erase(lost_.begin(), first);
        if (lost_.empty()) return;
        fail(lost_.front().by.scope != kNoScope ? Places::kBehindACancellationThatAScopeSwallowed
                                                : Places::kBehindACancellationThatTheProgramSwallowed,
             lost_.front().moment);
    }

    std::string what_happened() const override {
        const Lost& lost = lost_.front();
        return words().outcome(lost.error) + " was replaced by a cancellation in " + words().task(lost.by.task) +
               ", which " +
               (lost.by.scope != kNoScope ? words().scope(lost.by.scope) : words().handler(lost.by.statement)) +
               " swallowed " + moment_words(lost.moment.time, lost.moment.iteration) + ": nobody will see it.";
    }

private:
    struct Swallower {
        ScopeId scope;            ///< kNoScope: the program did
        std::uint32_t statement;  ///< in which it did
        TaskId task;
    };
    struct Lost {
        const sim::Error* error;
        Swallower by;  ///< of what had replaced it
        Moment moment;
    };

    void see_any(const sim::Error* error) {
        if (error != nullptr) see(*error);
    }
    /// The program, or whoever runs it, has `error` in hand.
    void see(const sim::Error& error) {
        for_each_leaf(error, [&](const sim::Error& leaf) {
            if (!leaf.is_cancelled()) seen_.add(leaf);
        });
    }

    void swallowed(const sim::Error& error, const Swallower& by) {
        for_each_leaf(error, [&](const sim::Error& leaf) {
            if (!leaf.is_cancelled()) return;
            for (const sim::Error* at = leaf.context; at != nullptr; at = at->context) {
                for_each_leaf(*at, [&](const sim::Error& part) {
                    if (part.kind == sim::ErrorKind::named) lost_.push_back({&part, by, now()});
                });
            }
        });
    }
    ErrorSet seen_;
    std::vector<Lost> lost_;  ///< unless they are seen, before or after
};

}  // namespace cancelsim::properties
