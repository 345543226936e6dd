#include "properties/failure/choice_words.h"

#include <fmt/format.h>

#include <array>

namespace cancelsim::properties {

namespace {

constexpr std::array<std::string_view, sim::kChoiceKinds> kNames{"set_order", "timer_order", "arrival", "elapse",
                                                                 "ready_order"};

}  // namespace

std::string_view name_of(sim::ChoiceKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<sim::ChoiceKind> find_choice_kind(std::string_view name) {
    for (std::size_t kind = 0; kind < kNames.size(); ++kind)
        if (kNames[kind] == name) return static_cast<sim::ChoiceKind>(kind);
    return std::nullopt;
}

std::string answer_words(sim::ChoiceKind kind, std::uint32_t answer) {
    switch (kind) {
        case sim::ChoiceKind::set_order: return fmt::format("a set gives element {} of what is left of it", answer + 1);
        case sim::ChoiceKind::timer_order: return fmt::format("timer {} of those due together comes first", answer + 1);
        case sim::ChoiceKind::arrival: return "an answer from outside comes an iteration later";
        case sim::ChoiceKind::elapse: return "time passes until the next timer is due";
        case sim::ChoiceKind::ready_order: return fmt::format("ready handle {} of those left runs first", answer + 1);
    }
    return {};
}

}  // namespace cancelsim::properties
