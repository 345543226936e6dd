#include "properties/contracts/runner.h"

#include <xxhash.h>

namespace cancelsim::properties {

const std::vector<Contract*>& Runner::run(const scenarios::Case& program, const model::Config& config,
                                          sim::Choices* choices) {
    interpreter_.prepare(program, config, choices);
    monitor_.begin(info_);
    interpreter_.run();
    monitor_.end();
    return monitor_.broken();
}

std::uint64_t Runner::digest() const {
    // The name is free text and comes first; the events begin at the last `"trace":` that no quote
    // escapes.
    const std::size_t begin = trace_.find("\"trace\":[[");
    return XXH3_64bits(trace_.data() + begin, trace_.size() - begin);
}

}  // namespace cancelsim::properties
