#include "properties/contracts/contract.h"

#include "properties/contracts/monitor.h"

namespace cancelsim::properties {

void Contract::change_heard(sim::EventMask kinds) { monitor_->hears(number_, kinds); }

void Contract::fail(std::string_view place) {
    if (broken_) return;
    broken_ = true;
    place_ = place;
    iteration_ = run_->iteration();
    time_ = run_->now();
    change_heard(0);
    monitor_->broke(*this);
}

}  // namespace cancelsim::properties
