#include "model/switches.h"

#include <doctest/doctest.h>

#include <set>
#include <string_view>

#include "model/exception_group.h"
#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::ErrorKind;
using sim::Poll;

TEST_CASE("every defect is found by its name, and no other name is") {
    std::set<std::string_view> names;
    for (const SwitchEntry& entry : all_switches()) {
        CAPTURE(entry.name);
        REQUIRE(find_switch(entry.name) == &entry);
        CHECK(&entry_of(entry.what) == &entry);
        CHECK(names.insert(entry.name).second);
    }
    CHECK(names.size() == kSwitchCount);
    for (const std::string_view name : {"", "6", "698 ", "d698", "upstream"}) CHECK(find_switch(name) == nullptr);
}

TEST_CASE("names of defects fit between the separators of a token") {
    for (const SwitchEntry& entry : all_switches()) {
        CAPTURE(entry.name);
        CHECK(entry.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos);
    }
}

TEST_CASE("a row of the table says what its origin demands") {
    for (const SwitchEntry& entry : all_switches()) {
        CAPTURE(entry.name);
        CHECK_FALSE(entry.summary.empty());
        CHECK((entry.origin == Origin::fixed) == !entry.fixed_in.empty());
        CHECK((entry.origin == Origin::live) == entry.summary.starts_with("fix: "));
        if (entry.origin == Origin::fixed) CHECK(entry.number > 0);
        if (entry.name.starts_with("planted-")) CHECK(entry.origin == Origin::planted);
    }
}

TEST_CASE("a set of defects holds what was put in") {
    CHECK(Switches{}.none());
    for (const SwitchEntry& entry : all_switches()) {
        Switches one;
        one.set(entry.what);
        CHECK_FALSE(one.none());
        for (const SwitchEntry& other : all_switches()) CHECK(one.has(other.what) == (other.what == entry.what));
    }
    const Switches both{Bug::swallows_without_asking_parent, Bug::cancelled_start_leaves_child};
    CHECK(both.has(Bug::swallows_without_asking_parent));
    CHECK(both.has(Bug::cancelled_start_leaves_child));
    CHECK(both != Switches{Bug::swallows_without_asking_parent});
}

/// Leaves a scope that it has cancelled, with a group of an ordinary error, if it is `mixed`, and
/// the scope's own CancelledError: what no statement of a case can raise.
struct LeavesWithGroup : sim::Frame {
    bool mixed = false;
    CancelScope* scope = nullptr;
    Error* own = nullptr;
    ExitResult result;

    static Poll resume(sim::Loop& loop, sim::Task&, sim::Frame& frame, sim::Resume) {
        static_cast<LeavesWithGroup&>(frame).run(static_cast<Kernel&>(loop));
        return Poll::returned();
    }
    static constexpr sim::FrameType kType{&resume, nullptr, "leaves with a group"};

    LeavesWithGroup(Switches switches, bool mixed_group) : mixed(mixed_group) {
        type = &kType;
        Config config;
        config.version = find_version("4.13.0");
        config.policy = find_policy("upstream");
        config.python = find_python("3.11");
        config.switches = switches;
        kernel.reset(config, nullptr);
        kernel.create_task(*this);
        kernel.run(10);
    }

    void run(Kernel& running) {
        scope = &running.new_scope();
        scope->enter(running);
        scope->cancel(running);
        own = running.new_error(ErrorKind::named);
        Error* errors[] = {own, running.new_error(ErrorKind::cancelled, scope->cancel_reason())};
        result = scope->exit(running, mixed ? sim::new_exception_group(running.arena(), errors, 2)
                                            : sim::new_exception_group(running.arena(), errors + 1, 1));
    }

    Kernel kernel;
};

TEST_CASE("of a mixed exception group a scope swallows its own part") {
    const LeavesWithGroup faithful({}, true);
    CHECK(faithful.scope->cancelled_caught);
    REQUIRE(faithful.result.raised != nullptr);
    CHECK_FALSE(faithful.result.swallow);
    CHECK(faithful.result.raised->count == 1);
    CHECK(faithful.result.raised->children[0] == faithful.own);

    const LeavesWithGroup passed_on({Bug::passes_mixed_groups_on}, true);
    CHECK(passed_on.scope->cancelled_caught);
    CHECK(passed_on.result.raised == nullptr);
    CHECK_FALSE(passed_on.result.swallow);

    const LeavesWithGroup not_looked_into({Bug::looks_into_no_groups}, true);
    CHECK_FALSE(not_looked_into.scope->cancelled_caught);
    CHECK(not_looked_into.result.raised == nullptr);
    CHECK_FALSE(not_looked_into.result.swallow);
}

TEST_CASE("an exception group of nothing but the scope's own cancellation is swallowed whole") {
    const LeavesWithGroup faithful({}, false);
    CHECK(faithful.result.swallow);
    CHECK(faithful.scope->cancelled_caught);
    CHECK(LeavesWithGroup({Bug::passes_mixed_groups_on}, false).result.swallow);
    CHECK_FALSE(LeavesWithGroup({Bug::looks_into_no_groups}, false).result.swallow);
}

/// Always takes the last, of one kind.
struct TakesLast : sim::Choices {
    std::vector<sim::ChoiceKind> kinds;

    explicit TakesLast(sim::ChoiceKind kind) : Choices(sim::bit(kind)) {}
    std::uint32_t choose(const sim::Question& question, std::uint32_t count) override {
        kinds.push_back(question.kind);
        return count - 1;
    }
};

TEST_CASE("where addresses decide the order of sets, everything else is still chosen") {
    TakesLast choices(sim::ChoiceKind::timer_order);
    TestKernel kernel;
    Config config = kernel.config();
    config.switches.set(Bug::orders_sets_by_address);
    kernel.reset(config, &choices);
    kernel.at(1, kernel.says("first"));
    kernel.at(1, kernel.says("second"));
    kernel.run();
    CHECK(kernel.log == std::vector<std::string>{"second", "first"});
    CHECK(choices.kinds == std::vector{sim::ChoiceKind::timer_order});
}

}  // namespace

}  // namespace cancelsim::model
