"""Runs every command of every document, and compares every figure that comes from a table.

    documents_test.py BINARY [PATTERN]     runs the commands of documents whose path contains PATTERN
    documents_test.py BINARY --facts       compares the figures and the pictures only
    documents_test.py BINARY --refresh     writes them anew

A command is a line of an indented or fenced block, or a text in backquotes, that begins with a program (PROGRAMS) after any
settings of variables. `<!-- not run: WHY -->` on its line, or on the line before its block, says why it is not run; it is then
counted, by its reason. `<!-- file: NAME -->` before a block puts the block into a file beside the commands that follow. Words in capitals
stand for what STAND_INS gives.

A fenced block after `<!-- picture: TOKEN -->` is what `explain` shows of TOKEN's run. A figure is followed by `<!-- = NAME -->`, where FACTS knows NAME.

Each command must end with 0, or, where it judges something, with 1. What needs an anyio, or a program that is not installed, is
skipped, by name.
"""
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = r"(?:\./cancelsim|cmake|ctest|python3|pip|timeout|strace|perf|py-spy|gdb|bash|valgrind|setarch)(?= )|(?:\.ci|docs|properties|scenarios|model|build)/[\w./-]+(?= )"
COMMAND = re.compile(rf"(?:[A-Z_]+=\S* )*(?:{PROGRAMS})")
MARK = re.compile(r"<!-- not run: (.*?) -->")
FILE = re.compile(r"<!-- file: (\S+) -->")
PICTURE = re.compile(r"<!-- picture: (\S+) -->\n```\n(.*?)```\n", re.DOTALL)
FIGURE = re.compile(r"([\w,.]+)<!-- = (\w+) -->")
TOKEN = "cs2:model,4.13.0,upstream,3.11:no-hot-loop:743809f4e014fd3e:EwECczACAheAAgAOgAIAAAAA0A8P"
STAND_INS = {"TOKEN": TOKEN, "FILE": "out", "KIND": "refusing", "SEED": "7"}
JUDGES = re.compile(r"cancelsim (?:hunt|judge|replay|explain|verify|verdict|export|report)\b|demo\.py|cancelsim differential")
NO_ANYIO = re.compile(r"No module named 'anyio'|the contracts know anyio|is not modelled|no anyio|has anyio [\d.]+, and|is not a release")
NOT_ALLOWED = re.compile(r"ptrace|Operation not permitted|perf_event_paranoid|No permission|not supported")
SECONDS = 300
OF_LAUNCHER = "./cancelsim test"  # not the binary's


def documents(pattern):
    found = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    found = found or [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.md") if "build" not in path.parts]
    return [name for name in sorted(found) if pattern in name]


def parts(text):
    """Yields ("file", name, contents) and ("command", line number, command, why it is not run or None), in order."""
    lines = text.splitlines()
    fenced, mark, name, contents, above = False, None, None, [], ""
    for number, line in enumerate([*lines, ""], 1):
        fence = line.lstrip().startswith("```")
        in_block = (fenced and not fence) or (line.startswith("    ") and not fenced)
        if name is not None and contents and not in_block and line.strip():
            yield "file", name, "\n".join(contents).rstrip() + "\n"
            name, contents = None, []
        if FILE.search(line):
            name, contents = FILE.search(line)[1], []
        elif in_block or (name is not None and contents and not line.strip()):
            if name is not None:
                contents.append(line if fenced else line[4:])
            elif COMMAND.match(line.strip()):
                command = re.sub(r"\s+#\s.*", "", line.strip())
                yield "command", number, command, mark
        else:
            if line.strip() and not fence:
                here = MARK.search(line)
                mark = here[1] if here else None
            if not fence:
                for match in re.finditer(r"(?<!`)`([^`]+)`(?!`)", line):
                    if COMMAND.match(match[1]):
                        yield "command", number, match[1], mark
        if fence:
            fenced = not fenced
        above = line


def filled(command, pid):
    """With its placeholders filled; None where there is one that nobody fills."""
    for word, value in STAND_INS.items():
        command = re.sub(rf"\b{word}\b", value, command)
    if re.search(r"\bPID\b", command):
        command = re.sub(r"\bPID\b", pid(), command)
    rest = re.sub(r"'[^']*'|\b[A-Z_]+=\S*|[\w./+-]*:[\w,.+:-]*", "", command)
    return None if re.search(r"(?<![\w./-])[A-Z]{2,}\b|\[", rest) else command


class Runner:
    def __init__(self, binary, folder):
        self.folder, self.done, self.spinning = folder, {}, None
        for path in ROOT.iterdir():
            if path.name not in ("build", "cancelsim", ".git"):
                (folder / path.name).symlink_to(path)
        (folder / "cancelsim").symlink_to(binary)
        self.environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        package = str(ROOT / "scenarios" / "python")
        self.environment["PYTHONPATH"] = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))

    @functools.cached_property
    def has_anyio(self):
        return subprocess.run(["python3", "-c", "import anyio"], env=self.environment, capture_output=True, check=False).returncode == 0

    def pid(self):
        if self.spinning is None:
            self.spinning = subprocess.Popen(["python3", "docs/oncall/spin.py", "refusing", "600"], cwd=self.folder, env=self.environment,
                                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            self.id = self.spinning.stdout.readline().strip()
        return self.id

    def run(self, command):
        """What became of it: "ok", "skipped: ...", or what is wrong."""
        outcome = self.done.get(command) or self.outcome(command)
        if outcome == "ok":  # another document may have the files that this one lacks
            self.done[command] = outcome
        return outcome

    def outcome(self, command):
        words = [word for word in command.split() if not re.match(r"[A-Z_]+=", word)]
        tool = words[2] if words[0] == "timeout" else words[0]
        if "/" not in tool and shutil.which(tool) is None:
            return f"skipped: no {tool}"
        if "PID" in command and not self.has_anyio:
            return "skipped: no anyio"
        ready = filled(command, self.pid)
        if ready is None:
            return "it has a word in capitals that nobody stands in for, and no mark"
        environment = dict(self.environment)
        own = re.match(r"PYTHONPATH=(\S+) ", ready)
        if own:  # beside what is there
            ready = ready[own.end():]
            environment["PYTHONPATH"] = own[1] + os.pathsep + environment["PYTHONPATH"]
        try:
            done = subprocess.run(["bash", "-c", ready], cwd=self.folder, env=environment, capture_output=True, text=True,
                                  errors="replace", timeout=SECONDS, stdin=subprocess.DEVNULL, check=False)
        except subprocess.TimeoutExpired:
            return f"longer than {SECONDS} s"
        if done.returncode == 0 or (done.returncode == 1 and JUDGES.search(ready)) or (done.returncode == 124 and tool == "strace"):
            return "ok"
        said = (done.stderr + done.stdout).strip()
        if NO_ANYIO.search(said):
            return "skipped: no anyio that is modelled"
        if "/" not in tool and tool != "python3" and NOT_ALLOWED.search(said):
            return f"skipped: {tool} is not allowed here"
        return f"exit code {done.returncode}: {said[-300:]}"

    def end(self):
        if self.spinning is not None:
            self.spinning.kill()
            self.spinning.wait()


def run_commands(binary, pattern):
    failed, counts = 0, {"ok": 0}
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(binary, pathlib.Path(folder))
        for document in documents(pattern):
            for part in parts((ROOT / document).read_text()):
                if part[0] == "file":
                    (pathlib.Path(folder) / part[1]).write_text(part[2])
                    continue
                _, line, command, why = part
                if command == OF_LAUNCHER:
                    why = "it is what runs this"
                outcome = f"not run: {why}" if why else runner.run(command)
                if outcome == "ok" or outcome.startswith(("not run: ", "skipped: ")):
                    counts[outcome] = counts.get(outcome, 0) + 1
                else:
                    failed += 1
                    print(f"{document}:{line}: {command}\n    {outcome}")
        runner.end()
    for outcome, count in sorted(counts.items(), key=lambda each: -each[1]):
        print(f"{count:5} {outcome}")
    return failed


def facts(binary):
    def ask(*words):
        return subprocess.run([binary, *words, "--json"], capture_output=True, text=True, check=False).stdout

    listed = json.loads(ask("list"))
    traces = [json.loads(line) for line in ask("conform").splitlines()]
    figures = {kind: len(rows) for kind, rows in listed.items()}
    figures["traces"] = sum(each["equal"] for each in traces)
    return {name: f"{figure:,}" for name, figure in figures.items()}


def compare_facts(binary, refresh):
    known, failed = facts(binary), 0
    for document in documents(""):
        path = ROOT / document
        text = path.read_text()
        for figure, name in FIGURE.findall(text):
            if known.get(name) == figure:
                continue
            if not refresh or name not in known:
                failed += 1
                print(f"{document}: {name} is {known.get(name, 'known to nobody')}, not {figure}; docs/documents_test.py BINARY --refresh")
        if refresh:
            path.write_text(FIGURE.sub(lambda match: f"{known.get(match[2], match[1])}<!-- = {match[2]} -->", text))
    return failed


def picture(binary, token):
    """What happened, the program, the timeline and the line that replays them."""
    told = subprocess.run([binary, "explain", token], env=os.environ | {"COLUMNS": "100"}, capture_output=True, text=True, check=False).stdout
    happened = re.search(r"^  happened.*?(?=^  \w)", told, re.MULTILINE | re.DOTALL)
    timeline = re.search(r"^  program.*?(?=\n\S)", told, re.MULTILINE | re.DOTALL)
    if not happened or not timeline:
        return None
    return f"{happened[0]}{timeline[0].rstrip()}\n\n./cancelsim replay {token}\n"


def compare_pictures(binary, refresh):
    failed = 0
    for document in documents(""):
        path = ROOT / document
        text = path.read_text()
        for token, shown in PICTURE.findall(text):
            now = picture(binary, token)
            if now == shown:
                continue
            if not refresh or now is None:
                failed += 1
                print(f"{document}: the picture of {token} is another; docs/documents_test.py BINARY --refresh")
            text = text.replace(f"<!-- picture: {token} -->\n```\n{shown}```\n", f"<!-- picture: {token} -->\n```\n{now}```\n")
        if refresh:
            path.write_text(text)
    return failed


def compare_contracts(binary):
    """Every contract of the command has its section in CONTRACTS, and its picture."""
    failed = 0
    listed = [each["name"] for each in json.loads(subprocess.run([binary, "list", "--json"], capture_output=True, text=True, check=True).stdout)["contracts"]]
    for document in ("properties/CONTRACTS.md", "properties/PICTURES.md"):
        titles = re.findall(r"^#+ (.*)", (ROOT / document).read_text(), re.MULTILINE)
        named = {name for title in titles for name in title.split(", ")}
        for name in listed:
            if name not in named:
                failed += 1
                print(f"{document}: no section of {name}")
    return failed


def compare_links():
    """Every link to a file or a heading of ours leads somewhere, and the index leads to every document."""
    failed = 0
    index = (ROOT / "docs" / "README.md").read_text()
    linked = {(ROOT / "docs" / target.partition("#")[0]).resolve() for target in re.findall(r"\]\(([^)\s]+)\)", index)}
    for document in documents(""):
        if document != "docs/README.md" and (ROOT / document).resolve() not in linked:
            failed += 1
            print(f"docs/README.md: no link to {document}")
    slugs = {}
    for document in documents(""):
        headings = re.findall(r"^#+ (.*)", (ROOT / document).read_text(), re.MULTILINE)
        slugs[(ROOT / document).resolve()] = {re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", each).lower()).replace(" ", "-") for each in headings}
    for document in documents(""):
        path = ROOT / document
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
            if "://" in target:
                continue
            file, _, heading = target.partition("#")
            there = (path.parent / file).resolve() if file else path.resolve()
            if not there.exists() or (heading and there in slugs and heading not in slugs[there]):
                failed += 1
                print(f"{document}: {target} leads nowhere")
    return failed


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    what = sys.argv[2] if len(sys.argv) > 2 else ""
    if what in ("--facts", "--refresh"):
        failed = (compare_facts(binary, what == "--refresh") + compare_pictures(binary, what == "--refresh")
                  + compare_contracts(binary) + compare_links())
    else:
        failed = run_commands(binary, what)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
