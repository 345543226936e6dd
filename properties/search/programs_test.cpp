// What is said of reported programs, and of proper ones, that are written as cases: programs.cases.jsonl. Each is named
// after the program that it is.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "properties/failure/input.h"
#include "properties/search/judge.h"

namespace cancelsim::properties {

namespace {

const std::atomic<bool> kNeverStop{false};

/// Where a program breaks which contract.
struct Expected {
    std::string_view program;
    std::string_view contract;
    std::vector<std::string_view> releases;  ///< of anyio
    std::vector<std::string_view> pythons;
};

const std::vector<std::string_view> kReleases{"4.13.0", "4.14.2", "4.15.1"};
const std::vector<std::string_view> kPythons{"3.11", "3.12", "3.13"};

const std::vector<Expected> kExpected{
    {"anyio_limiter_over_grant", "permits-balance", {"4.13.0", "4.14.2"}, kPythons},
    {"anyio_cancel_in_handler", "consumed-cancellation", kReleases, kPythons},
    {"anyio_start_foreign_cancellation", "start-handshake", {"4.13.0", "4.14.2"}, kPythons},
    // That the function has returned which entered the group is nothing that a case can say: orphaned-scope asks for
    // it.
    {"anyio_pooled_session", "no-hot-loop", {"4.13.0"}, kPythons},
    {"asyncio_condition_lost_notification", "notify-reaches", kReleases, {"3.11", "3.12"}},
    {"asyncio_timeout_without_uncancel", "consumed-cancellation", kReleases, kPythons},
    {"asyncio_timeout_zero", "timeout-is-ours", kReleases, kPythons},
    {"asyncio_wait_for_eats_cancellation", "timeout-is-ours", kReleases, {"3.11"}},
};

/// Contracts whose breach a program of this kind need not notice: anyio issues 1069 and 1070.
bool is_asked(std::string_view contract) { return contract != "group-outcome"; }

bool has(const std::vector<std::string_view>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

TEST_CASE("of each program that is written as a case judge says on each release and Python what is known of it") {
    const auto programs = read_case_file(CANCELSIM_SOURCE_DIR "/properties/search/programs.cases.jsonl");
    CHECK(programs.size() == 12);
    for (const scenarios::Case& program : programs)
        for (const std::string_view release : kReleases)
            for (const std::string_view python : kPythons) {
                CAPTURE(program.name);
                CAPTURE(release);
                CAPTURE(python);
                const model::Config config{
                    model::find_version(release), model::find_policy("upstream"), model::find_python(python), {}};
                const Judged judged = judge(program, config, release_of(config), JudgeOptions{}, kNeverStop);
                std::vector<std::string_view> expected;
                for (const Expected& each : kExpected)
                    if (each.program == program.name && has(each.releases, release) && has(each.pythons, python))
                        expected.push_back(each.contract);
                std::vector<std::string_view> broken;
                for (const auto& failure : judged.failures)
                    if (is_asked(failure.failure.contract)) broken.push_back(failure.failure.contract);
                for (const std::string_view contract : expected) CHECK(has(broken, contract));
                if (expected.empty()) {
                    CAPTURE((broken.empty() ? std::string_view() : broken.front()));
                    CHECK(broken.empty());
                }
            }
}

}  // namespace cancelsim::properties
