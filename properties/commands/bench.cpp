#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "properties/bench/floor.h"
#include "properties/bench/workloads.h"
#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/commands/config_options.h"
#include "properties/failure/input.h"
#include "properties/report/terminal.h"
#include "properties/search/hunt.h"
#include "sim/strategies/random.h"

namespace cancelsim::properties {

namespace {

using Clock = std::chrono::steady_clock;

/// Samples of each figure, and how long one takes: the median of these is steady on a noisy machine.
constexpr int kSamples = 7;
constexpr double kSampleSeconds = 0.15;

struct BenchCommand {
    ConfigOptions config;
    std::string contracts;  ///< "all" or "none"; empty: none, but all for W4, which is the hunt itself
    std::vector<std::string> what;
    bool json = false;
};

/// Nanoseconds of one unit of work: the median of the samples, the least and the most.
struct Figure {
    double median = 0;
    double least = 0;
    double most = 0;
};

/// One line of the report.
struct Measurement {
    std::string name;
    std::string unit;             ///< what one unit of work is
    Figure cost;                  ///< nanoseconds a unit
    std::optional<Figure> floor;  ///< the same of the floor
    double callbacks = 0;         ///< handles run for one unit
    std::size_t bytes = 0;        ///< of the arena at the end of a run
};

/// `work` does some units and says how many.
template <class Work>
Figure measure(Work work) {
    work();
    std::vector<double> samples;
    for (int sample = 0; sample < kSamples; ++sample) {
        const auto start = Clock::now();
        double seconds = 0;
        std::uint64_t units = 0;
        do {
            units += work();
            seconds = std::chrono::duration<double>(Clock::now() - start).count();
        } while (seconds < kSampleSeconds);
        samples.push_back(seconds * 1e9 / static_cast<double>(units));
    }
    std::sort(samples.begin(), samples.end());
    return {samples[kSamples / 2], samples.front(), samples.back()};
}

class Bench {
public:
    explicit Bench(const BenchCommand& command)
        : config_(command.config.resolve()),
          runner_(command.contracts == "all" ? make_contracts() : Contracts{}),
          contracts_(command.contracts) {}

    std::vector<Measurement> run(const std::string& what) {
        if (what == "W1") return {w1()};
        if (what == "W2") return {w2()};
        if (what == "W3") return {w3()};
        if (what == "W4") return {w4()};
        if (what == "W5") return {w5()};
        if (what == "W6") return {programs("W6", "turn", {w6_program(kTurns)}, 8 * kTurns)};
        if (what == "W7") return {w7(0), w7(10)};
        if (what == "W7-0") return {w7(0)};
        if (what == "W7-10") return {w7(10)};
        if (what == "W8") return {programs("W8", "program", w8_programs(300), 1)};
        if (what == "growth") return growth();
        return {file(what)};
    }

private:
    /// Measures running all of `programs` in turn; one unit of work is `units` of them... or part of one.
    Measurement programs(std::string name, std::string unit, const std::vector<scenarios::Case>& cases,
                         double units_each) {
        Measurement row{.name = std::move(name), .unit = std::move(unit)};
        std::uint64_t handles = 0;
        for (const scenarios::Case& program : cases) {
            runner_.run(program, config_, nullptr);
            handles += runner_.interpreter().kernel().counters().handles;
            row.bytes = std::max(row.bytes, runner_.interpreter().kernel().arena_used());
        }
        const double units = units_each * static_cast<double>(cases.size());
        row.callbacks = static_cast<double>(handles) / units;
        row.cost = measure([&] {
            for (const scenarios::Case& program : cases) runner_.run(program, config_, nullptr);
            return static_cast<std::uint64_t>(units);
        });
        return row;
    }

    static constexpr std::int64_t kTurns = 100;
    static constexpr std::int64_t kItems = 1000;

    Measurement w7(std::int64_t buffer) {
        return programs(fmt::format("W7-{}", buffer), "item", {w7_program(kItems, buffer)}, kItems);
    }

    Measurement w1() {
        Measurement row = programs("W1", "program", w1_programs(300), 1);
        row.floor = measure([] {
            for (std::uint64_t seed = 0; seed < 300; ++seed) floor::w1(seed);
            return std::uint64_t{300};
        });
        return row;
    }

    Measurement w2() {
        constexpr std::int64_t kSwitches = 1'000'000;
        Measurement row = programs("W2", "switch", {w2_program(kSwitches)}, kSwitches);
        row.floor = measure([] { return floor::w2(kSwitches); });
        return row;
    }

    Measurement w3() {
        constexpr std::int64_t kTasks = 10'000;
        Measurement row = programs("W3", "timer", {w3_program(kTasks)}, kTasks * 10);
        row.floor = measure([] {
            floor::w3(kTasks);
            return std::uint64_t{kTasks * 10};
        });
        return row;
    }

    /// The hunt itself: generate, run under one random schedule, check every contract.
    Measurement w4() {
        Runner runner(contracts_ == "none" ? Contracts{} : make_contracts());
        HuntOptions options;
        options.config = config_;
        options.profiles = {scenarios::Profile::blocks};
        sim::RandomChoices choices(sim::kAsyncioKinds);
        scenarios::Case program;
        std::uint64_t index = 0;
        Measurement row{.name = "W4", .unit = "case"};
        row.cost = measure([&] {
            for (int i = 0; i < 1000; ++i) {
                std::uint64_t seed = 0;
                make_schedule(options, index++, program, seed);
                choices.begin(seed);
                runner.run(program, options.config, &choices);
            }
            return std::uint64_t{1000};
        });
        row.bytes = runner.interpreter().kernel().arena_used();
        return row;
    }

    Measurement w5() {
        const scenarios::Case program = w5_program();
        sim::RandomChoices choices(sim::kAdversarialKinds);
        std::uint64_t seed = 0;
        Measurement row{.name = "W5", .unit = "schedule"};
        row.cost = measure([&] {
            for (int i = 0; i < 1000; ++i) {
                choices.begin(++seed);
                runner_.run(program, config_, &choices);
            }
            return std::uint64_t{1000};
        });
        row.callbacks = static_cast<double>(runner_.interpreter().kernel().counters().handles);
        row.bytes = runner_.interpreter().kernel().arena_used();
        row.floor = measure([&] {
            for (int i = 0; i < 1000; ++i) floor::w5(++seed);
            return std::uint64_t{1000};
        });
        return row;
    }

    std::vector<Measurement> growth() {
        std::vector<Measurement> rows;
        for (const std::int64_t tasks : {10, 100, 1000, 10000})
            rows.push_back(programs(fmt::format("{} tasks", tasks), "task", {growth_program(tasks, 1)},
                                    static_cast<double>(tasks)));
        for (const std::int64_t depth : {1, 10, 100})
            rows.push_back(programs(fmt::format("depth {}", depth), "task", {growth_program(100, depth)}, 100));
        return rows;
    }

    Measurement file(const std::string& path) {
        const auto cases = read_case_file(path);
        if (cases.empty()) throw UsageError(fmt::format("{}: holds no case", path));
        return programs(path, "program", cases, 1);
    }

    model::Config config_;
    Runner runner_;
    std::string contracts_;
};

void print(const std::vector<Measurement>& rows) {
    fmt::print("{}\n", bold(fmt::format("{:<12} {:>14} {:>12} {:>23} {:>9} {:>13} {:>10}", "workload", "a second",
                                        "ns each", "[least .. most]", "x floor", "callbacks/s", "bytes/run")));
    for (const Measurement& row : rows) {
        const double rate = 1e9 / row.cost.median;
        fmt::print("{:<12} {:>14} {:>12} {:>23} {:>9} {:>13} {:>10}\n", row.name,
                   fmt::format("{:.0f} {}s", rate, row.unit).substr(0, 40), fmt::format("{:.1f}", row.cost.median),
                   fmt::format("[{:.1f} .. {:.1f}]", row.cost.least, row.cost.most),
                   row.floor ? fmt::format("{:.2f}", row.cost.median / row.floor->median) : "",
                   row.callbacks > 0 ? fmt::format("{:.0f}", rate * row.callbacks) : "", row.bytes);
    }
}

void print_json(const std::vector<Measurement>& rows) {
    for (const Measurement& row : rows) {
        nlohmann::ordered_json json{{"workload", row.name},
                                    {"unit", row.unit},
                                    {"ns", row.cost.median},
                                    {"ns_least", row.cost.least},
                                    {"ns_most", row.cost.most},
                                    {"per_second", 1e9 / row.cost.median},
                                    {"callbacks_per_unit", row.callbacks},
                                    {"bytes_per_run", row.bytes}};
        if (row.floor) json["floor_ns"] = row.floor->median;
        fmt::print("{}\n", json.dump());
    }
}

int bench(const BenchCommand& command) {
    Bench bench(command);
    std::vector<Measurement> rows;
    for (const std::string& what : command.what) {
        if (interrupted) break;
        for (Measurement& row : bench.run(what)) rows.push_back(std::move(row));
    }
    if (command.json)
        print_json(rows);
    else
        print(rows);
    return kHolds;
}

}  // namespace

Command bench_command() {
    auto options = std::make_shared<BenchCommand>();
    options->config.policy = "narrow";
    options->what = {"W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8"};
    Command command{.name = "bench",
                    .summary = "Measure the workloads W1 to W8, growth, or the cases of files",
                    .options = options->config.options(),
                    .run = [options] { return bench(*options); }};
    command.options.insert(command.options.end(),
                           {{.names = "--contracts",
                             .value = Word{&options->contracts, "choice", {"all", "none"}},
                             .help = "which contracts are checked meanwhile",
                             .preset = "none, but all for W4, which is the hunt itself"},
                            {"WHAT", Text{&options->what, "FILE"},
                             "W1 to W8 (W7-0, W7-10: one size of buffers), growth, or JSONL files of cases"},
                            json_option(options->json, "a figure")});
    return command;
}

}  // namespace cancelsim::properties
