"""Handlers, loops, errors, asyncio's own cancel and uncancel, and notes."""
from cancelsim.statements import writes

CAUGHT = {"cancelled": "asyncio.CancelledError", "error": "Exception", "all": "BaseException"}
THEN = {"swallow": None, "reraise": "raise", "raise_cancelled": "raise asyncio.CancelledError()"}


@writes("try")
def try_(writer, statement):
    writer.block("try:", statement["body"])
    if "catch" in statement:
        last = THEN[statement.get("then", "swallow")]
        writer.block(f"except {CAUGHT[statement['catch']]}:", statement.get("handler", ()), last)
    if "finally" in statement:
        writer.block("finally:", statement["finally"])


@writes("repeat")
def repeat(writer, statement):
    writer.block(f"for _ in range({statement['times']}):", statement["body"])


@writes("raise")
def raise_(writer, statement):
    writer.line(f"raise Exception({writer.text(statement['error'])})")


@writes("native_cancel")
def native_cancel(writer, statement):
    writer.line(f"{writer.known_task(statement['task'])}.cancel()")


@writes("uncancel")
def uncancel(writer, statement):
    writer.line("asyncio.current_task().uncancel()")


@writes("note")
def note(writer, statement):
    writer.line(f"print({writer.text(statement['text'])})")
