// The state of a run as one number: equal states go on equally.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/loop.h"

namespace cancelsim::sim {

/// Gathers everything that decides how a run goes on. Objects count by number, never by address: tasks and scopes by
/// the order of their creation, all else by the order in which it is met. Times count from now, and iterations from
/// this one, so that the same situation later is the same state. Two different states have the same number by chance
/// only: of n states, two do with probability n * n / 2^65.
///
/// This room knows the loop, futures, errors; model/state_hash.h adds what is the kernel's.
class StateHash {
public:
    /// Begins with the state that `loop` is in now, when an iteration begins.
    void begin(const Loop& loop);
    /// Of all that was added.
    std::uint64_t value() const;
    /// Whether everything that was referred to is known. Where it is not, the value says nothing.
    bool is_sound() const { return sound_; }

    void add(std::uint64_t word) {
        hash_ = (hash_ ^ word) * 0x9fb21c651e98df25;
        hash_ ^= hash_ >> 29;
    }
    /// Gives `object` a number, so that what follows can refer to it.
    void name(const void* object) { number_of(object); }
    /// `object`, or null, which must have a number.
    void refer(const void* object);
    /// `object`, or null; true where its contents are still to be added.
    bool meet(const void* object);

    void add_time(Time time) { add(time == kInfinity ? UINT64_MAX : static_cast<std::uint64_t>(time - loop_->now())); }
    void add_callback(const Callback& callback);
    void add_error(const Error* error);
    /// A future that is not a task, or refers to one.
    void add_future(const Future* future);
    void add_contents(const Future& future);
    /// The frame, and those that await it; null is none.
    void add_frames(const Frame* innermost);
    /// What is ready, and what will be: the timers in the order in which they come, the arrivals.
    void add_queues();

private:
    struct Entry {
        const void* object = nullptr;
        std::uint32_t number = 0;
        std::uint32_t round = 0;  ///< in which it was put here; an older one is none
    };

    Entry& find(const void* object);
    std::uint32_t number_of(const void* object);
    void grow();

    std::uint64_t hash_ = 0;
    bool sound_ = true;
    const Loop* loop_ = nullptr;
    std::vector<Entry> entries_;
    std::uint32_t round_ = 0;
    std::uint32_t numbers_ = 0;  ///< given in this round
    std::vector<const Timer*> timers_;
};

}  // namespace cancelsim::sim
