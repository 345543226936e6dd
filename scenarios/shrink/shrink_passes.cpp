#include "scenarios/shrink/shrink_passes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "scenarios/program/case_names.h"
#include "scenarios/program/object_type.h"
#include "scenarios/program/rebuilder.h"

namespace cancelsim::scenarios {

namespace {

/// Calls `visit(begin, end)` for every list of statements: of main, of entries, of blocks; until it returns true.
template <class Visit>
bool any_list(const Case& program, Visit visit) {
    if (visit(0U, program.main_end)) return true;
    for (const EnvironmentEntry& entry : program.environment)
        if (visit(entry.begin, entry.end)) return true;
    for (std::uint32_t i = 0; i < program.statements.size(); ++i) {
        const Statement& statement = program.statements[i];
        if (!is_block(statement.op)) continue;
        const Parts parts = parts_of(statement);
        if (visit(i + parts.body.begin, i + parts.body.end)) return true;
        if (type_of(statement.op).fields->parts() == 1) continue;
        if (visit(i + parts.handler.begin, i + parts.handler.end)) return true;
        if (visit(i + parts.finally.begin, i + parts.finally.end)) return true;
    }
    return false;
}

// Environment entries: all, then one by one.

std::size_t entry_steps(const Case& from) {
    const std::size_t entries = from.environment.size();
    return entries < 2 ? entries : entries + 1;
}

bool drop_entries(const Case& from, std::size_t step, Case& into) {
    const std::size_t entries = from.environment.size();
    Rebuilder rebuilder(from, into);
    if (step == 0)
        rebuilder.rebuild(0, entries);
    else
        rebuilder.rebuild(step - 1, step);
    return true;
}

/// Everything that refers to one name; a block that binds it leaves its body, a task goes with all that it does.
bool drop_name(const Case& from, std::size_t step, Case& into) {
    const NameUse gone = names_in_use(from)[step];
    Rebuilder rebuilder(from, into);
    for (std::size_t i = 0; i < from.statements.size(); ++i) {
        const Statement& statement = from.statements[i];
        for_each_name_in(from, statement, [&](const Field& field, Name name) {
            const bool is_it =
                field.names == gone.kind || (gone.kind == NameKind::group && field.names == NameKind::scope);
            if (name != gone.name || !is_it) return;
            const bool leaves_body = is_block(statement.op) && !type_of(statement.op).fields->spawns();
            rebuilder.fates[i] = leaves_body ? Fate::body : Fate::drop;
        });
    }
    rebuilder.rebuild();
    if (gone.kind == NameKind::future) {
        std::erase(into.stubborn, gone.name);
        std::erase(into.plain_futures, gone.name);
    }
    if (gone.kind == NameKind::object && into.objects) {
        std::erase_if(*into.objects, [&](const ObjectSpec& object) { return object.name == gone.name; });
        for (ObjectSpec& object : *into.objects)
            if (object.lock == gone.name) object.lock = kNoName;
        if (into.objects->empty()) into.objects.reset();
    }
    return true;
}

std::size_t name_steps(const Case& from) { return names_in_use(from).size(); }

// Runs of siblings: of 2^k, for the largest k first.

std::size_t runs_of_siblings(const Case& from) {
    return from.statements.size() * static_cast<std::size_t>(std::bit_width(from.statements.size()));
}

bool drop_siblings(const Case& from, std::size_t step, Case& into) {
    const std::size_t count = from.statements.size();
    const std::size_t length = std::size_t{1} << (runs_of_siblings(from) / count - 1 - step / count);
    const std::size_t first = step % count;
    Rebuilder rebuilder(from, into);
    const bool found = any_list(from, [&](std::uint32_t begin, std::uint32_t end) {
        if (first < begin || first >= end) return false;
        std::size_t ordinal = 0;
        std::uint32_t at = begin;
        while (at < first) {
            at += from.statements[at].size;
            ++ordinal;
        }
        if (at != first) return false;  // deeper in
        if (ordinal % length != 0) return false;
        std::size_t dropped = 0;
        for (; at < end && dropped < length; at += from.statements[at].size, ++dropped)
            rebuilder.fates[at] = Fate::drop;
        return dropped > length / 2;  // a shorter run comes again with a smaller length
    });
    if (!found) return false;
    rebuilder.rebuild();
    return true;
}

// One of a block's parts in its place.

constexpr std::array kParts{Fate::body, Fate::handler, Fate::finally};

bool hoist(const Case& from, std::size_t step, Case& into) {
    const std::size_t at = step / kParts.size();
    const Statement& statement = from.statements[at];
    const Fate part = kParts[step % kParts.size()];
    if (!is_block(statement.op)) return false;
    const Parts parts = parts_of(statement);
    if (part == Fate::handler && parts.handler.begin == parts.handler.end) return false;
    if (part == Fate::finally && parts.finally.begin == parts.finally.end) return false;
    Rebuilder rebuilder(from, into);
    rebuilder.fates[at] = part;
    rebuilder.rebuild();
    return true;
}

std::size_t part_steps(const Case& from) { return from.statements.size() * kParts.size(); }

/// A `try` without its handler, without its finally, without its catch.
bool drop_part_of_try(const Case& from, std::size_t step, Case& into) {
    const std::size_t at = step / 3;
    const Statement& statement = from.statements[at];
    if (type_of(statement.op).fields->parts() != 3) return false;
    const bool catches = step % 3 != 1;  // whether it is something of the catch that goes
    if (catches && statement.catches == Catch::none) return false;
    if (step % 3 == 0 && statement.handler == statement.finally) return false;
    if (step % 3 == 1 && (!statement.has_finally || statement.catches == Catch::none)) return false;
    if (step % 3 == 2 && !statement.has_finally) return false;
    Rebuilder rebuilder(from, into);
    const std::size_t begin = at + (catches ? statement.handler : statement.finally);
    const std::size_t end = at + (catches ? statement.finally : statement.size);
    for (std::size_t i = begin; i < end; ++i) rebuilder.fates[i] = Fate::drop;
    rebuilder.rebuild();
    // What is before a statement has not moved.
    if (step % 3 == 1) into.statements[at].has_finally = false;
    if (step % 3 == 2) {
        into.statements[at].catches = Catch::none;
        into.statements[at].then = Then::swallow;
    }
    return true;
}

std::size_t three_a_statement(const Case& from) { return 3 * from.statements.size(); }

/// A simpler statement in place of another, in the ways that its type knows.
bool simplify(const Case& from, std::size_t step, Case& into) {
    Statement changed = from.statements[step / kMostSimpler];
    const auto& ways = *type_of(changed.op).shrinking->simpler;
    const std::size_t way = step % kMostSimpler;
    if (way >= ways.size() || !ways[way](changed)) return false;
    Case simpler = from;
    simpler.statements[step / kMostSimpler] = changed;
    Rebuilder(simpler, into).rebuild();  // without the list that the statement may have had
    return true;
}

std::size_t simplifications(const Case& from) { return kMostSimpler * from.statements.size(); }

constexpr std::size_t kFlagSteps = 7;

/// One flag of a statement fewer, or a `then` or `catch` that does less.
bool drop_flag(const Case& from, std::size_t step, Case& into) {
    Statement changed = from.statements[step / kFlagSteps];
    switch (step % kFlagSteps) {
        case 0: changed.flag = false; break;
        case 1: changed.cancel_first = false; break;
        case 2:
            if (!changed.has_number) return false;
            changed.has_number = false;
            changed.number = 0;
            break;
        case 3: changed.then = Then::swallow; break;
        case 4:
            if (changed.then == Then::raise_cancelled) changed.then = Then::reraise;
            break;
        case 5:
            if (changed.catches == Catch::all) changed.catches = Catch::cancelled;
            break;
        case 6: changed.word = 0; break;
    }
    into = from;
    return std::exchange(into.statements[step / kFlagSteps], changed) != changed;
}

std::size_t flag_steps(const Case& from) { return kFlagSteps * from.statements.size(); }

/// One name of a list, if it is not the last.
bool drop_listed_name(const Case& from, std::size_t step, Case& into) {
    into = from;
    into.lists.erase(into.lists.begin() + static_cast<std::ptrdiff_t>(step));
    for (Statement& statement : into.statements) {
        if (!type_of(statement.op).fields->has_list()) continue;
        if (statement.handler > step)
            --statement.handler;
        else if (step < statement.handler + statement.finally && --statement.finally == 0)
            return false;
    }
    return true;
}

/// The properties of futures.
bool drop_future_property(const Case& from, std::size_t step, Case& into) {
    into = from;
    if (step < from.stubborn.size())
        into.stubborn.erase(into.stubborn.begin() + static_cast<std::ptrdiff_t>(step));
    else
        into.plain_futures.erase(into.plain_futures.begin() + static_cast<std::ptrdiff_t>(step - from.stubborn.size()));
    return true;
}

std::size_t future_steps(const Case& from) { return from.stubborn.size() + from.plain_futures.size(); }

/// A number nearer to `least`, or to 0 where it may have either sign: there at once, half the way, by one.
bool shrink_number(std::int64_t& number, std::int64_t least, std::size_t how) {
    const std::int64_t before = number;
    const std::int64_t simplest = std::max<std::int64_t>(least, 0);
    if (how == 0) number = simplest;
    if (how == 1) number = before > 0 ? std::max(simplest, before / 2) : before / 2;
    if (how == 2) number = before > 0 ? before - 1 : before + 1;
    return before != simplest && (before < 0 ? number <= 0 : number >= simplest) && number != before;
}

bool shrink_statement_number(const Case& from, std::size_t step, Case& into) {
    const Statement& statement = from.statements[step / 3];
    std::int64_t number = statement.number;
    std::int64_t least = 0;
    bool has_number = false;
    for (const Field& field : *type_of(statement.op).fields) {
        if (field.slot != Slot::number) continue;
        least = std::max<std::int64_t>(least, field.least);
        has_number = statement.has_number || (field.required && field.kind == FieldKind::number);
    }
    if (!has_number || !shrink_number(number, least, step % 3)) return false;
    into = from;
    into.statements[step / 3].number = number;
    return true;
}

/// A property of an object fewer, or one that is nearer to the least.
bool simplify_object(const Case& from, std::size_t step, Case& into) {
    into = from;
    ObjectSpec& object = (*into.objects)[step / 6];
    switch (step % 6) {
        case 0: object.fast_acquire = false; break;
        case 1: object.max_value = ObjectSpec::kNoMaximum; break;
        case 2: object.lock = kNoName; break;
        default:
            for (const Property& property : *type_of(object.kind).properties)
                if (property.slot == PropertySlot::amount)
                    return shrink_number(object.amount, property.least, step % 6 - 3);
            return false;
    }
    return object != (*from.objects)[step / 6];
}

std::size_t six_an_object(const Case& from) { return 6 * from.object_list().size(); }

bool shrink_moment(const Case& from, std::size_t step, Case& into) {
    const EnvironmentEntry& entry = from.environment[step / 3];
    std::int64_t when = entry.when;
    if (!shrink_number(when, entry.at_iteration ? 1 : 0, step % 3)) return false;
    into = from;
    into.environment[step / 3].when = when;
    return true;
}

std::size_t three_an_entry(const Case& from) { return 3 * from.environment.size(); }

/// Two neighbours in the environment at the moment of one of them.
bool merge_entries(const Case& from, std::size_t step, Case& into) {
    into = from;
    const std::size_t first = step / 2;
    auto& entries = into.environment;
    if (step % 2 == 1) {
        entries[first].at_iteration = entries[first + 1].at_iteration;
        entries[first].when = entries[first + 1].when;
    }
    entries[first].end = entries[first + 1].end;
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(first) + 1);
    return true;
}

std::size_t neighbour_steps(const Case& from) {
    return from.environment.size() < 2 ? 0 : 2 * (from.environment.size() - 1);
}

/// One event, future or error in place of another.
bool merge_names(const Case& from, std::size_t step, Case& into) {
    const auto names = names_in_use(from);
    const NameUse kept = names[step / names.size()];
    const NameUse gone = names[step % names.size()];
    if (kept.kind != gone.kind || step / names.size() >= step % names.size()) return false;
    if (kept.kind != NameKind::event && kept.kind != NameKind::future && kept.kind != NameKind::error) return false;
    into = from;
    for (Statement& statement : into.statements)
        for_each_name_in(into, statement, [&](const Field& field, Name& name) {
            if (field.names == gone.kind && name == gone.name) name = kept.name;
        });
    if (gone.kind == NameKind::future) {
        std::erase(into.stubborn, gone.name);
        std::erase(into.plain_futures, gone.name);
    }
    return true;
}

std::size_t pair_steps(const Case& from) {
    const std::size_t names = names_in_use(from).size();
    return names * names;
}

/// Two statements at once, each gone or, if it is a block, replaced by its body: the way out where one cannot go
/// without the other.
bool drop_two(const Case& from, std::size_t step, Case& into) {
    const std::size_t count = 2 * from.statements.size();
    const std::size_t first = step / count;
    const std::size_t second = step % count;
    if (first / 2 >= second / 2) return false;
    Rebuilder rebuilder(from, into);
    for (const std::size_t each : {first, second}) {
        const Statement& statement = from.statements[each / 2];
        const bool has_body = is_block(statement.op) && statement.size > 1;
        if (each % 2 == 1 && !has_body) return false;
        rebuilder.fates[each / 2] = each % 2 == 1 ? Fate::body : Fate::drop;
    }
    rebuilder.rebuild();
    return true;
}

std::size_t statement_pair_steps(const Case& from) { return 4 * from.statements.size() * from.statements.size(); }

/// A statement gone, or a block replaced by its body, and what comes from outside after it sooner by so much: the way
/// out where a statement is only there to let iterations, or time, pass until then.
constexpr std::size_t kMostSooner = 8;

bool drop_and_hasten(const Case& from, std::size_t step, Case& into) {
    const std::size_t sooner = step % kMostSooner + 1;
    const bool in_time = step / kMostSooner % 2 == 1;
    const bool hoisted = step / kMostSooner / 2 % 2 == 1;
    const std::size_t at = step / kMostSooner / 4;
    const Statement& statement = from.statements[at];
    if (hoisted && (!is_block(statement.op) || statement.size == 1)) return false;
    Rebuilder rebuilder(from, into);
    rebuilder.fates[at] = hoisted ? Fate::body : Fate::drop;
    rebuilder.rebuild();
    bool moved = false;
    for (EnvironmentEntry& entry : into.environment) {
        if (entry.at_iteration == in_time || entry.when <= static_cast<std::int64_t>(sooner)) continue;
        entry.when -= static_cast<std::int64_t>(sooner);
        moved = true;
    }
    return moved;
}

std::size_t hastened_steps(const Case& from) {
    return from.environment.empty() ? 0 : 4 * kMostSooner * from.statements.size();
}

bool rename(const Case& from, std::size_t, Case& into) {
    into = with_canonical_names(from);
    return true;
}

constexpr std::array kPasses{
    ShrinkPass{entry_steps, drop_entries},
    ShrinkPass{name_steps, drop_name},
    ShrinkPass{runs_of_siblings, drop_siblings},
    ShrinkPass{part_steps, hoist},
    ShrinkPass{three_a_statement, drop_part_of_try},
    ShrinkPass{neighbour_steps, merge_entries},
    ShrinkPass{simplifications, simplify},
    ShrinkPass{flag_steps, drop_flag},
    ShrinkPass{[](const Case& from) { return from.lists.size(); }, drop_listed_name},
    ShrinkPass{future_steps, drop_future_property},
    ShrinkPass{pair_steps, merge_names},
    ShrinkPass{three_a_statement, shrink_statement_number},
    ShrinkPass{three_an_entry, shrink_moment},
    ShrinkPass{six_an_object, simplify_object},
    ShrinkPass{[](const Case&) { return std::size_t{1}; }, rename},
    ShrinkPass{hastened_steps, drop_and_hasten},
    ShrinkPass{statement_pair_steps, drop_two},
};

}  // namespace

std::span<const ShrinkPass> shrink_passes() { return kPasses; }

}  // namespace cancelsim::scenarios
