// The parts of a page, as they were built: see properties/report/page/web. embed.cmake makes them part of the program.
#pragma once

#include <string_view>

namespace cancelsim::properties {

/// The page's script and its style.
std::string_view page_script();
std::string_view page_style();

}  // namespace cancelsim::properties
