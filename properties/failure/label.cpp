#include "properties/failure/label.h"

#include <algorithm>

namespace cancelsim::properties {

std::string_view name_of(Label label) {
    switch (label) {
        case Label::news: return "new";
        case Label::known: return "known";
        case Label::also_upstream: return "also-upstream";
    }
    return {};
}

Labeller::Labeller() : runner_(make_all_contracts()) {}

Labeller::Labelled Labeller::label(const Failure& failure, std::string_view place, const Subject& base) {
    const bool is_base = same_subject(failure.config, base);
    if (!is_base) {
        sim::Replay replay(failure.schedule);
        const auto& broken = runner_.run(failure.program, base, &replay);
        if (std::none_of(broken.begin(), broken.end(), [&](const Contract* contract) {
                return contract->name() == failure.contract && contract->place() == place;
            }))
            return {};
    }
    if (const Finding* finding = known_finding(failure.config, failure.contract, place)) return {Label::known, finding};
    return {is_base ? Label::news : Label::also_upstream, nullptr};
}

}  // namespace cancelsim::properties
