#include "properties/search/verify.h"

#include <fmt/format.h>

#include <memory>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/commands/config_options.h"
#include "properties/contracts/contract.h"
#include "properties/failure/input.h"
#include "scenarios/generate/small_scope.h"

namespace cancelsim::properties {

namespace {

struct VerifyCommand {
    ConfigOptions config;
    VerifyOptions options;
    std::string against;
    std::string file;
    std::string alphabet = "scopes";
    bool json = false;
};

VerifyOptions resolve(const VerifyCommand& command) {
    VerifyOptions options = command.options;
    options.config = command.config.resolve();
    if (!command.against.empty()) options.against = base_named(command.against, options.config);
    options.alphabet = *scenarios::find_alphabet(command.alphabet);
    if (!command.file.empty()) {
        options.cases = read_case_file(command.file);
        if (options.cases.empty()) throw UsageError(fmt::format("{}: no case in it", command.file));
    }
    return options;
}

VerifyProgress verify_progress(bool quiet) {
    return [quiet, last = -1.0](const VerifiedSize& size, double seconds) mutable {
        if (seconds - last < 0.1) return;
        last = seconds;
        show_progress(quiet, fmt::format("{:.1f} s  {} statements: {} cases, {} schedules", seconds, size.statements,
                                         size.cases, size.schedules));
    };
}

int run_verify(const VerifyCommand& command) {
    const VerifyOptions options = resolve(command);
    const VerifyResult result = verify(options, interrupted, verify_progress(command.json));
    clear_progress(command.json);
    fmt::print("{}", command.json ? verify_json(options, result) : verify_text(options, result));
    return std::any_of(result.broken.begin(), result.broken.end(), is_news) ? kBroken : kHolds;
}

}  // namespace

Command verify_command() {
    auto options = std::make_shared<VerifyCommand>();
    Command command{
        .name = "verify",
        .summary = "Run every small program there is, or given ones, under every schedule: see properties/VERIFY.md",
        .options = options->config.options(),
        .run = [options] { return run_verify(*options); },
        .broken = "a contract broken, which is no known finding"};
    VerifyOptions& verifying = options->options;
    command.options.insert(
        command.options.end(),
        {{"FILE", Text{&options->file, "FILE"}, "cases, one JSON object a line: only these; - reads them"},
         {.names = "--statements",
          .value = Number{&verifying.statements, 1, scenarios::kMostSmallStatements},
          .help = "the most statements of a program",
          .excludes = "FILE"},
         {.names = "--alphabet",
          .value = Word{&options->alphabet, "alphabet", {"scopes", "objects", "native"}},
          .help = "what programs are written in: scopes, and one task beside main; an object that three tasks share; "
                  "asyncio's own cancellers among three tasks",
          .excludes = "FILE"},
         {"--adversarial", Flag{&verifying.adversarial},
          "also every order of the ready handles of an iteration, as trio has it and asyncio never"},
         against_option(options->against),
         contract_option(verifying.contracts),
         {"--limit", Number{&verifying.limit, 1, UINT64_MAX}, "the most schedules of one program"},
         {"--all", Flag{&verifying.all}, "go on to larger programs when one has broken a contract"},
         jobs_option(verifying.jobs),
         json_option(options->json, "a size, a failure")});
    return command;
}

}  // namespace cancelsim::properties
