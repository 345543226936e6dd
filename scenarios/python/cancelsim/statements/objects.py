"""Statements on objects: locks, semaphores, limiters, conditions, streams and queues, of anyio and of asyncio."""
from cancelsim.reports import ItemNowReport, ItemReport
from cancelsim.statements import AWAITED, CALLED, writes

AWAITED["receive"] = ItemReport
CALLED["receive_nowait"] = ItemNowReport


@writes("acquire", "wait", "receive", "join")
def awaited(writer, statement):
    writer.line(f"await {writer.object(statement['object'])}.{statement['op']}()")


@writes("acquire_nowait", "release", "receive_nowait", "close_send", "close_receive", "task_done")
def called(writer, statement):
    writer.line(f"{writer.object(statement['object'])}.{statement['op']}()")


@writes("hold")
def hold(writer, statement):
    writer.block(f"async with {writer.object(statement['object'])}:", statement["body"])


@writes("acquire_for")
def acquire_for(writer, statement):
    borrower = writer.text(statement["borrower"])
    writer.line(f"await {writer.object(statement['object'])}.acquire_on_behalf_of({borrower})")


@writes("release_for")
def release_for(writer, statement):
    borrower = writer.text(statement["borrower"])
    writer.line(f"{writer.object(statement['object'])}.release_on_behalf_of({borrower})")


@writes("set_tokens")
def set_tokens(writer, statement):
    writer.line(f"{writer.object(statement['object'])}.total_tokens = {statement['value']}")


@writes("notify")
def notify(writer, statement):
    call = f"notify({statement['n']})" if "n" in statement else "notify_all()"
    writer.line(f"{writer.object(statement['object'])}.{call}")


@writes("send")
def send(writer, statement):
    writer.line(f"await {writer.object(statement['object'])}.send(n.item)")


@writes("send_nowait")
def send_nowait(writer, statement):
    writer.line(f"{writer.object(statement['object'])}.send_nowait(n.item)")


@writes("clone_send", "clone_receive")
def clone(writer, statement):
    clone_name, source = writer.object(statement["as"]), writer.object(statement["object"])
    writer.line(f"{clone_name} = {source}.{statement['op']}()")
