# cmake -D SOURCE=... -D OUT=... -P embed.cmake: writes the built parts of a page as C++ strings (page_parts.h).
file(READ ${SOURCE}/properties/report/page/built/page.js script)
file(READ ${SOURCE}/properties/report/page/built/page.css style)
file(WRITE ${OUT} "#include \"properties/report/page/page_parts.h\"

// Clang would have a string of at most 65,536 bytes.
#pragma GCC diagnostic ignored \"-Woverlength-strings\"

namespace cancelsim::properties {

std::string_view page_script() { return R\"~page~(${script})~page~\"; }
std::string_view page_style() { return R\"~page~(${style})~page~\"; }

}  // namespace cancelsim::properties
")
