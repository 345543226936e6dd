"""Instruments a program in the Python notation (CASES.md): numbers its statements, and puts reports around them.

Every statement stays as it was written; it is the frame of its task that runs it, with its `try`, `with` and loops as
blocks, since what Python stores in an exception's `__context__` depends on frames.
"""
import ast
import sys

from cancelsim import reports, statements
from cancelsim.case import CaseError

# How deep CPython lets the blocks of one function nest. `with` and loops count 1; the body of a `try` 1 for its
# `except` and 1 for its `finally`; an `except` clause 2, and 1 more if there is a `finally`; a `finally` clause 1.
# The first releases of 3.12 crash in coroutines that nest deeper than 18 (CPython's gh-113297).
MOST_NESTED_BLOCKS = 18 if sys.version_info[:2] == (3, 12) else 20

# What enters or leaves a scope or a group by hand.
BY_HAND = {"__enter__", "__exit__", "__aenter__", "__aexit__"}

# The names of reports in an instrumented program; no name of a program begins with an underscore.
REPORTS = {f"_{kind.__name__}": kind for kind in vars(reports).values() if isinstance(kind, type)}


class NotationError(CaseError):
    """A line is not in the notation."""

    def __init__(self, node, what):
        super().__init__(f"line {node.lineno}: {what}")


def dotted(node):
    """`a.b.c` as it is written, None for anything else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def bound_name(target):
    """The name that an assignment to `x`, `n.x`, `n["x"]` or the like in a table binds."""
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.slice.value


def constructor(node):
    """What `node` calls, if that makes something which a block can enter."""
    name = dotted(node.func) if isinstance(node, ast.Call) else None
    return name if name in statements.BLOCKS else None


def _name(text):
    return ast.Name(text, ast.Load())


def _call(function, *arguments):
    nodes = [argument if isinstance(argument, ast.AST) else ast.Constant(argument) for argument in arguments]
    return ast.Call(function, nodes, [])


def _run(method, *arguments):
    return _call(ast.Attribute(_name("_run"), method, ast.Load()), *arguments)


def _swallows(handler):
    """Whether what it caught does not go on at its end, nor a CancelledError in its place."""
    last = handler.body[-1]
    raises = isinstance(last, ast.Raise) and (last.exc is None or dotted(last.exc.func) == "asyncio.CancelledError")
    return not raises


def _report(method, *arguments):
    return _call(ast.Attribute(_name("_r"), method, ast.Load()), *arguments)


ME = _name("_me")


def _kind(report):
    return _name(f"_{report.__name__}")


class Instrumenter:
    def __init__(self):
        self.statements = 0
        self.nesting = 0
        self.outsides = []

    # A module.

    def module(self, tree):
        body, outsides, main = [], [], None
        for node in tree.body:
            if isinstance(node, ast.AsyncFunctionDef) and node.name == "main":
                main = node
            elif isinstance(node, ast.FunctionDef):
                outsides.append(node)
            elif isinstance(node, ast.Import):
                node.names = [alias for alias in node.names if alias.name != "cancelsim"]
                body += [node] if node.names else []
            elif not self.is_outside_the_case(node):
                body.append(node)
        if main is None:
            raise CaseError("there is no `async def main()`")
        main = self.task(main)
        tree.body = [*body, main, *map(self.outside, outsides)]
        return ast.fix_missing_locations(tree)

    @staticmethod
    def is_outside_the_case(node):
        """`anyio.run(main)`, a docstring, or what stands under `if __name__ == "__main__":`."""
        if isinstance(node, ast.If):
            return True
        if not isinstance(node, ast.Expr):
            return False
        called = dotted(getattr(node.value, "func", None))
        return isinstance(node.value, ast.Constant) or called in ("anyio.run", "asyncio.run", "cancelsim.run")

    def outside(self, node):
        node.args = ast.arguments([], [ast.arg("_me")], None, [], [], None, [ast.Constant(None)])
        return self.function(node)

    def task(self, node):
        name = node.name
        for decorator in node.decorator_list:
            name = decorator.args[0].value  # @cancelsim.task("its-name")
        node.decorator_list = [_run("task", name)]
        node.args.posonlyargs = [ast.arg("_me")]
        return self.function(node)

    def function(self, node):
        nesting, self.nesting = self.nesting, 0
        node.body = self.body(node.body)
        self.nesting = nesting
        return node

    # Blocks.

    def body(self, nodes, nesting=0, first=()):
        self.nesting += nesting
        if self.nesting > MOST_NESTED_BLOCKS:
            raise CaseError(f"blocks nest too deep for Python, at statement {self.statements - 1}")
        done = list(first)
        nodes = iter(nodes)
        for node in nodes:
            done += self.statement(node, nodes)
        self.nesting -= nesting
        return done or [ast.Pass()]

    def number(self):
        self.statements += 1
        return self.statements - 1

    def statement(self, node, following):
        """What becomes of a statement. Some are written as several: they take what is `following`."""
        visit = getattr(self, f"visit_{type(node).__name__}", None)
        if visit is None:
            raise NotationError(node, f"`{ast.unparse(node).splitlines()[0]}` is not part of the case language")
        return visit(node, following)

    def visit_Pass(self, node, following):
        return []

    def visit_AsyncFunctionDef(self, node, following):
        spawning = next(following)
        spawned = self.statement(spawning, following)
        return [self.task(node), *spawned]

    def visit_Expr(self, node, following):
        value = node.value
        if isinstance(value, ast.Await):
            return self.awaiting(node, value.value)
        if isinstance(value, ast.Call) and dotted(value.func) == "print":
            return [ast.Expr(_run("note", ME, self.number(), value.args[0]))]
        return self.calling(node, value)

    def visit_If(self, node, following):
        return self.calling(node, node.test)

    def visit_Raise(self, node, following):
        if node.exc is None or dotted(getattr(node.exc, "func", None)) == "asyncio.CancelledError":
            return [node]  # how a handler ends: no statement
        return self.calling(node, node.exc)

    def visit_Assign(self, node, following):
        value, name = node.value, bound_name(node.targets[0])
        if constructor(value):
            return self.made_first(node, name, following)
        if isinstance(value, ast.Await):  # a group is entered by hand
            self.binding_early(value.value.func, name)
            return self.awaiting(node, value.value)
        if isinstance(value, ast.Call):
            if isinstance(value.func, ast.Attribute) and constructor(value.func.value):
                self.binding_early(value.func, name)  # a scope is entered by hand
            elif dotted(value.func) in statements.MADE_ALONE:
                return [node]
        return self.calling(node, value)

    def binding_early(self, method, name):
        """A name is bound when its scope or group is made, before that is entered."""
        method.value = _run("made", name, method.value)

    def made_first(self, node, name, following):
        """`x = anyio.CancelScope()`, then perhaps `x.cancel()`, then `with x:`."""
        report, _ = statements.BLOCKS[constructor(node.value)]
        node.value = _run("made", name, node.value)
        prologue = [node]
        block = next(following, None)
        if isinstance(block, ast.Expr):
            prologue.append(block)
            block = next(following, None)
        if not isinstance(block, (ast.With, ast.AsyncWith)):
            raise NotationError(node, "what is made here is not entered by the next statement")
        entered = block.items[0].context_expr
        head = _run("block", _kind(report), ME, self.number())
        block.items = [ast.withitem(_report("of", entered))]
        block.body = self.body(block.body, nesting=2)
        return [self.with_(head, [*prologue, block])]

    def visit_With(self, node, following):
        item = node.items[0]
        number = self.number()
        made = constructor(item.context_expr)
        if made is None:
            return self.holding(node, item.context_expr, number)
        report, how = statements.BLOCKS[made]
        item.context_expr = _report(how, bound_name(item.optional_vars), item.context_expr)
        node.body = self.body(node.body, nesting=2)
        return [self.with_(_run("block", _kind(report), ME, number), [node])]

    visit_AsyncWith = visit_With

    def holding(self, node, expression, number):
        head = _run("hold", ME, number, bound_name(expression))
        node.body = self.body(node.body, nesting=2, first=[ast.Expr(_report("entered"))])
        return [self.with_(head, [node])]

    def visit_For(self, node, following):
        step = ast.Expr(_run("step", ME, self.number()))
        node.body = self.body(node.body, nesting=1)
        if isinstance(node.body[0], ast.Pass):
            return [step]
        node.body.insert(0, ast.Expr(_run("go_on")))
        return [step, node]

    def visit_Try(self, node, following):
        number = self.number()
        in_finally = bool(node.finalbody)
        node.body = self.body(node.body, nesting=len(node.handlers) + in_finally)
        for handler in node.handlers:
            handler.name = f"_error_{number}"
            caught = ast.Expr(_run("caught", ME, number, _name(handler.name), ast.Constant(_swallows(handler))))
            handler.body = self.body(handler.body, nesting=2 + in_finally, first=[caught])
        if in_finally:
            node.finalbody = self.body(node.finalbody, nesting=1)
        return [ast.Expr(_run("step", ME, number)), node]

    # Statements that are no blocks.

    def calling(self, node, value):
        return self.reporting(node, value, statements.CALLED, reports.CallReport)

    def awaiting(self, node, value):
        return self.reporting(node, value, statements.AWAITED, reports.AwaitReport)

    def reporting(self, node, value, table, report):
        """`value`: what is called or awaited; where the report wants its result, it is kept for it."""
        function = getattr(value, "func", None)
        special = table.get(dotted(function)) or table.get(getattr(function, "attr", None))
        if special is not None:
            result = ast.Attribute(_name("_r"), "result", ast.Store())
            node = ast.Assign([result], node.value)
        by_hand = getattr(function, "attr", None) in BY_HAND
        head = _run("by_hand" if by_hand else "statement", _kind(special or report), ME, self.number())
        self.body((), nesting=1)
        return [self.with_(head, [node])]

    @staticmethod
    def with_(head, body):
        return ast.With([ast.withitem(head, ast.Name("_r", ast.Store()))], body)


def instrument(source, place):
    """The code of a program that has been instrumented, and how many statements it has."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise CaseError(f"line {error.lineno}: {error.msg}") from error
    except (RecursionError, MemoryError) as error:
        raise CaseError("blocks nest too deep for Python") from error
    try:
        return compile(Instrumenter().module(tree), place, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise CaseError(error.msg) from error
    except (RecursionError, MemoryError) as error:
        raise CaseError("blocks nest too deep for Python") from error
