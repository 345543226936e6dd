"""Cancel scopes: as blocks, by hand, and what is done to them."""
from cancelsim.reports import ScopeReport
from cancelsim.statements import BLOCKS, writes

BLOCKS["anyio.CancelScope"] = BLOCKS["anyio.move_on_after"] = (ScopeReport, "made")
BLOCKS["anyio.fail_after"] = (ScopeReport, "late")


def made(writer, statement, function="CancelScope", delay=None):
    arguments = [] if delay is None else [str(delay)]
    if statement.get("shield"):
        arguments.append("shield=True")
    return f"anyio.{function}({', '.join(arguments)})"


def new_scope(writer, statement):
    deadline = statement.get("deadline")
    return made(writer, statement, "CancelScope" if deadline is None else "move_on_after", deadline)


@writes("scope")
def scope(writer, statement):
    name = writer.scope(statement["name"])
    if not statement.get("cancel_first"):
        return writer.block(f"with {new_scope(writer, statement)} as {name}:", statement["body"])
    writer.line(f"{name} = {new_scope(writer, statement)}")
    writer.line(f"{name}.cancel()")
    writer.block(f"with {name}:", statement["body"])


@writes("fail_after")
def fail_after(writer, statement):
    manager = made(writer, statement, "fail_after", statement["delay"])
    writer.block(f"with {manager} as {writer.scope(statement['name'])}:", statement["body"])


@writes("enter")
def enter(writer, statement):
    writer.line(f"{writer.scope(statement['name'])} = {new_scope(writer, statement)}.__enter__()")


@writes("exit")
def exit_(writer, statement):
    writer.line(f"{writer.scope_of_any(statement['scope'])}.__exit__(None, None, None)")


@writes("cancel")
def cancel(writer, statement):
    writer.line(f"{writer.scope_of_any(statement['scope'])}.cancel()")


@writes("set_shield")
def set_shield(writer, statement):
    writer.line(f"{writer.scope_of_any(statement['scope'])}.shield = {bool(statement['value'])}")


@writes("set_deadline")
def set_deadline(writer, statement):
    delay = statement["in"]
    when = "math.inf" if delay is None else writer.time_in(delay)
    writer.line(f"{writer.scope_of_any(statement['scope'])}.deadline = {when}")
