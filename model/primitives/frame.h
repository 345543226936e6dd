// What the frames of anyio's primitives have in common.
#pragma once

#include "model/kernel.h"

namespace cancelsim::model {

template <class F>
sim::Poll resume_frame(sim::Loop& loop, sim::Task& task, sim::Frame& frame, sim::Resume with) {
    return static_cast<F&>(frame).run(static_cast<Kernel&>(loop), static_cast<Task&>(task), with);
}

/// A new frame of type `F`, a struct derived from sim::Frame. It runs by its member `run(kernel, task, with)`.
template <class F>
F& new_frame(Kernel& kernel) {
    F& frame = *kernel.arena().make<F>();
    frame.resume = &resume_frame<F>;
    return frame;
}

/// `frame` as one that `new_frame<F>` made; null where it is none.
template <class F>
const F* as_frame(const sim::Frame& frame) {
    return frame.resume == &resume_frame<F> ? static_cast<const F*>(&frame) : nullptr;
}

}  // namespace cancelsim::model
