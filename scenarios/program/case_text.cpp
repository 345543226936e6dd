#include "scenarios/program/case_text.h"

#include <fmt/format.h>

#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

namespace {
constexpr std::size_t kStep = 4;
}  // namespace

std::string CasePrinter::run() {
    line(0, "main:");
    body(1, 0, program.main_end);
    for (const EnvironmentEntry& entry : program.environment) {
        line(0, entry.at_iteration ? fmt::format("outside, in iteration {}:", entry.when)
                                   : fmt::format("outside, at time {}:", entry.when));
        body(1, entry.begin, entry.end);
    }
    for (const Name name : program.stubborn) line(0, fmt::format("{}.cancel() is refused", program.names[name]));
    return text_;
}

void CasePrinter::line(std::size_t level, std::string_view content) {
    text_.append(indent_ + level * kStep, ' ');
    text_ += content;
    text_ += '\n';
}

void CasePrinter::body(std::size_t level, std::uint32_t begin, std::uint32_t end) {
    if (begin == end) line(level, "pass");
    for (std::uint32_t at = begin; at < end; at += program.statements[at].size) {
        line(level, statement_text(program, at));
        (*type_of(program.statements[at].op).text->rest)(*this, level, at);
    }
}

void print_nothing(CasePrinter&, std::size_t, std::uint32_t) {}

void print_body(CasePrinter& printer, std::size_t level, std::uint32_t at) {
    printer.body(level + 1, at + 1, at + printer.program.statements[at].size);
}

std::string statement_text(const Case& program, std::uint32_t index) {
    const Statement& statement = program.statements[index];
    return (*type_of(statement.op).text->line)(program, statement);
}

std::string program_text(const Case& program, std::size_t indent) { return CasePrinter(program, indent).run(); }

}  // namespace cancelsim::scenarios
