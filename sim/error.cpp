#include "sim/error.h"

#include <algorithm>

namespace cancelsim::sim {

const char* type_name_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::cancelled: return "CancelledError";
        case ErrorKind::runtime_error: return "RuntimeError";
        case ErrorKind::timeout_error: return "TimeoutError";
        case ErrorKind::assertion_error: return "AssertionError";
        case ErrorKind::attribute_error: return "AttributeError";
        case ErrorKind::value_error: return "ValueError";
        case ErrorKind::queue_empty: return "QueueEmpty";
        case ErrorKind::queue_full: return "QueueFull";
        case ErrorKind::would_block: return "WouldBlock";
        case ErrorKind::closed_resource: return "ClosedResourceError";
        case ErrorKind::broken_resource: return "BrokenResourceError";
        case ErrorKind::end_of_stream: return "EndOfStream";
        case ErrorKind::named: return "Exception";
        case ErrorKind::group: return "BaseExceptionGroup";
    }
    return "";
}

void set_context(Error& error, Error* handled) {
    if (handled == nullptr || handled == &error) return;
    // Chains stay acyclic, because every link is made here and the one that would close a cycle is
    // cut first.
    for (Error* link = handled; link->context != nullptr; link = link->context) {
        if (link->context == &error) {
            link->context = nullptr;
            break;
        }
    }
    error.context = handled;
}

void ErrorList::append(Arena& arena, Error& error) {
    if (count == capacity) {
        capacity = std::max(4U, 2 * capacity);
        Error** larger = arena.make_array<Error*>(capacity);
        std::copy_n(items, count, larger);
        items = larger;
    }
    items[count++] = &error;
}

Error* new_exception_group(Arena& arena, Error* const* exceptions, std::uint32_t count) {
    Error* group = arena.make<Error>(Error{ErrorKind::group});
    group->children = arena.make_array<Error*>(count);
    group->count = count;
    std::copy_n(exceptions, count, group->children);
    return group;
}

}  // namespace cancelsim::sim
