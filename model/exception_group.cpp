#include "model/exception_group.h"

#include "model/kernel.h"

namespace cancelsim::model {

using sim::Error;
using sim::ErrorKind;

namespace {

template <class Matches>
SplitGroup split_by(sim::Arena& arena, Error* error, Matches matches) {
    if (error->kind != ErrorKind::group)
        return matches(*error) ? SplitGroup{error, nullptr} : SplitGroup{nullptr, error};
    Error** matching = arena.make_array<Error*>(error->count);
    Error** rest = arena.make_array<Error*>(error->count);
    std::uint32_t matched = 0;
    std::uint32_t left = 0;
    for (std::uint32_t i = 0; i < error->count; ++i) {
        const SplitGroup split = split_by(arena, error->children[i], matches);
        if (split.matching != nullptr) matching[matched++] = split.matching;
        if (split.rest != nullptr) rest[left++] = split.rest;
    }
    auto derive = [&](Error** exceptions, std::uint32_t count) -> Error* {
        if (count == 0) return nullptr;
        Error* group = sim::new_exception_group(arena, exceptions, count);
        group->context = error->context;
        return group;
    };
    return {derive(matching, matched), derive(rest, left)};
}

}  // namespace

SplitGroup split_anyio_cancellations(Kernel& kernel, Error* group) {
    return split_by(kernel.arena(), group, [&kernel](const Error& error) {
        return error.is_cancelled() && kernel.is_anyio_cancellation(error);
    });
}

SplitGroup split_cancellations(Kernel& kernel, Error* group) {
    return split_by(kernel.arena(), group, [](const Error& error) { return error.is_cancelled(); });
}

}  // namespace cancelsim::model
