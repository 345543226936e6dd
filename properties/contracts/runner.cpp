#include "properties/contracts/runner.h"

#include <xxhash.h>

namespace cancelsim::properties {

std::uint64_t Runner::digest() const {
    // The name is free text and comes first; the events begin at the last `"trace":` that no quote
    // escapes.
    const std::size_t begin = trace_.find("\"trace\":[[");
    return XXH3_64bits(trace_.data() + begin, trace_.size() - begin);
}

}  // namespace cancelsim::properties
