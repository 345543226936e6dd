#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "properties/commands/command.h"
#include "properties/commands/config_options.h"
#include "properties/failure/input.h"
#include "scenarios/run/event_stream.h"
#include "scenarios/run/trace_writer.h"
#include "sim/strategies/reversed.h"

namespace cancelsim::properties {

namespace {

struct TraceOptions {
    ConfigOptions config;
    std::string order = "insertion";
    bool events = false;
    std::vector<std::string> files;
};

int trace(const TraceOptions& options) {
    const model::Config config = options.config.resolve();
    sim::Reversed reversed;
    scenarios::Interpreter run;
    scenarios::TraceWriter writer(run);
    for (const std::string& file : options.files) {
        for (const scenarios::Case& program : read_case_file(file)) {
            run.prepare(program, config, options.order == "reversed" ? &reversed : nullptr);
            scenarios::EventEncoder encoder(run);
            if (options.events)
                run.watch(encoder);
            else
                run.watch(writer);
            run.run();
            if (options.events) {
                encoder.finish();
                fmt::print("[\"Case\",{}]\n", nlohmann::json{{"name", program.name}, {"names", program.names}}.dump(
                                                  -1, ' ', true, nlohmann::json::error_handler_t::replace));
                fmt::print("{}", scenarios::event_lines(encoder.stream(), encoder.strings()));
            } else {
                fmt::print("{}\n", writer.finish());
            }
        }
    }
    return kHolds;
}

}  // namespace

Command trace_command() {
    auto options = std::make_shared<TraceOptions>();
    Command command{.name = "trace",
                    .summary = "Run cases, and print a trace a line as CASES.md has it",
                    .options = options->config.options(),
                    .run = [options] { return trace(*options); }};
    command.options.insert(
        command.options.end(),
        {{"--order", Word{&options->order, "order", {"insertion", "reversed"}}, "the order in which sets iterate"},
         {"--events", Flag{&options->events},
          "print every event, a line each, with its fields, instead; before them the case with its names"},
         {.names = "FILE",
          .value = Text{&options->files, "FILE"},
          .help = "JSONL files of cases; `-` is standard input",
          .required = true}});
    return command;
}

}  // namespace cancelsim::properties
