// What is said of fixes: in options and reports, and in an exported file.
#include <doctest/doctest.h>

#include "properties/export/python_export.h"
#include "properties/failure/input.h"
#include "properties/report/report.h"
#include "properties/subject/config_names.h"
#include "properties/subject/errors.h"

namespace cancelsim::properties {

namespace {

using model::Bug;
using model::Fix;
using model::Switch;
using model::Switches;

Switches with(Switches switches, Switch another) {
    switches.set(another);
    return switches;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("all fixes together are said in one word, and what is beside them by its name") {
    CHECK(switches_text({}).empty());
    CHECK(switches_text({Bug::swallows_without_asking_parent, Fix::hands_cancels_to_same_host_only}) ==
          " +698 +carried");
    CHECK(switches_text(model::all_fixes()) == " +fixes");
    CHECK(switches_text(with(model::all_fixes(), Bug::swallows_without_asking_parent)) == " +fixes +698");
    Switches all_but_one;
    for (const model::SwitchEntry& entry : model::all_switches())
        if (entry.origin == model::Origin::live && entry.what != Fix::cancels_left_scopes) all_but_one.set(entry.what);
    CHECK(switches_text(all_but_one) ==
          " +787 +1069 +1070 +1214 +double +carried +last-checkpoint +start-error +start-waits +unscoped-caller "
          "+146 +gh-134471");
}

TEST_CASE("--fixes is every fix, with any other switch beside them") {
    CHECK(ConfigNames{}.resolve().switches.none());
    CHECK(ConfigNames{.all_fixes = true}.resolve().switches == model::all_fixes());
    CHECK(ConfigNames{.switches = {"698", "carried"}, .all_fixes = true}.resolve().switches ==
          with(model::all_fixes(), Bug::swallows_without_asking_parent));
    CHECK(ConfigNames{.switches = {"carried"}}.resolve().switches == Switches{Fix::hands_cancels_to_same_host_only});
    CHECK(ConfigNames{.bugs = {"698"}, .fixes = {"carried"}}.resolve().switches ==
          Switches{Bug::swallows_without_asking_parent, Fix::hands_cancels_to_same_host_only});
    CHECK_THROWS_WITH_AS(ConfigNames{.bugs = {"carried"}}.resolve(), "--bug carried: unknown bug; see `cancelsim list`",
                         UsageError);
    CHECK_THROWS_WITH_AS(ConfigNames{.fixes = {"698"}}.resolve(),
                         "--fix 698: unknown fix; there are: 787, 1069, 1070, 1214, double, carried, last-checkpoint, "
                         "start-error, start-waits, left-scope, unscoped-caller, 146, gh-134471",
                         UsageError);
}

TEST_CASE("an exported file tells a fix, which no release has, from a defect") {
    Failure failure = load_failure(CANCELSIM_SOURCE_DIR "/properties/failure/regressions/zombie.json");
    failure.config.switches = {Fix::cancels_left_scopes};
    const std::string fixed = python_file(failure);
    CHECK(has(fixed, "found with the fix `left-scope` in the simulator: a scope"));
    CHECK(has(fixed, "No release of anyio has it."));
    CHECK_FALSE(has(fixed, "fix: "));
    failure.config.switches = {Bug::cancelled_start_leaves_child};
    const std::string planted = python_file(failure);
    CHECK(has(planted, "found with the defect `planted-lost-child` in the simulator:"));
    CHECK_FALSE(has(planted, "No release of anyio has it."));
}

}  // namespace cancelsim::properties
