#include "properties/subject/fault.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cassert>
#include <csignal>
#include <exception>

namespace cancelsim::properties {

namespace {

/// What a process says on standard error that does `fault`, and how it ends.
struct Ending {
    int code = -1;
    std::string said;
};
Ending ending_of(void (*fault)()) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        report_faults();
        running = {.what = Running::What::schedule, .seed = 7, .schedule = 41};
        fault();
        _exit(0);
    }
    close(ends[1]);
    Ending ending;
    char bytes[512];
    for (ssize_t got = 0; (got = read(ends[0], bytes, sizeof bytes)) > 0;)
        ending.said.append(bytes, static_cast<std::size_t>(got));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status)) ending.code = WEXITSTATUS(status);
    return ending;
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

int deeper(volatile int* depth) {
    volatile char room[1 << 16];
    room[0] = 0;
    *depth = *depth + 1;
    if (*depth == 0) return room[0];
    return deeper(depth) + room[0];
}

}  // namespace

TEST_CASE("a fault of ours ends with exit code 3, and says what was running") {
    const Ending failed = ending_of([] { std::abort(); });
    CHECK(failed.code == 3);
    CHECK(failed.said ==
          "cancelsim: internal fault: SIGABRT in schedule 41 of the hunt of seed 7; please report this line\n");
    const Ending thrown = ending_of([] { std::terminate(); });
    CHECK(thrown.code == 3);
    CHECK(thrown.said == failed.said);
    const Ending fatal = ending_of([] { raise(SIGSEGV); });
    CHECK(fatal.code == 3);
    CHECK(has(fatal.said, "SIGSEGV in schedule 41"));
}

TEST_CASE("a stack that is used up is a fault that is told, too") {
    const Ending ending = ending_of([] {
        volatile int depth = 0;
        deeper(&depth);
    });
    CHECK(ending.code == 3);
    CHECK(has(ending.said, "cancelsim: internal fault: SIGSEGV"));
}

TEST_CASE("what runs is said of a token too") {
    const std::string token = "cs2:x";
    {
        const RunningToken scope(token);
        CHECK(running_text() == " in the run of cs2:x");
    }
    CHECK(running_text().empty());
}

}  // namespace cancelsim::properties
