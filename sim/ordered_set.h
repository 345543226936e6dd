// A set or queue through its elements, in the order of insertion: Python's `set` of tasks or scopes, a `deque` of
// waiters.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace cancelsim::sim {

/// The place of an element in the one set of its kind that can hold it.
template <class T>
struct SetLinks {
    T* next = nullptr;
    T* previous = nullptr;
    const void* owner = nullptr;
};

/// A doubly linked list through the elements: every operation in constant time, no memory of its
/// own.
template <class T, SetLinks<T> T::*Links>
class OrderedSet {
public:
    bool contains(const T& element) const { return (element.*Links).owner == this; }
    bool empty() const { return first_ == nullptr; }
    std::uint32_t size() const { return size_; }
    T* first() const { return first_; }
    T* last() const { return last_; }
    static T* next(const T& element) { return (element.*Links).next; }

    /// No effect on an element that is in the set already. It must be in no other.
    void add(T& element) {
        if (contains(element)) return;
        assert((element.*Links).owner == nullptr);
        element.*Links = {nullptr, last_, this};
        (last_ != nullptr ? (last_->*Links).next : first_) = &element;
        last_ = &element;
        ++size_;
    }

    /// No effect on an element that is not in the set.
    void discard(T& element) {
        if (!contains(element)) return;
        SetLinks<T>& links = element.*Links;
        assert((links.previous != nullptr ? (links.previous->*Links).next : first_) == &element);
        (links.previous != nullptr ? (links.previous->*Links).next : first_) = links.next;
        (links.next != nullptr ? (links.next->*Links).previous : last_) = links.previous;
        links = {};
        --size_;
    }

private:
    T* first_ = nullptr;
    T* last_ = nullptr;
    std::uint32_t size_ = 0;
};

}  // namespace cancelsim::sim
