#include "properties/failure/label.h"

#include "properties/failure/findings/evidence.h"

namespace cancelsim::properties {

namespace {

constexpr std::string_view kNewAs = "new, as ";

}  // namespace

std::string_view name_of(Label label) {
    switch (label) {
        case Label::news: return "new";
        case Label::known: return "known";
        case Label::also_upstream: return "also-upstream";
    }
    return {};
}

std::string text_of(const Labelled& labelled) {
    if (labelled.finding == nullptr) return std::string(name_of(labelled.label));
    return (labelled.label == Label::news ? std::string(kNewAs) : std::string()) + std::string(labelled.finding->id);
}

std::optional<Labelled> labelled_of(std::string_view text) {
    for (const Label label : {Label::news, Label::also_upstream})
        if (text == name_of(label)) return Labelled{label, nullptr};
    const bool is_new = text.starts_with(kNewAs);
    const Finding* finding = find_finding(text.substr(is_new ? kNewAs.size() : 0));
    return finding != nullptr ? std::optional(Labelled{is_new ? Label::news : Label::known, finding}) : std::nullopt;
}

Labelled Labeller::label(const Failure& failure, std::string_view place, const Subject& base) {
    const bool is_base = same_subject(failure.config, base);
    if (is_base && !may_be_known(base, failure.contract, place)) return {};
    const Look there = look(failure, place, base);
    if (is_base && !there.broken) return {};
    const Look here = is_base ? there : look(failure, place, failure.config);
    if (!there.broken) return {Label::news, here.finding};
    if (here.finding != nullptr && here.finding == there.finding) return {Label::known, here.finding};
    return {is_base ? Label::news : Label::also_upstream, nullptr};
}

Labeller::Look Labeller::look(const Failure& failure, std::string_view place, const Subject& subject) {
    auto runner = runners_.find(failure.contract);
    if (runner == runners_.end())
        runner = runners_.try_emplace(failure.contract, make_contracts(std::vector{failure.contract})).first;
    const Contract& contract = *runner->second.contracts().front();
    Evidence evidence(contract);
    sim::Replay replay(failure.schedule);
    runner->second.run(failure.program, subject, &replay, evidence);
    if (!contract.broken() || contract.place().name() != place) return {};
    return {true, known_finding(evidence, subject)};
}

}  // namespace cancelsim::properties
