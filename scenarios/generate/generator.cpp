#include "scenarios/generate/generator.h"

#include "scenarios/generate/program_builder.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::array<std::string_view, kProfiles> kProfileNames{"blocks", "misuse", "start"};

/// Deeper, only statements without a body are written. Motifs nest a few levels more.
constexpr int kDeepest = 6;

/// What to write next.
enum class Pick : std::uint8_t {
    wait,
    checkpoint,
    sleep,
    cancel,
    set_deadline,
    set_shield,
    answer,
    native_cancel,
    raise,
    note,
    any_scope,
    attempt,
    repeat,
    spawn,
    start,
    started,
    motif,
    uncancel,
    enter,
    leave,
    group_enter,
    group_leave,
    detached,
};

struct Weight {
    Pick pick;
    unsigned weight;
};

/// A table of `kSlots` picks, so that one draw makes one pick; the weights must add up to that.
constexpr std::uint32_t kSlots = 128;
using Picks = std::array<Pick, kSlots>;
template <std::size_t N>
constexpr Picks slots(const Weight (&weights)[N]) {
    Picks picks{};
    std::size_t next = 0;
    for (const Weight& weight : weights)
        for (unsigned i = 0; i < weight.weight; ++i) picks.at(next++) = weight.pick;
    if (next != kSlots) throw "the weights do not add up to kSlots";
    return picks;
}

constexpr Picks kInBlocks = slots({
    {Pick::wait, 22},
    {Pick::checkpoint, 5},
    {Pick::sleep, 7},
    {Pick::cancel, 12},
    {Pick::set_deadline, 3},
    {Pick::set_shield, 4},
    {Pick::answer, 5},
    {Pick::native_cancel, 4},
    {Pick::raise, 3},
    {Pick::note, 1},
    {Pick::any_scope, 14},
    {Pick::attempt, 12},
    {Pick::repeat, 2},
    {Pick::spawn, 12},
    {Pick::start, 6},
    {Pick::started, 1},
    {Pick::motif, 15},
});

constexpr Picks kInMisuse = slots({
    {Pick::wait, 22},        {Pick::checkpoint, 5}, {Pick::sleep, 7},   {Pick::cancel, 14},
    {Pick::set_deadline, 3}, {Pick::set_shield, 3}, {Pick::answer, 4},  {Pick::native_cancel, 3},
    {Pick::raise, 2},        {Pick::any_scope, 9},  {Pick::attempt, 8}, {Pick::repeat, 1},
    {Pick::spawn, 8},        {Pick::start, 3},      {Pick::started, 1}, {Pick::motif, 15},
    {Pick::uncancel, 1},     {Pick::enter, 6},      {Pick::leave, 4},   {Pick::group_enter, 2},
    {Pick::group_leave, 2},  {Pick::detached, 5},
});

constexpr Picks kInStart = slots({
    {Pick::wait, 22},
    {Pick::checkpoint, 5},
    {Pick::sleep, 5},
    {Pick::cancel, 14},
    {Pick::set_deadline, 3},
    {Pick::set_shield, 5},
    {Pick::answer, 5},
    {Pick::native_cancel, 4},
    {Pick::raise, 4},
    {Pick::any_scope, 12},
    {Pick::attempt, 8},
    {Pick::repeat, 1},
    {Pick::spawn, 8},
    {Pick::start, 14},
    {Pick::started, 4},
    {Pick::motif, 10},
    {Pick::detached, 4},
});

constexpr std::array<Picks, kProfiles> kByProfile{kInBlocks, kInMisuse, kInStart};

/// What stands at the top of `main`: mostly something with tasks in it.
constexpr Picks kAtTop = slots({
    {Pick::motif, 72},
    {Pick::any_scope, 36},
    {Pick::wait, 8},
    {Pick::checkpoint, 4},
    {Pick::attempt, 8},
});

using Builder = ProgramBuilder;

void write(Builder& b, Pick pick);

void write_statement(Builder& b) { write(b, kByProfile[static_cast<std::size_t>(b.profile)][b.random.below(kSlots)]); }

/// Every kind of `try`; one in three has a handler that waits: then exceptions meet others that are being handled.
void write_attempt(Builder& b) {
    const std::uint32_t kind = b.random.below(8);
    auto body = [&] { write_body(b, 2); };
    auto handler = [&] {
        if (b.flip()) write_body(b, 2);
    };
    auto finally = [&] { write_body(b, 2); };
    if (kind == 0) {
        b.attempt(
            {Catch::none, Then::swallow}, body, [] {}, finally);
        return;
    }
    const Catch catches = kind < 5 ? Catch::cancelled : kind < 7 ? Catch::all : Catch::error;
    const std::uint32_t how = b.random.below(8);
    const Then then = how < 4 ? Then::swallow : how < 6 ? Then::reraise : Then::raise_cancelled;
    if (b.random.chance(1, 4))
        b.attempt({catches, then}, body, handler, finally);
    else
        b.attempt({catches, then}, body, handler);
}

/// A cancellation that nobody waits after shows nothing.
void write_cancel(Builder& b) {
    const Name name = b.some_scope();
    if (name == kNoName) return b.wait();
    b.add(Op::cancel, name);
    if (b.flip()) b.wait();
}

void write_child(Builder& b, Op op) {
    const Name group = op == Op::spawn_detached ? kNoName : b.some_group();
    if (group == kNoName && op != Op::spawn_detached) {
        b.group([&](Name) {
            if (b.left > 0) write_child(b, op);
            write_body(b, 3);
        });
        return;
    }
    b.child(op, group, [&](Name) {
        if (op == Op::start && b.random.chance(3, 4)) {
            if (b.flip()) b.wait();
            b.add(Op::started);
        }
        write_body(b, 3);
    });
}

void write_leave(Builder& b, bool group) {
    const Name by_hand = b.some_by_hand();
    const bool is_group = by_hand != kNoName && by_hand >= generated::group(0);
    if (group)
        b.add(Op::group_exit, is_group ? by_hand : generated::group(0));
    else
        b.add(Op::exit, by_hand != kNoName && b.random.chance(7, 8) ? by_hand : generated::scope(0));
}

void write_without_body(Builder& b, Pick pick) {
    switch (pick) {
        case Pick::checkpoint: return b.add(Op::checkpoint);
        case Pick::sleep: return b.sleep();
        case Pick::cancel: return write_cancel(b);
        case Pick::set_deadline:
            if (const Name name = b.some_scope(); name == kNoName)
                b.wait();
            else if (b.random.chance(1, 6))
                b.write_deed({.op = Op::set_deadline, .name = name});
            else
                b.set_deadline(name, b.small_or_past());
            return;
        case Pick::set_shield:
            if (const Name name = b.some_scope(); name == kNoName)
                b.wait();
            else
                b.set_shield(name, b.flip());
            return;
        case Pick::answer: return b.flip() ? b.add(Op::event_set, b.event()) : b.add(Op::future_resolve, b.future());
        case Pick::native_cancel: return b.add(Op::native_cancel, b.some_task());
        case Pick::raise: return b.add(Op::raise, b.error());
        case Pick::note: return b.add(Op::note, generated::kNote);
        case Pick::started: return b.add(Op::started);
        case Pick::uncancel: return b.add(Op::uncancel);
        case Pick::enter: b.enter(b.random_options()); return;
        case Pick::group_enter: b.group_enter(); return;
        case Pick::leave: return write_leave(b, false);
        case Pick::group_leave: return write_leave(b, true);
        default: return b.wait();
    }
}

void write(Builder& b, Pick pick) {
    if (b.depth >= kDeepest || b.left < 2) return write_without_body(b, pick);
    switch (pick) {
        case Pick::any_scope: return b.any_scope([&](Name) { write_body(b, 4); });
        case Pick::attempt: return write_attempt(b);
        case Pick::repeat:
            if (b.loops() > 0) return b.wait();
            return b.repeat(2 + b.random.below(3), [&] { write_body(b, 2); });
        case Pick::spawn: return write_child(b, Op::spawn);
        case Pick::start: return write_child(b, Op::start);
        case Pick::detached: return write_child(b, Op::spawn_detached);
        case Pick::motif: return write_motif(b);
        default: return write_without_body(b, pick);
    }
}

/// What the outside world does beyond what the motifs asked for.
void write_outside(Builder& b) {
    for (std::uint32_t entries = b.random.below(8); entries >= 5; --entries) {
        b.outside();
        do {
            const std::uint32_t kind = b.random.below(8);
            const Name scope = b.some_scope();
            if (kind < 4 && scope != kNoName)
                b.deed({.op = Op::cancel, .name = scope});
            else if (kind < 6)
                b.deed({.op = Op::native_cancel, .name = b.some_task()});
            else if (kind < 7 && scope != kNoName)
                b.deed({.op = Op::set_shield, .name = scope, .flag = b.flip()});
            else if (scope != kNoName)
                b.deed({.op = Op::set_deadline, .name = scope, .has_number = true, .number = b.small_or_past()});
        } while (b.random.chance(1, 3));
    }
}

}  // namespace

void write_body(ProgramBuilder& b, std::uint32_t most) {
    // A body is never empty, and the last statement of a case may be the one that overdraws it.
    std::uint32_t statements = 1 + b.random.below(most);
    do write_statement(b);
    while (--statements > 0 && b.left > 0);
}

std::string_view name_of(Profile profile) { return kProfileNames[static_cast<std::size_t>(profile)]; }

std::optional<Profile> find_profile(std::string_view name) {
    for (int i = 0; i < kProfiles; ++i)
        if (name == kProfileNames[static_cast<std::size_t>(i)]) return static_cast<Profile>(i);
    return std::nullopt;
}

void generate(Profile profile, std::uint64_t seed, Case& into) {
    Builder b(profile, seed, into);
    // Small programs run fast and fail for one reason; now and then a large one.
    b.left = static_cast<int>(b.random.chance(1, 6) ? 20 + b.random.below(32) : 5 + b.random.below(14));
    while (b.left > 0) write(b, kAtTop[b.random.below(kSlots)]);
    write_outside(b);
    b.finish();
}

}  // namespace cancelsim::scenarios
