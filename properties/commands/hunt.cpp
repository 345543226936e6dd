#include "properties/search/hunt.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/commands/config_options.h"
#include "properties/commands/hunt_state.h"
#include "properties/commands/programs/run_program.h"
#include "properties/commands/shards/environment.h"
#include "properties/failure/input.h"
#include "properties/failure/saved_failure.h"
#include "properties/failure/whole_file.h"
#include "properties/report/formats/hunt_formats.h"
#include "properties/report/report.h"
#include "properties/search/mended.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

/// Enough to meet every failure that the documentation names, and about a second of work.
constexpr std::uint64_t kDefaultSchedules = 100'000;
/// On a library, where each takes a thousand times as long.
constexpr std::uint64_t kDefaultOnLibrary = 5'000;
constexpr std::uint64_t kMostShards = 1'000'000;

/// How often what has been done is written down.
constexpr double kSecondsBetweenStates = 1;

struct HuntCommand {
    SubjectOptions config;
    HuntOptions options;
    std::string profile = "both";
    std::string program;  ///< to hunt in, in place of random cases; empty: none
    std::string accept;   ///< a file of failures of the program that are accepted
    bool has_injections = false;
    std::optional<std::uint64_t> seed;
    std::optional<std::uint64_t> schedules;
    std::optional<double> seconds;
    std::string against;  ///< a release; empty: none was named
    bool is_shard = false;
    std::string folder;  ///< where failures are saved; empty: nowhere
    std::string resume;  ///< where a hunt was saved that shall go on
    std::string junit;   ///< a file to write; empty: none
    std::string sarif;   ///< the same
    bool no_shrink = false;
    bool json = false;
    bool all = false;
    bool has_own_options = false;  ///< some were given that a hunt that goes on has already
};

/// A seed that nobody has chosen; short, so that it can be typed again. Everything random comes from the seed: this is
/// the one place where chance comes in.
std::uint64_t fresh_seed() { return std::random_device()(); }

/// Lets `options` be as long as the command says; unless it says something, `schedules` and `seconds` stay.
void set_length(const HuntCommand& command, HuntOptions& options) {
    if (command.schedules) options.schedules = *command.schedules;
    if (!command.seconds) return;
    options.seconds = *command.seconds;
    options.schedules = 0;
}

/// The hunt that the command asks for: a new one, or one that goes on.
HuntState state_of(const HuntCommand& command) {
    HuntState state;
    HuntOptions& options = state.options;
    if (command.resume.empty()) {
        options = command.options;
        options.config = command.config.subject();
        if (!command.against.empty()) options.against = base_named(command.against, options.config);
        state.profile = command.profile;
        options.profiles = profiles_named(command.profile);
        options.shrink = !command.no_shrink;
        options.schedules = options.config.library ? kDefaultOnLibrary : kDefaultSchedules;
        if (command.is_shard && !command.seed) throw UsageError("--shard: give --seed, the same to all shards");
        options.seed = command.seed ? *command.seed : fresh_seed();
    } else {
        if (command.has_own_options || command.has_injections || !command.config.empty())
            throw UsageError(
                "--resume: the hunt has its options: only --shard, --cases, --time, --jobs and --json may "
                "be given");
        state = read_state(command.resume, command.options.shard, command.is_shard ? command.options.shards : 0);
        options.jobs = command.options.jobs;
        options.first = state.finished;
        options.seen = state.seen;
        for (const SavedFound& each : state.found)
            options.reported.push_back({each.contract, each.place, each.labelled});
    }
    set_length(command, options);
    return state;
}

/// How much of the hunt is done, from 0 to 1.
double share_done(const HuntOptions& options, std::uint64_t schedules, double seconds) {
    if (options.schedules == 0) return seconds / options.seconds;
    return static_cast<double>((options.first + schedules) * options.shards) / static_cast<double>(options.schedules);
}

/// `42 %, 13 s left  52,100 schedules, 41,000/s`, about ten times a second.
Progress hunt_progress(bool quiet, const HuntOptions& options) {
    return [quiet, &options, last = -1.0](std::uint64_t schedules, std::size_t, double seconds) mutable {
        if (seconds - last < 0.1) return;
        last = seconds;
        const double before = share_done(options, 0, 0);
        const double share = std::clamp(share_done(options, schedules, seconds), 1e-9, 1.0);
        const double left = share > before ? seconds * (1 - share) / (share - before) : 0;
        show_progress(quiet,
                      fmt::format("{:.0f} %, {:.0f} s left  {} schedules, {:.0f}/s", 100 * share, left,
                                  count_text(schedules), static_cast<double>(schedules) / std::max(seconds, 1e-3)));
    };
}

/// Prints failures and saves them, as they are found.
class Reporting {
public:
    Reporting(HuntState& state, std::string folder, bool json)
        : state_(state), folder_(std::move(folder)), json_(json) {}

    /// The failures that the resumed hunt had found before.
    void load_earlier() {
        for (const SavedFound& each : state_.found) {
            Found one;
            one.failure = load_failure((std::filesystem::path(folder_) / each.file).string());
            one.place = each.place;
            one.labelled = each.labelled;
            one.schedule = each.schedule;
            one.statements_found = each.statements_found;
            keep(one, (std::filesystem::path(folder_) / each.file).string());
        }
    }

    /// Saves it as it was found, so that it is safe while it is made smaller.
    void seen(const Failure& failure) { unshrunk_ = saved(failure); }

    void found(const Found& one) {
        const std::string file = saved(one.failure);
        // Another failure may be saved in the same words.
        const bool is_needed = file == unshrunk_ || std::find(files_.begin(), files_.end(), unshrunk_) != files_.end();
        if (!file.empty() && !unshrunk_.empty() && !is_needed) std::filesystem::remove(unshrunk_);
        if (!folder_.empty() && !file.empty())
            state_.found.push_back({one.failure.contract, one.place, one.labelled,
                                    std::filesystem::path(file).filename().string(), one.schedule,
                                    one.statements_found});
        keep(one, file);
    }

    /// Writes down how far the hunt is: `now`, or when it is time.
    void finished(std::uint64_t schedules, const Census& seen, bool now) {
        if (folder_.empty() || !error_.empty()) return;  // what could not be saved would be found again
        const auto time = std::chrono::steady_clock::now();
        if (!now && std::chrono::duration<double>(time - written_).count() < kSecondsBetweenStates) return;
        written_ = time;
        state_.finished = schedules;
        state_.seen = seen;
        attempt([&] { write_state(state_, folder_); });
    }

    /// Runs what was saved in the folder by earlier hunts on what is hunted now: what still breaks is found first.
    /// Other files may be there too.
    void try_saved() {
        std::vector<std::string> paths;
        for (const auto& entry : std::filesystem::directory_iterator(folder_))
            if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
        std::sort(paths.begin(), paths.end());
        HuntOptions& options = state_.options;
        Labeller labeller;
        for (const std::string& path : paths) {
            Found one;
            try {
                one.failure = load_failure(path);
            } catch (const scenarios::CaseError& error) {  // no saved failure, or of another version
                say_lost(fmt::format("not tried: {}", error.what()));
                continue;
            }
            one.failure.config = options.config;
            const Account account = account_of(one.failure);
            const auto& wanted = options.contracts;
            const bool is_hunted =
                wanted.empty() || std::count(wanted.begin(), wanted.end(), one.failure.contract) != 0;
            if (!account.broken || !is_hunted) continue;
            one.failure.digest = account.digest;
            one.place = account.place;
            one.statements_found = one.failure.program.statements.size();
            one.labelled = labeller.label(one.failure, one.place, base_of(options));
            const bool was_reported =
                std::any_of(options.reported.begin(), options.reported.end(), [&](const Reported& each) {
                    return each.contract == one.failure.contract && each.place == one.place &&
                           each.labelled == one.labelled;
                });
            if (was_reported) continue;
            options.reported.push_back({one.failure.contract, one.place, one.labelled});
            state_.found.push_back({one.failure.contract, one.place, one.labelled,
                                    std::filesystem::path(path).filename().string(), 0, one.statements_found});
            keep(one, path);
        }
    }

    /// In text, failures are printed together at the end.
    void print_found() const {
        for (std::size_t i = 0; i < found_.size() && !json_; ++i) fmt::print("{}\n", found_text(found_[i], files_[i]));
    }
    const std::vector<std::string>& files() const { return files_; }

    const std::vector<Found>& all() const { return found_; }
    /// The first reason why something could not be saved; empty where there is none.
    const std::string& error() const { return error_; }

private:
    void keep(const Found& one, const std::string& file) {
        found_.push_back(one);
        files_.push_back(file);
        if (!json_) return;
        fmt::print("{}\n", found_json(one, file));
        std::fflush(stdout);
    }

    /// The file that the failure is in; empty where it is in none. Others may fit on a disk on which one does not.
    std::string saved(const Failure& failure) {
        std::string file;
        if (!folder_.empty()) attempt([&] { file = save(failure, folder_); });
        return file;
    }

    template <class Action>
    void attempt(Action action) {
        try {
            action();
        } catch (const FailureError& error) {
            if (error_.empty()) error_ = error.what();
        }
    }

    HuntState& state_;
    std::string folder_;
    bool json_;
    std::vector<Found> found_;
    std::vector<std::string> files_;  ///< of each of them
    std::string unshrunk_;
    std::string error_;
    std::chrono::steady_clock::time_point written_ = std::chrono::steady_clock::now();
};

/// Writes the formats for other programs: where GitHub runs it, its annotations go with the text.
void write_formats(const HuntCommand& command, const HuntOptions& options, const HuntResult& result,
                   const std::vector<std::string>& files) {
    const char* on_github = std::getenv("GITHUB_ACTIONS");
    if (!command.json && on_github != nullptr && std::string_view(on_github) == "true")
        fmt::print("{}", github_annotations(result));
    if (!command.junit.empty()) write_output(command.junit, junit_text(options, result));
    if (!command.sarif.empty()) write_output(command.sarif, sarif_text(options, result, files));
}

/// Says what the patches mend of what the release breaks.
void print_mended(const HuntOptions& options, bool json) {
    const std::vector<Found> all = mended(options, interrupted);
    if (json) {
        for (const Found& one : all) {
            const Finding* known = one.labelled.known();
            fmt::print("{}\n",
                       nlohmann::ordered_json{{"mended",
                                               {{"contract", one.failure.contract},
                                                {"place", one.place},
                                                {"finding", known == nullptr ? nlohmann::ordered_json()
                                                                             : nlohmann::ordered_json(known->id)},
                                                {"token", to_token(one.failure)}}}}
                           .dump());
        }
        return;
    }
    const std::string looked =
        fmt::format("of what the release breaks in {} schedules of the model, the patch", count_text(kLookedAtOnModel));
    if (all.empty()) {
        fmt::print("{} mends nothing\n", looked);
        return;
    }
    fmt::print("{} mends:\n", looked);
    for (const Found& one : all) {
        const Finding* known = one.labelled.known();
        fmt::print("  {} at {}{}\n", one.failure.contract, one.place,
                   known == nullptr ? std::string() : fmt::format(" ({})", known->id));
    }
}

/// Hunts in a program of the user's own: random schedules, after all those that are next to the ordinary one.
int hunt_program(const HuntCommand& command) {
    const HuntOptions& given = command.options;
    if (!command.resume.empty() || command.is_shard || command.profile != HuntCommand().profile ||
        given.strategy != HuntOptions().strategy || given.adversarial)
        throw UsageError("--program: neither --resume nor --shard, --profile, --strategy or --adversarial go with it");
    if (command.config.on.empty()) throw UsageError("--program: say which Python runs it, by --on PYTHON");
    ProgramCommand hunting{
        .program = read_python_program(command.program),
        .config = command.config.subject(),
        .base = {},
        .options = {.cases = command.seconds ? UINT64_MAX : command.schedules.value_or(kDefaultOnLibrary),
                    .contracts = given.contracts,
                    .seed = command.seed ? *command.seed : fresh_seed(),
                    .jobs = given.jobs,
                    .shrink = !command.no_shrink},
        .seconds = command.seconds,
        .folder = command.folder,
        .json = command.json,
        .all = command.all};
    if (!command.accept.empty()) hunting.options.accepted = Accepted(command.accept);
    if (command.has_injections) hunting.options.injections = given.injections;
    hunting.base = release_of(hunting.config);
    if (!command.folder.empty()) prepare_folder(command.folder);
    return run_program(hunting);
}

/// Unless it was given, a scheduler may say which shard this is.
HuntCommand with_shard(HuntCommand command) {
    if (command.is_shard) return command;
    if (const auto shard = shard_of_environment([](const char* name) { return std::getenv(name); })) {
        command.options.shard = shard->shard;
        command.options.shards = shard->shards;
        command.is_shard = true;
    }
    return command;
}

int run_hunt(const HuntCommand& given) {
    if (!given.program.empty()) return hunt_program(given);
    if (!given.accept.empty()) throw UsageError("--accept: goes with --program");
    const HuntCommand command = with_shard(given);
    HuntState state = state_of(command);
    const std::string& folder = command.resume.empty() ? command.folder : command.resume;
    if (!folder.empty()) prepare_folder(folder);
    Reporting reporting(state, folder, command.json);
    if (!command.resume.empty()) reporting.load_earlier();
    if (command.resume.empty() && !folder.empty()) reporting.try_saved();
    if (command.resume.empty()) reporting.finished(0, {}, true);  // it can go on from the first moment
    const HuntOptions options = state.options;
    const HuntNews news{
        .progress = hunt_progress(command.json, options),
        .seen = [&](const Failure& failure) { reporting.seen(failure); },
        .found = [&](const Found& found) { reporting.found(found); },
        .lost =
            [&](std::uint64_t schedule, const std::string& why) {
                clear_progress(command.json);
                say_lost(fmt::format("schedule {}: {}", schedule + 1, why));
            },
        .finished = [&](std::uint64_t schedules, const Census& seen) { reporting.finished(schedules, seen, false); }};
    HuntResult result;
    try {
        result = hunt(options, interrupted, news);
    } catch (...) {
        clear_progress(command.json);
        reporting.print_found();
        throw;
    }
    reporting.finished(options.first + result.schedules, result.seen, true);
    clear_progress(command.json);
    result.earlier = options.first;
    result.found = reporting.all();
    const bool is_patched = options.config.library && !options.config.library->patches.empty();
    if (is_patched && command.json) print_mended(options, true);
    fmt::print("{}", command.json ? summary_json(options, result) + "\n"
                                  : hunt_text(options, result, reporting.files(), command.all));
    if (is_patched && !command.json) print_mended(options, false);
    write_formats(command, options, result, reporting.files());
    std::fflush(stdout);
    if (!reporting.error().empty()) throw UsageError(reporting.error());
    say_if_interrupted(fmt::format("{} schedules have run", result.earlier + result.schedules));
    return count_news(result.found) == 0 ? kHolds : kBroken;
}

}  // namespace

Command hunt_command() {
    auto options = std::make_shared<HuntCommand>();
    HuntOptions& hunting = options->options;
    const auto own = [&](Option option) {
        option.given = &options->has_own_options;
        return option;
    };
    Command command{.name = "hunt",
                    .summary = "Run random programs under random schedules, and check every contract",
                    .options = options->config.options(),
                    .run = [options] { return run_hunt(*options); },
                    .broken = "a contract broken, which is no known finding"};
    command.options.insert(
        command.options.end(),
        {own(profile_option(options->profile)),
         own(strategy_option(hunting.strategy)),
         own({"--adversarial", Flag{&hunting.adversarial},
              "also permute the ready handles of an iteration, as trio does and asyncio never"}),
         {.names = "--inject",
          .value = Number{&hunting.injections, 0, 1000},
          .help = "also cancel scopes, and tasks natively, from outside: at most so many times a run",
          .preset = "0; 1 with --program",
          .given = &options->has_injections},
         {"--program", Text{&options->program, "FILE"},
          "hunt in this program, FILE.py or FILE.py:FUNCTION, in place of random cases: with --on"},
         own(against_option(options->against)),
         {"--accept", Text{&options->accept, "FILE"},
          "with --program: a file of failures that are accepted, a line each, as they are printed"},
         own(contract_option(hunting.contracts)),
         own({.names = "--seed",
              .value = Seed{&options->seed},
              .help = "what everything random comes from: a number, or the hash of a commit",
              .preset = "another one each time, which is printed"}),
         {.names = "--cases",
          .value = Number{&options->schedules, 1, kMostSchedules},
          .help = "how many to run",
          .preset = fmt::format("{}; {} with --on", kDefaultSchedules, kDefaultOnLibrary)},
         {.names = "--time",
          .value = Duration{&options->seconds},
          .help = "how long to run instead: 30s, 5m, 2h",
          .excludes = "--cases"},
         {.names = "--shard",
          .value = Part{&hunting.shard, &hunting.shards, kMostShards},
          .help = "only every Nth schedule, from the Ith: N machines share a hunt",
          .preset = "what an array of Slurm's or an indexed job of Kubernetes' says",
          .given = &options->is_shard},
         jobs_option(hunting.jobs),
         {"--save", Text{&options->folder, "DIR"},
          "a folder to save each failure in when it is found, as a file that replays for ever; what "
          "is saved there already is tried first"},
         {.names = "--resume",
          .value = Text{&options->resume, "DIR"},
          .help = "a folder of --save: the hunt goes on where it stood",
          .excludes = "--save"},
         own({"--no-shrink", Flag{&options->no_shrink}, "report failures as they were found"}),
         {"--all", Flag{&options->all}, "print every failure in full, known findings too"},
         {"--junit", Text{&options->junit, "FILE"}, "also write the result as a JUnit report"},
         {"--sarif", Text{&options->sarif, "FILE"}, "also write it as SARIF, for code scanning"},
         json_option(options->json, "a failure, and the summary")});
    return command;
}

}  // namespace cancelsim::properties
