"""Names the cancel scopes that re-arm themselves in this process, their tasks, and who has entered them.

Run inside the process that spins: `attach.sh PID who_spins.py`, or `exec(open("who_spins.py").read())` in any console
that it has. It only reads; it writes to standard error. Needs nothing but the standard library.
"""


def _who_spins():
    import asyncio
    import gc
    import sys

    def held_by(task):
        if task.done():
            return "done: it can never leave the scope"
        if getattr(task, "_must_cancel", False):
            return "a cancellation waits for it to wake up: what it waits for has refused to be cancelled"
        return "about to be cancelled"

    def where(task):
        frames = task.get_stack(limit=1)
        if frames:
            return f"{frames[-1].f_code.co_filename}:{frames[-1].f_lineno}"
        coroutine = task.get_coro()
        code = getattr(coroutine, "cr_code", None)
        return f"{code.co_filename}:{code.co_firstlineno}" if code else "?"

    def in_words(task):
        return f"{task.get_name()} ({getattr(task.get_coro(), '__qualname__', '?')}, {where(task)})"

    def below(scope):
        yield scope
        for child in scope._child_scopes:
            if not child._shield and not child.cancel_called:
                yield from below(child)

    say = lambda text: print(text, file=sys.stderr, flush=True)
    scopes = [each for each in gc.get_objects() if type(each).__name__ == "CancelScope" and hasattr(each, "_cancel_handle")]
    armed = [each for each in scopes if each._cancel_handle is not None]
    say(f"who_spins: {len(armed)} of {len(scopes)} cancel scopes have a delivery pass scheduled")
    for scope in armed:
        host = scope._host_task
        reason = getattr(scope, "_cancel_reason", None)
        say(f"  scope {id(scope):#x}" + (f": {reason}" if reason else ""))
        say("    entered by " + (in_words(host) if host is not None else "a task that has left it"))
        watch = sys.modules.get("spin_watch")
        if watch is not None and scope in watch.entered_at:
            say(f"    entered at {watch.entered_at[scope]}")
        for each in below(scope):
            for task in each._tasks:
                say(f"    holds {in_words(task)}: {held_by(task)}")


_who_spins()
