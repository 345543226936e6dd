#include "scenarios/shrink/shrinker.h"

#include <cstdlib>
#include <utility>

#include "scenarios/program/case_names.h"
#include "scenarios/program/statement_type.h"
#include "scenarios/shrink/shrink_passes.h"

namespace cancelsim::scenarios {

namespace {

std::uint64_t weight_of(const Statement& statement) {
    return 4 * static_cast<std::uint64_t>(*type_of(statement.op).shrinking->weight) + (statement.flag ? 1 : 0) +
           (statement.cancel_first ? 1 : 0) + (statement.has_number ? 1 : 0) + (statement.has_finally ? 2 : 0) +
           static_cast<std::uint64_t>(statement.catches) + static_cast<std::uint64_t>(statement.then) + statement.word;
}

}  // namespace

CaseSize size_of(const Case& program) {
    CaseSize size;
    size.statements = program.statements.size() + program.environment.size();
    size.weight = 2 * program.stubborn.size() + program.plain_futures.size() + program.lists.size();
    size.names = names_in_use(program).size();
    for (const Statement& statement : program.statements) {
        size.weight += weight_of(statement);
        size.numbers += static_cast<std::uint64_t>(std::abs(statement.number));
    }
    for (const EnvironmentEntry& entry : program.environment) size.numbers += static_cast<std::uint64_t>(entry.when);
    for (const ObjectSpec& object : program.object_list()) {
        const bool has_maximum = object.max_value != ObjectSpec::kNoMaximum;
        size.weight += (object.fast_acquire ? 1U : 0U) + (has_maximum ? 1U : 0U) + (object.lock != kNoName ? 1U : 0U);
        size.numbers += static_cast<std::uint64_t>(object.amount);
    }
    const Case canonical = with_canonical_names(program);
    auto differ = [&](Name name, Name other) {
        if (name != kNoName && program.names[name] != canonical.names[other]) ++size.disorder;
    };
    for (std::size_t i = 0; i < program.statements.size(); ++i) {
        differ(program.statements[i].name, canonical.statements[i].name);
        differ(program.statements[i].task, canonical.statements[i].task);
    }
    for (std::size_t i = 0; i < program.lists.size(); ++i) differ(program.lists[i], canonical.lists[i]);
    for (std::size_t i = 0; i < program.stubborn.size(); ++i) differ(program.stubborn[i], canonical.stubborn[i]);
    for (std::size_t i = 0; i < program.plain_futures.size(); ++i)
        differ(program.plain_futures[i], canonical.plain_futures[i]);
    return size;
}

SmallerCases::SmallerCases(Case from) : from_(std::move(from)), size_(size_of(from_)) {}

bool SmallerCases::next(Case& candidate) {
    const auto passes = shrink_passes();
    for (; next_.pass < passes.size(); ++next_.pass, next_.step = 0) {
        const ShrinkPass& pass = passes[next_.pass];
        for (const std::size_t steps = pass.steps(from_); next_.step < steps;) {
            if (next_ >= end_) return false;
            given_ = next_;
            ++next_.step;
            if (pass.apply(from_, given_.step, candidate) && size_of(candidate) < size_) return true;
        }
    }
    return false;
}

void SmallerCases::descend(const Case& smaller) {
    from_ = smaller;
    size_ = size_of(from_);
    // What stands at this place now is another, if there is one.
    next_ = descended_ = given_;
    end_ = kEnd;
}

bool SmallerCases::restart() {
    if (descended_ == kEnd) return false;
    end_ = std::exchange(descended_, kEnd);
    next_ = {};
    return true;
}

void for_each_smaller(const Case& program, const std::function<bool(const Case&)>& visit) {
    SmallerCases smaller(program);
    Case candidate;
    while (smaller.next(candidate))
        if (visit(candidate)) return;
}

Case shrink(Case start, const std::function<bool(const Case&)>& still_fails, std::size_t budget_in_runs) {
    SmallerCases smaller(std::move(start));
    Case candidate;
    do {
        while (smaller.next(candidate)) {
            if (budget_in_runs == 0) return smaller.from();
            --budget_in_runs;
            if (still_fails(candidate)) smaller.descend(candidate);
        }
    } while (smaller.restart());
    return smaller.from();
}

}  // namespace cancelsim::scenarios
