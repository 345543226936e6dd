#include "scenarios/generate/generator.h"

#include <algorithm>
#include <cassert>

#include "scenarios/generate/program_builder.h"
#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::array<std::string_view, kProfiles> kProfileNames{"blocks",  "misuse", "start",
                                                                "objects", "native", "all"};

/// Deeper, only statements without a body are written. Motifs nest a few levels more.
constexpr int kDeepest = 6;

/// A table of `kDraws` draws, so that one draw makes one pick; the weights must add up to that.
constexpr std::uint32_t kDraws = 128;

/// What a draw can lead to: a statement's, or one of two that are the generator's own.
using Draws = std::array<const Generation*, kDraws>;

/// Any statement that waits.
constexpr Generation kWait{.weights = Weights{.blocks = 22, .misuse = 22, .start = 22, .objects = 12, .native = 12},
                           .write = [](ProgramBuilder& b) { b.wait(); },
                           .nests = false};
constexpr Generation kMotif{.weights = Weights{.blocks = 15, .misuse = 15, .start = 10, .objects = 14, .native = 14},
                            .write = write_motif,
                            .nests = true};

/// The statements' own, in the order in which the first profiles laid out their draws. New statements follow them, in
/// the order of their codes.
constexpr std::array kFirstLaidOut{
    Op::checkpoint, Op::sleep,    Op::cancel, Op::set_deadline, Op::set_shield,  Op::event_set,  Op::native_cancel,
    Op::raise,      Op::note,     Op::scope,  Op::try_,         Op::repeat,      Op::spawn,      Op::start,
    Op::started,    Op::uncancel, Op::enter,  Op::exit,         Op::group_enter, Op::group_exit, Op::spawn_detached,
};
/// The motifs come after this one.
constexpr Op kLastBeforeMotif = Op::started;

std::uint32_t weight_in(Profile profile, const Weights& weights) {
    switch (profile) {
        case Profile::blocks: return weights.blocks;
        case Profile::misuse: return weights.misuse;
        case Profile::start: return weights.start;
        case Profile::objects: return weights.objects;
        case Profile::native: return weights.native;
        case Profile::all: break;  // it draws from the others'
    }
    return 0;
}

Draws draws_of(Profile profile) {
    Draws draws{};
    std::size_t next = 0;
    const auto lay_out = [&](const Generation& generation) {
        for (std::uint32_t i = weight_in(profile, *generation.weights); i > 0; --i) draws.at(next++) = &generation;
    };
    lay_out(kWait);
    for (const Op op : kFirstLaidOut) {
        lay_out(*type_of(op).generation);
        if (op == kLastBeforeMotif) lay_out(kMotif);
    }
    for (int i = 0; i < kOps; ++i)
        if (const auto op = static_cast<Op>(i);
            std::find(kFirstLaidOut.begin(), kFirstLaidOut.end(), op) == kFirstLaidOut.end())
            lay_out(*type_of(op).generation);
    assert(next == kDraws);
    return draws;
}

/// What stands at the top of `main`: mostly something with tasks in it.
Draws draws_at_top() {
    struct Share {
        const Generation& generation;
        std::uint32_t weight;
    };
    const Share shares[]{
        {kMotif, 72},
        {*statements::scope.generation, 36},
        {kWait, 8},
        {*statements::checkpoint.generation, 4},
        {*statements::try_.generation, 8},
    };
    Draws draws{};
    std::size_t next = 0;
    for (const Share& share : shares)
        for (std::uint32_t i = 0; i < share.weight; ++i) draws.at(next++) = &share.generation;
    assert(next == kDraws);
    return draws;
}

/// Those of all profiles but `all`.
const std::array<Draws, kProfiles - 1> kDrawsIn{draws_of(Profile::blocks), draws_of(Profile::misuse),
                                                draws_of(Profile::start), draws_of(Profile::objects),
                                                draws_of(Profile::native)};
const Draws kAtTop = draws_at_top();

using Builder = ProgramBuilder;

void write(Builder& b, const Draws& draws) {
    const Generation& drawn = *draws[b.random.below(kDraws)];
    if (*drawn.nests && (b.depth >= kDeepest || b.left < 2)) return b.wait();
    (*drawn.write)(b);
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

/// The profile whose draws write the next statement.
Profile drawn_from(Builder& b) {
    if (b.profile != Profile::all) return b.profile;
    constexpr std::array kEach{Profile::objects, Profile::native, Profile::objects, Profile::native, Profile::start};
    return kEach[b.random.below(kEach.size())];
}

}  // namespace

void write_body(ProgramBuilder& b, std::uint32_t most) {
    // A body is never empty, and the last statement of a case may be the one that overdraws it.
    std::uint32_t statements = 1 + b.random.below(most);
    do write(b, kDrawsIn[static_cast<std::size_t>(drawn_from(b))]);
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
    if (has_objects(profile)) make_objects(b);
    while (b.left > 0) write(b, kAtTop);
    write_outside(b);
    b.finish();
}

}  // namespace cancelsim::scenarios
