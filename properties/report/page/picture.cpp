#include "properties/report/page/picture.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "properties/contracts/runner.h"
#include "properties/failure/replay.h"
#include "properties/report/timeline/teller.h"

namespace cancelsim::properties {

namespace {

constexpr std::size_t kOpen = std::numeric_limits<std::size_t>::max();

/// Hears a run after its teller has, and keeps what the teller's rows do not say.
class Painter : public sim::Observer {
public:
    Painter(const scenarios::Interpreter& run, const Contract& contract)
        : run_(run), contract_(contract), teller_(run, &contract) {}

    Teller& teller() { return teller_; }

    template <class Event>
    void on(const Event& event) {
        teller_.on(event);
        if constexpr (requires { draw(event); }) draw(event);
        look();
    }

    Picture finish() {
        picture_.story = teller_.finish();
        look_at_break();
        const std::size_t rows = picture_.story.rows.size();
        picture_.statements.resize(rows, scenarios::kNoStatement);
        picture_.lives.resize(picture_.story.columns.size());
        for (Band& band : picture_.bands) band.to = std::min(band.to, rows);
        return std::move(picture_);
    }

private:
    std::size_t rows() const { return teller_.story().rows.size(); }
    std::size_t last_row() const { return rows() == 0 ? 0 : rows() - 1; }

    void draw(const events::ScopeCancelled& event) {
        const model::CancelScope& scope = *run_.kernel().scopes()[event.scope];
        if (scope.host_task != nullptr) add(Arrow::Kind::cancel, scope.host_task->id, &scope);
    }
    void draw(const events::PassEnded& event) {
        const model::CancelScope& scope = *run_.kernel().scopes()[event.scope];
        for (const model::Task* task : run_.kernel().delivered()) add(Arrow::Kind::delivery, task->id, &scope);
    }
    void draw(const events::CancelRequested& event) {
        if (event.by.kind != sim::By::Kind::scope && event.message == 0) add(Arrow::Kind::native, event.task, nullptr);
    }
    void draw(const events::TaskCreated& event) {
        if (event.task + 1 >= picture_.lives.size()) picture_.lives.resize(event.task + 2);
        picture_.lives[event.task + 1].from = rows();
    }
    void draw(const events::TaskDone& event) {
        if (event.task + 1 >= picture_.lives.size()) picture_.lives.resize(event.task + 2);
        picture_.lives[event.task + 1].to = last_row();
    }

    void add(Arrow::Kind kind, sim::TaskId to, const model::CancelScope* scope) {
        if (rows() == 0) return;
        const std::string name = scope != nullptr && scope->label ? run_.label_text(scope->label) : std::string();
        const bool to_done = kind != Arrow::Kind::cancel && run_.kernel().task(to).done();
        picture_.arrows.push_back({kind, last_row(), to + 1, name, to_done});
    }

    /// Whatever the event was: what is around whom now?
    void look() {
        look_at_rows();
        look_at_scopes();
        look_at_bands();
        look_at_break();
    }

    void look_at_rows() {
        const auto& rows = teller_.story().rows;
        for (std::size_t i = picture_.statements.size(); i < rows.size(); ++i) {
            const bool of_task = rows[i].column != 0 && rows[i].column - 1 < run_.kernel().tasks().size();
            picture_.statements.push_back(of_task ? run_.statement_of(run_.kernel().task(rows[i].column - 1))
                                                  : scenarios::kNoStatement);
        }
    }

    void look_at_scopes() {
        numbers_.resize(run_.kernel().scopes().size(), kOpen);
        for (const model::CancelScope* scope : run_.kernel().scopes()) {
            if (!scope->label) continue;
            std::size_t& number = numbers_[scope->id];
            const PictureScope::State now{last_row(), scope->shield, scope->cancel_called, !scope->active,
                                          scope->deadline};
            if (number == kOpen) {
                number = picture_.scopes.size();
                picture_.scopes.push_back({run_.label_text(scope->label), {}, {now}});
            }
            PictureScope& known = picture_.scopes[number];
            if (scope->host_task != nullptr) known.host = scope->host_task->id + 1;
            PictureScope::State before = known.states.back();
            before.row = now.row;
            if (before == now) continue;
            if (known.states.back().row == now.row)
                known.states.back() = now;
            else
                known.states.push_back(now);
        }
    }

    void look_at_bands() {
        open_.resize(run_.kernel().tasks().size());
        for (const sim::Task* each : run_.kernel().tasks()) {
            const auto& task = static_cast<const model::Task&>(*each);
            around_.clear();
            const model::CancelScope* scope = task.has_state ? task.cancel_scope : nullptr;
            for (; scope != nullptr; scope = scope->parent_scope)
                if (scope->label) around_.push_back(numbers_[scope->id]);
            std::reverse(around_.begin(), around_.end());
            move_bands(task.id);
        }
    }

    /// Closes the bands of a task that are not around it any more, and opens those that are.
    void move_bands(sim::TaskId task) {
        std::vector<std::size_t>& open = open_[task];
        std::size_t same = 0;
        while (same < open.size() && same < around_.size() && picture_.bands[open[same]].scope == around_[same]) ++same;
        for (std::size_t i = same; i < open.size(); ++i) {
            Band& band = picture_.bands[open[i]];
            band.to = rows();
        }
        open.resize(same);
        for (std::size_t i = same; i < around_.size(); ++i) {
            open.push_back(picture_.bands.size());
            picture_.bands.push_back({task + 1, around_[i], i, last_row(), kOpen});
        }
    }

    void look_at_break() {
        if (seen_broken_ || !contract_.broken()) return;
        seen_broken_ = true;
        picture_.site = contract_.site().number();
        for (const sim::Task* each : run_.kernel().tasks()) {
            const auto& task = static_cast<const model::Task&>(*each);
            const std::uint32_t statement = run_.statement_of(task);
            if (!task.done() && statement != scenarios::kNoStatement)
                picture_.standing.emplace_back(task.id + 1, statement);
        }
    }

    const scenarios::Interpreter& run_;
    const Contract& contract_;
    Teller teller_;
    Picture picture_;
    std::vector<std::size_t> numbers_;            ///< in Picture::scopes, by scope; kOpen where it is not there
    std::vector<std::vector<std::size_t>> open_;  ///< by task: its open bands, the outermost first
    std::vector<std::size_t> around_;
    bool seen_broken_ = false;
};

}  // namespace

Picture picture_of(const Failure& failure) {
    Runner runner(contracts_of(failure));
    Painter painter(runner.interpreter(), *runner.contracts().front());
    ToldChoices choices(failure.schedule, painter.teller());
    runner.run_traced(failure.program, failure.config, &choices, painter);
    return painter.finish();
}

}  // namespace cancelsim::properties
