#include "scenarios/run/state_hash.h"

#include "scenarios/run/body.h"

namespace cancelsim::scenarios {

std::uint64_t StateHash::of(const Interpreter& run) {
    begin(run.kernel());
    for (std::uint32_t i = 0; i < run.program().environment.size(); ++i) name(&run.entries_[i]);
    add_kernel(run.kernel());
    for (Name i = 0; i <= run.program().names.size(); ++i) {
        const Interpreter::Binding& binding = run.binding(i);
        if (binding.count == 0 && binding.event == nullptr && binding.future == nullptr) continue;
        add(i | (binding.event != nullptr ? 1U << 31 : 0U) | static_cast<std::uint64_t>(binding.count) << 32);
        refer(binding.scope);
        refer(binding.task);
        add_group(binding.group);
        add_future(binding.future);
        if (binding.event != nullptr) add_event(*binding.event);
    }
    add(run.objects().items());
    for (const NamedObject& named : run.objects().named()) {
        add((named.send != nullptr ? 1U : 0U) | (named.send != nullptr && named.send->closed ? 2U : 0U) |
            (named.receive != nullptr ? 4U : 0U) | (named.receive != nullptr && named.receive->closed ? 8U : 0U));
        if (named.send != nullptr) named.send->state->add_to(*this);
        if (named.receive != nullptr) named.receive->state->add_to(*this);
        if (named.spec != nullptr && named.object != nullptr) (*type_of(named.spec->kind).hash)(*this, *named.object);
    }
    return value();
}

void hash_body(sim::StateHash& base, const sim::Frame& frame) {
    auto& hash = static_cast<StateHash&>(base);
    const auto& body = static_cast<const Body&>(frame);
    hash.add(body.begin | static_cast<std::uint64_t>(body.next) << 32);
    hash.add(body.current | static_cast<std::uint64_t>(body.mark) << 32);
    hash.refer(body.kept);  // without a number of its own: such a state is not known again
    for (const Block* block = body.innermost; block != nullptr; block = block->outer) {
        hash.add(block->statement | static_cast<std::uint64_t>(block->end) << 32);
        block->type->hash(hash, *block);
    }
    hash.add(0);
}

}  // namespace cancelsim::scenarios
