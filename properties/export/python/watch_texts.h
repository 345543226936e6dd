// The watches by what they look at. Each is one text of Python, see watch.h.
#pragma once

#include <string_view>

namespace cancelsim::properties::python::watches {

// Tasks that wait: watch_delivery.cpp
extern const std::string_view kParked;
extern const std::string_view kParkedWentOn;  ///< of it: only on virtual time, which moves only when it is meant to
extern const std::string_view kSelfCancelled;
extern const std::string_view kSelfCancelledWentOn;  ///< of it, as above
extern const std::string_view kStartWaits;
extern const std::string_view kLivelock;
extern const std::string_view kLostWakeup;

// Delivery passes, and what they cancel: watch_passes.cpp
extern const std::string_view kHotLoop;
extern const std::string_view kRearm;
extern const std::string_view kSingleFlight;
extern const std::string_view kPassOutOfScope;
extern const std::string_view kStartThroughShield;
extern const std::string_view kSpuriousCancel;
extern const std::string_view kBeforeStart;

// Scopes as they are entered and left: watch_scopes.cpp
extern const std::string_view kDeadline;
extern const std::string_view kCleanExit;
extern const std::string_view kUncancelBalance;
extern const std::string_view kCaught;
extern const std::string_view kWrongTimeout;
extern const std::string_view kNativeSwallowed;

// Task groups: watch_groups.cpp
extern const std::string_view kNativeInGroupExit;
extern const std::string_view kGroupJoins;
extern const std::string_view kGroupOutcome;
extern const std::string_view kErrorsArrive;
extern const std::string_view kStartHandshake;
extern const std::string_view kStartCancelsGroup;

}  // namespace cancelsim::properties::python::watches
