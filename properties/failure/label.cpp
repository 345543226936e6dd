#include "properties/failure/label.h"

#include <algorithm>

#include "properties/failure/findings/evidence.h"

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

Labelled Labeller::label(const Failure& failure, std::string_view place, const Subject& base) {
    const bool is_base = same_subject(failure.config, base);
    const Look there = look(failure, place, base);
    if (!there.broken) return {};
    const Look here = is_base ? there : look(failure, place, failure.config);
    if (here.finding != nullptr && here.finding == there.finding) return {Label::known, here.finding};
    return {is_base ? Label::news : Label::also_upstream, nullptr};
}

Labeller::Look Labeller::look(const Failure& failure, std::string_view place, const Subject& subject) {
    const auto contract = std::find_if(runner_.contracts().begin(), runner_.contracts().end(),
                                       [&](const auto& each) { return each->name() == failure.contract; });
    if (contract == runner_.contracts().end()) return {};
    Evidence evidence(**contract);
    sim::Replay replay(failure.schedule);
    runner_.run(failure.program, subject, &replay, evidence);
    if (!(*contract)->broken() || (*contract)->place() != place) return {};
    return {true, known_finding(evidence, subject)};
}

}  // namespace cancelsim::properties
