// The contracts, one a file. CONTRACTS.md states them; contracts.cpp lists them under their names.
#pragma once

#include "properties/contract.h"

namespace cancelsim::properties {

std::unique_ptr<Contract> make_canary();
std::unique_ptr<Contract> make_caught_is_ours();
std::unique_ptr<Contract> make_clean_exit();
std::unique_ptr<Contract> make_deadline();
std::unique_ptr<Contract> make_deferred_self_delivery();
std::unique_ptr<Contract> make_errors_arrive();
std::unique_ptr<Contract> make_group_joins();
std::unique_ptr<Contract> make_group_outcome();
std::unique_ptr<Contract> make_no_hot_loop();
std::unique_ptr<Contract> make_no_livelock();
std::unique_ptr<Contract> make_no_lost_wakeup();
std::unique_ptr<Contract> make_no_rearm_without_live_tasks();
std::unique_ptr<Contract> make_no_spurious_cancel();
std::unique_ptr<Contract> make_not_before_start();
std::unique_ptr<Contract> make_redelivery();
std::unique_ptr<Contract> make_shield_holds();
std::unique_ptr<Contract> make_single_flight();
std::unique_ptr<Contract> make_start_handshake();
std::unique_ptr<Contract> make_uncancel_balance();

}  // namespace cancelsim::properties
