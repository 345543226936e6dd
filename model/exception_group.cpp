#include "model/exception_group.h"

#include "model/kernel.h"

namespace cancelsim::model {

using sim::Error;
using sim::ErrorKind;

SplitGroup split_anyio_cancellations(Kernel& kernel, Error* error) {
    if (error->kind != ErrorKind::group)
        return error->is_cancelled() && kernel.is_anyio_cancellation(*error) ? SplitGroup{error, nullptr}
                                                                             : SplitGroup{nullptr, error};
    sim::Arena& arena = kernel.arena();
    Error** matching = arena.make_array<Error*>(error->count);
    Error** rest = arena.make_array<Error*>(error->count);
    std::uint32_t matched = 0;
    std::uint32_t left = 0;
    for (std::uint32_t i = 0; i < error->count; ++i) {
        const SplitGroup split = split_anyio_cancellations(kernel, error->children[i]);
        if (split.matching != nullptr) matching[matched++] = split.matching;
        if (split.rest != nullptr) rest[left++] = split.rest;
    }
    if (matched == 0) return {nullptr, error};
    auto derive = [&](Error** exceptions, std::uint32_t count) -> Error* {
        if (count == 0) return nullptr;
        Error* group = sim::new_exception_group(arena, exceptions, count);
        group->context = error->context;
        return group;
    };
    return {derive(matching, matched), derive(rest, left)};
}

}  // namespace cancelsim::model
