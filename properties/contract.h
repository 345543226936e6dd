// A contract: one promise of a cancellation kernel, checked while a run goes on. CONTRACTS.md
// states them all.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/interpreter.h"

namespace cancelsim::properties {

namespace events = scenarios::events;

class History;
class Monitor;

/// Watches one run after another. A contract only looks: it never changes what a run does, and it
/// makes no text before it is asked to, because a hunt asks only for the failures that it reports. It
/// listens only to what it can use at the moment: what a hunt costs is the events that somebody hears.
class Contract : public sim::Observer {
public:
    Contract(std::string_view name, std::string_view promise) : name_(name), promise_(promise) {}
    ~Contract() override = default;
    Contract(const Contract&) = delete;
    Contract& operator=(const Contract&) = delete;

    std::string_view name() const { return name_; }
    /// The statement of CONTRACTS.md, as one sentence.
    std::string_view promise() const { return promise_; }
    /// The kinds of events that `on` sees when a run begins: `listen` and `ignore` change that until it ends.
    virtual sim::EventMask wants() const = 0;
    /// Whether it holds only for programs that enter and leave scopes and groups as blocks.
    virtual bool presupposes_blocks() const { return false; }

    /// A run was prepared: forgets the last one, and watches this one for `monitor`.
    void begin(scenarios::Interpreter& run, Monitor& monitor);
    /// One event of the run. Not called any more once it is broken.
    void on(const sim::TraceEvent& event) override = 0;
    /// The run has ended. Not called where it is broken already.
    virtual void end() {}

    bool broken() const { return broken_; }
    /// What kind of place it broke at, such as "parked in sleep": failures of one contract at one
    /// kind of place are one distinct failure. A string literal.
    std::string_view place() const { return place_; }
    std::uint64_t broken_at_iteration() const { return iteration_; }
    sim::Time broken_at_time() const { return time_; }
    /// What happened, by which task and scope, and since when: one or more sentences. Only when
    /// broken, and while the run has not been prepared anew.
    virtual std::string what_happened() const = 0;

protected:
    virtual void start() = 0;
    const scenarios::Interpreter& run() const { return *run_; }
    /// What happened so far, kept for all contracts.
    const History& history() const;
    /// Asks for a `sim::events::alarm`, for all who listen to that, when the first iteration begins at or after `when`.
    void alarm_at(sim::Time when) { run_->alarm_at(when); }
    /// From the next event on `on` sees these kinds too; no effect on those that it sees already.
    void listen(sim::EventMask kinds) {
        if ((kinds & ~heard_) != 0) change_heard(heard_ | kinds);
    }
    /// From the next event on `on` does not see these kinds any more.
    void ignore(sim::EventMask kinds) {
        if ((kinds & heard_) != 0) change_heard(heard_ & ~kinds);
    }
    /// Breaks it at this moment; later calls in the same run have no effect.
    void fail(std::string_view place);

private:
    void change_heard(sim::EventMask kinds);

    std::string_view name_;
    std::string_view promise_;
    scenarios::Interpreter* run_ = nullptr;
    Monitor* monitor_ = nullptr;
    std::uint32_t watcher_ = 0;  ///< its number among those who watch the run
    sim::EventMask heard_ = 0;   ///< the kinds of events that it sees at present
    bool broken_ = false;
    std::string_view place_;
    std::uint64_t iteration_ = 0;
    sim::Time time_ = 0;
};

using Contracts = std::vector<std::unique_ptr<Contract>>;

/// New objects of all contracts, or of those named. Throws std::invalid_argument, with one line,
/// for an unknown name.
Contracts make_contracts(std::span<const std::string> names = {});

}  // namespace cancelsim::properties
