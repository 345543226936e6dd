#include "properties/report/page/page_json.h"

#include <algorithm>

#include "properties/failure/known.h"
#include "properties/failure/label.h"
#include "properties/failure/replay.h"
#include "properties/report/nearest.h"
#include "properties/report/page/continuations.h"
#include "properties/report/page/needed.h"
#include "properties/report/page/picture.h"
#include "properties/report/report.h"
#include "properties/report/timeline/fold.h"
#include "properties/subject/config_names.h"
#include "scenarios/program/python/case_python.h"

namespace cancelsim::properties {

namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(RowKind kind) {
    switch (kind) {
        case RowKind::event: return "event";
        case RowKind::enter: return "enter";
        case RowKind::leave: return "leave";
        case RowKind::pass: return "pass";
        case RowKind::choice: return "choice";
        case RowKind::rounds: return "rounds";
        case RowKind::broken: return "broken";
        case RowKind::end: return "end";
    }
    return {};
}

std::string_view name_of(Arrow::Kind kind) {
    switch (kind) {
        case Arrow::Kind::cancel: return "cancel";
        case Arrow::Kind::delivery: return "delivery";
        case Arrow::Kind::native: return "native";
    }
    return {};
}

Json statement_json(std::uint32_t statement) { return statement == scenarios::kNoStatement ? Json() : Json(statement); }

Json rows_json(const Picture& picture) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < picture.story.rows.size(); ++i) {
        const Row& row = picture.story.rows[i];
        rows.push_back({{"iteration", row.iteration},
                        {"time", row.time},
                        {"lane", row.column},
                        {"kind", name_of(row.kind)},
                        {"text", row.text},
                        {"statement", statement_json(picture.statements[i])}});
    }
    return rows;
}

Json folds_json(const Story& story) {
    Json folds = Json::array();
    for (const Fold& fold : folded(story.rows))
        folds.push_back({{"begin", fold.begin},
                         {"end", fold.end},
                         {"times", fold.times},
                         {"last_iteration", fold.last_iteration},
                         {"last_time", fold.last_time}});
    return folds;
}

Json lanes_json(const Picture& picture) {
    Json lanes = Json::array();
    for (std::size_t i = 0; i < picture.story.columns.size(); ++i) {
        const Life& life = picture.lives[i];
        lanes.push_back(
            {{"name", picture.story.columns[i]}, {"from", life.from}, {"to", life.to ? Json(*life.to) : Json()}});
    }
    return lanes;
}

Json scopes_json(const Picture& picture) {
    Json scopes = Json::array();
    for (const PictureScope& scope : picture.scopes) {
        Json states = Json::array();
        for (const PictureScope::State& state : scope.states)
            states.push_back({{"row", state.row},
                              {"shield", state.shield},
                              {"cancelled", state.cancelled},
                              {"left", state.left},
                              {"deadline", state.deadline == sim::kInfinity ? Json() : Json(state.deadline)}});
        scopes.push_back(
            {{"name", scope.name}, {"host", scope.host ? Json(*scope.host) : Json()}, {"states", std::move(states)}});
    }
    return scopes;
}

Json picture_json(const Picture& picture) {
    Json bands = Json::array();
    for (const Band& band : picture.bands)
        bands.push_back(
            {{"lane", band.lane}, {"scope", band.scope}, {"depth", band.depth}, {"from", band.from}, {"to", band.to}});
    Json arrows = Json::array();
    for (const Arrow& arrow : picture.arrows)
        arrows.push_back({{"kind", name_of(arrow.kind)},
                          {"row", arrow.row},
                          {"to", arrow.to},
                          {"scope", arrow.scope.empty() ? Json() : Json(arrow.scope)},
                          {"to_done", arrow.to_done}});
    return {{"lanes", lanes_json(picture)},   {"rows", rows_json(picture)}, {"folds", folds_json(picture.story)},
            {"scopes", scopes_json(picture)}, {"bands", std::move(bands)},  {"arrows", std::move(arrows)}};
}

Json program_json(const Failure& failure, const Picture& picture) {
    const std::vector<bool> needed = needed_statements(failure);
    Json lines = Json::array();
    for (const scenarios::PythonLine& line : scenarios::python_lines(failure.program)) {
        Json tasks = Json::array();
        bool is_site = false;
        bool is_needed = true;
        if (line.statement != scenarios::kNoStatement) {
            is_needed = needed[line.statement];
            is_site = line.statement == picture.site;
            for (const auto& [column, statement] : picture.standing)
                if (statement == line.statement) tasks.push_back(picture.story.columns[column]);
        }
        lines.push_back({{"text", line.text},
                         {"statement", statement_json(line.statement)},
                         {"needed", is_needed},
                         {"site", is_site},
                         {"tasks", std::move(tasks)}});
    }
    return lines;
}

Json nearest_json(const Failure& failure, const Picture& picture) {
    const auto nearest = nearest_passing(failure, picture.story);
    if (!nearest) return nullptr;
    return {{"change", nearest->change},
            {"here", nearest->parting.here},
            {"there", nearest->parting.there},
            {"shared", nearest->parting.shared},
            {"story", picture_json(picture_of(nearest->run))}};
}

Json odds_json(const Continuations& odds) {
    Json chances = Json::array();
    for (const Chance& chance : odds.chances)
        chances.push_back({{"fixed", chance.fixed}, {"failures", chance.failures}});
    return {{"runs", kContinuations},
            {"chances", std::move(chances)},
            {"certain_from", odds.certain_from ? Json(*odds.certain_from) : Json()}};
}

Json known_json(const Finding* finding) {
    if (finding == nullptr) return nullptr;
    return {{"id", finding->id}, {"title", finding->title}, {"explanation", finding->explanation}};
}

}  // namespace

Json failure_page_json(const Failure& failure) {
    const Account account = exact_account_of(failure);
    const Picture picture = picture_of(failure);
    const std::string_view upstream = upstream_note(failure.config, failure.contract, account.place);
    return {{"contract", failure.contract},
            {"place", account.place},
            {"kernel", config_text(failure.config)},
            {"promised", account.promise},
            {"happened", account.happened},
            {"upstream", upstream.empty() ? Json() : Json(upstream)},
            {"known", known_json(Labeller().label(failure, account.place, release_of(failure.config)).finding)},
            {"iteration", account.iteration},
            {"time", account.time},
            {"digest", digest_text(account.digest)},
            {"token", to_token(failure)},
            {"replay", replay_command(failure)},
            {"choices", failure.schedule.deviations.size()},
            {"program", program_json(failure, picture)},
            {"story", picture_json(picture)},
            {"nearest", nearest_json(failure, picture)},
            {"odds", odds_json(continuations_of(failure))}};
}

}  // namespace cancelsim::properties
