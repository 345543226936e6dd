"""Writes a case in the Python notation (CASES.md): the program that a person would read, and that Python runs."""
import keyword
import re

from cancelsim import objects
from cancelsim.case import CaseError
from cancelsim.statements import WRITERS

TABLES = {"tasks", "events", "futures", "objects", "timeouts", "asyncio_groups"}
WORDS_OF_NAMES = {"now", "item", "future", *TABLES, *objects.KINDS}
WORDS_OF_PROGRAMS = {"n", "main", "anyio", "asyncio", "cancelsim", "math", "print", "range", "task_status"}
WORDS_OF_PROGRAMS |= {"Exception", "BaseException"}

# The environment runs in callbacks of the loop, without a task.
IN_ENVIRONMENT = {"cancel", "event_set", "future_resolve", "native_cancel", "note", "set_deadline", "set_shield"}
IN_ENVIRONMENT |= {"release", "set_tokens", "send_nowait", "receive_nowait", "close_send", "close_receive"}

PARTS = ("body", "handler", "finally")


def is_plain(name):
    """Whether a name can be an attribute of `n` as it is."""
    is_identifier = re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) and not keyword.iskeyword(name)
    return bool(is_identifier) and name not in WORDS_OF_NAMES


def literal(text):
    """A string as a literal of printable ASCII."""
    written = (
        "\\" + character
        if character in '"\\'
        else character if " " <= character <= "~" else character.encode("unicode_escape", "surrogatepass").decode()
        for character in text
    )
    return '"' + "".join(written) + '"'


def all_statements(case):
    left = [*case["main"], *(statement for entry in case.get("environment", ()) for statement in entry["do"])]
    while left:
        statement = left.pop()
        yield statement
        for part in PARTS:
            left += statement.get(part, ())


def uses_status(statements):
    """Whether a task's own statements say `started`."""
    left = list(statements)
    while left:
        statement = left.pop()
        if statement["op"] == "started":
            return True
        if "task" not in statement:  # the body of another task is not this one's
            for part in PARTS:
                left += statement.get(part, ())
    return False


class Writer:
    def __init__(self, case):
        self.lines = []
        self.indent = 0
        self.tasks_made = 0
        self.named_tasks = set()  # the names of tasks that statements use, but for those that they give to new tasks
        self.groups = set()
        for statement in all_statements(case):
            if statement["op"] in ("group", "group_enter"):
                self.groups.add(statement["name"])
            if "task" in statement and "body" not in statement:
                self.named_tasks.add(statement["task"])
            self.named_tasks.update(statement.get("tasks", ()))

    def line(self, text):
        self.lines.append("    " * self.indent + text)

    def block(self, head, body, last=None, first=None):
        self.line(head)
        self.indent += 1
        if first:
            self.line(first)
        for statement in body:
            self.statement(statement)
        if last or not (body or first):
            self.line(last or "pass")
        self.indent -= 1

    def statement(self, statement):
        write = WRITERS.get(statement["op"])
        if write is None:
            raise CaseError(f"unknown op {statement['op']!r}")
        write(self, statement)

    def task(self, statement):
        """Writes the function of a task, and returns its name."""
        name = statement["task"]
        function = name
        if not is_plain(name) or name in WORDS_OF_PROGRAMS:
            self.tasks_made += 1
            function = f"task_{self.tasks_made}"
            self.line(f"@cancelsim.task({self.text(name)})")
        status = "*, task_status" if statement["op"] == "start" else ""
        self.function(function, name, statement["body"], status)
        return function

    def function(self, function, name, body, parameters=""):
        if not parameters and uses_status(body):
            parameters = "*, task_status=cancelsim.nothing"
        first = f"{self.known_task(name)} = asyncio.current_task()" if name in self.named_tasks else None
        self.block(f"async def {function}({parameters}):", body, first=first)

    # Names.

    @staticmethod
    def of(table, name):
        return f"{table}.{name}" if is_plain(name) else f'{table}["{name}"]'

    def scope(self, name):
        return self.of("n", name)

    def scope_of_any(self, name):
        """A scope, or a group's."""
        return self.scope(name) + (".cancel_scope" if name in self.groups else "")

    def event(self, name):
        return self.of("n.events", name)

    def future(self, name):
        return self.of("n.futures", name)

    def known_task(self, name):
        return self.of("n.tasks", name)

    def object(self, name):
        return self.of("n.objects", name)

    def timeout(self, name):
        return self.of("n.timeouts", name)

    def asyncio_group(self, name):
        return self.of("n.asyncio_groups", name)

    # Values.

    @staticmethod
    def text(text):
        return literal(text)

    @staticmethod
    def time_in(delay):
        return f"anyio.current_time() {'-' if delay < 0 else '+'} {abs(delay)}"


def check_environment(entry):
    if others := {statement["op"] for statement in entry["do"]} - IN_ENVIRONMENT:
        raise CaseError(f"the environment cannot {', '.join(sorted(others))}")


def declarations(case):
    """The lines that say which futures and objects there are."""
    futures = case.get("futures", {})
    for name in sorted(futures, key=lambda future: not futures[future].get("stubborn")):  # as cases are written
        stubborn = ", stubborn=True" if futures[name].get("stubborn") else ""
        yield f"n.future({literal(name)}{stubborn})"
    for name, properties in case.get("objects", {}).items():
        arguments = [literal(name)]
        for key, value in properties.items():
            if key != "kind":
                arguments.append(f"{key}={literal(value) if isinstance(value, str) else value}")
        yield f"n.{properties['kind']}({', '.join(arguments)})"


def comments(case):
    yield f"# case: {case['name']}"
    if case.get("budget", 2000) != 2000:
        yield f"# budget: {case['budget']}"
    if case.get("objects") == {}:
        yield "# objects: none"


def imports(lines):
    """The import lines that these lines need."""
    used = set(re.findall(r"\b(asyncio|math|anyio\.lowlevel|anyio|cancelsim|n)\b(?=\.|\[)", "\n".join(lines)))
    used.add("anyio")
    if "n" in used:
        used.add("cancelsim")
    for group in (("asyncio", "math"), ("anyio", "anyio.lowlevel", "cancelsim")):
        if group := [f"import {module}" for module in group if module in used]:
            yield from group
            yield ""


def write(case):
    """The program of a case."""
    try:
        return _write(case)
    except (KeyError, AttributeError, TypeError) as error:
        raise CaseError(f"not a case: {type(error).__name__}: {error}") from error
    except RecursionError as error:
        raise CaseError("blocks nest too deep for Python") from error


def _write(case):
    writer = Writer(case)
    writer.function("main", "main", case["main"])
    for index, entry in enumerate(case.get("environment", ())):
        check_environment(entry)
        when = "at" if "at" in entry else "at_iteration"
        writer.lines += ["", "", f"@cancelsim.outside({when}={entry[when]})"]
        writer.block(f"def outside_{index}():", entry["do"])
    declared = list(declarations(case))
    body = [*declared, *writer.lines]
    names = ["n = cancelsim.names()"] if any("n." in line or "n[" in line for line in body) else []
    head = [*comments(case), "", *imports([*names, *body]), *names, *declared]
    if names or declared:
        head.append("")
    uses_package = any(line == "import cancelsim" for line in head)
    tail = ["", "", f"{'cancelsim' if uses_package else 'anyio'}.run(main)", ""]
    return "\n".join([*head, "", *writer.lines, *tail])
