// exception-leaves-main: main returns.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/errors.h"

namespace cancelsim::properties {

/// A run says nothing of what its program means: an exception that is meant to leave main does not leave it.
class ExceptionLeavesMain final : public Contract {
public:
    struct Places {
        static constexpr Place kEndsTheLoop{"ends the loop"};
    };

    ExceptionLeavesMain()
        : Contract(
              "exception-leaves-main",
              "no exception leaves `main()`, but for a cancellation after the outside world has cancelled a task") {}

    static constexpr About kAbout = About::program;
    static constexpr Runs kRuns = Runs::of_programs;

    void start() {
        cancelled_outside_ = false;
        error_ = nullptr;
        main_raised_ = false;
    }

    void on(const events::CancelRequested& event) {
        if (event.by.kind == By::Kind::outside && event.accepted) cancelled_outside_ = true;
    }
    void on(const events::TaskDone& event) {
        if (event.task != kMain || (event.error == nullptr && !event.cancelled)) return;
        const bool ordinary = event.error != nullptr && has_ordinary_leaf(*event.error);
        if (cancelled_outside_ && !ordinary) return;
        error_ = event.error;
        main_raised_ = error_ != nullptr;
        // Main may also have returned with a request that had not reached it: then it is cancelled, and raised nothing.
        fail(Place(type_name_of(error_ != nullptr ? error_->kind : sim::ErrorKind::cancelled)));
    }

    void end() {
        // SystemExit and KeyboardInterrupt end the loop at once.
        if (!info().program_end().error || world().task(kMain).done()) return;
        main_raised_ = true;
        fail(Places::kEndsTheLoop);
    }

    std::string what_happened() const override {
        const std::string moment = moment_words(broken_at_time(), broken_at_iteration());
        if (!main_raised_)
            return "`main()` ended " + moment +
                   ": it returned, but a request to cancel it was pending, and cancelled it.";
        std::string text = "`main()` ended " + moment + " by an exception: ";
        if (const auto& raised = info().program_end().error)
            text += raised->text + (raised->statement == scenarios::kNoStatement ? "" : ", raised") +
                    words().in_statement(raised->statement);
        else
            text += words().outcome(error_);
        const bool cancelled = error_ != nullptr && error_->is_cancelled();
        return text + (cancelled ? ". Nothing from outside had cancelled a task." : ".");
    }

private:
    bool cancelled_outside_ = false;     ///< any task, natively
    bool main_raised_ = false;           ///< else main was cancelled though it returned
    const sim::Error* error_ = nullptr;  ///< or null
};

}  // namespace cancelsim::properties
