// A bump allocator that is reset, not freed, between runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace cancelsim::sim {

/// Memory of one run. Objects are never destroyed, so only trivially destructible types live here;
/// `reset` makes the same chunks serve the next run, and a hunt in its steady state allocates
/// nothing.
class Arena {
public:
    /// Room for `bytes` bytes (at least 1), aligned for any object that this project makes.
    void* allocate(std::size_t bytes) {
        bytes = (bytes + kAlign - 1) & ~(kAlign - 1);
        if (bytes > static_cast<std::size_t>(limit_ - next_)) grow(bytes);
        std::byte* at = next_;
        next_ += bytes;
        return at;
    }

    template <class T, class... Args>
    T* make(Args&&... args) {
        static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kAlign);
        return ::new (allocate(sizeof(T))) T{std::forward<Args>(args)...};
    }

    /// `count` value-initialised objects in a row.
    template <class T>
    T* make_array(std::size_t count) {
        static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kAlign);
        T* at = static_cast<T*>(allocate(count * sizeof(T) + 1));
        for (std::size_t i = 0; i < count; ++i) ::new (at + i) T{};
        return at;
    }

    /// Forgets every object; keeps the chunks.
    void reset() {
        chunk_ = 0;
        next_ = chunks_.empty() ? nullptr : chunks_[0].memory.get();
        limit_ = chunks_.empty() ? nullptr : next_ + chunks_[0].size;
    }

    /// Bytes handed out since the last reset, padding and the unused ends of full chunks included.
    std::size_t used() const {
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < chunk_ && i < chunks_.size(); ++i) bytes += chunks_[i].size;
        return chunks_.empty() ? 0 : bytes + static_cast<std::size_t>(next_ - chunks_[chunk_].memory.get());
    }

private:
    static constexpr std::size_t kAlign = 16;
    static constexpr std::size_t kChunk = std::size_t{1} << 16;

    struct Chunk {
        std::unique_ptr<std::byte[]> memory;
        std::size_t size;
    };

    void grow(std::size_t bytes);

    std::byte* next_ = nullptr;
    std::byte* limit_ = nullptr;
    std::vector<Chunk> chunks_;
    std::size_t chunk_ = 0;
};

}  // namespace cancelsim::sim
