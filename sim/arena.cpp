#include "sim/arena.h"

#include <algorithm>

namespace cancelsim::sim {

void Arena::grow(std::size_t bytes) {
    while (!chunks_.empty() && chunk_ + 1 < chunks_.size()) {
        ++chunk_;
        if (chunks_[chunk_].size >= bytes) {
            next_ = chunks_[chunk_].memory.get();
            limit_ = next_ + chunks_[chunk_].size;
            return;
        }
    }
    // Doubling keeps the number of chunks small however much a run needs; uninitialised, since
    // `make` constructs.
    std::size_t size = std::max(bytes, chunks_.empty() ? kChunk : 2 * chunks_.back().size);
    chunks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size]), size});
    chunk_ = chunks_.size() - 1;
    next_ = chunks_[chunk_].memory.get();
    limit_ = next_ + size;
}

}  // namespace cancelsim::sim
