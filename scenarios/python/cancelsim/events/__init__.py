"""The events that a run tells of, as the simulator has them (scenarios/run/event_fields.h): their numbers, their values, and the
numbers of the words that values are. The command compares this table with its own before it uses a worker.
"""
EVENTS = [
    (name, values)
    for name, *values in map(
        str.split,
        """
        IterationBegan number
        TimeStoodStill
        AlarmRang
        FutileIteration in_a_row
        TaskCreated task by
        TaskResumed task thrown
        TaskParked task wait.kind wait.object bare ready refuses forwards
        TaskReady task cancelled
        TaskDone task cancelled marked error requests
        CancelRequested task by.kind by.task by.id message accepted had_started wait_was_over was_pending
        Uncancelled task by.kind by.task by.id requests
        CallbackFailed error
        TaskSpawned task group scope by_start
        ScopeEntered scope task shield purpose deadline
        ScopeLeft scope task came_in swallowed cancelled_caught requests
        ScopeExitFailed scope task why error
        ScopeCancelled scope by.kind by.task by.id
        DeadlineReached scope
        DeadlineChanged scope deadline
        ShieldChanged scope shield
        ScopeMoved scope parent
        PassEnded scope cause rearmed
        ScopeAudited scope task timer pass held
        GroupEntered group scope task
        GroupExitBegan group task error
        GroupLeft group task error gave_way body_cancelled
        ChildReported task group cancelled_group
        StartCalled task group caller
        StartedCalled task accepted error
        StartReturned task caller error
        BodyBegan task
        BodyEnded task error
        StatementBegan task statement
        StatementWaits task statement
        StatementEnded task statement error
        Raised task statement error
        Skipped task statement
        Noted task statement
        Caught task statement error swallows
        ByHand task statement
        ScopeBlockLeft task scope error
        GroupBlockLeft task group error
        ObjectMade object kind amount max_value lock
        CallBegan task object call amount borrower
        CallEnded task error
        ObjectAtRest object available owner
        ObjectBlockLeft task statement error
        Offered task statement item
        Received task statement item
        TimeoutEntered task timeout when
        TimeoutRescheduled timeout when
        TimeoutExitBegan timeout error
        TimeoutBlockLeft task timeout expired error
        AsyncioGroupEntered group task
        AsyncioGroupTook group task
        AsyncioGroupExitBegan group error
        AsyncioGroupBlockLeft task group error
        WaitForBegan task awaited delay
        WaitForEnded task error
        Gathered task statement results
        Waited task statement done
        EntererEnded scope
        """.strip().splitlines(),
    )
]
NUMBERS = {name: number for number, (name, _) in enumerate(EVENTS)}
LISTS = {"results", "done"}  # values that are a length and so many elements

# Numbers of records that are no events: facts about what follows (scenarios/run/event_stream.h).
ERROR, TIME, LABEL, SITE, ITERATION = range(1000, 1005)
NEVER = 2**63 - 1  # the time that never comes


def _words(text):
    return {word: number for number, word in enumerate(text.split())}


BY = _words("program outside scope deadline group child start forwarded timeout asyncio_group wait_for again")
WAITS = _words(
    "yield poll shielded_checkpoint sleep event future object task children last_checkpoint started child_end asyncio "
    "asyncio_children"
)
PURPOSES = _words("program group group_wait handle checkpoint start")
CAUSES = _words("cancel enter parent_exit unshield moved retry asked")
CALLS = _words(
    "acquire acquire_nowait release wait notify send send_nowait receive receive_nowait close_send close_receive clone_send "
    "clone_receive set_tokens task_done join"
)
KINDS = _words(
    "lock semaphore limiter condition stream asyncio_lock asyncio_semaphore asyncio_condition asyncio_queue"
)
EXIT_FAILURES = _words("not_entered other_task not_innermost")
ERRORS = _words(
    "cancelled runtime_error timeout_error assertion_error attribute_error value_error queue_empty queue_full named group "
    "would_block closed_resource broken_resource end_of_stream"
)
# Values that are numbers of words.
WORDS = {"by.kind": BY, "wait.kind": WAITS, "purpose": PURPOSES, "cause": CAUSES, "why": EXIT_FAILURES, "call": CALLS, "kind": KINDS}
