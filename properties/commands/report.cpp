#include <memory>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/failure/input.h"
#include "properties/report/page/page.h"
#include "properties/report/page/page_json.h"
#include "properties/report/terminal.h"
#include "properties/subject/json_line.h"

namespace cancelsim::properties {

namespace {

struct ReportCommand {
    std::vector<std::string> failure;
    std::string output;
    bool markdown = false;
    bool json = false;
};

std::string text_of(const ReportCommand& command, const Failure& failure) {
    if (command.markdown) return failure_markdown(failure);
    if (command.json) return json_line(failure_page_json(failure)) + "\n";
    return failure_page(failure);
}

int run_report(const ReportCommand& command) {
    const Failure failure = load_failure(joined_words(command.failure));
    if (failure.config.library)
        throw UsageError("report: a run on a library has no timeline yet: it draws the model's");
    use_colour(Colour::never);  // it is for a file
    write_output(command.output, text_of(command, failure));
    return kHolds;
}

}  // namespace

Command report_command() {
    auto options = std::make_shared<ReportCommand>();
    return {
        .name = "report",
        .summary = "Write a page that shows a failure: its run, the nearest run that does not fail, and the odds",
        .options = {failure_option(options->failure),
                    output_option(options->output),
                    {"--markdown", Flag{&options->markdown}, "instead of a page, Markdown to paste into an issue"},
                    {.names = "--json",
                     .value = Flag{&options->json},
                     .help = "instead of a page, the JSON that it draws",
                     .excludes = "--markdown"}},
        .run = [options] { return run_report(*options); },
    };
}

}  // namespace cancelsim::properties
