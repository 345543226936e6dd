// A contract: one promise of a cancellation kernel, checked while a run goes on. CONTRACTS.md
// states them all.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "properties/contracts/place.h"
#include "properties/contracts/subscriptions.h"
#include "properties/world/run_info.h"
#include "properties/world/world.h"
#include "scenarios/program/case.h"

namespace cancelsim::properties {

class Contract;
class Monitor;
template <class C>
class OwnEarOf;
class Words;

using Contracts = std::vector<std::unique_ptr<Contract>>;

/// New objects of all contracts about the library but the canary, or of those named: in the order of the list, each
/// once. Throws std::invalid_argument, with one line, for an unknown name.
Contracts make_contracts(std::span<const std::string> names = {});
/// New objects of all contracts about the library and about the program, but the canary.
Contracts make_all_contracts();
namespace detail {
Contracts every_contract();
template <class C>
std::unique_ptr<Contract> make_contract(std::uint32_t number);
}  // namespace detail

/// Who is at fault where a contract is broken.
enum class About : std::uint8_t {
    library,  ///< the kernel under test
    program,  ///< the program that runs on it
};
std::string_view name_of(About about);

/// Which runs a contract judges.
enum class Runs : std::uint8_t {
    all,
    of_cases,     ///< it needs to hear of every handler, which only a case tells
    of_programs,  ///< of a user's own: in those of cases exceptions and endless waits are the norm
};

/// Watches one run after another. A contract only looks: it never changes what a run does, and it
/// makes no text before it is asked to, because a hunt asks only for the failures that it reports. It
/// hears only what it can use at the moment: what a hunt costs is the events that somebody hears.
///
/// A class of contracts/ derives from it, with a default constructor, is listed in contracts/all.h, or is one's own and
/// registered (own.h), and has
///  - `start()`: a run was prepared, the last one is to be forgotten;
///  - `void on(const E&)` for each event E that it hears, not called any more once it is broken;
/// and, where the defaults below do not do, `end()`, `kPresupposesBlocks`, `kRuns`, `kAbout`, and `Dormant`:
/// the events that it does not hear when a run begins. `listen` and `ignore` change what it hears until the run ends.
/// None of them is virtual: the monitor knows all contracts.
class Contract {
public:
    Contract(std::string_view name, std::string_view promise) : name_(name), promise_(promise) {}
    virtual ~Contract() = default;
    Contract(const Contract&) = delete;
    Contract& operator=(const Contract&) = delete;

    std::string_view name() const { return name_; }
    /// The statement of CONTRACTS.md, as one sentence.
    std::string_view promise() const { return promise_; }
    /// Its place in the list of all contracts, from 0.
    std::uint32_t number() const { return number_; }
    /// Whether it holds only for programs that enter and leave scopes and groups as blocks.
    bool presupposes_blocks() const { return presupposes_blocks_; }
    About about() const { return about_; }

    static constexpr bool kPresupposesBlocks = false;
    static constexpr Runs kRuns = Runs::all;
    static constexpr About kAbout = About::library;
    using Dormant = sim::EventList<>;
    /// The run has ended. Not called where it is broken already.
    void end() {}

    bool broken() const { return broken_; }
    /// What kind of place it broke at.
    Place place() const { return place_; }
    std::uint64_t broken_at_iteration() const { return iteration_; }
    sim::Time broken_at_time() const { return time_; }
    /// Where in its program it broke; nowhere, where no task ran.
    Site site() const { return site_; }
    /// What happened, by which task and scope, and since when: one or more sentences. Only when
    /// broken, and while the run has not been prepared anew.
    virtual std::string what_happened() const = 0;

protected:
    /// What the run is, as its events alone tell: up to the one that is heard, itself included.
    const World& world() const { return *world_; }
    /// What the subject tells beside events.
    const RunInfo& info() const { return *info_; }
    std::uint64_t iteration() const { return world_->iteration(); }
    sim::Time time() const { return world_->now(); }
    Words words() const;
    /// Asks for an AlarmRang, for all who listen to that, when the first iteration begins at or after `when`.
    void alarm_at(sim::Time when) { clock_->alarm_at(when); }
    /// From the next one on it hears these events too; no effect on those that it hears already.
    template <class... Events>
    void listen() {
        (subscriptions_->listen<Events>(number_), ...);
    }
    template <class... Events>
    void listen(sim::EventList<Events...> /*these*/) {
        listen<Events...>();
    }
    /// From the next one on it does not hear these events any more.
    template <class... Events>
    void ignore() {
        (subscriptions_->ignore<Events>(number_), ...);
    }
    template <class... Events>
    void ignore(sim::EventList<Events...> /*these*/) {
        ignore<Events...>();
    }
    /// Breaks it at this moment; later calls in the same run have no effect.
    [[gnu::cold]] void fail(Place place);
    /// The same, for what happened earlier in the run.
    struct Moment {
        std::uint64_t iteration = 0;
        sim::Time time = 0;
        Site site = {};
    };
    Moment now() const;
    [[gnu::cold]] void fail(Place place, const Moment& moment);

private:
    friend class Monitor;
    template <class C>
    friend class OwnEarOf;
    template <class C>
    friend std::unique_ptr<Contract> detail::make_contract(std::uint32_t number);

    std::string_view name_;
    std::string_view promise_;
    std::uint32_t number_ = 0;
    bool presupposes_blocks_ = false;
    About about_ = About::library;
    bool broken_ = false;
    const World* world_ = nullptr;
    RunInfo* info_ = nullptr;
    sim::Clock* clock_ = nullptr;
    Monitor* monitor_ = nullptr;
    Subscriptions* subscriptions_ = nullptr;
    Place place_;
    std::uint64_t iteration_ = 0;
    sim::Time time_ = 0;
    Site site_;
};

}  // namespace cancelsim::properties
