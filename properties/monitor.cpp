#include "properties/monitor.h"

#include <cassert>
#include <utility>

#include "properties/contracts/all.h"

namespace cancelsim::properties {

namespace {

template <class C>
constexpr std::uint32_t kNumber = AllContracts::number_of<C>();

}  // namespace

Monitor::Monitor(Contracts contracts) : contracts_(std::move(contracts)) {
    static_assert(AllContracts::kCount <= kMost);
    for (const auto& contract : contracts_) {
        by_number_[contract->number()] = contract.get();
        contract->monitor_ = this;
        contract->history_ = &history_;
        contract->heard_ = &heard_[contract->number()];
    }
    AllContracts::for_each([this]<class C>(std::type_identity<C>) {
        if (by_number_[kNumber<C>] == nullptr) return;
        at_first_[kNumber<C>] = C::kAtFirst;
        at_first_misused_[kNumber<C>] = C::kPresupposesBlocks ? 0 : C::kAtFirst;
    });
}

void Monitor::begin(scenarios::Interpreter& run) {
    broken_.clear();
    if (contracts_.empty()) return;
    run_ = &run;
    history_.begin(run);
    heard_ = history_.misuse() ? at_first_misused_ : at_first_;
    sim::EventMask kinds = History::kHears;
    for (const sim::EventMask heard : heard_) kinds |= heard;
    watcher_ = run.watchers().add(*this, kinds);
    AllContracts::for_each([this, &run]<class C>(std::type_identity<C>) {
        Contract* contract = by_number_[kNumber<C>];
        if (contract == nullptr) return;
        contract->run_ = &run;
        contract->broken_ = false;
        static_cast<C*>(contract)->start();
    });
}

void Monitor::end() {
    AllContracts::for_each([this]<class C>(std::type_identity<C>) {
        Contract* contract = by_number_[kNumber<C>];
        if (contract == nullptr || contract->broken_) return;
        if (contract->presupposes_blocks() && history_.misuse()) return;
        static_cast<C*>(contract)->end();
    });
}

template <sim::EventKind kind>
void Monitor::tell(Monitor& monitor, const sim::TraceEvent& said) {
    // A copy that is taken apart, in which the kind is known: of each contract only what this kind needs is left.
    const sim::TraceEvent event{kind, said.flag, said.value, said.task, said.subject, said.error};
    if constexpr ((History::kHears >> kind & 1) != 0) monitor.history_.on(event);
    AllContracts::for_each([&]<class C>(std::type_identity<C>) __attribute__((always_inline)) {
        if constexpr ((C::kHears >> kind & 1) != 0)
            if ((monitor.heard_[kNumber<C>] >> kind & 1) != 0)
                static_cast<C*>(monitor.by_number_[kNumber<C>])->on(event);
    });
}

void Monitor::on(const sim::TraceEvent& event) {
    static constexpr auto kTell = []<std::size_t... kinds>(std::index_sequence<kinds...>) {
        return std::array{&Monitor::tell<kinds>...};
    }
    (std::make_index_sequence<64>{});
    kTell[event.kind](*this, event);
}

void Monitor::hears(std::uint32_t number, sim::EventMask kinds) {
    heard_[number] = kinds;
    sim::EventMask all = History::kHears;
    for (const sim::EventMask heard : heard_) all |= heard;
    run_->watchers().change(watcher_, all);
}

}  // namespace cancelsim::properties
