#include "properties/recorded/corpora.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "properties/subject/errors.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;

constexpr const char* kCase = R"({"name":"c","main":[{"op":"checkpoint"}]})";
constexpr const char* kTrace =
    R"({"name":"c","trace":[[1,0,"task_start","main"],[2,0,"await","main",0,"ok"],[2,0,"task_end","main","ok",0],)"
    R"([2,0,"end",{"verdict":"quiescent","iterations":2,"handles":2,"time":0,"hot":0,"parked":[],"armed":[]}]]})";

/// A folder of its own, gone when the test is.
class Folder {
public:
    Folder() : path_((fs::temp_directory_path() / "cancelsim-corpora-XXXXXX").string()) {
        REQUIRE(mkdtemp(path_.data()) != nullptr);
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    void write(const std::string& file, const std::string& text) const {
        std::ofstream(fs::path(path_) / file) << text;
    }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

void check_all_equal(const std::string& room) {
    for (const CorpusResult& result : compare_corpora(CANCELSIM_SOURCE_DIR + room)) {
        INFO(result.file, "\n", result.differences);
        CHECK(result.cases > 0);
        CHECK(result.equal == result.cases);
    }
}

}  // namespace

TEST_CASE("the model gives every recorded trace of the real library again") { check_all_equal("/scenarios/recorded"); }

TEST_CASE("the real library does with the named scenarios what the model does") {
    check_all_equal("/scenarios/recorded/named");
}

TEST_CASE("a trace that differs is counted and shown from where it differs") {
    const Folder folder;
    std::string other = kTrace;
    other.replace(other.find("\"ok\""), 4, "\"cancelled\"");
    folder.write("x.cases.jsonl", fmt::format("{}\n{}\n", kCase, kCase));
    folder.write("x.4.13.0.narrow.jsonl", fmt::format("{}\n{}\n", kTrace, other));
    const auto results = compare_corpora(folder.path());
    REQUIRE(results.size() == 1);
    CHECK(results[0].cases == 2);
    CHECK(results[0].equal == 1);
    CHECK(results[0].differences.find(R"(recorded   [2,0,"await","main",0,"cancelled"])") != std::string::npos);
    CHECK(results[0].differences.find(R"(simulated  [2,0,"await","main",0,"ok"])") != std::string::npos);
}

TEST_CASE("traces without a case each are a usage error") {
    const Folder folder;
    CHECK_THROWS_WITH_AS(compare_corpora(folder.path()),
                         fmt::format("{}: holds no recorded traces", folder.path()).c_str(), UsageError);
    folder.write("x.cases.jsonl", fmt::format("{}\n", kCase));
    folder.write("x.4.13.0.narrow.jsonl", fmt::format("{}\n{}\n", kTrace, kTrace));
    CHECK_THROWS_WITH_AS(compare_corpora(folder.path()),
                         fmt::format("{}/x.4.13.0.narrow.jsonl: holds 2 traces for 1 cases", folder.path()).c_str(),
                         UsageError);
    CHECK_THROWS_AS(compare_corpora(folder.path() + "/none"), UsageError);
}

}  // namespace cancelsim::properties
