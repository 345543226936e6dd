#include "properties/failure/saved_failure.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "properties/failure/whole_file.h"
#include "scenarios/generate/generator.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;

/// A folder of its own, gone when the test is.
class Folder {
public:
    Folder() : path_((fs::temp_directory_path() / "cancelsim-saved-XXXXXX").string()) {
        REQUIRE(mkdtemp(path_.data()) != nullptr);
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::string& path() const { return path_; }
    std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(path_), {}); }

private:
    std::string path_;
};

/// Files can grow to so many bytes only while this lives: the nearest thing to a full disk that needs no disk.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) {
        getrlimit(RLIMIT_FSIZE, &before_);
        signal_ = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, signal_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    rlimit before_{};
    void (*signal_)(int) = nullptr;
};

constexpr std::string_view kLine =
    R"({"version":2,"contract":"redelivery","subject":"model","anyio":"4.13.0","policy":"v3","python":"3.11",)"
    R"("bugs":["642"],"fixes":["carried"],"asked":["set_order","elapse"],)"
    R"("choices":[{"kind":"set_order","scope":null,"binding":4,"set":1,"visit":0,"position":0,"answer":1},)"
    R"({"kind":"set_order","scope":"s","binding":1,"set":0,"visit":2,"position":0,"answer":1},)"
    R"({"kind":"elapse","iteration":4,"answer":1}],"digest":"00000000000000ff",)"
    R"("case":{"name":"c","main":[{"op":"scope","name":"s","body":[{"op":"checkpoint"}]}]}})"
    "\n";

/// As the first version had it; its deviations were known by the numbers of their questions.
constexpr std::string_view kLineOfVersion1 =
    R"({"version":1,"contract":"redelivery","kernel":"4.13.0","policy":"v3","python":"3.11","defects":["642","carried"],)"
    R"("asked":["timer_order","elapse"],"deviations":[[0,1],[1,1],[9,1]],"digest":"00000000000000ff","case":{"name":"c",)"
    R"("main":[{"op":"spawn_detached","task":"a","body":[{"op":"sleep","for":1}]},{"op":"sleep","for":1},)"
    R"({"op":"checkpoint"}]}})";

Failure parsed() { return from_saved(kLine, "x.json"); }

/// The line with `from` replaced by `to`, and what reading it says.
std::string fault_of(std::string_view from, std::string_view to, std::string_view whole = kLine) {
    std::string line(whole);
    line.replace(line.find(from), from.size(), to);
    try {
        from_saved(line, "x.json");
    } catch (const scenarios::CaseError& error) {
        return error.what();
    }
    return "no fault";
}

bool begins(const std::string& text, std::string_view with) { return text.starts_with(with); }

}  // namespace

TEST_CASE("a saved failure is read as it was written") {
    const Failure failure = parsed();
    CHECK(failure.contract == "redelivery");
    CHECK(failure.config.version->name == "4.13.0");
    CHECK(failure.config.policy->name == "v3");
    CHECK(std::string_view(failure.config.python->name) == "3.11");
    CHECK(failure.config.switches ==
          model::Switches{model::Bug::skips_child_scope_of_shielded_host, model::Fix::hands_cancels_to_same_host_only});
    CHECK(failure.schedule.asked == (bit(sim::ChoiceKind::set_order) | bit(sim::ChoiceKind::elapse)));
    const sim::Question of_another{.kind = sim::ChoiceKind::set_order, .set = 1, .binding = 4};
    const sim::Question elapse{.kind = sim::ChoiceKind::elapse, .at = 4};
    REQUIRE(failure.schedule.deviations.size() == 3);
    CHECK(failure.schedule.deviations[1] == sim::Deviation{of_another, 1});
    CHECK(failure.schedule.deviations[2] == sim::Deviation{elapse, 1});
    CHECK(failure.digest == 255);
    CHECK(failure.program.statements.size() == 2);
    CHECK(to_saved(failure) == kLine);
}

TEST_CASE("saving and reading keeps the program of any generated case, name included") {
    Failure failure = parsed();
    failure.schedule.deviations.clear();  // they have names of its own program
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const auto profile = static_cast<scenarios::Profile>(seed % scenarios::kProfiles);
        scenarios::generate(profile, seed, failure.program);
        const std::string line = to_saved(failure);
        const Failure again = from_saved(line, "x.json");
        CHECK(again.program.name == failure.program.name);
        CHECK(scenarios::to_json(again.program) == scenarios::to_json(failure.program));
        CHECK(to_saved(again) == line);
    }
}

TEST_CASE("a fault in a saved failure is one line that names the file, the key and what was expected") {
    CHECK(fault_of("\"version\":2", "\"version\":3") ==
          "x.json:1: version: expected 1 or 2, the versions that there are so far, got 3");
    CHECK(begins(fault_of("\"version\":2", "\"versio\":2"), "x.json:1: version: expected a value, got no such key"));
    CHECK(begins(fault_of("\"model\"", "\"real\""),
                 "x.json:1: subject: expected \"model\" or \"library\", got \"real\""));
    CHECK(begins(fault_of("\"v3\"", "\"v9\""), "x.json:1: policy: expected a policy of `cancelsim list`, got \"v9\""));
    CHECK(begins(fault_of("\"4.13.0\"", "4"), "x.json:1: anyio: expected a string, got 4"));
    CHECK(begins(fault_of("\"642\"", "\"6\""), "x.json:1: bugs[0]: expected a name of"));
    CHECK(begins(fault_of("\"642\"", "\"carried\""), "x.json:1: bugs[0]: expected a name of"));
    CHECK(begins(fault_of("\"elapse\"", "\"lapse\""), "x.json:1: asked[1]: expected a kind of choice"));
    CHECK(begins(fault_of("\"scope\":\"s\"", "\"scope\":\"t\""), "x.json:1: choices[1].scope: expected a name of the"));
    CHECK(begins(fault_of("\"iteration\":4", "\"iteration\":-4"), "x.json:1: choices[2].iteration: expected a number"));
    CHECK(
        begins(fault_of("\"answer\":1", "\"answer\":0"), "x.json:1: choices[0].answer: expected a number, at least 1"));
    CHECK(begins(fault_of("\"answer\":1", "\"answer\":1,\"a\":1"), "x.json:1: choices[0]: expected the keys of such"));
    CHECK(begins(fault_of("{\"kind\":\"elapse\",\"iteration\":4,\"answer\":1}", "4"),
                 "x.json:1: choices[2]: expected an object"));
    CHECK(begins(fault_of("00ff", "00fg"), "x.json:1: digest: expected 16 hexadecimal digits"));
    CHECK(begins(fault_of("\"digest\"", "\"asked\""), "x.json:1: asked: expected each key once"));
    CHECK(begins(fault_of("\"python\"", "\"py\":1,\"python\""), "x.json:1: py: expected a key of a saved failure"));
    CHECK(begins(fault_of("\"checkpoint\"", "\"check\""), "x.json:1: case.main[0].body[0].op: expected "));
}

TEST_CASE("a saved failure of the first version is read, and gets the names of its questions") {
    const Failure failure = from_saved(kLineOfVersion1, "x.json");
    CHECK(failure.config.switches ==
          model::Switches{model::Bug::skips_child_scope_of_shielded_host, model::Fix::hands_cancels_to_same_host_only});
    // Time passes in the first iteration already, in which nothing waits for time yet but `main`: a question of its
    // own.
    const sim::Question tie{.kind = sim::ChoiceKind::timer_order, .at = 1};
    const sim::Question elapse{.kind = sim::ChoiceKind::elapse, .at = 2};
    CHECK(std::any_of(failure.schedule.deviations.begin(), failure.schedule.deviations.end(),
                      [&](const sim::Deviation& each) { return each.question == tie || each.question == elapse; }));
    const auto fault = [](std::string_view from, std::string_view to) { return fault_of(from, to, kLineOfVersion1); };
    CHECK(begins(fault("[1,1]", "[0,1]"), "x.json:1: deviations[1][0]: expected a number, at least 1, got 0"));
    CHECK(begins(fault("[1,1]", "[1,0]"), "x.json:1: deviations[1][1]: expected a number, at least 1, got 0"));
    CHECK(begins(fault("[1,1]", "[1]"), "x.json:1: deviations[1]: expected a list of two numbers"));
    CHECK(begins(fault("\"kernel\"", "\"anyio\""), "x.json:1: anyio: expected a key of a saved failure"));
}

TEST_CASE("a case as deep as cases may be can be saved too") {
    std::string body = R"({"op":"checkpoint"})";
    for (std::size_t level = 2; level < scenarios::kMaxLevels; ++level)
        body = R"({"op":"repeat","times":1,"body":[)" + body + "]}";
    std::string line(kLine);
    const std::string_view checkpoint = R"({"op":"checkpoint"})";
    line.replace(line.find(checkpoint), checkpoint.size(), body);
    CHECK(from_saved(line, "x.json").program.statements.size() == scenarios::kMaxLevels);
    body = R"({"op":"repeat","times":1,"body":[)" + body + "]}";
    line.assign(kLine);
    line.replace(line.find(checkpoint), checkpoint.size(), body);
    CHECK_THROWS_AS(from_saved(line, "x.json"), scenarios::CaseError);
}

TEST_CASE("a failure is saved once, and never over another") {
    const Folder folder;
    const Failure failure = parsed();
    const std::string path = save(failure, folder.path());
    CHECK(fs::path(path).filename() == "redelivery-00000000000000ff.json");
    std::ifstream file(path);
    CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == kLine);

    CHECK(save(failure, folder.path()) == path);
    CHECK(folder.files() == 1);

    Failure other = failure;
    other.config.policy = model::find_policy("v2");
    CHECK(fs::path(save(other, folder.path())).filename() == "redelivery-00000000000000ff-2.json");
    CHECK(folder.files() == 2);
}

TEST_CASE("a folder that cannot be made or written is one line") {
    const Folder folder;
    prepare_folder(folder.path() + "/a/b");
    CHECK(folder.files() == 1);
    const std::string file = folder.path() + "/file";
    std::ofstream(file) << "x";
    CHECK_THROWS_WITH_AS(prepare_folder(file), (file + ": cannot make this folder: Not a directory").c_str(),
                         FailureError);
    CHECK_THROWS_WITH_AS(prepare_folder(file + "/a"), (file + "/a: cannot make this folder: Not a directory").c_str(),
                         FailureError);
    CHECK_THROWS_WITH_AS(save(parsed(), folder.path() + "/none"),
                         (folder.path() + "/none: cannot write: No such file or directory").c_str(), FailureError);
}

TEST_CASE("a failure that does not fit on the disk leaves no file behind") {
    const Folder folder;
    std::string message;
    {
        const FileSizeLimit limit(100);
        try {
            save(parsed(), folder.path());
        } catch (const FailureError& error) {
            message = error.what();
        }
    }
    CHECK(message == folder.path() + "/redelivery-00000000000000ff.json: cannot write: File too large");
    CHECK(folder.files() == 0);
}

TEST_CASE("what a killed process has left half written is removed, and what another is writing is not") {
    const Folder folder;
    const std::string stale = folder.path() + "/.saving-stale0";
    const std::string held = folder.path() + "/.saving-held00";
    std::ofstream(stale) << "{";
    const int descriptor = open(held.c_str(), O_CREAT | O_RDWR, 0600);
    REQUIRE(flock(descriptor, LOCK_EX) == 0);
    prepare_folder(folder.path());
    CHECK_FALSE(fs::exists(stale));
    CHECK(fs::exists(held));
    close(descriptor);
    prepare_folder(folder.path());
    CHECK(folder.files() == 0);
}

}  // namespace cancelsim::properties
