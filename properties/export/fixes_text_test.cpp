// What is said of fixes: in options and reports, and in an exported file.
#include <doctest/doctest.h>

#include "properties/export/python_export.h"
#include "properties/failure/input.h"
#include "properties/report/report.h"
#include "properties/subject/config_names.h"
#include "properties/subject/errors.h"

namespace cancelsim::properties {

namespace {

using model::Defect;
using model::Defects;

Defects with(Defects defects, Defect another) {
    defects.set(another);
    return defects;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("all fixes together are said in one word, and what is beside them by its name") {
    CHECK(defects_text({}).empty());
    CHECK(defects_text({Defect::d698, Defect::carried}) == " +698 +carried");
    CHECK(defects_text(model::all_fixes()) == " +fixes");
    CHECK(defects_text(with(model::all_fixes(), Defect::d698)) == " +fixes +698");
    Defects all_but_one;
    for (const model::DefectEntry& entry : model::all_defects())
        if (entry.origin == model::Origin::live && entry.defect != Defect::left_scope) all_but_one.set(entry.defect);
    CHECK(defects_text(all_but_one) ==
          " +787 +1069 +1070 +1214 +double +carried +last-checkpoint +start-error +start-waits +unscoped-caller "
          "+146 +gh-134471");
}

TEST_CASE("--fixes is every fix, with any other switch beside them") {
    CHECK(ConfigNames{}.resolve().defects.none());
    CHECK(ConfigNames{.all_fixes = true}.resolve().defects == model::all_fixes());
    CHECK(ConfigNames{.switches = {"698", "carried"}, .all_fixes = true}.resolve().defects ==
          with(model::all_fixes(), Defect::d698));
    CHECK(ConfigNames{.switches = {"carried"}}.resolve().defects == Defects{Defect::carried});
    CHECK(ConfigNames{.bugs = {"698"}, .fixes = {"carried"}}.resolve().defects ==
          Defects{Defect::d698, Defect::carried});
    CHECK_THROWS_WITH_AS(ConfigNames{.bugs = {"carried"}}.resolve(), "--bug carried: unknown bug; see `cancelsim list`",
                         UsageError);
    CHECK_THROWS_WITH_AS(ConfigNames{.fixes = {"698"}}.resolve(),
                         "--fix 698: unknown fix; there are: 787, 1069, 1070, 1214, double, carried, last-checkpoint, "
                         "start-error, start-waits, left-scope, unscoped-caller, 146, gh-134471",
                         UsageError);
}

TEST_CASE("an exported file tells a fix, which no release has, from a defect") {
    Failure failure = load_failure(CANCELSIM_SOURCE_DIR "/properties/failure/regressions/zombie.json");
    failure.config.defects = {Defect::left_scope};
    const std::string fixed = python_file(failure);
    CHECK(has(fixed, "found with the fix `left-scope` in the simulator: a scope"));
    CHECK(has(fixed, "No release of anyio has it."));
    CHECK_FALSE(has(fixed, "fix: "));
    failure.config.defects = {Defect::planted_lost_child};
    const std::string planted = python_file(failure);
    CHECK(has(planted, "found with the defect `planted-lost-child` in the simulator:"));
    CHECK_FALSE(has(planted, "No release of anyio has it."));
}

}  // namespace cancelsim::properties
