#include "properties/contracts/contract.h"

#include "properties/contracts/describe.h"
#include "properties/contracts/monitor.h"

namespace cancelsim::properties {

std::string_view name_of(About about) {
    switch (about) {
        case About::library: return "library";
        case About::program: return "program";
    }
    return {};
}

Words Contract::words() const { return {*world_, *info_}; }

Contract::Moment Contract::now() const { return {iteration(), time(), Site(info_->statement())}; }

void Contract::fail(Place place) { fail(place, now()); }

void Contract::fail(Place place, const Moment& moment) {
    if (broken_) return;
    broken_ = true;
    place_ = place;
    iteration_ = moment.iteration;
    time_ = moment.time;
    site_ = moment.site;
    subscriptions_->ignore_all(number_);
    monitor_->broke(*this);
}

}  // namespace cancelsim::properties
