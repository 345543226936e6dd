#include "properties/search/census.h"

#include <xxhash.h>

namespace cancelsim::properties {

namespace {

std::uint64_t pair_of(std::uint64_t low, std::uint64_t high) { return low | high << 32; }

/// All that decides what it does; names count by their numbers.
void write(const scenarios::Case& program, std::vector<std::uint64_t>& words) {
    words.clear();
    words.push_back(pair_of(program.main_end, program.statements.size()));
    for (const scenarios::Statement& statement : program.statements) {
        words.push_back(static_cast<std::uint64_t>(statement.op) | static_cast<std::uint64_t>(statement.catches) << 8 |
                        static_cast<std::uint64_t>(statement.then) << 16 | (statement.flag ? 1U << 24 : 0U) |
                        (statement.has_number ? 1U << 25 : 0U) | (statement.cancel_first ? 1U << 26 : 0U) |
                        (statement.has_finally ? 1U << 27 : 0U) | static_cast<std::uint64_t>(statement.size) << 32);
        words.push_back(pair_of(statement.handler, statement.finally));
        words.push_back(pair_of(statement.name, statement.task));
        words.push_back(static_cast<std::uint64_t>(statement.number));
    }
    for (const scenarios::EnvironmentEntry& entry : program.environment) {
        words.push_back(static_cast<std::uint64_t>(entry.when) << 1 | (entry.at_iteration ? 1U : 0U));
        words.push_back(pair_of(entry.begin, entry.end));
    }
    for (const scenarios::Name name : program.stubborn) words.push_back(name);
    words.push_back(static_cast<std::uint64_t>(program.budget));
}

}  // namespace

sim::Choices* CensusTaker::begin(const scenarios::Case& program, sim::Choices* choices) {
    write(program, words_);
    if (choices == nullptr) return nullptr;
    return &choices_.emplace(*choices, Note{&words_});
}

void CensusTaker::end() { census_.schedules.add(XXH3_64bits(words_.data(), words_.size() * sizeof words_[0])); }

void CensusTaker::look_at_states(const scenarios::Case& program, const model::Config& config, sim::Choices* choices) {
    interpreter_.prepare(program, config, choices);
    interpreter_.watch(*this);
    interpreter_.run();
}

void CensusTaker::on(const scenarios::events::IterationBegan&) {
    const std::uint64_t state = state_.of(interpreter_);
    if (state_.is_sound()) census_.states.add(XXH3_64bits(&state, sizeof state));
}

}  // namespace cancelsim::properties
