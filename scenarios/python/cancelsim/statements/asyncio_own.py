"""asyncio's own: its timeout and task group as blocks, and what waits for tasks and futures."""
from cancelsim.reports import AsyncioGroupReport, GatherReport, TimeoutReport, WaitReport
from cancelsim.statements import AWAITED, BLOCKS, writes

BLOCKS["asyncio.timeout"] = (TimeoutReport, "made")
BLOCKS["asyncio.TaskGroup"] = (AsyncioGroupReport, "made")
AWAITED["cancelsim.gather"] = GatherReport
AWAITED["cancelsim.wait"] = WaitReport


@writes("asyncio_timeout")
def asyncio_timeout(writer, statement):
    head = f"async with asyncio.timeout({statement['delay']}) as {writer.timeout(statement['name'])}:"
    writer.block(head, statement["body"])


@writes("reschedule")
def reschedule(writer, statement):
    when = None if statement["in"] is None else writer.time_in(statement["in"])
    writer.line(f"{writer.timeout(statement['timeout'])}.reschedule({when})")


@writes("asyncio_group")
def asyncio_group(writer, statement):
    writer.block(f"async with asyncio.TaskGroup() as {writer.asyncio_group(statement['name'])}:", statement["body"])


@writes("create_task")
def create_task(writer, statement):
    function = writer.task(statement)
    writer.line(f"{writer.asyncio_group(statement['group'])}.create_task({function}())")


def waited_for(writer, statement):
    return writer.known_task(statement["task"]) if "task" in statement else writer.future(statement["future"])


@writes("await_task")
def await_task(writer, statement):
    writer.line(f"await {waited_for(writer, statement)}")


@writes("wait_for")
def wait_for(writer, statement):
    writer.line(f"await cancelsim.wait_for({waited_for(writer, statement)}, {statement['delay']})")


@writes("shield")
def shield(writer, statement):
    writer.line(f"await cancelsim.shield({waited_for(writer, statement)})")


@writes("gather")
def gather(writer, statement):
    arguments = [writer.known_task(task) for task in statement["tasks"]]
    if statement.get("return_exceptions"):
        arguments.append("return_exceptions=True")
    writer.line(f"await cancelsim.gather({', '.join(arguments)})")


@writes("asyncio_wait")
def asyncio_wait(writer, statement):
    arguments = [writer.known_task(task) for task in statement["tasks"]]
    if statement.get("return_when", "all_completed") != "all_completed":
        arguments.append(f'return_when="{statement["return_when"]}"')
    if statement.get("delay") is not None:
        arguments.append(f"timeout={statement['delay']}")
    writer.line(f"await cancelsim.wait({', '.join(arguments)})")
