#include "properties/report/formats/perfetto.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "properties/subject/json_line.h"

namespace cancelsim::properties {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kIteration = 1000;  ///< microseconds
constexpr double kShare = 0.75;      ///< of the time up to the next row, that a row's slice takes
constexpr int kProcess = 1;

bool is_landmark(const Row& row) { return row.kind == RowKind::broken || row.kind == RowKind::end; }

class Trace {
public:
    explicit Trace(const Picture& picture) : picture_(picture), rows_(picture.story.rows) { place_rows(); }

    std::string text(const std::string& name) {
        add({{"ph", "M"}, {"name", "process_name"}, {"pid", kProcess}, {"args", {{"name", name}}}});
        for (std::size_t lane = 0; lane < picture_.story.columns.size(); ++lane) {
            add({{"ph", "M"},
                 {"name", "thread_name"},
                 {"pid", kProcess},
                 {"tid", lane},
                 {"args", {{"name", picture_.story.columns[lane]}}}});
            add({{"ph", "M"},
                 {"name", "thread_sort_index"},
                 {"pid", kProcess},
                 {"tid", lane},
                 {"args", {{"sort_index", lane}}}});
        }
        add_scopes();
        add_rows();
        add_flows();
        return json_line({{"displayTimeUnit", "ms"}, {"traceEvents", std::move(events_)}}) + "\n";
    }

private:
    void add(Json event) { events_.push_back(std::move(event)); }

    /// The rows of an iteration are spread over its time.
    void place_rows() {
        for (std::size_t begin = 0; begin < rows_.size();) {
            std::size_t end = begin;
            while (end < rows_.size() && rows_[end].iteration == rows_[begin].iteration) ++end;
            const double step = kIteration / static_cast<double>(end - begin);
            for (std::size_t i = begin; i < end; ++i)
                starts_.push_back(kIteration * static_cast<double>(rows_[i].iteration) +
                                  step * static_cast<double>(i - begin));
            begin = end;
        }
        starts_.push_back(rows_.empty() ? 0 : kIteration * static_cast<double>(rows_.back().iteration + 1));
    }

    /// Before the rows inside, the outer ones first: that is how slices that begin together are nested.
    void add_scopes() {
        std::vector<Band> bands = picture_.bands;
        std::stable_sort(bands.begin(), bands.end(), [](const Band& a, const Band& b) { return a.depth < b.depth; });
        for (const Band& band : bands) {
            if (band.to <= band.from) continue;
            const PictureScope& scope = picture_.scopes[band.scope];
            const PictureScope::State& first = scope.states.front();
            Json arguments{{"shield", first.shield}};
            if (first.deadline != sim::kInfinity) arguments["deadline"] = first.deadline;
            add({{"ph", "X"},
                 {"cat", "scope"},
                 {"name", "scope " + scope.name},
                 {"pid", kProcess},
                 {"tid", band.lane},
                 {"ts", starts_[band.from]},
                 {"dur", starts_[band.to] - starts_[band.from]},
                 {"args", std::move(arguments)}});
        }
    }

    void add_rows() {
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const Row& row = rows_[i];
            if (i == 0 || rows_[i - 1].time != row.time)
                add({{"ph", "C"},
                     {"name", "virtual time"},
                     {"pid", kProcess},
                     {"ts", starts_[i]},
                     {"args", {{"time", row.time}}}});
            if (is_landmark(row))
                add({{"ph", "i"}, {"s", "g"}, {"name", row.text}, {"pid", kProcess}, {"tid", 0}, {"ts", starts_[i]}});
            else
                add({{"ph", "X"},
                     {"cat", "row"},
                     {"name", row.text},
                     {"pid", kProcess},
                     {"tid", row.column},
                     {"ts", starts_[i]},
                     {"dur", slice_of(i)},
                     {"args", {{"iteration", row.iteration}, {"time", row.time}}}});
        }
    }

    double slice_of(std::size_t row) const { return kShare * (starts_[row + 1] - starts_[row]); }

    /// A flow goes from a slice to a slice: where there is none, one is made for what arrives.
    void add_flows() {
        int flow = 0;
        for (const Arrow& arrow : picture_.arrows) {
            const Row& row = rows_[arrow.row];
            if (is_landmark(row) || row.column == arrow.to) continue;
            ++flow;
            const std::string name = arrow.kind == Arrow::Kind::cancel     ? "cancels " + arrow.scope
                                     : arrow.kind == Arrow::Kind::delivery ? "delivery"
                                                                           : "native cancel";
            const double at = starts_[arrow.row] + slice_of(arrow.row) / 2;
            add({{"ph", "X"},
                 {"cat", "arrival"},
                 {"name", arrow.to_done ? name + " (the task is done)" : name},
                 {"pid", kProcess},
                 {"tid", arrow.to},
                 {"ts", at},
                 {"dur", slice_of(arrow.row) / 4}});
            add({{"ph", "s"},
                 {"cat", "flow"},
                 {"name", name},
                 {"id", flow},
                 {"pid", kProcess},
                 {"tid", row.column},
                 {"ts", starts_[arrow.row]}});
            add({{"ph", "f"},
                 {"bp", "e"},
                 {"cat", "flow"},
                 {"name", name},
                 {"id", flow},
                 {"pid", kProcess},
                 {"tid", arrow.to},
                 {"ts", at}});
        }
    }

    const Picture& picture_;
    const std::vector<Row>& rows_;
    std::vector<double> starts_;  ///< of each row, in microseconds; then the end
    Json events_ = Json::array();
};

}  // namespace

std::string perfetto_text(const Picture& picture, const std::string& name) { return Trace(picture).text(name); }

}  // namespace cancelsim::properties
