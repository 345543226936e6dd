// What a contract remembers of each task, or of each scope, of a run.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <vector>

namespace cancelsim::properties {

/// A list by the id of a task or a scope. Its memory is kept from run to run.
template <class T>
class ById {
public:
    /// Forgets everything. The first few are made ready for the next run: mostly that is all it needs. A list that the
    /// last run did not touch is ready.
    void clear() {
        if (touched_) make_ready();
        touched_ = false;
    }
    /// What is remembered of `id`: a value-initialised T at first. The reference is valid until the next call.
    T& operator[](std::size_t id) {
        if (id >= used_) grow(id);
        touched_ = true;
        return items_[id];
    }
    /// The same; null where nothing is remembered of `id` nor of a later one.
    const T* find(std::size_t id) const { return id < used_ ? &items_[id] : nullptr; }

    /// What is remembered of `id`. Precondition: `operator[]` was called for it, or for a later one, in this run.
    const T& at(std::size_t id) const {
        assert(id < used_);
        return items_[id];
    }

    /// More than the greatest id of which anything is remembered.
    std::size_t size() const { return used_; }

private:
    /// Out of line: what begins a run clears a dozen lists, and each copy of this would take room in the cache of code.
    [[gnu::noinline]] void make_ready() {
        std::fill_n(items_.begin(), kStep, T{});
        used_ = kStep;
    }
    [[gnu::noinline]] void grow(std::size_t id) {
        const std::size_t used = (id / kStep + 1) * kStep;
        if (used > items_.size()) items_.resize(std::max(used, 2 * items_.size()));
        std::fill(items_.begin() + used_, items_.begin() + used, T{});
        used_ = used;
    }

    static constexpr std::size_t kStep = 16;  ///< so many are made ready at once

    std::vector<T> items_;
    std::size_t used_ = 0;  ///< those of this run
    bool touched_ = false;  ///< in this run
};

}  // namespace cancelsim::properties
