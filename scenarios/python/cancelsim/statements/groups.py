"""anyio's task groups, and the tasks that they and asyncio start."""
from cancelsim.reports import GroupReport
from cancelsim.statements import BLOCKS, writes

BLOCKS["anyio.create_task_group"] = (GroupReport, "made")


@writes("group")
def group(writer, statement):
    name = writer.scope(statement["name"])
    writer.block(f"async with anyio.create_task_group() as {name}:", statement["body"])


@writes("group_enter")
def group_enter(writer, statement):
    writer.line(f"{writer.scope(statement['name'])} = await anyio.create_task_group().__aenter__()")


@writes("group_exit")
def group_exit(writer, statement):
    writer.line(f"await {writer.scope(statement['group'])}.__aexit__(None, None, None)")


@writes("spawn")
def spawn(writer, statement):
    function = writer.task(statement)
    writer.line(f"{writer.scope(statement['group'])}.start_soon({function})")


@writes("start")
def start(writer, statement):
    function = writer.task(statement)
    writer.line(f"await {writer.scope(statement['group'])}.start({function})")


@writes("started")
def started(writer, statement):
    writer.line("task_status.started()")


@writes("spawn_detached")
def spawn_detached(writer, statement):
    function = writer.task(statement)
    writer.line(f"asyncio.create_task({function}())")
