#include <fmt/format.h>

#include <memory>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/report/listing.h"

namespace cancelsim::properties {

Command list_command() {
    auto json = std::make_shared<bool>(false);
    return {.name = "list",
            .summary = "List releases, policies, contracts, strategies, switches and findings",
            .options = {json_option(*json)},
            .run = [json] {
                fmt::print("{}", *json ? list_json() + "\n" : list_text());
                return kHolds;
            }};
}

}  // namespace cancelsim::properties
