// Choices by name, and deviations as a person reads them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/choices.h"

namespace cancelsim::properties {

/// `set_order`, `arrival` ...: as sim::ChoiceKind spells it.
std::string_view name_of(sim::ChoiceKind kind);
/// The kind of that name, if there is one.
std::optional<sim::ChoiceKind> find_choice_kind(std::string_view name);

/// What an answer other than the default means, such as "time passes until the next timer is due".
std::string answer_words(sim::ChoiceKind kind, std::uint32_t answer);

}  // namespace cancelsim::properties
