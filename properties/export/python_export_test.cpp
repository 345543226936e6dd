// Exported failures: the file's parts, and the package that goes with it.
#include "properties/export/python_export.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "properties/failure/input.h"

namespace cancelsim::properties {

namespace {

std::string exported(const char* name) {
    return python_file(load_failure(CANCELSIM_SOURCE_DIR "/properties/failure/regressions/" + std::string(name)));
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string content_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("an exported file is the program, its schedule, and the events until the promise is broken") {
    const std::string file = exported("deviation.json");
    CHECK(has(file, "\nasync def main():\n"));
    CHECK(has(file, "        policy=\"upstream\",\n"));
    CHECK(has(file, "        choices={\"arrival\": {0: 1}},\n"));
    CHECK(has(file, "        [1,0,\"task_start\",\"main\"]\n"));
    CHECK_FALSE(has(file, "$"));
}

TEST_CASE("an exported file of a policy says how to run it without") {
    const std::string file = exported("v3-livelock.json");
    CHECK(has(file, "policy=\"v3\""));
    CHECK(has(file, "with `--policy upstream` it does not"));
}

TEST_CASE("the package that is written is the one in the sources, with a module for each policy in Python") {
    const auto folder = std::filesystem::path("python_export_test.package");
    std::filesystem::remove_all(folder);
    write_python_package(folder);
    const std::filesystem::path source = CANCELSIM_SOURCE_DIR;
    for (const char* module : {"loop.py", "statements/scopes.py"})
        CHECK(content_of(folder / "cancelsim" / module) == content_of(source / "scenarios/python/cancelsim" / module));
    CHECK(content_of(folder / "cancelsim/policies_of_the_model/v3.py") == content_of(source / "model/policies/v3.py"));
    std::filesystem::remove_all(folder);
}

}  // namespace cancelsim::properties
