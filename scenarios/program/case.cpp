#include "scenarios/program/case.h"

#include <algorithm>
#include <array>

namespace cancelsim::scenarios {

namespace {
constexpr std::array<std::string_view, kOps> kOpNames{
    "sleep",
    "checkpoint",
    "checkpoint_if_cancelled",
    "cancel_shielded_checkpoint",
    "event_wait",
    "event_set",
    "future_wait",
    "future_resolve",
    "scope",
    "fail_after",
    "group",
    "spawn",
    "start",
    "started",
    "cancel",
    "set_shield",
    "set_deadline",
    "try",
    "repeat",
    "raise",
    "native_cancel",
    "uncancel",
    "note",
    "enter",
    "exit",
    "group_enter",
    "group_exit",
    "spawn_detached",
};
}  // namespace

std::string_view name_of(Op op) { return kOpNames[static_cast<std::size_t>(op)]; }

Name Case::intern(std::string_view text) {
    auto found = std::find(names.begin(), names.end(), text);
    if (found != names.end()) return static_cast<Name>(found - names.begin());
    names.emplace_back(text);
    return static_cast<Name>(names.size() - 1);
}

bool is_block(Op op) {
    switch (op) {
        case Op::scope:
        case Op::fail_after:
        case Op::group:
        case Op::spawn:
        case Op::start:
        case Op::try_:
        case Op::repeat:
        case Op::spawn_detached: return true;
        default: return false;
    }
}

bool allowed_in_environment(Op op) {
    switch (op) {
        case Op::cancel:
        case Op::set_shield:
        case Op::set_deadline:
        case Op::event_set:
        case Op::future_resolve:
        case Op::native_cancel:
        case Op::note: return true;
        default: return false;
    }
}

bool has_misuse(const Case& program) {
    const auto bit = [](Op op) { return std::uint64_t{1} << static_cast<unsigned>(op); };
    const std::uint64_t by_hand = bit(Op::enter) | bit(Op::exit) | bit(Op::group_enter) | bit(Op::group_exit);
    std::uint64_t used = 0;
    for (const Statement& statement : program.statements) used |= bit(statement.op);
    return (used & by_hand) != 0;
}

}  // namespace cancelsim::scenarios
