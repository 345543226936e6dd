// The list of all contracts: who adds one adds it here.
#pragma once

#include <cstdint>
#include <type_traits>

#include "properties/contracts/canary.h"
#include "properties/contracts/caught_is_ours.h"
#include "properties/contracts/clean_exit.h"
#include "properties/contracts/deadline.h"
#include "properties/contracts/deferred_self_delivery.h"
#include "properties/contracts/errors_arrive.h"
#include "properties/contracts/group_joins.h"
#include "properties/contracts/group_outcome.h"
#include "properties/contracts/no_hot_loop.h"
#include "properties/contracts/no_livelock.h"
#include "properties/contracts/no_lost_wakeup.h"
#include "properties/contracts/no_rearm_without_live_tasks.h"
#include "properties/contracts/no_spurious_cancel.h"
#include "properties/contracts/not_before_start.h"
#include "properties/contracts/redelivery.h"
#include "properties/contracts/shield_holds.h"
#include "properties/contracts/single_flight.h"
#include "properties/contracts/start_handshake.h"
#include "properties/contracts/uncancel_balance.h"

namespace cancelsim::properties {

template <class... Classes>
struct ContractList {
    static constexpr std::size_t kCount = sizeof...(Classes);

    /// Calls `visit` with an object of each class in turn, of which only the type counts.
    template <class Visit>
    [[gnu::always_inline]] static void for_each(Visit visit) {
        (visit(std::type_identity<Classes>{}), ...);
    }
    /// The place of `Class` in the list.
    template <class Class>
    static constexpr std::uint32_t number_of() {
        std::uint32_t number = 0;
        const bool found = ((std::is_same_v<Class, Classes> || (++number, false)) || ...);
        return found ? number : UINT32_MAX;
    }
};

/// The promises of a kernel, in alphabetical order, and last the canary, which no kernel is meant to keep.
using AllContracts =
    ContractList<CaughtIsOurs, CleanExit, Deadline, DeferredSelfDelivery, ErrorsArrive, GroupJoins, GroupOutcome,
                 NoHotLoop, NoLivelock, NoLostWakeup, NoRearmWithoutLiveTasks, NoSpuriousCancel, NotBeforeStart,
                 Redelivery, ShieldHolds, SingleFlight, StartHandshake, UncancelBalance, Canary>;

}  // namespace cancelsim::properties
