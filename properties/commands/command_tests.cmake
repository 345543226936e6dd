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
add_command_test("SIGINT, SIGTERM and SIGHUP end a hunt with what it has found" interrupt)
add_command_test("a hunt that is killed goes on where it stood" resume)
add_command_test("the shards of a hunt run its schedules, each once" shards)
add_command_test("what cannot be written loses nothing" unwritable)
add_command_test("a message is one line of at most 300 characters" long_message)
add_command_test("the help says what the exit codes mean" help)
add_command_test("standard output that cannot be written is said, with exit code 2" full_output)
add_command_test("each line of malformed.jsonl is refused with one line and exit code 2" malformed)
add_command_test("a damaged or stale token is refused with one line and exit code 2" bad_tokens)

add_command_test("cases printed as Python do on the real anyio what the model does" python_runs
                 ${PROJECT_SOURCE_DIR}/scenarios/python)
set_tests_properties("command/cases printed as Python do on the real anyio what the model does"
                     PROPERTIES SKIP_RETURN_CODE 77)
add_command_test("cases and a patch are judged on the real anyio, and a token replays there" on_library
                 ${command_tests}/patches)
set_tests_properties("command/cases and a patch are judged on the real anyio, and a token replays there"
                     PROPERTIES SKIP_RETURN_CODE 77)
add_command_test("a program of one's own is judged, hunted, replayed and explained" programs)
set_tests_properties("command/a program of one's own is judged, hunted, replayed and explained"
                     PROPERTIES SKIP_RETURN_CODE 77)
add_test(NAME "command/each program of the examples has what its header says, and no more"
         COMMAND python3 ${PROJECT_SOURCE_DIR}/properties/programs/check.py $<TARGET_FILE:cancelsim>)
set_tests_properties("command/each program of the examples has what its header says, and no more"
                     PROPERTIES LABELS command TIMEOUT 600 SKIP_RETURN_CODE 77)
add_bad_usage_test("a program without an interpreter" "--program: say which Python runs it" hunt --program x.py)
add_bad_usage_test("a patch of nothing" "--patch: say what is patched, by --on PYTHON" hunt --patch x.py)
add_bad_usage_test("an interpreter that is none" "/nonexistent" hunt --on /nonexistent)
add_bad_usage_test("an interpreter and a release" "--on: which release runs" hunt --on python3 --anyio 4.13.0)
add_command_test("a case becomes Python and the same case again" convert)
add_command_test("an exported failure comes with what runs it" export)

add_bad_usage_test("an exported package that a file is in the way of" "is in the way of the package: give a folder of its own"
                   export cs2:model,4.13.0,upstream,3.11:no-hot-loop:743809f4e014fd3e:EwECczACAheAAgAOgAIAAAAA0A8P
                   --python --output ${PROJECT_SOURCE_DIR}/shows.py)
add_bad_usage_test("no subcommand" "subcommand is required")
add_bad_usage_test("an unknown subcommand" "hnt: unknown subcommand" hnt)
add_bad_usage_test("an unknown option" "--polcy" hunt --polcy narrow)
add_bad_usage_test("an unknown release" "--anyio 4.12: unknown release of anyio" hunt --kernel 4.12)
add_bad_usage_test("a release whose nearest is known" "4.14.0 behaves like 4.14.2, but for passes" hunt --anyio 4.14.0)
add_bad_usage_test("a release of next month" "to make one" judge --anyio 4.16.0 -)
add_bad_usage_test("an unknown policy" "--policy wide: unknown policy" hunt --policy wide)
add_bad_usage_test("an unknown Python" "--python 2.7: unknown Python" trace --python 2.7 -)
add_bad_usage_test("an unknown bug" "--bug nosuch: unknown bug" hunt --bug nosuch)
add_bad_usage_test("a fix as a bug" "--bug carried: unknown bug" hunt --bug carried)
add_bad_usage_test("an unknown switch in its older spelling" "--defect nosuch: unknown bug or fix" hunt --defect nosuch)
add_bad_usage_test("an unknown strategy" "nosuch" hunt --cases 10 --strategy nosuch)
add_bad_usage_test("an unknown contract" "nosuch" hunt --contract nosuch)
add_bad_usage_test("an unknown profile" "--profile nosuch: unknown profile" hunt --profile nosuch)
add_bad_usage_test("an unknown order" "--order" trace --order sideways -)
add_bad_usage_test("no jobs at all" "--jobs" hunt --jobs 0)
add_bad_usage_test("a count that is no number" "--cases" hunt --cases many)
foreach(number 0 010 abc 1.5 +1 -1 18446744073709551616)
  add_bad_usage_test("the count '${number}'" "--cases" hunt --cases=${number})
endforeach()
foreach(seed 010 abc -1 18446744073709551616)
  add_bad_usage_test("the seed '${seed}'" "--seed" hunt --cases 10 --seed=${seed})
endforeach()
foreach(shard 0/2 3/2 1 1/0 a/b 1/2/3)
  add_bad_usage_test("the shard '${shard}'" "--shard" hunt --cases 10 --shard=${shard})
endforeach()
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
add_command_test("a note that is no UTF-8 does not spoil JSON" not_utf8)
add_bad_usage_test("an option that is nearly one" "(did you mean --policy?)" hunt --polcy narrow)
add_bad_usage_test("a policy that is nearly one" "(did you mean narrow?)" hunt --policy narow)
add_bad_usage_test("a shard without a seed" "--shard: give --seed" hunt --cases 10 --shard 1/2)
add_command_test("a shell completes names, and what is printed for it is a script" completions)
add_command_test("a hunt ends on what matters, and begins with what was saved" first_minute)
add_command_test("colour and width are as the terminal and its user want them" terminal)

find_program(CANCELSIM_PYTHON python3)
if(CANCELSIM_PYTHON)
  add_test(NAME "command/what is printed as JSON, SARIF and JUnit is as the schemas say"
           COMMAND ${CANCELSIM_PYTHON} ${command_tests}/json_schemas.py $<TARGET_FILE:cancelsim> ${PROJECT_SOURCE_DIR})
  set_tests_properties("command/what is printed as JSON, SARIF and JUnit is as the schemas say"
                       PROPERTIES LABELS command TIMEOUT 300 SKIP_RETURN_CODE 77)
endif()
add_command_test("a report is a page, Markdown or JSON, and is whole" report)
add_bad_usage_test("a report of nothing" "TOKEN|FILE" report)
add_bad_usage_test("a report that cannot be written" "/nonexistent/x.html: cannot write" report
                   ${PROJECT_SOURCE_DIR}/properties/failure/regressions/zombie.json -o /nonexistent/x.html)
add_bad_usage_test("an export of no form" "say --python or --perfetto" export
                   ${PROJECT_SOURCE_DIR}/properties/failure/regressions/zombie.json)
add_bad_usage_test("two forms at once" "--json" report --markdown --json x)
add_command_test("a checkout that cannot be written runs what was built in it" launcher ${PROJECT_SOURCE_DIR}/cancelsim)
foreach(runner parallel slurm kubernetes)
  add_command_test("four shards run by ${runner} and merged are one run" merge ${runner})
  set_tests_properties("command/four shards run by ${runner} and merged are one run" PROPERTIES SKIP_RETURN_CODE 77)
endforeach()
add_command_test("what are no shards of one hunt is refused" merge_refusals)
add_command_test("what a document tells CI to run" ci_document ${PROJECT_SOURCE_DIR}/properties/CI.md)
add_command_test("a thread that cannot be started ends nothing that others can do" no_threads)
set_tests_properties("command/a thread that cannot be started ends nothing that others can do" PROPERTIES SKIP_RETURN_CODE 77)
