// What pages are made of: the drawing's model, the odds, the lines that matter.
#include "properties/report/page/page.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "properties/failure/input.h"
#include "properties/failure/replay.h"
#include "properties/report/page/continuations.h"
#include "properties/report/page/needed.h"
#include "properties/report/page/page_json.h"
#include "properties/report/page/picture.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;

const std::string kRegressions = CANCELSIM_SOURCE_DIR "/properties/failure/regressions/";

Failure regression(const std::string& name) { return load_failure(kRegressions + name + ".json"); }

template <class Visit>
void for_each_regression(Visit visit) {
    for (const auto& entry : fs::directory_iterator(kRegressions)) {
        if (entry.path().extension() != ".json") continue;
        INFO(entry.path().string());
        visit(load_failure(entry.path().string()));
    }
}

const Chance& chance_at(const Continuations& odds, std::uint64_t fixed) {
    const auto found = std::find_if(odds.chances.begin(), odds.chances.end(),
                                    [fixed](const Chance& chance) { return chance.fixed == fixed; });
    REQUIRE(found != odds.chances.end());
    return *found;
}

}  // namespace

TEST_CASE("a picture tells the same story, and has a band for each scope that a task enters") {
    for_each_regression([](const Failure& failure) {
        const Picture picture = picture_of(failure);
        const Story story = tell(failure);
        CHECK(picture.story.rows == story.rows);
        CHECK(picture.story.columns == story.columns);
        CHECK(picture.statements.size() == story.rows.size());
        for (std::size_t i = 0; i < story.rows.size(); ++i) {
            const Row& row = story.rows[i];
            if (row.kind != RowKind::enter) continue;
            const bool is_there = std::any_of(picture.bands.begin(), picture.bands.end(), [&](const Band& band) {
                // A scope whose deadline is past is cancelled while it is being entered.
                return band.lane == row.column && band.from <= i && i < band.to &&
                       row.text.find(" " + picture.scopes[band.scope].name) != std::string::npos;
            });
            CHECK_MESSAGE(is_there, row.text);
        }
    });
}

TEST_CASE("bands of a lane are nested, and end where the scope is left") {
    for_each_regression([](const Failure& failure) {
        const Picture picture = picture_of(failure);
        for (const Band& inner : picture.bands) {
            CHECK(inner.from <= inner.to);
            CHECK(inner.to <= picture.story.rows.size());
            if (inner.depth == 0 || inner.from == inner.to) continue;
            const bool is_inside = std::any_of(picture.bands.begin(), picture.bands.end(), [&](const Band& outer) {
                return outer.lane == inner.lane && outer.depth + 1 == inner.depth && outer.from <= inner.from &&
                       inner.to <= outer.to;
            });
            CHECK(is_inside);
        }
    });
}

TEST_CASE("the zombie: its scope stays around the task that is done, and deliveries go to it") {
    const Picture picture = picture_of(regression("zombie"));
    REQUIRE(picture.scopes.size() == 1);
    CHECK(picture.scopes.front().name == "forgotten");
    CHECK(picture.scopes.front().host == 2);
    CHECK(picture.scopes.front().states.back().cancelled);
    REQUIRE(picture.bands.size() == 1);
    CHECK(picture.bands.front().to == picture.story.rows.size());
    REQUIRE(picture.lives[2].to);
    CHECK(picture.story.rows[*picture.lives[2].to].text == "ends");
    std::size_t deliveries = 0;
    for (const Arrow& arrow : picture.arrows) {
        if (arrow.kind != Arrow::Kind::delivery) continue;
        ++deliveries;
        CHECK(arrow.to == 2);
        CHECK(arrow.to_done);
        CHECK(picture.story.rows[arrow.row].kind == RowKind::pass);
    }
    CHECK(deliveries > 20);
    // Main stood in its last sleep.
    CHECK(picture.standing == std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 5}});
}

TEST_CASE("the odds end in certainty, are the same each time, and are certain at once where nothing matters") {
    for_each_regression([](const Failure& failure) {
        const Continuations odds = continuations_of(failure);
        REQUIRE(odds.certain_from);
        CHECK(odds.chances.front().fixed == 0);
        CHECK(odds.chances.back().failures == kContinuations);
        CHECK(chance_at(odds, *odds.certain_from).failures == kContinuations);
        const Continuations again = continuations_of(failure);
        CHECK(std::equal(
            odds.chances.begin(), odds.chances.end(), again.chances.begin(), again.chances.end(),
            [](const Chance& a, const Chance& b) { return a.fixed == b.fixed && a.failures == b.failures; }));
    });
    CHECK(continuations_of(regression("zombie")).certain_from == 0);
}

TEST_CASE("a failure that needs choices is rare before they are made") {
    const Failure failure = regression("deviation");
    const Continuations odds = continuations_of(failure);
    const std::uint32_t before = odds.chances.front().failures;
    CHECK(before > 0);
    CHECK(before < kContinuations / 2);
    CHECK(std::is_sorted(odds.chances.begin(), odds.chances.end(),
                         [](const Chance& a, const Chance& b) { return a.failures < b.failures; }));
    // The share of random schedules that fail, counted otherwise: by the ordinary order none does.
    Failure ordinary = failure;
    ordinary.schedule.deviations.clear();
    CHECK_FALSE(account_of(ordinary).broken);
}

TEST_CASE("of a shrunk failure each line is needed, and of one that is not the others are told apart") {
    const auto shrunk = needed_statements(regression("v3-livelock"));
    CHECK(std::all_of(shrunk.begin(), shrunk.end(), [](bool needed) { return needed; }));
    // Spawn, enter, sleep, sleep, cancel, sleep: neither the task's own sleep nor the last one matters.
    CHECK(needed_statements(regression("zombie")) == std::vector<bool>{true, true, false, true, true, false});
}

TEST_CASE("a page holds its model as data, in which nothing ends the script") {
    Failure failure = regression("zombie");
    failure.program.names[failure.program.statements[1].name] = "x</script><script>alert(1)</script>";
    failure.digest = account_of(failure).digest;
    const std::string page = failure_page(failure);
    CHECK(page.starts_with("<!doctype html>"));
    CHECK(page.find("alert(1)</script>") == std::string::npos);
    std::size_t scripts = 0;
    for (std::size_t at = page.find("</script>"); at != std::string::npos; at = page.find("</script>", at + 1))
        ++scripts;
    CHECK(scripts == 2);
    CHECK(page.find("default-src 'none'") != std::string::npos);
    const std::string model = failure_page_json(failure).dump();
    CHECK(model.find("alert(1)") != std::string::npos);
}

TEST_CASE("a stale failure has no page") {
    Failure failure = regression("zombie");
    failure.digest ^= 1;
    CHECK_THROWS_AS(failure_page(failure), FailureError);
}

}  // namespace cancelsim::properties
