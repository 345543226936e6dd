// The parts that the frames of anyio's primitives share.
#pragma once

#include "model/kernel.h"
#include "model/state_hash.h"

namespace cancelsim::model {

template <class F>
sim::Poll resume_frame(sim::Loop& loop, sim::Task& task, sim::Frame& frame, sim::Resume with) {
    return static_cast<F&>(frame).run(static_cast<Kernel&>(loop), static_cast<Task&>(task), with);
}

template <class F>
void hash_frame(sim::StateHash& hash, const sim::Frame& frame) {
    static_cast<const F&>(frame).add_to(static_cast<StateHash&>(hash));
}

template <class F>
inline constexpr sim::FrameType kFrameType{&resume_frame<F>, &hash_frame<F>, F::kName};

/// A new frame of type `F`, a struct derived from sim::Frame. It runs by its member `run(kernel, task, with)`, adds to
/// a hash of the state what decides how it goes on by `add_to(hash)`, and is called `kName`.
template <class F>
F& new_frame(Kernel& kernel) {
    F& frame = *kernel.arena().make<F>();
    frame.type = &kFrameType<F>;
    return frame;
}

}  // namespace cancelsim::model
