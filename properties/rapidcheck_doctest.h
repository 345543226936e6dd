#pragma once

// rapidcheck under doctest: Debian ships no header for it, and the one upstream does not compile.

#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <cerrno>
#include <sstream>
#include <string>
#include <utility>

namespace cancelsim::properties {

/// The command that runs the test case at hand again with the given rapidcheck parameters, for a
/// POSIX shell.
inline std::string command_for_this_test(const std::string& parameters) {
    std::string command = "RC_PARAMS='" + parameters + "' " + program_invocation_name + " --test-case='";
    for (const char* name = doctest::getContextOptions()->currentTest->m_name; *name != '\0'; ++name) {
        if (*name == '\'') {
            command += "'\\''";
        } else {
            if (*name == ',') command += '\\';  // doctest splits its filters at commas
            command += *name;
        }
    }
    return command + "'";
}

/// Checks a property within a TEST_CASE. CHECK(rc::check(...)) would print the whole lambda if it
/// failed; this does not:
///
///     check_property("JSON keeps a case", [](const Case& c) { RC_ASSERT(parse(print(c)) == c); });
///
/// A failure is doctest's, at the line of the call; its text ends with the command that repeats the
/// counterexample. Several properties in a test case need different titles, because rapidcheck
/// finds what to repeat by the title.
template <typename Testable>
bool check_property(const std::string& title, Testable&& testable, const char* file = __builtin_FILE(),
                    int line = __builtin_LINE()) {
    using namespace rc::detail;
    Configuration config = configuration();
    TestListenerAdapter silent;  // the default one prints its reproduce line at exit
    const TestResult result = checkTestable(std::forward<Testable>(testable), TestMetadata{title, title},
                                            config.testParams, silent, config.reproduce);
    std::ostringstream text;
    text << title << '\n';
    printResultMessage(result, text);

    if (result.template is<SuccessResult>()) {
        const bool classified = !result.template get<SuccessResult>().distribution.empty();
        if (classified) DOCTEST_ADD_MESSAGE_AT(file, line, text.str());
        return true;
    }
    if (result.template is<FailureResult>()) {
        config.reproduce = {{title, result.template get<FailureResult>().reproduce}};
        text << "\n\n" << command_for_this_test(configToMinimalString(config));
    }
    DOCTEST_ADD_FAIL_CHECK_AT(file, line, text.str());
    return false;
}

}  // namespace cancelsim::properties
