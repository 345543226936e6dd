#include "properties/failure/choice_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>
#include <utility>

#include "scenarios/program/json_tree.h"

namespace cancelsim::properties {

namespace {

constexpr std::array<std::string_view, sim::kChoiceKinds> kNames{"set_order", "timer_order", "arrival",
                                                                 "elapse",    "ready_order", "inject"};

template <auto Member>
constexpr QuestionNumber number(std::string_view key) {
    using Number = std::remove_reference_t<decltype(std::declval<sim::Question&>().*Member)>;
    return {key, std::numeric_limits<Number>::max(),
            [](const sim::Question& question) -> std::uint64_t { return question.*Member; },
            [](sim::Question& question, std::uint64_t value) { question.*Member = static_cast<Number>(value); }};
}

using sim::Question;
constexpr QuestionNumber kSet{"set", sim::kGroupTasks, number<&Question::set>("").get, number<&Question::set>("").set};
constexpr QuestionNumber kPosition = number<&Question::position>("position");
constexpr QuestionNumber kIteration = number<&Question::at>("iteration");

// Of a scope without a name, "binding" is its number in order of creation.
constexpr std::array kSetOrder{number<&Question::binding>("binding"), kSet, number<&Question::at>("visit"), kPosition};
constexpr std::array kTimerOrder{number<&Question::at>("time"), number<&Question::nth>("tie"), kPosition};
constexpr std::array kArrival{number<&Question::owner>("entry"), number<&Question::at>("late")};
constexpr std::array kElapse{kIteration};
constexpr std::array kReadyOrder{kIteration, kPosition};
constexpr std::array kInject{kIteration, kPosition};

/// The name of the scope whose set is asked about: empty where it has none.
std::string_view owner_name(const scenarios::Case& program, const sim::Question& question) {
    const bool has_name = question.kind == sim::ChoiceKind::set_order && question.owner != 0;
    return has_name ? std::string_view(program.names[question.owner - 1]) : std::string_view();
}

}  // namespace

std::string_view name_of(sim::ChoiceKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<sim::ChoiceKind> find_choice_kind(std::string_view name) {
    for (std::size_t kind = 0; kind < kNames.size(); ++kind)
        if (kNames[kind] == name) return static_cast<sim::ChoiceKind>(kind);
    return std::nullopt;
}

std::span<const QuestionNumber> numbers_of(sim::ChoiceKind kind) {
    switch (kind) {
        case sim::ChoiceKind::set_order: return kSetOrder;
        case sim::ChoiceKind::timer_order: return kTimerOrder;
        case sim::ChoiceKind::arrival: return kArrival;
        case sim::ChoiceKind::elapse: return kElapse;
        case sim::ChoiceKind::ready_order: return kReadyOrder;
        case sim::ChoiceKind::inject: return kInject;
    }
    return {};
}

std::vector<sim::Deviation> in_written_order(const scenarios::Case& program, std::vector<sim::Deviation> deviations) {
    const auto unnumbered = [](sim::Question question) {
        if (question.kind == sim::ChoiceKind::set_order) question.owner = 0;
        return question;
    };
    std::sort(deviations.begin(), deviations.end(), [&](const sim::Deviation& a, const sim::Deviation& b) {
        return std::tuple(a.question.kind, owner_name(program, a.question), unnumbered(a.question)) <
               std::tuple(b.question.kind, owner_name(program, b.question), unnumbered(b.question));
    });
    return deviations;
}

std::string deviation_json(const scenarios::Case& program, const sim::Deviation& deviation) {
    const sim::Question& question = deviation.question;
    std::string text = fmt::format("{{\"{}\":\"{}\"", kKindKey, name_of(question.kind));
    if (question.kind == sim::ChoiceKind::set_order)
        text += fmt::format(",\"{}\":{}", kScopeKey,
                            question.owner == 0 ? "null" : scenarios::json_quoted(owner_name(program, question)));
    for (const QuestionNumber& each : numbers_of(question.kind))
        text += fmt::format(",\"{}\":{}", each.key, each.get(question));
    return text + fmt::format(",\"{}\":{}}}", kAnswerKey, deviation.answer);
}

std::string question_words(const scenarios::Case& program, const sim::Question& question) {
    std::string text(name_of(question.kind));
    if (question.kind == sim::ChoiceKind::set_order)
        text +=
            question.owner == 0 ? ", a scope without a name" : fmt::format(", scope {}", owner_name(program, question));
    for (const QuestionNumber& each : numbers_of(question.kind))
        text += fmt::format(", {} {}", each.key, each.get(question));
    return text;
}

std::string answer_words(sim::ChoiceKind kind, std::uint32_t answer) {
    switch (kind) {
        case sim::ChoiceKind::set_order: return fmt::format("a set gives element {} of what is left of it", answer + 1);
        case sim::ChoiceKind::timer_order: return fmt::format("timer {} of those due together comes first", answer + 1);
        case sim::ChoiceKind::arrival: return "an answer from outside comes an iteration later";
        case sim::ChoiceKind::elapse: return "time passes until the next timer is due";
        case sim::ChoiceKind::ready_order: return fmt::format("ready handle {} of those left runs first", answer + 1);
        case sim::ChoiceKind::inject: return "somebody outside cancels something";
    }
    return {};
}

}  // namespace cancelsim::properties
