#include "properties/report/timeline/columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "properties/report/terminal.h"
#include "properties/report/timeline/fold.h"
#include "properties/report/wrap.h"

namespace cancelsim::properties {

namespace {

/// What the times at the left take, with a space at the right.
constexpr std::size_t kTimesWidth = 16;
/// What the widest column may take, tried in turn.
constexpr std::array<std::size_t, 6> kCaps{48, 40, 34, 28, 24, 22};
constexpr std::string_view kGap = "   ";
constexpr std::string_view kOpen = "┌ ";
constexpr std::string_view kInside = "│ ";
constexpr std::string_view kClose = "└ ";
constexpr std::size_t kBracketWidth = 2;

std::string times(std::size_t count, std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += text;
    return result;
}

/// How far the repetition of a fold goes.
std::string extent(const Fold& fold, const Row& first) {
    return fmt::format("{} times, until iteration {}, {} {}", fold.times, fold.last_iteration,
                       fold.last_time == first.time ? "time standing at" : "time", fold.last_time);
}

std::string text_of(const Fold& fold, const Row& row) {
    if (fold.times == 1 || fold.end - fold.begin > 1) return row.text;
    return fmt::format("{}; {}", row.text, extent(fold, row));
}

bool spans_all(const Row& row) { return row.kind == RowKind::broken || row.kind == RowKind::end; }

class Sheet {
public:
    explicit Sheet(const Story& story)
        : story_(story), folds_(folded(story.rows)), open_(story.columns.size(), 0), widths_(story.columns.size(), 0) {}

    std::string text() {
        if (measure()) return in_columns();
        return in_a_list();
    }

private:
    /// Calls `visit(fold, row)` for each row that is shown.
    template <class Visit>
    void for_each_row(Visit visit) {
        std::fill(open_.begin(), open_.end(), 0);
        for (const Fold& fold : folds_)
            for (std::size_t i = fold.begin; i < fold.end; ++i) visit(fold, story_.rows[i]);
    }

    /// Finds the width of each column, 0 for one without rows; false where they do not fit side by side.
    bool measure() {
        std::vector<std::size_t> natural(widths_.size(), 0);
        for_each_row([&](const Fold& fold, const Row& row) {
            if (spans_all(row)) return;
            const std::size_t brackets = brackets_around(row) + (has_bracket(row) ? 1 : 0);
            std::size_t& width = natural[row.column];
            width = std::max(
                {width, width_of(story_.columns[row.column]), brackets * kBracketWidth + width_of(text_of(fold, row))});
            move_brackets(row);
        });
        for (const std::size_t cap : kCaps) {
            std::size_t total = 0;
            for (std::size_t column = 0; column < natural.size(); ++column) {
                widths_[column] = std::min(natural[column], cap);
                if (widths_[column] != 0) total += widths_[column] + kGap.size();
            }
            if (total + kTimesWidth <= columns_of_output()) return true;
        }
        return false;
    }

    static bool has_bracket(const Row& row) { return row.kind == RowKind::enter || row.kind == RowKind::leave; }
    /// Brackets that are open around the row, its own not counted.
    std::size_t brackets_around(const Row& row) const {
        return open_[row.column] - (row.kind == RowKind::leave ? 1 : 0);
    }
    void move_brackets(const Row& row) {
        if (row.kind == RowKind::enter) ++open_[row.column];
        if (row.kind == RowKind::leave) --open_[row.column];
    }

    static std::string times_of(const Row& row) { return fmt::format("  {:>5} {:>5}  ", row.iteration, row.time); }
    static std::string no_times() { return std::string(15, ' '); }

    std::string in_columns() {
        std::string text = fmt::format("  {:>5} {:>5}  ", "iter", "time");
        std::string names;
        for (std::size_t column = 0; column < widths_.size(); ++column)
            if (widths_[column] != 0) names += fmt::format("{:<{}}{}", story_.columns[column], widths_[column], kGap);
        text += bold(names.substr(0, names.find_last_not_of(' ') + 1)) + "\n";
        for_each_row([&](const Fold& fold, const Row& row) {
            text += spans_all(row) ? times_of(row) + landmark(row) : row_in_columns(row, text_of(fold, row));
            if (&row == &story_.rows[fold.end - 1]) text += rest_of(fold);
        });
        return text;
    }

    /// One or more lines; moves the brackets on.
    std::string row_in_columns(const Row& row, const std::string& content) {
        const std::size_t around = brackets_around(row);
        const std::size_t brackets = around + (has_bracket(row) ? 1 : 0);
        const std::size_t width = std::max<std::size_t>(widths_[row.column], brackets * kBracketWidth + 12);
        std::string text;
        bool is_first = true;
        for (const std::string& line : wrapped(content, width - brackets * kBracketWidth, "  ")) {
            std::string cell = times(around, kInside);
            if (has_bracket(row))
                cell += is_first ? (row.kind == RowKind::enter ? kOpen : kClose)
                                 : (row.kind == RowKind::enter ? kInside : "  ");
            cell += line;
            text += (is_first ? times_of(row) : no_times()) + line_of_cells(row, cell) + "\n";
            is_first = false;
        }
        move_brackets(row);
        return text;
    }

    /// `cell` in the row's column, the open brackets in all others.
    std::string line_of_cells(const Row& row, const std::string& cell) const {
        std::string line;
        std::size_t missing = 0;  // spaces that only matter if something follows
        for (std::size_t column = 0; column < widths_.size(); ++column) {
            if (widths_[column] == 0) continue;
            const bool is_own = column == row.column;
            const std::string content = is_own ? cell : times(open_[column], kInside);
            const std::size_t width = width_of(content);
            if (content.find_first_not_of(' ') != std::string::npos) {
                const bool is_quiet = row.kind == RowKind::choice || row.kind == RowKind::rounds;
                line.append(missing, ' ');
                const std::size_t end = content.find_last_not_of(' ') + 1;
                line += is_own && is_quiet ? dim(content.substr(0, end)) : content.substr(0, end);
                missing = content.size() - end;
            } else {
                missing += width;
            }
            missing += kGap.size() + (widths_[column] > width ? widths_[column] - width : 0);
        }
        return line;
    }

    static std::string landmark(const Row& row) {
        const bool broken = row.kind == RowKind::broken;
        std::string text;
        for (const std::string& line : wrapped((broken ? ">>> " : "") + row.text, beside_times(), "  "))
            text += (text.empty() ? "" : no_times()) + (broken ? red(line) : line) + "\n";
        return text;
    }

    static std::size_t beside_times() { return columns_of_output() - kTimesWidth; }

    /// What a fold of several rows leaves out.
    std::string rest_of(const Fold& fold) const {
        if (fold.times == 1 || fold.end - fold.begin == 1) return {};
        return fmt::format("{}... these {} rows {}\n", no_times(), fold.end - fold.begin,
                           extent(fold, story_.rows[fold.begin]));
    }

    std::string in_a_list() {
        std::size_t width = 0;
        for (const std::string& name : story_.columns) width = std::max(width, name.size());
        std::string text = fmt::format("  {:>5} {:>5}  {}\n", "iter", "time", bold("who"));
        for_each_row([&](const Fold& fold, const Row& row) {
            text += times_of(row);
            if (spans_all(row)) {
                text += landmark(row);
            } else {
                const auto line = fmt::format("{:<{}}  {}{}", story_.columns[row.column], width,
                                              row.kind == RowKind::enter ? "enters " : "", text_of(fold, row));
                const std::string below = "\n" + no_times();
                text +=
                    fmt::format("{}\n", fmt::join(wrapped(line, beside_times(), std::string(width + 4, ' ')), below));
            }
            if (&row == &story_.rows[fold.end - 1]) text += rest_of(fold);
        });
        return text;
    }

    const Story& story_;
    std::vector<Fold> folds_;
    std::vector<std::size_t> open_;    ///< brackets, by column
    std::vector<std::size_t> widths_;  ///< by column
};

}  // namespace

std::string columns_text(const Story& story) { return Sheet(story).text(); }

}  // namespace cancelsim::properties
