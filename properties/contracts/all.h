// The list of all contracts: who adds one adds it here.
#pragma once

#include <cstdint>
#include <type_traits>

#include "properties/contracts/mechanism/canary.h"
#include "properties/contracts/mechanism/clean_exit.h"
#include "properties/contracts/mechanism/no_double_cancel.h"
#include "properties/contracts/mechanism/no_hot_loop.h"
#include "properties/contracts/mechanism/no_rearm_without_live_tasks.h"
#include "properties/contracts/mechanism/single_flight.h"
#include "properties/contracts/mechanism/uncancel_balance.h"
#include "properties/contracts/programs/consumed_cancellation.h"
#include "properties/contracts/programs/endless_wait.h"
#include "properties/contracts/programs/error_never_retrieved.h"
#include "properties/contracts/programs/error_never_seen.h"
#include "properties/contracts/programs/exception_leaves_main.h"
#include "properties/contracts/programs/exits.h"
#include "properties/contracts/programs/orphaned_scope.h"
#include "properties/contracts/programs/own_promise.h"
#include "properties/contracts/programs/swallow_and_park.h"
#include "properties/contracts/programs/task_left_alive.h"
#include "properties/contracts/promises/caught_is_ours.h"
#include "properties/contracts/promises/deadline.h"
#include "properties/contracts/promises/deferred_self_delivery.h"
#include "properties/contracts/promises/errors_arrive.h"
#include "properties/contracts/promises/group_joins.h"
#include "properties/contracts/promises/group_outcome.h"
#include "properties/contracts/promises/no_livelock.h"
#include "properties/contracts/promises/no_lost_wakeup.h"
#include "properties/contracts/promises/no_spurious_cancel.h"
#include "properties/contracts/promises/not_before_start.h"
#include "properties/contracts/promises/objects/asyncio_group.h"
#include "properties/contracts/promises/objects/cancellers_balance.h"
#include "properties/contracts/promises/objects/end_of_stream.h"
#include "properties/contracts/promises/objects/items_arrive.h"
#include "properties/contracts/promises/objects/no_lost_permit.h"
#include "properties/contracts/promises/objects/notify_reaches.h"
#include "properties/contracts/promises/objects/permits_balance.h"
#include "properties/contracts/promises/objects/timeout_is_ours.h"
#include "properties/contracts/promises/redelivery.h"
#include "properties/contracts/promises/schedule_point.h"
#include "properties/contracts/promises/shield_holds.h"
#include "properties/contracts/promises/start_handshake.h"

namespace cancelsim::properties {

template <class... Classes>
struct ContractList {
    static constexpr std::size_t kCount = sizeof...(Classes);

    /// Calls `visit` with an object of each class in turn, of which only the type counts.
    template <class Visit>
    [[gnu::always_inline]] static void for_each(Visit visit) {
        (visit(std::type_identity<Classes>{}), ...);
    }
    template <class Event>
    static constexpr bool kAnyHears = (sim::Hears<Classes, Event> || ...);
    /// The place of `Class` in the list.
    template <class Class>
    static constexpr std::uint32_t number_of() {
        std::uint32_t number = 0;
        const bool found = ((std::is_same_v<Class, Classes> || (++number, false)) || ...);
        return found ? number : UINT32_MAX;
    }
};

/// What the library promises, in alphabetical order; then what a program owes it; and last the canary, which no kernel
/// is meant to keep.
using AllContracts =
    ContractList<AsyncioGroup, CancellersBalance, CaughtIsOurs, CleanExit, Deadline, DeferredSelfDelivery, EndOfStream,
                 ErrorsArrive, GroupJoins, GroupOutcome, ItemsArrive, NoDoubleCancel, NoHotLoop, NoLivelock,
                 NoLostPermit, NoLostWakeup, NoRearmWithoutLiveTasks, NoSpuriousCancel, NotBeforeStart, NotifyReaches,
                 PermitsBalance, Redelivery, SchedulePoint, ShieldHolds, SingleFlight, StartHandshake, TimeoutIsOurs,
                 UncancelBalance, ConsumedCancellation, EndlessWait, ErrorNeverRetrieved, ErrorNeverSeen,
                 ExceptionLeavesMain, ExitInWrongTask, ExitOutOfOrder, OrphanedScope, OwnPromise, SwallowAndPark,
                 TaskLeftAlive, Canary>;

}  // namespace cancelsim::properties
