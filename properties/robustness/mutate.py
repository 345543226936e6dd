#!/usr/bin/env python3
"""mutate.py BINARY [--inputs N] [--seed S] [--keep DIR]: feeds mutated cases, tokens, saved failures and traces to every verb.

Each run must end with 0, 1 or 2, within 10 s and 1 GiB; a 2 comes with one line of at most 300 printable characters. Inputs that
break this are kept in DIR. What is mutated: bytes, words, numbers, whole statements, the depth of nesting, with no caps.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SECONDS = 10  # of processor time, so that a busy machine is no fault
WALL_SECONDS = 300
BYTES = 1 << 30
NUMBERS = [0, -1, 1, 2, 255, 2**31 - 1, 2**31, 2**32, 2**40, 2**53, 2**62, 2**63 - 1, 2**63, 2**64, -(2**63), 1e308, 0.5]
TEXTS = ["", "\0", "\n", "\x1b[31m", '"', "\\", "]]>", "</script>", "{{x}}", "%s", "a" * 10_000, "é", "\ud800", "#2", "main", "n.s0"]
# What an input is called, where that matters.
NAMES = {"python": "input.py", "failure": "input.json", "traces": "any.4.13.0.upstream.jsonl", "state": "hunt-1-of-1.state"}
# Such an input is taken by its folder, which holds nothing else of its kind.
IN_FOLDER = ("traces", "state")
# What a verb says of a failure that it runs otherwise than it was: with the new digest it goes on.
STALE = re.compile(rb"stale: this version runs it as (\w+), and it was (\w+)")
BYTES_OF_INTEREST = [b"\0", b"\xff", b"\xc3", b"{", b"}", b"[", b"]", b'"', b",", b":", b"\n", b"\r\n", b"1e999", b"null", b"cs1:", b"cs2:"]
# A verb, and how it takes an input: as a file, or as text on the command line.
VERBS = [
    ("trace", ["trace"], "file"),
    ("judge", ["judge", "--limit", "20", "--cases", "20", "--jobs", "1"], "file"),
    ("judge --json", ["judge", "--json", "--limit", "20", "--cases", "20", "--jobs", "1"], "file"),
    ("convert", ["convert"], "file"),
    ("convert python", ["convert"], "python"),
    ("judge python", ["judge", "--limit", "20", "--cases", "20", "--jobs", "1"], "python"),
    ("replay", ["replay"], "failure"),
    ("replay --fixes", ["replay", "--fixes", "--anyio", "4.14.2"], "failure"),
    ("explain", ["explain"], "failure"),
    ("explain --json", ["explain", "--json"], "failure"),
    ("explain case", ["explain"], "file"),
    ("report", ["report"], "failure"),
    ("report --json", ["report", "--json"], "failure"),
    ("export", ["export", "--python"], "failure"),
    ("export --perfetto", ["export", "--perfetto"], "failure"),
    ("merge", ["merge"], "shards"),
    ("hunt --resume", ["hunt", "--cases", "300", "--jobs", "1", "--resume"], "state"),
    ("conform", ["conform"], "traces"),
]


class Corpus:
    """Inputs to begin with, by how a verb takes them."""

    def __init__(self, binary, extra):
        cases = subprocess.run([binary, "generate", "--cases", "120", "--profile", "all"], capture_output=True, check=True).stdout
        cases += b"".join(
            subprocess.run([binary, "generate", "--cases", "60", "--profile", profile], capture_output=True, check=True).stdout
            for profile in ("start", "objects", "native")
        )
        lines = [line for line in cases.splitlines() if line]
        files = [path.read_bytes() for path in sorted((ROOT / "properties").rglob("*.json*"))]
        files += [path.read_bytes() for path in extra]
        saved = [text for text in files if b'"contract"' in text[:2000]]
        tokens = [word for text in files for word in text.replace(b'"', b" ").split() if word.startswith((b"cs1:", b"cs2:"))]
        with tempfile.TemporaryDirectory() as folder:
            cases = pathlib.Path(folder, "cases.jsonl")
            cases.write_bytes(b"\n".join(lines[:60]) + b"\n")
            subprocess.run([binary, "convert", str(cases), "--into", folder], capture_output=True, check=True)
            programs = [path.read_bytes() for path in sorted(pathlib.Path(folder).glob("*.py"))]
            self.cases = cases.read_bytes()
            traces = [subprocess.run([binary, "trace", str(cases)], capture_output=True, check=True).stdout]
            hunt = [binary, "hunt", "--seed", "1", "--cases", "2000"]
            shards = [
                subprocess.run([*hunt, "--json", "--shard", f"{n}/2"], capture_output=True, check=False).stdout for n in (1, 2)
            ]
            found = pathlib.Path(folder, "found")
            subprocess.run([*hunt, "--save", found], capture_output=True, check=False)
            state = (found / NAMES["state"]).read_bytes()
            self.beside_state = {path.name: path.read_bytes() for path in sorted(found.glob("*.json"))}
            saved += self.beside_state.values()
            tokens += [json.loads(line)["token"].encode() for text in shards for line in text.splitlines() if b'"token"' in line]
        self.of = {
            "file": lines + files[:20],
            "python": programs,
            "failure": tokens + saved,
            "traces": traces,
            "shards": shards,
            "state": [state],
        }


def mutated_bytes(text, draw):
    text = bytearray(text)
    for _ in range(draw.choice([1, 1, 2, 4, 16])):
        at = draw.randrange(len(text) + 1)
        match draw.randrange(6):
            case 0:
                text[at:at] = draw.choice(BYTES_OF_INTEREST)
            case 1:
                del text[at : at + draw.choice([1, 2, 8, 64, 1024])]
            case 2:
                text[at:at] = text[at : at + draw.choice([4, 16, 256])] * draw.choice([1, 2, 50])
            case 3 if at < len(text):
                text[at] ^= 1 << draw.randrange(8)
            case 4:
                del text[at:]
            case _:
                text[at : at + 1] = bytes([draw.randrange(256)])
    return bytes(text)


def places(value, found, depth=0):
    """Every container and key in a JSON value, but no deeper than Python likes."""
    if depth > 60:
        return found
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        found.append((value, key))
        places(child, found, depth + 1)
    return found


def mutated_json(text, draw):
    """`text`, or one line of it, with its values changed; the bytes changed where it is no JSON."""
    for candidate in (text, draw.choice(text.splitlines())):
        try:
            value = json.loads(candidate)
            break
        except ValueError:
            pass
    else:
        return mutated_bytes(text, draw)
    for _ in range(draw.choice([1, 1, 1, 2, 5])):
        found = places(value, [])
        if not found:
            break
        if draw.random() < 0.85:
            gently(draw, found)
            continue
        parent, key = draw.choice(found)
        old = parent[key]
        match draw.randrange(8):
            case 0:
                parent[key] = draw.choice(NUMBERS)
            case 1:
                parent[key] = draw.choice(TEXTS)
            case 2 if isinstance(parent, list):
                parent[key:key] = [old] * draw.choice([1, 3, 200])
            case 3 if isinstance(parent, dict):
                del parent[key]
            case 4:
                other_parent, other_key = draw.choice(found)
                parent[key] = json.loads(json.dumps(other_parent[other_key]))
            case 5 if isinstance(old, list) and old and isinstance(old[0], (dict, list)):
                wrap = draw.choice(["scope", "try", "repeat", "group"])
                for _ in range(draw.choice([1, 10, 200])):
                    old = [wrapped(wrap, old)]
                parent[key] = old
            case 6 if isinstance(old, int) and not isinstance(old, bool):
                parent[key] = old + draw.choice([-1, 1, 100, 10**6])
            case _:
                parent[key] = draw.choice([None, True, [], {}, [[]], {"": 0}])
        if len(json.dumps(value)) > 3_000_000:
            break
    return json.dumps(value).encode("utf-8", "surrogatepass")


def gently(draw, found):
    """A change that mostly leaves a case: statements dropped, doubled, exchanged; numbers and names taken from elsewhere."""
    lists = [(parent, key) for parent, key in found if isinstance(parent, list)]
    numbers = [(parent, key) for parent, key in found if type(parent[key]) is int]
    names = [(parent, key) for parent, key in found if isinstance(parent, dict) and isinstance(parent[key], str) and key != "op"]
    match draw.randrange(5):
        case 0 if lists:
            parent, key = draw.choice(lists)
            del parent[key]
        case 1 if lists:
            parent, key = draw.choice(lists)
            parent[key:key] = [json.loads(json.dumps(parent[key]))] * draw.choice([1, 1, 2, 30])
        case 2 if len(lists) > 1:
            (one, at), (other, there) = draw.sample(lists, 2)
            one[at] = json.loads(json.dumps(other[there]))
        case 3 if numbers:
            parent, key = draw.choice(numbers)
            parent[key] = max(0, parent[key] + draw.choice([-1, 1, 2, 7, 40, 1000, 10**6]))
        case 4 if len(names) > 1:
            (one, at), (other, there) = draw.sample(names, 2)
            one[at] = other[there]


def wrapped(kind, body):
    return {"op": kind, "name": "z", "times": 3, "count": 3, "body": body}


def limits():
    resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def fault_of(binary, command, argument):
    """Runs once. Returns what is wrong with how it ended, or None, the exit code, and what it said."""
    words = [binary, *command, argument]
    try:
        done = subprocess.run(words, capture_output=True, timeout=WALL_SECONDS, stdin=subprocess.DEVNULL, preexec_fn=limits, check=False)
    except subprocess.TimeoutExpired:
        return f"longer than {WALL_SECONDS} s without using {SECONDS} s of a processor", None, b""
    except (ValueError, OSError):
        return None, None, b""  # no command line can hold this
    code, errors = done.returncode, done.stderr
    if code == -signal.SIGKILL:
        return f"longer than {SECONDS} s", code, errors
    if code not in (0, 1, 2):
        return f"exit {code}: {errors[-200:]!r}", code, errors
    if code == 2:
        line = errors.decode("utf-8", "replace")
        if not line.endswith("\n") or line.count("\n") != 1:
            return f"{line.count(chr(10))} lines: {line[:200]!r}", code, errors
        if len(line) > 301:
            return f"a line of {len(line)} characters", code, errors
        if any(ord(c) < 32 or ord(c) == 127 for c in line[:-1]):
            return f"control characters: {line[:200]!r}", code, errors
    return None, code, errors


def work(binary, corpus, seed, count, keep):
    draw = random.Random(seed)
    ends = collections.Counter()
    faults = []
    for number in range(count):
        name, command, kind = draw.choice(VERBS)
        text = draw.choice(corpus.of[kind])
        mutate = mutated_json if kind != "python" and draw.random() < 0.75 else mutated_bytes
        text = mutate(text, draw)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, NAMES.get(kind, "input.jsonl"))
            path.write_bytes(text)
            if kind == "state":
                for name_beside, beside in corpus.beside_state.items():
                    pathlib.Path(folder, name_beside).write_bytes(beside)
            if kind == "traces":
                pathlib.Path(folder, "any.cases.jsonl").write_bytes(corpus.cases)
            is_token = kind == "failure" and text.startswith((b"cs1:", b"cs2:")) and len(text) < 100_000
            argument = text if is_token else folder if kind in IN_FOLDER else path
            fault, code, said = fault_of(binary, command, argument)
            if stale := STALE.search(said):
                text = text.replace(stale[2], stale[1])
                path.write_bytes(text)
                fault, code, _ = fault_of(binary, command, text if is_token else argument)
        ends[name, code] += 1
        if fault is None:
            continue
        kept = keep / f"{seed}-{number}-{name.replace(' ', '')}{path.suffix}"
        kept.write_bytes(text)
        faults.append(f"{kept.name}: {fault}")
    return ends, faults


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("binary")
    options.add_argument("--inputs", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    options.add_argument("--keep", type=pathlib.Path, default=pathlib.Path("mutated"))
    options.add_argument("--corpus", type=pathlib.Path, nargs="*", default=[], help="further files to begin with")
    chosen = options.parse_args()
    binary = str(pathlib.Path(chosen.binary).resolve())
    chosen.keep.mkdir(exist_ok=True)
    corpus = Corpus(binary, chosen.corpus)
    shares = [chosen.inputs // chosen.jobs + (n < chosen.inputs % chosen.jobs) for n in range(chosen.jobs)]
    ends, faults = collections.Counter(), []
    with concurrent.futures.ProcessPoolExecutor(chosen.jobs) as pool:
        jobs = [pool.submit(work, binary, corpus, chosen.seed * 1000 + n, share, chosen.keep) for n, share in enumerate(shares)]
        for job in jobs:
            its_ends, its_faults = job.result()
            ends += its_ends
            faults += its_faults
    for verb in dict.fromkeys(name for name, _ in sorted(ends, key=str)):
        print(f"{verb:16}", "  ".join(f"{code}: {ends[verb, code]}" for code in (0, 1, 2, 3, None) if ends[verb, code]))
    print("\n".join(faults))
    print(f"{sum(ends.values())} inputs, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
