#include "properties/contracts/monitor.h"

#include <utility>

#include "properties/contracts/all.h"

namespace cancelsim::properties {

namespace {

template <class C>
constexpr std::uint32_t kNumber = AllContracts::number_of<C>();
/// The number that hears what is heard whether a contract wants it or not.
constexpr std::uint32_t kKeeper = Subscriptions::kMost - 1;
template <class Event>
constexpr bool kIsKept = sim::Hears<World, Event> || std::is_same_v<Event, events::ByHand>;

}  // namespace

/// Hears the events of a run: each is told to the world first, then to the contracts in the order of the list.
class Monitor::Ear final : public sim::Observer {
public:
    explicit Ear(Monitor& monitor) : monitor_(monitor) {
        AllContracts::for_each([this]<class C>(std::type_identity<C>) {
            if (monitor_.by_number_[kNumber<C>] == nullptr) return;
            Subscriptions::Events::for_each([this]<class Event>(std::type_identity<Event>) {
                if constexpr (sim::Hears<C, Event> && !C::Dormant::template has<Event>)
                    first_.listen<Event>(kNumber<C>);
            });
        });
        // The events that nobody may ignore.
        Subscriptions::Events::for_each([this]<class Event>(std::type_identity<Event>) {
            if constexpr (kIsKept<Event>) first_.listen<Event>(kKeeper);
            if (first_.is_heard<Event>()) wanted_.add<Event>();
        });
    }

    void begin(const scenarios::EventHubs& hubs) {
        monitor_.subscriptions_.begin(hubs, *this, first_);
        hubs.add(*this, wanted_);
    }

    template <class Event>
    requires(kIsKept<Event> || AllContracts::kAnyHears<Event>) void on(const Event& event) {
        if constexpr (std::is_same_v<Event, events::ByHand>) monitor_.misused();
        if constexpr (sim::Hears<World, Event>) monitor_.world_.on(event);
        // No contract changes what another one hears.
        const std::uint64_t heard_by = monitor_.subscriptions_.heard_by<Event>();
        if ((heard_by & ~(std::uint64_t{1} << kKeeper)) == 0) return;
        AllContracts::for_each([&]<class C>(std::type_identity<C>) __attribute__((always_inline)) {
            if constexpr (sim::Hears<C, Event>)
                if ((heard_by >> kNumber<C> & 1) != 0) static_cast<C*>(monitor_.by_number_[kNumber<C>])->on(event);
        });
    }

private:
    Monitor& monitor_;
    Subscriptions first_;  ///< what each contract hears when a run begins
    sim::EventSet<Subscriptions::Events> wanted_;
};

Monitor::Monitor(Contracts contracts) : contracts_(std::move(contracts)) {
    static_assert(AllContracts::kCount + detail::kMostOwn <= kKeeper);
    for (const auto& contract : contracts_) {
        contract->monitor_ = this;
        contract->world_ = &world_;
        if (contract->number() >= AllContracts::kCount) {
            own_ears_.push_back(detail::own_ear(*contract));
            continue;
        }
        by_number_[contract->number()] = contract.get();
        contract->subscriptions_ = &subscriptions_;
    }
    ear_ = std::make_unique<Ear>(*this);
}

Monitor::~Monitor() = default;

void Monitor::begin(RunInfo& info, const scenarios::EventHubs& hubs) {
    for (Contract* contract : broken_) contract->broken_ = false;
    broken_.clear();
    if (contracts_.empty()) return;
    if (info_ != &info) {
        info_ = &info;
        for (const auto& contract : contracts_) {
            contract->info_ = &info;
            contract->clock_ = &info.clock();
        }
    }
    world_.begin(info.clock(), info.start_under_caller());
    by_hand_ = false;
    ear_->begin(hubs);
    AllContracts::for_each([this]<class C>(std::type_identity<C>) {
        Contract* contract = by_number_[kNumber<C>];
        if (contract == nullptr) return;
        if (judges<C>(*info_))
            static_cast<C*>(contract)->start();
        else
            subscriptions_.ignore_all(kNumber<C>);
    });
    for (const auto& ear : own_ears_) ear->begin(info, hubs);
}

void Monitor::end() {
    AllContracts::for_each([this]<class C>(std::type_identity<C>) {
        // Most have no end of their own.
        if constexpr (!std::is_same_v<decltype(&C::end), void (Contract::*)()>) {
            Contract* contract = by_number_[kNumber<C>];
            if (contract == nullptr || contract->broken_) return;
            if (!judges<C>(*info_) || (C::kPresupposesBlocks && by_hand_)) return;
            static_cast<C*>(contract)->end();
        }
    });
    for (const auto& ear : own_ears_) ear->end(*info_, by_hand_);
    if (!broken_.empty()) spare_misuse();
}

void Monitor::misused() {
    if (std::exchange(by_hand_, true)) return;
    for (const auto& contract : contracts_)
        if (contract->presupposes_blocks()) contract->subscriptions_->ignore_all(contract->number());
}

void Monitor::spare_misuse() {
    const scenarios::Case* program = info_->program();
    if (!by_hand_ && (program == nullptr || !scenarios::has_misuse(*program))) return;
    std::erase_if(broken_, [](Contract* contract) {
        if (contract->presupposes_blocks()) contract->broken_ = false;
        return contract->presupposes_blocks();
    });
}

}  // namespace cancelsim::properties
