#include "properties/timeline.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "scenarios/case_text.h"

namespace cancelsim::properties {

namespace {

using Json = nlohmann::json;

std::string text_of(const Json& value) {
    return value.is_null()     ? "(the library's own)"
           : value.is_string() ? value.get<std::string>()
                               : value.dump();
}

std::string list_of(const Json& names) {
    std::string text;
    for (const Json& name : names) text += (text.empty() ? "" : ", ") + text_of(name);
    return text.empty() ? "nobody" : text;
}

/// What happened, and to whom: the task's column is empty where the loop itself acted.
struct Line {
    std::int64_t iteration = 0;
    std::int64_t time = 0;
    std::string task;
    std::string text;
    bool is_pass = false;
};

class Timeline {
public:
    Timeline(const scenarios::Case& program, const Json& events) : program_(program) {
        for (const Json& event : events) add(event);
    }

    std::string text() const {
        std::size_t task_width = 4;
        for (const Line& line : lines_) task_width = std::max(task_width, line.task.size());
        std::string text = fmt::format("  {:>5} {:>5}  {:<{}}  what happened\n", "iter", "time",
                                       "task", task_width);
        for (std::size_t i = 0; i < lines_.size();) {
            const std::size_t end = end_of_repetition(i);
            const Line& line = lines_[i];
            text += fmt::format("  {:>5} {:>5}  {:<{}}  {}", line.iteration, line.time, line.task,
                                task_width, line.text);
            if (end - i > 2) {
                text += fmt::format("; {} times, until iteration {}, time {}", end - i,
                                    lines_[end - 1].iteration, lines_[end - 1].time);
                i = end;
            } else {
                ++i;
            }
            text += '\n';
        }
        return text;
    }

private:
    std::string statement(const Json& index) const {
        return scenarios::statement_text(program_, index.get<std::uint32_t>());
    }

    /// Passes that do the same again and again are one line.
    std::size_t end_of_repetition(std::size_t begin) const {
        std::size_t end = begin + 1;
        while (lines_[begin].is_pass && end < lines_.size() && lines_[end].is_pass &&
               lines_[end].text == lines_[begin].text)
            ++end;
        return end;
    }

    void add(const Json& event) {
        Line line{event[0].get<std::int64_t>(), event[1].get<std::int64_t>(), "", "", false};
        const std::string kind = event[2].get<std::string>();
        const auto task = [&](std::size_t at) {
            if (!event[at].is_null()) line.task = text_of(event[at]);
        };
        const auto outcome = [&](std::size_t at) { return event[at].get<std::string>(); };
        if (kind == "task_start") {
            task(3);
            line.text = "starts";
        } else if (kind == "task_end") {
            task(3);
            line.text = fmt::format("ends: {}, cancelling {}", outcome(4), event[5].dump());
        } else if (kind == "await" || kind == "raised" || kind == "caught") {
            task(3);
            const char* verb = kind == "await" ? "->" : kind == "raised" ? "raises" : "catches";
            line.text = fmt::format("{}  {} {}", statement(event[4]), verb, outcome(5));
        } else if (kind == "scope_exit" || kind == "group_exit") {
            task(3);
            line.text =
                fmt::format("leaves {}{}{}: {}", text_of(event[4]), event[5] ? ", cancelled" : "",
                            event[6] ? ", caught" : "", outcome(7));
        } else if (kind == "cancel") {
            task(4);
            line.text = fmt::format("cancels {}{}", text_of(event[3]),
                                    event[4].is_null() ? " (from outside any task)" : "");
        } else if (kind == "deliver") {
            line.is_pass = true;
            line.text = fmt::format("pass of {}: cancels {}{}", text_of(event[3]),
                                    list_of(event[4]), event[5] ? ", re-arms" : "");
        } else if (kind == "skip") {
            task(3);
            line.text = fmt::format("{}  skipped: nothing of that name yet", statement(event[4]));
        } else if (kind == "note") {
            task(3);
            line.text = fmt::format("notes \"{}\"", event[4].get<std::string>());
        } else if (kind == "callback_error") {
            line.text = fmt::format("a loop callback raised {}", outcome(3));
        } else {
            const Json& end = event[3];
            line.text =
                fmt::format("{}: {} iterations, {} of them futile; parked: {}; armed: {}",
                            end["verdict"].get<std::string>(), end["iterations"].dump(),
                            end["hot"].dump(), list_of(end["parked"]), list_of(end["armed"]));
        }
        lines_.push_back(std::move(line));
    }

    const scenarios::Case& program_;
    std::vector<Line> lines_;
};

}  // namespace

std::string timeline(const scenarios::Case& program, const std::string& trace) {
    return Timeline(program, Json::parse(trace)["trace"]).text();
}

}  // namespace cancelsim::properties
