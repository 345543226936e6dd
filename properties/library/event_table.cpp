#include "properties/library/event_table.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "scenarios/run/event_fields.h"

namespace cancelsim::properties {

using Json = nlohmann::json;

Json event_table() {
    Json table = Json::array();
    scenarios::events::for_each_event([&table]<class Event>(std::type_identity<Event>, const auto& names) {
        Json values = Json::array();
        const Event event{};
        scenarios::events::for_each_value(event, [&values](const std::string& name, auto) { values.push_back(name); });
        table.push_back(Json::array({names.of_type, std::move(values)}));
    });
    return table;
}

std::string difference_of_events(const Json& theirs) {
    static const Json ours = event_table();
    if (theirs == ours) return {};
    for (std::size_t i = 0; i < ours.size(); ++i)
        if (!theirs.is_array() || i >= theirs.size() || theirs[i] != ours[i])
            return fmt::format("number {} is {} here, {} there", i, ours[i].dump(),
                               theirs.is_array() && i < theirs.size() ? theirs[i].dump() : "nothing");
    return fmt::format("there are {} here, {} there", ours.size(), theirs.size());
}

}  // namespace cancelsim::properties
