#include "properties/contract.h"

#include "properties/monitor.h"

namespace cancelsim::properties {

const History& Contract::history() const { return monitor_->history(); }

void Contract::begin(scenarios::Interpreter& run, Monitor& monitor) {
    run_ = &run;
    monitor_ = &monitor;
    heard_ = wants();
    watcher_ = run.watchers().add(*this, heard_);
    broken_ = false;
    start();
}

void Contract::change_heard(sim::EventMask kinds) {
    run_->watchers().change(watcher_, heard_, kinds);
    heard_ = kinds;
}

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
