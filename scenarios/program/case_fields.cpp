#include "scenarios/program/case_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace cancelsim::scenarios {

namespace {

constexpr bool kOptional = false;

constexpr Field kName{"name", FieldKind::name};
constexpr Field kScope{"scope", FieldKind::name};
constexpr Field kGroup{"group", FieldKind::name};
constexpr Field kEvent{"event", FieldKind::name};
constexpr Field kFuture{"future", FieldKind::name};
constexpr Field kNewTask{"task", FieldKind::task};
constexpr Field kTask{"task", FieldKind::name};
constexpr Field kError{"error", FieldKind::error};
constexpr Field kText{"text", FieldKind::text};
constexpr Field kFor{"for", FieldKind::number};
constexpr Field kDelay{"delay", FieldKind::number};
constexpr Field kTimes{"times", FieldKind::number, true, 1};
constexpr Field kDeadline{"deadline", FieldKind::maybe_number, kOptional};
constexpr Field kIn{"in", FieldKind::number_or_null};
constexpr Field kShield{"shield", FieldKind::flag, kOptional};
constexpr Field kValue{"value", FieldKind::flag};
constexpr Field kCancelFirst{"cancel_first", FieldKind::cancel_first, kOptional};
constexpr Field kBody{"body", FieldKind::body};
constexpr Field kCatch{"catch", FieldKind::catches, kOptional};
constexpr Field kThen{"then", FieldKind::then, kOptional};
constexpr Field kHandler{"handler", FieldKind::handler, kOptional};
constexpr Field kFinally{"finally", FieldKind::finally, kOptional};

struct Row {
    Op op;
    std::array<Field, 5> fields{};
};

constexpr std::array<Row, kOps> kRows{{
    {Op::sleep, {kFor}},
    {Op::checkpoint},
    {Op::checkpoint_if_cancelled},
    {Op::cancel_shielded_checkpoint},
    {Op::event_wait, {kEvent}},
    {Op::event_set, {kEvent}},
    {Op::future_wait, {kFuture}},
    {Op::future_resolve, {kFuture}},
    {Op::scope, {kName, kShield, kDeadline, kCancelFirst, kBody}},
    {Op::fail_after, {kName, kDelay, kShield, kBody}},
    {Op::group, {kName, kBody}},
    {Op::spawn, {kGroup, kNewTask, kBody}},
    {Op::start, {kGroup, kNewTask, kBody}},
    {Op::started},
    {Op::cancel, {kScope}},
    {Op::set_shield, {kScope, kValue}},
    {Op::set_deadline, {kScope, kIn}},
    {Op::try_, {kBody, kCatch, kThen, kHandler, kFinally}},
    {Op::repeat, {kTimes, kBody}},
    {Op::raise, {kError}},
    {Op::native_cancel, {kTask}},
    {Op::uncancel},
    {Op::note, {kText}},
    {Op::enter, {kName, kShield, kDeadline}},
    {Op::exit, {kScope}},
    {Op::group_enter, {kName}},
    {Op::group_exit, {kGroup}},
    {Op::spawn_detached, {kNewTask, kBody}},
}};

constexpr bool rows_are_by_op() {
    for (std::size_t row = 0; row < kRows.size(); ++row) {
        if (static_cast<std::size_t>(kRows[row].op) != row) return false;
    }
    return true;
}
static_assert(rows_are_by_op());

std::string integer_from(std::int64_t least) {
    return fmt::format("an integer from {} to {}", least, kNumberLimit - 1);
}

}  // namespace

std::span<const Field> fields_of(Op op) {
    const auto& fields = kRows[static_cast<std::size_t>(op)].fields;
    auto end = std::find_if(fields.begin(), fields.end(), [](auto& field) { return field.kind == FieldKind::none; });
    return {fields.begin(), end};
}

std::string one_of(std::span<const std::string_view> words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
        text += fmt::format("\"{}\"", words[i]);
    }
    return text;
}

std::string expected_of(const Field& field) {
    switch (field.kind) {
        case FieldKind::none: return {};
        case FieldKind::name:
        case FieldKind::task: return std::string(kNameRule);
        case FieldKind::error: return fmt::format("{} that is not {}", kNameRule, one_of(kReservedErrors));
        case FieldKind::text: return "a string";
        case FieldKind::number: return integer_from(field.least);
        case FieldKind::maybe_number: return integer_from(1 - kNumberLimit);
        case FieldKind::number_or_null: return "null or " + integer_from(1 - kNumberLimit);
        case FieldKind::flag:
        case FieldKind::cancel_first: return "true or false";
        case FieldKind::catches: return one_of(std::span(kCatchNames).subspan(1));
        case FieldKind::then: return one_of(kThenNames);
        case FieldKind::body:
        case FieldKind::handler:
        case FieldKind::finally: return "a list of statements";
    }
    return {};
}

}  // namespace cancelsim::scenarios
