// The state of a kernel as one number: sim/state_hash.h, and what anyio adds.
#pragma once

#include "model/kernel.h"
#include "sim/state_hash.h"

namespace cancelsim::model {

/// The frames of this room are hashed by this class, or one that is derived from it.
class StateHash : public sim::StateHash {
public:
    void begin(const Kernel& kernel);
    void add_kernel(const Kernel& kernel);
    using sim::StateHash::refer;
    void refer(const sim::Task* task) { add(task == nullptr ? 0 : task->id + 1); }
    void refer(const CancelScope* scope) { add(scope == nullptr ? 0 : scope->id + 1); }
    void add_label(const Label& label) { add(label.name | static_cast<std::uint64_t>(label.count) << 32); }
    void add_group(const TaskGroup* group);
    void add_handle(const TaskHandle* handle);
    void add_event(const Event& event);

private:
    void add_task(const Task& task);
    void add_scope(const CancelScope& scope);
};

/// For a frame's type: the hash by `add`, a function of this room's.
template <void (*add)(StateHash& hash, const sim::Frame& frame)>
void hash_with(sim::StateHash& hash, const sim::Frame& frame) {
    add(static_cast<StateHash&>(hash), frame);
}

}  // namespace cancelsim::model
