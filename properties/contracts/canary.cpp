// canary: breaks on almost every run, whatever the kernel does.
#include "properties/contracts/contracts.h"

namespace cancelsim::properties {

namespace {

/// A hunt that is silent has checked its cases, or has checked nothing. To tell the two apart, a hunt with this
/// contract must fail.
class Canary : public Contract {
public:
    Canary() : Contract("canary", "no awaiting statement ever completes") {}

    sim::EventMask wants() const override { return sim::mask_of(events::await); }

    void on(const sim::TraceEvent& event) override {
        task_ = static_cast<const model::Task*>(event.task)->label;
        statement_ = event.value;
        fail("await");
    }

    std::string what_happened() const override {
        return "Statement " + std::to_string(statement_) + " of task " + run().label_text(task_) +
               " completed at iteration " + std::to_string(broken_at_iteration()) + ", time " +
               std::to_string(broken_at_time()) +
               ". This contract breaks on purpose: a hunt that misses it checks nothing.";
    }

protected:
    void start() override {}

private:
    model::Label task_;
    std::uint32_t statement_ = 0;
};

}  // namespace

std::unique_ptr<Contract> make_canary() { return std::make_unique<Canary>(); }

}  // namespace cancelsim::properties
