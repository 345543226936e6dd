// What a page shows of a failure, as data: the page's script draws it. page.schema.json has its form.
#pragma once

#include <nlohmann/json.hpp>

#include "properties/failure/failure.h"

namespace cancelsim::properties {

/// Everything that a page says of a failure of the model. Throws FailureError where it is stale, NondeterminismError
/// where it cannot be repeated.
nlohmann::ordered_json failure_page_json(const Failure& failure);

}  // namespace cancelsim::properties
