// Reports as pages: HTML in one file, which asks for nothing from anywhere.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "properties/failure/failure.h"

namespace cancelsim::properties {

/// A page that shows `model`. Text in it is data: nothing of it is read as HTML.
std::string page_with(const nlohmann::ordered_json& model, const std::string& title);

/// The page of a failure of the model. Throws FailureError where it is stale, NondeterminismError where it cannot be
/// repeated.
std::string failure_page(const Failure& failure);

/// The same for an issue of GitHub, as Markdown.
std::string failure_markdown(const Failure& failure);

}  // namespace cancelsim::properties
