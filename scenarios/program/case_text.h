// A case as a person reads it: close to the Python that it stands for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

/// Prints a program. Statements' types print what stands under their own line by it.
class CasePrinter {
public:
    /// Each line is indented by `indent` spaces more than its level needs.
    CasePrinter(const Case& printed, std::size_t indent) : program(printed), indent_(indent) {}

    const Case& program;

    std::string run();
    void line(std::size_t level, std::string_view content);
    /// Statements [begin, end), or `pass`.
    void body(std::size_t level, std::uint32_t begin, std::uint32_t end);

private:
    std::size_t indent_;
    std::string text_;
};

/// For a type's `rest`: nothing stands under the line.
void print_nothing(CasePrinter& printer, std::size_t level, std::uint32_t at);
/// The same: the body does.
void print_body(CasePrinter& printer, std::size_t level, std::uint32_t at);

/// Statement `index` in one line, such as `with CancelScope(shield=True) as s0:`; a block without
/// its statements.
std::string statement_text(const Case& program, std::uint32_t index);

/// The whole program, a line a statement, each line indented by `indent` spaces and ended by LF.
std::string program_text(const Case& program, std::size_t indent = 0);

}  // namespace cancelsim::scenarios
