#!/usr/bin/env python3
"""usage: json_schemas.py BINARY SOURCE: what each command prints with --json is as the schema in the repository says, and so
is the SARIF file of a hunt; its JUnit file too, where there is an xmllint. Exit code 77 where Python has no jsonschema."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("SKIPPED: this Python has no jsonschema (python3-jsonschema)")
    sys.exit(77)

binary, source = sys.argv[1], pathlib.Path(sys.argv[2])
schemas = source / "properties/report/schemas"
schema = json.loads((schemas / "json.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
failures = source / "properties/failure/regressions"
work = pathlib.Path(tempfile.mkdtemp())
PROGRAM = str(source / "scenarios/python/tests/programs/supervisor.py")
LIVELOCK = str(failures / "v3-livelock.json")
DEVIATION = str(failures / "deviation.json")
HUNT = ["hunt", "--seed", "1", "--cases", "2000", "--jobs", "1", "--policy", "v3", "--json"]

OUTPUTS = [
    ("hunt", HUNT),
    ("hunt", [*HUNT, "--save", str(work / "saved"), "--contract", "redelivery"]),
    ("hunt", ["hunt", "--seed", "1", "--cases", "20", "--jobs", "1", "--policy", "narrow", "--json"]),
    ("hunt", [*HUNT, "--shard", "2/4"]),
    ("judge", ["judge", "--json", str(source / "properties/search/bug_reports.cases.jsonl")]),
    ("replay", ["replay", DEVIATION, "--json"]),
    ("replay", ["replay", DEVIATION, "--policy", "narrow", "--json"]),
    ("explain", ["explain", DEVIATION, "--json"]),
    ("explain", ["explain", LIVELOCK, "--json"]),
    ("explain", ["explain", str(source / "properties/search/bug_reports.cases.jsonl"), "--json"]),
    ("verdict", ["verdict", "--cases", "300", "--jobs", "1", "--json"]),
    ("defects", ["verdict", "--defects", "--cases", "50", "--seeds", "1", "--jobs", "1", "--json"]),
    ("verify", ["verify", "--statements", "2", "--policy", "v3", "--json"]),
    ("conform", ["conform", str(source / "scenarios/recorded/named"), "--json"]),
    ("bench", ["bench", "W2", "--json"]),
    *(("report", ["report", str(path), "--json"]) for path in sorted(failures.glob("*.json"))),
]
try:
    import anyio  # noqa: F401

    ON = ["--on", sys.executable, "--json"]
    DEAF = str(source / "properties/commands/command_tests/patches/deaf.py")
    OUTPUTS += [("hunt", ["hunt", "--seed", "1", "--cases", "40", "--jobs", "1", *ON]),
                ("hunt", ["hunt", "--seed", "1", "--cases", "10", "--jobs", "1", "--no-shrink", *ON, "--patch", DEAF]),
                ("judge", ["judge", str(source / "properties/search/bug_reports.cases.jsonl"), "--cases", "5", *ON]),
                ("program", ["judge", PROGRAM, "--cases", "20", "--limit", "20", "--jobs", "1", *ON])]
except ImportError:
    print("no anyio: what is printed of a library was not validated")


def output_of(*words: str) -> str:
    done = subprocess.run([binary, *words], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def validator_of(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({**schema, "$ref": f"#/$defs/{name}"})


def check(validator: jsonschema.Draft202012Validator, value: object, what: str) -> None:
    for error in validator.iter_errors(value):
        best = jsonschema.exceptions.best_match([error])
        sys.exit(f"{what}: {list(best.absolute_path)}: {best.message[:300]}")


for name, words in OUTPUTS:
    lines = output_of(*words).splitlines()
    assert lines, words
    validator = validator_of(name)
    for line in lines:
        value = json.loads(line)
        check(validator, value, f"{' '.join(words)}: {line[:100]}")
        # The schema says something.
        assert not validator.is_valid({**value, "nonsense": 1}), name
        assert not validator.is_valid({}), name

junit, sarif = work / "junit.xml", work / "log.sarif"
output_of(*HUNT, "--junit", str(junit), "--sarif", str(sarif))
log = json.loads(sarif.read_text())
check(jsonschema.Draft202012Validator(json.loads((schemas / "sarif.schema.json").read_text())), log, "--sarif")
assert len(log["runs"][0]["results"]) > 3
if shutil.which("xmllint"):
    subprocess.run(["xmllint", "--noout", "--relaxng", str(schemas / "junit.rng"), str(junit)], check=True)
else:
    print("no xmllint: the JUnit report was not validated")
