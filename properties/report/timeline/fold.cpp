#include "properties/report/timeline/fold.h"

#include <algorithm>

namespace cancelsim::properties {

namespace {

constexpr std::size_t kLongestPeriod = 8;
constexpr std::size_t kFewestTimes = 3;

bool same(const Row& a, const Row& b) { return a.kind == b.kind && a.column == b.column && a.text == b.text; }

/// Whether the rows leave each column's brackets as they found them, and none is a landmark.
bool can_fold(const std::vector<Row>& rows, std::size_t begin, std::size_t end) {
    std::vector<std::int64_t> open;
    for (std::size_t i = begin; i < end; ++i) {
        const Row& row = rows[i];
        if (row.kind == RowKind::broken || row.kind == RowKind::end) return false;
        if (row.column >= open.size()) open.resize(row.column + 1, 0);
        if (row.kind == RowKind::enter) ++open[row.column];
        if (row.kind == RowKind::leave && --open[row.column] < 0) return false;
    }
    return std::all_of(open.begin(), open.end(), [](std::int64_t count) { return count == 0; });
}

std::size_t times_of(const std::vector<Row>& rows, std::size_t begin, std::size_t period) {
    std::size_t at = begin + period;
    while (at < rows.size() && same(rows[at], rows[at - period])) ++at;
    return (at - begin) / period;
}

}  // namespace

std::vector<Fold> folded(const std::vector<Row>& rows) {
    std::vector<Fold> folds;
    for (std::size_t at = 0; at < rows.size();) {
        Fold best{at, at + 1, 1};
        for (std::size_t period = 1; period <= std::min(kLongestPeriod, rows.size() - at); ++period) {
            const std::size_t times = times_of(rows, at, period);
            if (times < kFewestTimes || period * times <= (best.end - best.begin) * best.times) continue;
            if (can_fold(rows, at, at + period)) best = {at, at + period, times};
        }
        at += (best.end - best.begin) * best.times;
        best.last_iteration = rows[at - 1].iteration;
        best.last_time = rows[at - 1].time;
        folds.push_back(best);
    }
    return folds;
}

}  // namespace cancelsim::properties
