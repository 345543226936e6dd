"""Sleeping, checkpoints, events and futures."""
from cancelsim.statements import writes


@writes("sleep")
def sleep(writer, statement):
    writer.line(f"await anyio.sleep({statement['for']})")


@writes("checkpoint", "checkpoint_if_cancelled", "cancel_shielded_checkpoint")
def checkpoint(writer, statement):
    writer.line(f"await anyio.lowlevel.{statement['op']}()")


@writes("event_wait")
def event_wait(writer, statement):
    writer.line(f"await {writer.event(statement['event'])}.wait()")


@writes("event_set")
def event_set(writer, statement):
    writer.line(f"{writer.event(statement['event'])}.set()")


@writes("future_wait")
def future_wait(writer, statement):
    writer.line(f"await {writer.future(statement['future'])}")


@writes("future_resolve")
def future_resolve(writer, statement):
    future = writer.future(statement["future"])
    writer.line(f"if not {future}.done(): {future}.set_result(None)")
