#include "properties/programs/accepted.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "properties/subject/errors.h"

namespace cancelsim::properties {

TEST_CASE("what is accepted is one contract in one function of one file, whatever its line") {
    const std::string path = (std::filesystem::temp_directory_path() / "cancelsim-accepted-test.txt").string();
    std::ofstream(path) << "# known since May\n\n  endless-wait   pool.py:Pool.close  \r\n";
    const Accepted accepted(path);
    ProgramFailure failure;
    failure.program = {"src/pool.py", "main", ""};
    failure.contract = "endless-wait";
    ProgramAccount account;
    account.site = PythonPlace{"/home/x/src/pool.py", 12, "Pool.close", ""};
    CHECK(Accepted::line_of(failure, account) == "endless-wait pool.py:Pool.close");
    CHECK(accepted.has(failure, account));
    account.site->line = 13;
    CHECK(accepted.has(failure, account));
    account.site->function = "Pool.open";
    CHECK(!accepted.has(failure, account));
    account.site.reset();
    CHECK(Accepted::line_of(failure, account) == "endless-wait pool.py:main");
    CHECK(!Accepted().has(failure, account));

    std::ofstream(path) << "endless-wait pool.py:Pool.close\nnosuch pool.py:main\n";
    CHECK_THROWS_WITH_AS(Accepted{path}, (path + ":2: no contract is called `nosuch`").c_str(), UsageError);
    std::ofstream(path) << "endless-wait\n";
    CHECK_THROWS_AS(Accepted{path}, UsageError);
    std::filesystem::remove(path);
    CHECK_THROWS_AS(Accepted{path}, UsageError);
}

}  // namespace cancelsim::properties
