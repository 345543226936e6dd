"""Faults as a refactoring makes them: each a place in model/ as it is, and as it would be. FAULTS.md says what catches them.

In a copy of the tree each is a branch that `mutant(N)` takes, as the mutants of mutants.py are. No case language, test or trace is
asked: by_contracts.py looks whether contracts alone notice them.
"""
from dataclasses import dataclass

FIRST = 100_001  # mutants are numbered from 1


@dataclass
class Fault:
    name: str
    what: str  # was done
    file: str  # in model/
    old: str
    new: str  # `FAULT` stands for the condition
    kernels: tuple = ("4.13.0 narrow", "4.14.2 upstream", "4.15.1 upstream")


FAULTS = [
    Fault("nearest-parent-only", "the walk to a cancelled parent became a look at the parent", "cancel_scope.cpp",
          "        // No point in looking beyond any shielded scope\n        if (scope->shield) break;",
          "        // No point in looking beyond any shielded scope\n        if (scope->shield || FAULT) break;"),
    Fault("no-restart-when-cancelled", "leaving a scope that was cancelled itself does not restart its parents' delivery",
          "cancel_scope.cpp",
          "    if (!kernel.has(Bug::restarts_parent_only_after_shield) || shield)\n"
          "        restart_cancellation_in_parent(kernel, PassCause::parent_exit);",
          "    if ((!kernel.has(Bug::restarts_parent_only_after_shield) || shield) && !(FAULT && cancel_called))\n"
          "        restart_cancellation_in_parent(kernel, PassCause::parent_exit);"),
    Fault("early-return", "the check for `no exception` moved to the top of the function, before the uncancelling",
          "cancel_scope.cpp",
          "    uncancel_host(kernel);\n\n    // Update cancelled_caught",
          "    if (FAULT && exc_val == nullptr) return {};\n    uncancel_host(kernel);\n\n    // Update cancelled_caught"),
    Fault("caught-too-early", "cancelled_caught is set where the cancellation is undone, whatever came in", "cancel_scope.cpp",
          "    uncancel_host(kernel);\n\n    // Update cancelled_caught",
          "    uncancel_host(kernel);\n    if (FAULT) cancelled_caught = true;\n\n    // Update cancelled_caught"),
    Fault("carry-overwrites", "requests that a scope hands up replace those that its parent has", "cancel_scope.cpp",
          "                parent_scope->pending_uncancellations += pending_uncancellations;",
          "                parent_scope->pending_uncancellations =\n"
          "                    pending_uncancellations + (FAULT ? 0 : parent_scope->pending_uncancellations);"),
    Fault("one-context", "a CancelledError is told by its message or that of its context, but not further down the chain",
          "cancel_scope.cpp",
          "        if (exc->context == nullptr || !exc->context->is_cancelled()) return false;",
          "        if (exc->context == nullptr || !exc->context->is_cancelled()) return false;\n"
          "        if (FAULT && exc != &error) return false;"),
    Fault("not-the-current-task", "cancelling a scope starts no delivery where its host is the task that cancels it",
          "cancel_scope.cpp",
          "    if (host_task != nullptr || holds_tasks_when_left(kernel)) kernel.deliver_cancellation(*this, PassCause::cancel);",
          "    if (FAULT && host_task != nullptr && host_task == kernel.current_task()) return;\n"
          "    if (host_task != nullptr || holds_tasks_when_left(kernel)) kernel.deliver_cancellation(*this, PassCause::cancel);"),
    Fault("past-deadline-waits", "a deadline that is set to the past only arms a timer, of which there is none", "cancel_scope.cpp",
          "    if (active && !cancel_called) timeout(kernel);",
          "    if (active && !cancel_called && !(FAULT && value <= kernel.now())) timeout(kernel);"),
    Fault("past-deadline-enters", "entering a scope only arms the timer of its deadline: one that has passed has none",
          "cancel_scope.cpp",
          "    timeout(kernel);\n    active = true;",
          "    if (!(FAULT && deadline <= kernel.now())) timeout(kernel);\n    active = true;"),
    Fault("shield-of-another", "dropping a shield restarts delivery only where the current task is in the scope",
          "cancel_scope.cpp",
          "    if (!value && !kernel.has(Bug::unshielding_delivers_nothing))\n"
          "        restart_cancellation_in_parent(kernel, PassCause::unshield);",
          "    if (FAULT && kernel.current_task() != host_task) return;\n"
          "    if (!value && !kernel.has(Bug::unshielding_delivers_nothing))\n"
          "        restart_cancellation_in_parent(kernel, PassCause::unshield);"),
    Fault("moved-quietly", "a scope that moves into a cancelled one is not told", "cancel_scope.cpp",
          "    restart_cancellation_in_parent(kernel, PassCause::moved);",
          "    if (FAULT && new_parent.cancel_called) return;\n    restart_cancellation_in_parent(kernel, PassCause::moved);",
          ("4.15.1 upstream",)),
    Fault("first-shield-ends-it", "a pass stops at the first child scope that it must not enter, instead of skipping it",
          "delivery.cpp",
          "            if (!child->child_scopes.empty()) level = level_of(*child, level);\n        }",
          "            if (!child->child_scopes.empty()) level = level_of(*child, level);\n"
          "        } else if (FAULT) {\n            level = level->outer;\n        }"),
    Fault("handle-not-reset", "that a pass is scheduled is noted, that it is over is not", "delivery.cpp",
          "    scope.cancel_handle = should_retry;",
          "    scope.cancel_handle = should_retry || (FAULT && scope.cancel_handle);"),
    Fault("no-yield-in-shield", "cancel_shielded_checkpoint leaves its scope at once: what gave way between is gone",
          "checkpoints.cpp",
          "        frame.at = 1;\n        return Poll::yielded();",
          "        frame.at = 1;\n        if (!FAULT) return Poll::yielded();"),
    Fault("innermost-only", "checkpoint_if_cancelled asks the innermost scope alone", "checkpoints.cpp",
          "        if (scope->cancel_called) return true;\n        if (scope->shield) return false;",
          "        if (scope->cancel_called) return true;\n        if (scope->shield || FAULT) return false;"),
    Fault("one-waiter", "an event wakes the first task that waits for it", "event.cpp",
          "        if (!task->waiter.done()) kernel.set_result(task->waiter);",
          "        if (!task->waiter.done() && !(FAULT && task != first_waiting)) kernel.set_result(task->waiter);"),
    Fault("body-error-dropped", "an error of the body is kept only where it cancels the group", "task_group.cpp",
          "                if (!exc_val->is_cancelled()) {",
          "                if (!exc_val->is_cancelled() && !(FAULT && group->tasks == 0)) {"),
    Fault("body-goes-first", "what ended the body is raised before what the children raised", "task_group.cpp",
          "        else if (group->exceptions.count != 0)\n            exc = kernel.raise(",
          "        else if (FAULT && exc_val != nullptr)\n            exc = kernel.raise(exc_val);\n"
          "        else if (group->exceptions.count != 0)\n            exc = kernel.raise("),
    Fault("first-cancellation-wins", "a native cancellation does not replace a scope's any more", "task_group.cpp",
          "    if (exc_val == nullptr || (exc_val->is_cancelled()",
          "    if (exc_val == nullptr || (!FAULT && exc_val->is_cancelled()"),
    Fault("told-twice", "an error before started() goes to the caller of start() and to the group", "task_group.cpp",
          "            kernel.set_exception(*status, *exc);\n        }",
          "            kernel.set_exception(*status, *exc);\n"
          "            if (FAULT && !exc->is_cancelled() && !group.exceptions_deleted)\n"
          "                group.exceptions.append(kernel.arena(), *exc);\n        }"),
    Fault("spawner's-scope", "a new task begins in the scope of whoever spawns it", "task_group.cpp",
          "    task.cancel_scope = cancel_scope;\n",
          "    task.cancel_scope = cancel_scope;\n"
          "    if (const Task* by = kernel.current_task(); FAULT && by != nullptr && by->has_state && by->cancel_scope != nullptr)\n"
          "        task.cancel_scope = by->cancel_scope;\n"),
    Fault("failed-child-before-start", "a child that fails before it calls started() leaves its caller waiting", "task_group.cpp",
          "    } else if (status != nullptr && !status->done()) {",
          "    } else if (status != nullptr && !status->done() && !FAULT) {"),
]


def applied(name, text):
    """The text of the file `name`, with a branch for each fault of it."""
    for number, fault in enumerate(FAULTS, FIRST):
        if f"model/{fault.file}" != name:
            continue
        if text.count(fault.old) != 1:
            raise ValueError(f"{fault.name}: its place is {text.count(fault.old)} times in {name}")
        text = text.replace(fault.old, fault.new.replace("FAULT", f"::cancelsim::mutant({number})"))
    return text
