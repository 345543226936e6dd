// canary: breaks on almost every run, whatever the kernel does.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"

namespace cancelsim::properties {

/// A hunt that is silent has checked its cases, or has checked nothing. To tell the two apart, a hunt with this
/// contract must fail.
class Canary final : public Contract {
public:
    struct Places {
        static constexpr Place kAwait{"await"};
    };

    Canary() : Contract("canary", "no awaiting statement ever completes") {}

    void on(const events::StatementEnded& event) {
        task_ = event.task;
        statement_ = event.statement;
        fail(Places::kAwait);
    }

    std::string what_happened() const override {
        return "Statement " + std::to_string(statement_) + " of task " + info().task_label(task_) +
               " completed at iteration " + std::to_string(broken_at_iteration()) + ", time " +
               std::to_string(broken_at_time()) +
               ". This contract breaks on purpose: a hunt that misses it checks nothing.";
    }

    void start() {}

private:
    TaskId task_ = kNobody;
    std::uint32_t statement_ = 0;
};

}  // namespace cancelsim::properties
