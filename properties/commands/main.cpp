// `cancelsim`: the command.
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "properties/commands/command.h"
#include "properties/commands/line/parse.h"
#include "properties/failure/failure.h"
#include "properties/report/terminal.h"
#include "properties/search/hunt.h"
#include "properties/subject/fault.h"
#include "properties/subject/limits.h"
#include "properties/subject/one_line.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

int say(ExitCode code, const std::string& message) {
    put_on_stderr(one_line("cancelsim: " + message) + "\n");
    return code;
}

/// A fault of ours, and what was running.
int say_fault(const std::string& message) {
    return say(kInternal, "internal fault: " + message + "; please report this line");
}

/// Whether standard output is a pipe from which nobody reads any more, such as that to `head`.
bool reader_is_gone() {
    pollfd output{STDOUT_FILENO, POLLOUT, 0};
    return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

/// `code`, unless what was printed cannot be written.
int flushed(int code) {
    if ((std::fflush(stdout) == 0 && std::ferror(stdout) == 0) || reader_is_gone()) return code;
    return say(kUsage, "standard output: cannot write");
}

}  // namespace

}  // namespace cancelsim::properties

int main(int count, char** arguments) {
    using namespace cancelsim;
    using namespace cancelsim::properties;
    catch_signals();
    try {
        const std::vector<Command> commands = all_commands();
        return flushed(parse(commands, count, arguments)());
    } catch (const UsageError& error) {
        return say(kUsage, error.what());
    } catch (const scenarios::CaseError& error) {
        return say(kUsage, error.what());
    } catch (const FailureError& error) {
        return say(kUsage, error.what());
    } catch (const RunLost& error) {
        return say(kUsage, error.what());
    } catch (const OverMemory& error) {
        return say(kUsage, error.what());
    } catch (const NondeterminismError& error) {
        return say_fault(error.what());
    } catch (const std::exception& error) {
        if (std::ferror(stdout) != 0) return flushed(kHolds);  // fmt throws where it cannot write
        return say_fault(error.what() + running_text());
    }
}

// In its steady state a run allocates nothing, so that counting costs nothing. Weak: a sanitizer has its own, which
// count nothing.
[[gnu::weak]] void* operator new(std::size_t bytes) { return cancelsim::properties::allocate_counted(bytes); }
[[gnu::weak]] void operator delete(void* memory) noexcept { cancelsim::properties::free_counted(memory); }
[[gnu::weak]] void operator delete(void* memory, std::size_t) noexcept { cancelsim::properties::free_counted(memory); }
