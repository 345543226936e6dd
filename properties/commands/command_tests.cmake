# Tests of the command itself: each runs the built binary, as a person or a script would, from a shell.

set(command_tests ${PROJECT_SOURCE_DIR}/properties/commands/command_tests)

# A test that is a script: `sh SCRIPT.sh BINARY [ARGUMENT...]` exits with 0 if it passes. The time limit is only there
# for what hangs.
function(add_command_test title script)
  add_test(NAME "command/${title}" COMMAND sh ${command_tests}/${script}.sh $<TARGET_FILE:cancelsim> ${ARGN})
  set_tests_properties("command/${title}" PROPERTIES LABELS command TIMEOUT 300)
endfunction()

# Bad usage or input: exit code 2, and one line on standard error that contains `expected`.
function(add_bad_usage_test title expected)
  add_command_test("bad usage: ${title}" bad_usage "${expected}" ${ARGN})
endfunction()

add_command_test("a hunt finds the zombie, and the line that it prints last replays it" hunt_replays)
add_command_test("a hunt under the narrow patch finds nothing that is not known" hunt_narrow)
add_command_test("a hunt with every fix finds what none of them mends, and its token replays" hunt_fixes)
add_command_test("a hunt breaks the canary, with exit code 1" canary)
add_command_test("a hunt gives the same result with one job and with two" jobs_agree)
add_command_test("Ctrl-C ends a hunt with what it has found" interrupt)
add_command_test("the help says what the exit codes mean" help)
add_command_test("standard output that cannot be written is said, with exit code 2" full_output)
add_command_test("each line of malformed.jsonl is refused with one line and exit code 2" malformed)
add_command_test("a damaged or stale token is refused with one line and exit code 2" bad_tokens)

add_bad_usage_test("no subcommand" "subcommand is required")
add_bad_usage_test("an unknown subcommand" "hnt: unknown subcommand" hnt)
add_bad_usage_test("an unknown option" "--polcy" hunt --polcy narrow)
add_bad_usage_test("an unknown release" "--anyio 4.12: unknown anyio" hunt --kernel 4.12)
add_bad_usage_test("an unknown policy" "--policy wide: unknown policy" hunt --policy wide)
add_bad_usage_test("an unknown Python" "--python 2.7: unknown Python" trace --python 2.7 -)
add_bad_usage_test("an unknown bug" "--bug nosuch: unknown bug" hunt --bug nosuch)
add_bad_usage_test("a fix as a bug" "--bug carried: unknown bug" hunt --bug carried)
add_bad_usage_test("an unknown switch in its older spelling" "--defect nosuch: unknown defect" hunt --defect nosuch)
add_bad_usage_test("an unknown strategy" "nosuch" hunt --cases 10 --strategy nosuch)
add_bad_usage_test("an unknown contract" "nosuch" hunt --contract nosuch)
add_bad_usage_test("an unknown profile" "--profile nosuch: unknown profile" hunt --profile nosuch)
add_bad_usage_test("an unknown order" "--order" trace --order sideways -)
add_bad_usage_test("no jobs at all" "--jobs" hunt --jobs 0)
add_bad_usage_test("a count that is no number" "--cases" hunt --cases many)
add_bad_usage_test("a negative seed" "--seed" hunt --cases 10 --seed -1)
add_bad_usage_test("both a count and a time" "--time" hunt --cases 10 --time 1s)
foreach(time "" 0s -1s 5x s 1e999 nan)
  add_bad_usage_test("the time '${time}'" "--time" hunt --time=${time})
endforeach()
add_bad_usage_test("a file that is not there" "/nonexistent/cases.jsonl: cannot read" trace /nonexistent/cases.jsonl)
add_bad_usage_test("a directory as a file" "${command_tests}: cannot read" trace ${command_tests})
add_bad_usage_test("a file that is no zstd" "${command_tests}/not_compressed.zst: not a zstd file" trace
                   ${command_tests}/not_compressed.zst)
add_bad_usage_test("a folder without corpora" "${command_tests}: holds no recorded traces" conform ${command_tests})
add_bad_usage_test("a folder of corpora that is not there" "/nonexistent" conform /nonexistent)
add_command_test("a part of the baseline is as it was" baseline)
