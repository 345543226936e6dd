"""What an exported failure does: runs its program on the real library, and says whether it goes as in the simulator."""
import json
import sys
import warnings

from cancelsim import releases
from cancelsim.case import CaseError

LAST_EVENTS = 30


def show(file, policy, choices, promise, events):
    """Exits with 1 where the program in `file` gives these events, one a line, before any other; with 0 where it does
    otherwise; with 2, and one line, where it cannot be run. `choices` are deviations: kind -> {question: answer}."""
    options = _options(policy)
    try:
        releases.check()
        with open(file, encoding="utf-8") as text:
            source = text.read()
        happened = _events_of(source, options.policy, choices)
    except (releases.ReleaseError, CaseError, OSError) as error:
        print(f"{file}: {error}", file=sys.stderr)
        sys.exit(2)
    print(f"{releases.described()}, delivery policy: {options.policy}")
    print(f"promised: {promise}")
    sys.exit(_compare([json.loads(line) for line in events.split("\n") if line.strip()], happened))


def _options(policy):
    import argparse

    parser = argparse.ArgumentParser(description="Shows on the real anyio what the simulator has found: see the head of this file.")
    parser.add_argument("--policy", default=policy, help=f"the delivery policy (default {policy}); upstream: anyio's own")
    return parser.parse_args()


def _events_of(source, policy, choices):
    """The trace, as JSON reads it. In a child, with which everything unfinished goes."""
    from cancelsim import policies, program, recorder
    from cancelsim.choices import Deviations

    if policy not in policies.names():
        raise CaseError(f"--policy {policy}: there are {', '.join(policies.names())}")
    warnings.simplefilter("ignore", RuntimeWarning)
    a_recorder = recorder.Recorder(policy)
    a_program = program.of_source(source, "program")
    trace = recorder.in_child(lambda: a_recorder.run(a_program, Deviations(choices)).tracer.events)
    return json.loads(json.dumps(trace))


def _compare(expected, happened):
    same = 0
    while same < min(len(expected), len(happened)) and expected[same] == happened[same]:
        same += 1
    if same > LAST_EVENTS:
        print(f"  ... {same - LAST_EVENTS} events")
    for event in happened[max(0, same - LAST_EVENTS) : same]:
        print(" ", json.dumps(event))
    if same == len(expected):
        print("happened: broken, as in the simulator: these events are the simulator's too")
        return 1
    print("happened: kept, or broken in another way: the next event is not the simulator's")
    print("  here:         ", json.dumps(happened[same]) if same < len(happened) else "nothing more")
    print("  the simulator:", json.dumps(expected[same]))
    return 0
