#include "properties/report/page/page.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "properties/failure/replay.h"
#include "properties/report/page/page_json.h"
#include "properties/report/page/page_parts.h"
#include "properties/report/report.h"
#include "properties/report/terminal.h"
#include "properties/report/timeline/columns.h"
#include "properties/search/parallel.h"
#include "properties/subject/config_names.h"
#include "properties/subject/json_line.h"
#include "scenarios/program/python/case_python.h"

namespace cancelsim::properties {

namespace {

/// As text between tags.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char each : text) {
        switch (each) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            default: result += each;
        }
    }
    return result;
}

/// JSON inside a script element: nothing in it ends the element, or begins a comment there.
std::string in_script(const nlohmann::ordered_json& model) {
    std::string result;
    for (const char each : json_line(model)) {
        if (each == '<')
            result += "\\u003c";
        else
            result += each;
    }
    return result;
}

/// A block of code whose fence is longer than any inside.
std::string fenced(std::string_view language, std::string_view code) {
    std::string fence = "```";
    while (code.find(fence) != std::string_view::npos) fence += '`';
    return fmt::format("{}{}\n{}{}{}\n", fence, language, code, code.ends_with('\n') ? "" : "\n", fence);
}

}  // namespace

std::string page_with(const nlohmann::ordered_json& model, const std::string& title) {
    std::string page = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    page += "<meta name=\"color-scheme\" content=\"light dark\">\n";
    page +=
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'; "
        "style-src 'unsafe-inline'; img-src data:\">\n";
    page += "<link rel=\"icon\" href=\"data:,\">\n";
    page += fmt::format("<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n", escaped(title), page_style());
    page += "<main id=\"page\"></main>\n<noscript><p>This page draws itself by a script of its own.</p></noscript>\n";
    page += fmt::format("<script type=\"application/json\" id=\"model\">{}</script>\n", in_script(model));
    page += fmt::format("<script>{}</script>\n</body>\n</html>\n", page_script());
    return page;
}

std::string failure_page(const Failure& failure) {
    const nlohmann::ordered_json model{{"page", "failure"}, {"failure", failure_page_json(failure)}};
    return page_with(model, fmt::format("{}: cancelsim", failure.contract));
}

std::string verdict_page(const Verdict& verdict, unsigned jobs, const std::atomic<bool>& stop,
                         const std::function<void(std::size_t drawn, std::size_t all)>& progress) {
    std::vector<const Failure*> failures;
    for (const VerdictRow& row : verdict.rows)
        for (const Cell& cell : row.cells)
            if (cell.smallest) failures.push_back(&cell.smallest->failure);
    std::vector<nlohmann::ordered_json> drawn(failures.size());
    in_parallel(
        jobs, failures.size(), stop, [&](std::size_t i) { drawn[i] = failure_page_json(*failures[i]); },
        [&](std::size_t done) { progress(done, failures.size()); });
    auto rows = nlohmann::ordered_json::array();
    std::uint64_t schedules = 0;
    std::size_t number = 0;
    for (const VerdictRow& row : verdict.rows) {
        schedules += row.schedules;
        auto cells = nlohmann::ordered_json::array();
        for (const Cell& cell : row.cells) {
            nlohmann::ordered_json json{{"standing", name_of(cell.standing)}};
            if (cell.smallest) {
                json["failure"] = drawn[number].is_null() ? nlohmann::ordered_json() : nlohmann::ordered_json(number);
                json["place"] = cell.smallest->place;
                json["statements"] = cell.smallest->failure.program.statements.size();
                if (!cell.known.empty()) json["known"] = cell.known;
                ++number;
            }
            cells.push_back(std::move(json));
        }
        rows.push_back(
            {{"kernel", config_text(row.config)}, {"schedules", row.schedules}, {"cells", std::move(cells)}});
    }
    const nlohmann::ordered_json model{{"page", "verdict"},
                                       {"schedules", schedules},
                                       {"contracts", verdict.contracts},
                                       {"rows", std::move(rows)},
                                       {"failures", std::move(drawn)}};
    return page_with(model, "Which kernel keeps which promise: cancelsim");
}

std::string failure_markdown(const Failure& failure) {
    const Account account = exact_account_of(failure);
    use_colour(Colour::never);
    std::string text = fmt::format("### `{}` is broken at: {}\n\n", failure.contract, account.place);
    text += fmt::format("| | |\n| --- | --- |\n| runs on | {} |\n", config_text(failure.config));
    text += fmt::format("| when | iteration {}, virtual time {} |\n\n", account.iteration, account.time);
    text += fmt::format("**Promised:** {}.\n\n**What happened:** {}\n\n", account.promise, account.happened);
    text += fenced("python", scenarios::to_python(failure.program));
    text += "\n<details><summary>The run, row by row</summary>\n\n" + fenced("", columns_text(tell(failure)));
    text += "\n</details>\n\nTo run it again, exactly:\n\n" + fenced("sh", replay_command(failure));
    return text;
}

}  // namespace cancelsim::properties
