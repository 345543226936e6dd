// Reports as pages: HTML in one file, which asks for nothing from anywhere.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "properties/failure/failure.h"
#include "properties/search/verdict.h"

namespace cancelsim::properties {

/// A page that shows `model`. Text in it is data: nothing of it is read as HTML.
std::string page_with(const nlohmann::ordered_json& model, const std::string& title);

/// The page of a failure of the model. Throws FailureError where it is stale, NondeterminismError where it cannot be
/// repeated.
std::string failure_page(const Failure& failure);

/// The page of a verdict: the matrix, each cell of which opens its counterexample. The counterexamples are drawn on
/// `jobs` threads; `progress` is called about ten times a second with how many are drawn, and of how many. Once `stop`
/// is set, those that are not drawn yet are left out.
std::string verdict_page(const Verdict& verdict, unsigned jobs, const std::atomic<bool>& stop,
                         const std::function<void(std::size_t drawn, std::size_t all)>& progress);

/// The same as failure_page for an issue of GitHub, as Markdown.
std::string failure_markdown(const Failure& failure);

}  // namespace cancelsim::properties
