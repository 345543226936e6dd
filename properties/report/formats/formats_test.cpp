// What other programs take. That JUnit's and SARIF's files are valid, the tests of the command check.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "properties/failure/input.h"
#include "properties/failure/known.h"
#include "properties/failure/replay.h"
#include "properties/report/formats/hunt_formats.h"
#include "properties/report/formats/perfetto.h"

namespace cancelsim::properties {

namespace {

using Json = nlohmann::json;

Failure regression(const std::string& name) {
    return load_failure(CANCELSIM_SOURCE_DIR "/properties/failure/regressions/" + name + ".json");
}

/// Those of `many-tasks` are labelled as known.
HuntResult result_of(std::initializer_list<const char*> names) {
    HuntResult result;
    result.schedules = 1000;
    for (const char* name : names) {
        Found found;
        found.failure = regression(name);
        found.place = account_of(found.failure).place;
        if (name == std::string("many-tasks")) found.labelled = {Label::known, find_finding("F7")};
        result.found.push_back(std::move(found));
    }
    return result;
}

struct Slice {
    double begin;
    double end;
};

}  // namespace

TEST_CASE("perfetto: each row is an event on the thread of whoever did it, and slices of a thread are nested") {
    for (const char* name : {"zombie", "v3-livelock", "many-tasks", "deviation"}) {
        INFO(name);
        const Picture picture = picture_of(regression(name));
        const Json trace = Json::parse(perfetto_text(picture, "x"));
        std::size_t row = 0;
        std::size_t bands = 0;
        double last = 0;
        std::map<int, std::vector<Slice>> slices;
        std::map<int, std::string> threads;
        for (const Json& event : trace.at("traceEvents")) {
            const std::string phase = event.at("ph");
            if (phase == "M") {
                if (event.at("name") == "thread_name") threads[event.at("tid")] = event.at("args").at("name");
                continue;
            }
            if (phase == "X")
                slices[event.at("tid")].push_back(
                    {event.at("ts"), event.at("ts").get<double>() + event.at("dur").get<double>()});
            if (phase == "X" && event.at("cat") == "scope") ++bands;
            const bool is_row = phase == "i" || (phase == "X" && event.at("cat") == "row");
            if (!is_row) continue;
            REQUIRE(row < picture.story.rows.size());
            const Row& told = picture.story.rows[row++];
            CHECK(event.at("name") == told.text);
            if (phase == "X") CHECK(event.at("tid") == told.column);
            const double at = event.at("ts");
            CHECK(at >= last);
            CHECK(at >= 1000.0 * static_cast<double>(told.iteration));
            CHECK(at < 1000.0 * static_cast<double>(told.iteration + 1));
            last = at;
        }
        CHECK(row == picture.story.rows.size());
        CHECK(bands == static_cast<std::size_t>(std::count_if(picture.bands.begin(), picture.bands.end(),
                                                              [](const Band& band) { return band.from < band.to; })));
        for (std::size_t lane = 0; lane < picture.story.columns.size(); ++lane)
            CHECK(threads[static_cast<int>(lane)] == picture.story.columns[lane]);
        constexpr double kRounding = 1e-6;
        for (const auto& [thread, all] : slices)
            for (std::size_t i = 0; i < all.size(); ++i)
                for (std::size_t j = 0; j < i; ++j) {
                    const bool apart = all[i].end <= all[j].begin + kRounding || all[j].end <= all[i].begin + kRounding;
                    const bool inside =
                        all[i].begin >= all[j].begin - kRounding && all[i].end <= all[j].end + kRounding;
                    const bool around =
                        all[j].begin >= all[i].begin - kRounding && all[j].end <= all[i].end + kRounding;
                    CHECK_MESSAGE((apart || inside || around), "thread ", thread);
                }
    }
}

TEST_CASE("perfetto: a flow goes from a slice of the row to a slice of the task that it reaches") {
    const Picture picture = picture_of(regression("zombie"));
    const Json trace = Json::parse(perfetto_text(picture, "x"));
    std::map<int, Json> starts;
    std::size_t flows = 0;
    const auto in_slice = [&](const Json& event) {
        return std::any_of(trace.at("traceEvents").begin(), trace.at("traceEvents").end(), [&](const Json& slice) {
            return slice.at("ph") == "X" && slice.at("cat") != "scope" && slice.at("tid") == event.at("tid") &&
                   slice.at("ts") <= event.at("ts") &&
                   event.at("ts").get<double>() <= slice.at("ts").get<double>() + slice.at("dur").get<double>();
        });
    };
    for (const Json& event : trace.at("traceEvents")) {
        if (event.at("ph") == "s") starts[event.at("id")] = event;
        if (event.at("ph") != "f") continue;
        ++flows;
        const Json& start = starts.at(event.at("id"));
        CHECK(in_slice(start));
        CHECK(in_slice(event));
        CHECK(start.at("ts") < event.at("ts"));
    }
    CHECK(flows == starts.size());
    CHECK(flows ==
          static_cast<std::size_t>(std::count_if(picture.arrows.begin(), picture.arrows.end(), [&](const Arrow& arrow) {
              return picture.story.rows[arrow.row].column != arrow.to;
          })));
}

TEST_CASE("junit: a test for each contract and failure, of which a known one passes") {
    HuntOptions options;
    options.config = regression("v3-livelock").config;
    options.contracts = {"no-livelock", "no-hot-loop"};
    const std::string text = junit_text(options, result_of({"v3-livelock", "many-tasks"}));
    CHECK(text.find("tests=\"3\" failures=\"1\" errors=\"0\"") != std::string::npos);
    CHECK(text.find("name=\"no-hot-loop\"/>") != std::string::npos);
    CHECK(text.find("<failure type=\"no-livelock\" message=\"no-livelock at: in checkpoint_if_cancelled\">") !=
          std::string::npos);
    CHECK(text.find("<system-out>known: F7, ") != std::string::npos);
    CHECK(text.find("./cancelsim replay cs2:model,4.13.0,v3") != std::string::npos);
}

TEST_CASE("junit: what XML cannot hold is replaced") {
    HuntOptions options;
    options.config = regression("v3-livelock").config;
    HuntResult result = result_of({"v3-livelock"});
    result.found.front().place = "a<b & \"c\"\x01\xff";
    const std::string text = junit_text(options, result);
    CHECK(text.find("at: a&lt;b &amp; &quot;c&quot;?\xef\xbf\xbd") != std::string::npos);
}

TEST_CASE("sarif: a result for each failure, with a rule, and where it was saved") {
    HuntOptions options;
    options.config = regression("v3-livelock").config;
    const Json log = Json::parse(sarif_text(options, result_of({"v3-livelock", "many-tasks"}), {"saved/a b.json", ""}));
    const Json& run = log.at("runs").at(0);
    const Json& results = run.at("results");
    REQUIRE(results.size() == 2);
    CHECK(results[0].at("level") == "error");
    CHECK(results[1].at("level") == "note");
    const auto uri = [&](int i) {
        return results[i].at("locations")[0].at("physicalLocation").at("artifactLocation").at("uri");
    };
    CHECK(uri(0) == "saved/a%20b.json");
    CHECK(uri(1) == "model/policies/v3.cpp");
    for (const Json& result : results)
        CHECK(run.at("tool").at("driver").at("rules").at(result.at("ruleIndex").get<std::size_t>()).at("id") ==
              result.at("ruleId"));
}

TEST_CASE("annotations of GitHub: a line for each that is news, with nothing in it that ends it") {
    const std::string text = github_annotations(result_of({"v3-livelock", "many-tasks"}));
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
    CHECK(text.starts_with("::error title=cancelsim%3A no-livelock at%3A in checkpoint_if_cancelled::From iteration"));
    CHECK(text.find("%0A./cancelsim replay ") != std::string::npos);
}

}  // namespace cancelsim::properties
