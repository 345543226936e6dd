"""Compiles a case: each task's body becomes one `async def`, each environment entry one `def`.

A task has to be one real function, with its `try`, `with` and loops as blocks of one frame, since what Python stores in
an exception's `__context__` depends on frames. What is added to see the run (reports.py) changes no context.
"""
import sys


class CaseError(Exception):
    """This is not a case, or not one that Python can run."""


class Program:
    """A case as Python source. A function is compiled when it is first called: half of the tasks never run, and
    compiling takes longer than running."""

    def __init__(self, name, budget, stubborn_futures, sources, timers, arrivals):
        self.name = name
        self.budget = budget
        self.stubborn_futures = stubborn_futures
        self.timers = timers  # pairs (time, name of a function)
        self.arrivals = arrivals  # pairs (iteration, name of a function)
        self._sources = sources  # by name of the function: task_main, task_<number>, environment_<index>
        self._codes = {}

    def define(self, function_name, names):
        """Makes the function, with these global names."""
        if function_name not in self._codes:
            source = self._sources[function_name]
            self._codes[function_name] = compile(source, f"<case {self.name}>", "exec", dont_inherit=True)
        exec(self._codes[function_name], names)
        return names[function_name]


# How deep CPython lets the blocks of one function nest. `with` and loops count 1; the body of a `try` 1 for its
# `except` and 1 for its `finally`; an `except` clause 2, and 1 more if there is a `finally`; a `finally` clause 1.
# The first releases of 3.12 crash in coroutines that nest deeper than 18 (CPython's gh-113297).
MOST_NESTED_BLOCKS = 18 if sys.version_info[:2] == (3, 12) else 20

# Statements that await: what they await.
AWAITING = {
    "sleep": "sleep({for!r})",
    "checkpoint": "checkpoint()",
    "checkpoint_if_cancelled": "checkpoint_if_cancelled()",
    "cancel_shielded_checkpoint": "cancel_shielded_checkpoint()",
    "event_wait": "run.event({event!r}).wait()",
    "future_wait": "run.future({future!r})",
    "group_enter": "run.new_group({name!r}).__aenter__()",
}

# Awaiting statements of a group that may be unknown: the call on the group.
AWAITING_OF_GROUP = {
    "start": "start(run.task_body, {task!r}, {number})",
    "group_exit": "__aexit__(None, None, None)",
}

# Statements that await nothing: the call.
CALLING = {
    "event_set": "event_set(me, {number}, {event!r})",
    "future_resolve": "future_resolve(me, {number}, {future!r})",
    "cancel": "cancel(me, {number}, {scope!r})",
    "set_shield": "set_shield(me, {number}, {scope!r}, {value!r})",
    "set_deadline": "set_deadline(me, {number}, {scope!r}, {in!r})",
    "raise": "raise_error(me, {number}, {error!r})",
    "native_cancel": "native_cancel(me, {number}, {task!r})",
    "uncancel": "uncancel(me, {number})",
    "note": "note(me, {number}, {text!r})",
    "enter": "enter(me, {number}, {name!r}, {shield!r}, {deadline!r})",
    "exit": "exit(me, {number}, {scope!r})",
    "started": "started(me, {number}, task_status)",
    "spawn": "spawn(me, {number}, {group!r}, {task!r}, {number})",
    "spawn_detached": "spawn_detached(me, {number}, {task!r}, {number})",
}

# Statements that are blocks: their heads, each inside the one before.
BLOCKS = {
    "scope": [
        "with ScopeReport(run, me) as left_{number}:",
        "with run.new_scope({name!r}, {shield!r}, {deadline!r}, {cancel_first!r}) as left_{number}.scope:",
    ],
    "fail_after": [
        "with ScopeReport(run, me) as left_{number}:",
        "with run.fail_after({name!r}, {shield!r}, {delay!r}) as left_{number}.scope:",
    ],
    "group": [
        "with GroupReport(run, me) as left_{number}:",
        "async with run.new_group({name!r}) as left_{number}.group:",
    ],
    "repeat": ["for _ in range({times!r}):"],
}

# The environment runs in callbacks of the loop, without a task.
IN_ENVIRONMENT = {"cancel", "event_set", "future_resolve", "native_cancel", "note", "set_deadline", "set_shield"}

SPAWNING = {"spawn", "spawn_detached", "start"}

CAUGHT_CLASS = {"cancelled": "CancelledError", "error": "Exception", "all": "BaseException"}
THEN = {"swallow": "pass", "reraise": "raise", "raise_cancelled": "raise CancelledError()"}

DEFAULTS = {"shield": False, "deadline": None, "cancel_first": False}


class Compiler:
    def __init__(self):
        self.sources = {}  # name of a function -> source
        self.statements = 0
        # Of the function at hand:
        self.lines = []
        self.indent = 0
        self.nesting = 0

    def function(self, kind, name, parameters, body):
        # A task inside another one is numbered where it stands, and written as a function beside it.
        outer = self.lines, self.indent, self.nesting
        self.lines, self.indent, self.nesting = [], 0, 0
        self.block([f"{kind} {name}({parameters}):"], body, nesting=0)
        self.sources[name] = "\n".join(self.lines)
        self.lines, self.indent, self.nesting = outer

    def task(self, name, body):
        self.function("async def", f"task_{name}", "me, task_status", body)

    def line(self, text):
        self.lines.append(" " * self.indent + text)

    def block(self, heads, body, nesting, first=None, last=None):
        """`nesting`: how many blocks CPython counts here."""
        for head in heads:
            self.line(head)
            self.indent += 1
        self.nesting += nesting
        if self.nesting > MOST_NESTED_BLOCKS:
            raise CaseError(f"blocks nest too deep for Python, at statement {self.statements - 1}")
        if first:
            self.line(first)
        for statement in body:
            self.statement(statement)
        if last or not body:
            self.line(last or "pass")
        self.indent -= len(heads)
        self.nesting -= nesting

    def statement(self, statement):
        op = statement["op"]
        fields = {**DEFAULTS, **statement, "number": self.statements}
        self.statements += 1
        if op in AWAITING:
            self.awaiting(AWAITING[op], fields)
        elif op in CALLING:
            self.line("run." + CALLING[op].format_map(fields))
        elif op in BLOCKS:
            heads = [head.format_map(fields) for head in BLOCKS[op]]
            self.block(heads, statement["body"], nesting=len(heads))
        elif op in AWAITING_OF_GROUP:
            self.line("if run.find(run.groups, {group!r}, me, {number}):".format_map(fields))
            self.indent += 1
            self.awaiting("run.groups[{group!r}]." + AWAITING_OF_GROUP[op], fields)
            self.indent -= 1
        elif op == "try":
            self.try_(statement, fields["number"])
        else:
            raise CaseError(f"unknown op {op!r}")
        if op in SPAWNING:
            self.task(fields["number"], statement["body"])

    def awaiting(self, awaitable, fields):
        head = "with AwaitReport(run, me, {number}):".format_map(fields)
        self.block([head], (), nesting=1, last="await " + awaitable.format_map(fields))

    def try_(self, statement, number):
        in_finally = "finally" in statement
        in_try = "catch" in statement
        self.block(["try:"], statement["body"], nesting=in_try + in_finally)
        if in_try:
            self.block(
                [f"except {CAUGHT_CLASS[statement['catch']]} as error:"],
                statement.get("handler", ()),
                nesting=2 + in_finally,
                first=f"run.caught(me, {number}, error)",
                last=THEN[statement.get("then", "swallow")],
            )
        if in_finally:
            self.block(["finally:"], statement["finally"], nesting=1)


def compile_case(case):
    try:
        return _compile_case(case)
    except (KeyError, AttributeError, TypeError, RecursionError) as error:
        raise CaseError(f"not a case: {type(error).__name__}: {error}") from error


def _compile_case(case):
    compiler = Compiler()
    compiler.task("main", case["main"])
    timers, arrivals = [], []
    for index, entry in enumerate(case.get("environment", ())):
        name = f"environment_{index}"
        if others := {statement["op"] for statement in entry["do"]} - IN_ENVIRONMENT:
            raise CaseError(f"the environment cannot {', '.join(sorted(others))}")
        compiler.function("def", name, "me=None", entry["do"])
        if "at" in entry:
            timers.append((entry["at"], name))
        else:
            arrivals.append((entry["at_iteration"], name))
    stubborn = frozenset(name for name, is_ in case.get("futures", {}).items() if is_.get("stubborn"))
    return Program(case["name"], case.get("budget", 2000), stubborn, compiler.sources, timers, arrivals)
