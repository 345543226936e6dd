#include "properties/contracts/monitor.h"

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
        kinds_at_first_ |= C::kAtFirst;
    });
}

void Monitor::begin(scenarios::Interpreter& run) {
    for (Contract* contract : broken_) contract->broken_ = false;
    broken_.clear();
    if (contracts_.empty()) return;
    if (run_ != &run) {
        run_ = &run;
        for (const auto& contract : contracts_) contract->run_ = &run;
    }
    history_.begin(run);
    by_hand_ = false;
    heard_ = at_first_;
    watcher_ = run.watchers().add(*this, kinds_at_first_);
    AllContracts::for_each([this]<class C>(std::type_identity<C>) {
        if (Contract* contract = by_number_[kNumber<C>]) static_cast<C*>(contract)->start();
    });
}

void Monitor::end() {
    AllContracts::for_each([this]<class C>(std::type_identity<C>) {
        // Most have no end of their own.
        if constexpr (!std::is_same_v<decltype(&C::end), void (Contract::*)()>) {
            Contract* contract = by_number_[kNumber<C>];
            if (contract == nullptr || contract->broken_) return;
            if (C::kPresupposesBlocks && by_hand_) return;
            static_cast<C*>(contract)->end();
        }
    });
    if (!broken_.empty()) spare_misuse();
}

void Monitor::misused() {
    if (std::exchange(by_hand_, true)) return;
    for (const auto& contract : contracts_)
        if (contract->presupposes_blocks()) heard_[contract->number()] = 0;
}

void Monitor::spare_misuse() {
    if (!by_hand_ && !scenarios::has_misuse(run_->program())) return;
    std::erase_if(broken_, [](Contract* contract) {
        if (contract->presupposes_blocks()) contract->broken_ = false;
        return contract->presupposes_blocks();
    });
}

template <sim::EventKind kind>
void Monitor::tell(sim::Observer& observer, sim::EventHead head, sim::Task* task, const void* subject,
                   sim::Error* error) {
    auto& monitor = static_cast<Monitor&>(observer);
    // The kind is known here: of each contract only what this kind needs is left.
    const sim::TraceEvent event{kind, head.flag, head.value, task, subject, error};
    bool heard = (History::kHears >> kind & 1) != 0;
    if constexpr (kind == events::by_hand) return monitor.misused();
    if constexpr ((History::kHears >> kind & 1) != 0) monitor.history_.on(event);
    AllContracts::for_each([&]<class C>(std::type_identity<C>) __attribute__((always_inline)) {
        if constexpr ((C::kHears >> kind & 1) != 0) {
            if ((monitor.heard_[kNumber<C>] >> kind & 1) == 0) return;
            static_cast<C*>(monitor.by_number_[kNumber<C>])->on(event);
            heard = true;
        }
    });
    if (!heard) monitor.run_->watchers().ignore(monitor.watcher_, sim::mask_of(kind));
}

const sim::Observer::Tells& Monitor::tells() const {
    static constexpr Tells kTells = []<std::size_t... kinds>(std::index_sequence<kinds...>) {
        return Tells{&Monitor::tell<kinds>...};
    }
    (std::make_index_sequence<sim::kEventKinds>{});
    return kTells;
}

void Monitor::on(const sim::TraceEvent& event) {
    tells()[event.kind](*this, {event.kind, event.flag, event.value}, event.task, event.subject, event.error);
}

}  // namespace cancelsim::properties
