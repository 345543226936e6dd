// The state of a kernel as one number: sim/state_hash.h, and what anyio adds.
#pragma once

#include "model/kernel.h"
#include "sim/state_hash.h"

namespace cancelsim::model {

class StateHash : public sim::StateHash {
public:
    virtual ~StateHash() = default;

    void begin(const Kernel& kernel);
    void add_kernel(const Kernel& kernel);
    using sim::StateHash::refer;
    void refer(const sim::Task* task) { add(task == nullptr ? 0 : task->id + 1); }
    void refer(const CancelScope* scope) { add(scope == nullptr ? 0 : scope->id + 1); }
    void add_label(const Label& label) { add(label.name | static_cast<std::uint64_t>(label.count) << 32); }
    void add_group(const TaskGroup* group);
    void add_handle(const TaskHandle* handle);
    void add_event(const Event& event);
    /// The frame, and those that await it; null is none.
    void add_frames(const sim::Frame* innermost);

protected:
    /// What of a frame that is none of the kernel's decides how it goes on; false where it is unknown here too.
    virtual bool add_program_frame(const sim::Frame& frame) = 0;

private:
    void add_contents_of_frame(const sim::Frame& frame);
    void add_task(const Task& task);
    void add_scope(const CancelScope& scope);
};

/// What of a frame of the kernel's decides how it goes on; false where the frame is of another kind. Each is defined
/// where its frames are.
bool add_checkpoint_frame(StateHash& hash, const sim::Frame& frame);
bool add_group_exit_frame(StateHash& hash, const sim::Frame& frame);
bool add_group_start_frame(StateHash& hash, const sim::Frame& frame);
bool add_task_handle_frame(StateHash& hash, const sim::Frame& frame);
bool add_lock_frame(StateHash& hash, const sim::Frame& frame);
bool add_semaphore_frame(StateHash& hash, const sim::Frame& frame);
bool add_limiter_frame(StateHash& hash, const sim::Frame& frame);
bool add_condition_frame(StateHash& hash, const sim::Frame& frame);
bool add_stream_frame(StateHash& hash, const sim::Frame& frame);

}  // namespace cancelsim::model
