// Runs a case on the model.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/kernel.h"
#include "scenarios/program/case.h"
#include "scenarios/run/event_hubs.h"
#include "scenarios/run/native.h"
#include "scenarios/run/objects.h"
#include "scenarios/run/outcome_text.h"

namespace cancelsim::scenarios {

struct Body;

/// Runs cases on a kernel of its own. One object serves many runs; in the steady state a run allocates nothing.
class Interpreter {
public:
    /// What the cases run on.
    model::Kernel& kernel() { return kernel_; }
    const model::Kernel& kernel() const { return kernel_; }

    /// Sets up a run of `program`, which must outlive it. Observers are attached (`watch`) between this and `run`.
    void prepare(const Case& program, const model::Config& config, sim::Choices* choices);
    /// Runs it to its end.
    sim::Verdict run();

    /// Of all events: the loop's, the library's and the program's.
    EventHubs hubs() { return {kernel_.loop_hub(), kernel_.hub(), hub_}; }
    template <class Listener, class... Set>
    void watch(Listener& observer, const Set&... first) {
        hubs().add(observer, first...);
    }
    /// Tells of an event of the program's.
    template <class Event>
    [[gnu::always_inline]] void emit(const Event& event) {
        if (hub_.template wants<Event>()) [[unlikely]]
            hub_.send(event);
    }

    const Case& program() const { return *program_; }
    sim::Verdict verdict() const { return verdict_; }
    /// The statement that `task`, one of this run, executes or waits in; kNoStatement before its
    /// body starts.
    std::uint32_t statement_of(const model::Task& task) const;
    static constexpr std::uint32_t kNoStatement = scenarios::kNoStatement;
    /// Statements that a run may execute: CASES.md, "The loop".
    static constexpr std::uint32_t kMostStatements = 1'000'000;

    /// `x`, or `x#2` for the second binding of x; empty for what has no label.
    std::string label_text(const model::Label& label) const;
    /// How an exception, or null, prints: see CASES.md, "Outcomes".
    std::string outcome_text(const sim::Error* error) const { return scenarios::outcome_text(error, program_->names); }

    /// The current binding of a name in each table of names, null where there is none.
    struct Binding {
        model::CancelScope* scope = nullptr;
        model::TaskGroup* group = nullptr;
        model::Task* task = nullptr;
        model::Event* event = nullptr;
        sim::Future* future = nullptr;
        std::uint32_t count = 0;  ///< bindings so far, as scope, group or task
    };
    const Binding& binding(Name name) const { return bindings_[name]; }

    // What statements are made of.

    static sim::TaskId id_of(const model::Task* task) { return task != nullptr ? task->id : sim::kNobody; }
    /// A statement is about to be executed. Throws sim::Runaway where there were too many.
    void begins(std::uint32_t index, model::Task* task) {
        if (++executed_ > kMostStatements) [[unlikely]]
            throw sim::Runaway();
        emit(events::StatementBegan{id_of(task), index});
    }
    /// Statement `index` has nothing to refer to; `task` may be null.
    void skips(std::uint32_t index, model::Task* task) { emit(events::Skipped{id_of(task), index}); }
    /// The body of statements [begin, end): of `main`, or of the statement before `begin`.
    Body& new_body(std::uint32_t begin, std::uint32_t end);
    /// What the name means now, null where that was never bound.
    model::CancelScope* scope_named(Name name) const { return bindings_[name].scope; }
    model::TaskGroup* group_named(Name name) const { return bindings_[name].group; }
    model::Task* task_named(Name name) const { return bindings_[name].task; }
    /// New ones, in the order of creation.
    NamedTimeout& new_timeout();
    NamedAsyncioGroup& new_asyncio_group();
    const std::vector<NamedTimeout*>& timeouts() const { return timeouts_; }
    const std::vector<NamedAsyncioGroup*>& asyncio_groups() const { return asyncio_groups_; }
    NamedTimeout* timeout_named(Name name) const {
        return native_bindings_.empty() ? nullptr : native_bindings_[name].timeout;
    }
    NamedAsyncioGroup* asyncio_group_named(Name name) const {
        return native_bindings_.empty() ? nullptr : native_bindings_[name].group;
    }
    /// What the name means, made at its first use.
    model::Event& event_named(Name name);
    sim::Future& future_named(Name name);
    Objects& objects() { return objects_; }
    const Objects& objects() const { return objects_; }
    /// Has the name mean something new, and labels that.
    void bind_scope(Name name, model::CancelScope& scope);
    void bind_group(Name name, model::TaskGroup& group);
    void bind_task(Name name, model::Task& task);
    void bind_timeout(Name name, NamedTimeout& timeout);
    void bind_asyncio_group(Name name, NamedAsyncioGroup& group);

private:
    friend class StateHash;
    struct Entry {
        Interpreter* run;
        std::uint32_t index;
        sim::Timer timer;
    };

    /// The current binding of a name in the tables of asyncio's own.
    struct NativeBinding {
        NamedTimeout* timeout = nullptr;
        NamedAsyncioGroup* group = nullptr;
    };

    NativeBinding& native_binding(Name name);
    static const Body* body_of(const sim::Frame& frame);
    void schedule_environment();
    static void run_entry(sim::Loop& loop, void* entry);
    static const sim::CallbackName kEntryName;
    void run_environment(std::uint32_t entry);
    model::Label bind(Name name) { return {name + 1, ++bindings_[name].count}; }

    model::Kernel kernel_;
    sim::EventHub<events::Own> hub_;
    const Case* program_ = nullptr;
    Entry* entries_ = nullptr;       ///< of the environment
    std::vector<Binding> bindings_;  ///< by name
    Objects objects_;
    std::vector<NamedTimeout*> timeouts_;
    std::vector<NamedAsyncioGroup*> asyncio_groups_;
    std::vector<NativeBinding> native_bindings_;  ///< by name; empty until the first
    Name main_ = kNoName;
    std::uint32_t executed_ = 0;  ///< statements so far
    sim::Verdict verdict_ = sim::Verdict::quiescent;
};

}  // namespace cancelsim::scenarios
