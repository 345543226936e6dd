// Questions and their answers as text: in saved failures, for machines, and for people.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/program/case.h"
#include "sim/strategies/record.h"

namespace cancelsim::properties {

/// `set_order`, `arrival` ...: as sim::ChoiceKind spells it.
std::string_view name_of(sim::ChoiceKind kind);
/// The kind of that name, if there is one.
std::optional<sim::ChoiceKind> find_choice_kind(std::string_view name);

/// One of the numbers that tell questions of a kind apart.
struct QuestionNumber {
    std::string_view key;  ///< as saved failures have it
    std::uint64_t most;
    std::uint64_t (*get)(const sim::Question&);
    void (*set)(sim::Question&, std::uint64_t);
};
/// Those of a kind, in the order in which tokens have them. The owner of a set is not among them: it is a name.
std::span<const QuestionNumber> numbers_of(sim::ChoiceKind kind);

/// The keys beside those numbers: `kind`, and of set_order `scope`: a name of the program, or null for a scope that has
/// none; of each deviation `answer`.
inline constexpr std::string_view kKindKey = "kind";
inline constexpr std::string_view kScopeKey = "scope";
inline constexpr std::string_view kAnswerKey = "answer";

/// The deviations in the order in which tokens and saved failures have them: it does not depend on how the program's
/// names are numbered.
std::vector<sim::Deviation> in_written_order(const scenarios::Case& program, std::vector<sim::Deviation> deviations);

/// A deviation as one JSON object, with names of `program`.
std::string deviation_json(const scenarios::Case& program, const sim::Deviation& deviation);

/// The question of a deviation, such as "elapse, iteration 3".
std::string question_words(const scenarios::Case& program, const sim::Question& question);

/// What an answer other than the default means, such as "time passes until the next timer is due".
std::string answer_words(sim::ChoiceKind kind, std::uint32_t answer);

}  // namespace cancelsim::properties
