// Contracts of one's own: classes that are not in the list of all.h, and join it when a program says so.
#pragma once

#include <concepts>
#include <memory>
#include <span>

#include "properties/contracts/contract.h"

namespace cancelsim::properties {

/// Whether contract `C` is about such runs as the one of `info`.
template <class C>
bool judges(const RunInfo& info) {
    switch (C::kRuns) {
        case Runs::all: return true;
        case Runs::of_cases: return info.program() != nullptr;
        case Runs::of_programs: return info.program() == nullptr;
    }
    return false;
}

/// How the monitor has a contract of one's own hear a run. The contracts of the list have one observer in common, which
/// knows them all; each of these has one of its own.
class OwnEar {
public:
    virtual ~OwnEar() = default;
    /// A run was prepared.
    virtual void begin(const RunInfo& info, const scenarios::EventHubs& hubs) = 0;
    /// The run has ended; `by_hand`: it has entered or left a scope or a group otherwise than as a block.
    virtual void end(const RunInfo& info, bool by_hand) = 0;
};

template <class C>
class OwnEarOf final : public OwnEar, public sim::Observer {
public:
    explicit OwnEarOf(Contract& contract) : contract_(static_cast<C&>(contract)) {
        contract.subscriptions_ = &subscriptions_;
        Subscriptions::Events::for_each([this]<class Event>(std::type_identity<Event>) {
            if constexpr (sim::Hears<C, Event> && !C::Dormant::template has<Event>) {
                first_.listen<Event>(contract_.number());
                wanted_.template add<Event>();
            }
        });
    }

    void begin(const RunInfo& info, const scenarios::EventHubs& hubs) override {
        subscriptions_.begin(hubs, *this, first_);
        hubs.add(*this, wanted_);
        if (judges<C>(info))
            contract_.start();
        else
            subscriptions_.ignore_all(contract_.number());
    }
    void end(const RunInfo& info, bool by_hand) override {
        if (contract_.broken() || !judges<C>(info) || (C::kPresupposesBlocks && by_hand)) return;
        contract_.end();
    }

    template <class Event>
    requires sim::Hears<C, Event>
    void on(const Event& event) {
        if (subscriptions_.hears<Event>(contract_.number())) contract_.on(event);
    }

private:
    C& contract_;
    Subscriptions subscriptions_;
    Subscriptions first_;  ///< what it hears when a run begins
    sim::EventSet<Subscriptions::Events> wanted_;
};

namespace detail {

/// A class of a contract of one's own.
struct OwnContract {
    std::unique_ptr<Contract> (*make)(std::uint32_t number);
    std::unique_ptr<OwnEar> (*listen)(Contract& contract);
    bool operator==(const OwnContract&) const = default;
};
/// More of them would not find room among the observers of a run.
inline constexpr std::size_t kMostOwn = 4;
/// Throws std::invalid_argument where a contract of that name is there already, and std::length_error for too many.
void add_own(const OwnContract& own);
void remove_own(const OwnContract& own);
/// The ear of a contract that is none of the list.
std::unique_ptr<OwnEar> own_ear(Contract& contract);

template <class C>
std::unique_ptr<Contract> make_contract(std::uint32_t number) {
    auto contract = std::make_unique<C>();
    contract->number_ = number;
    contract->presupposes_blocks_ = C::kPresupposesBlocks;
    contract->about_ = C::kAbout;
    return contract;
}

}  // namespace detail

/// As long as one lives, `C`, a contract of one's own, is one of the contracts: `make_contracts` makes it, and so it is
/// hunted, shrunk, replayed, labelled and listed as all others are. Not while other threads run contracts.
template <std::derived_from<Contract> C>
class RegisteredContract {
public:
    RegisteredContract() { detail::add_own(kOwn); }
    ~RegisteredContract() { detail::remove_own(kOwn); }
    RegisteredContract(const RegisteredContract&) = delete;
    RegisteredContract& operator=(const RegisteredContract&) = delete;

private:
    static constexpr detail::OwnContract kOwn{
        &detail::make_contract<C>,
        [](Contract& contract) -> std::unique_ptr<OwnEar> { return std::make_unique<OwnEarOf<C>>(contract); }};
};

}  // namespace cancelsim::properties
