#include <fmt/format.h>

#include "properties/commands/command.h"
#include "properties/report/listing.h"

namespace cancelsim::properties {

namespace {

int list() {
    fmt::print("{}", list_text());
    return kHolds;
}

}  // namespace

Command list_command() {
    return {.name = "list",
            .summary = "List kernels, policies, contracts, strategies and defects",
            .options = {},
            .run = list};
}

}  // namespace cancelsim::properties
