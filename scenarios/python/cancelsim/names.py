"""The names of a program: `n = cancelsim.names()`.

What a program assigns is an attribute of `n`: scopes and groups (`n.s0`); the others have a table each: `n.tasks`, `n.events`, `n.futures`,
`n.objects`, `n.timeouts`, `n.asyncio_groups`. A name may be bound again, or never: whatever is done with an unbound one is skipped.
"""
import asyncio

import anyio

from cancelsim import objects


class Nothing:
    """Does nothing, whatever it is asked: called, awaited, entered, changed."""

    __slots__ = ()

    def __getattr__(self, name):
        if name.startswith("_asyncio"):  # asyncio asks whether this is a future
            raise AttributeError(name)
        return self

    def __setattr__(self, name, value):
        pass

    def __call__(self, *arguments, **options):
        for argument in arguments:
            if asyncio.iscoroutine(argument):
                argument.close()
        return self

    def __await__(self):
        return iter(())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        return False


NOTHING = Nothing()


class StubbornFuture(asyncio.Future):
    """A future that refuses to be cancelled."""

    refuses_cancel = True

    def cancel(self, msg=None):
        return False


class Unknown:
    """Stands for a name that is not bound: to use it in any way is `skip()`."""

    __slots__ = ("_skip",)

    def __init__(self, skip):
        object.__setattr__(self, "_skip", skip)

    def __getattr__(self, name):
        return getattr(self._skip(), name)

    def __setattr__(self, name, value):
        self._skip()

    def __await__(self):
        return self._skip().__await__()

    def __aenter__(self):
        return self._skip().__aenter__()

    def __aexit__(self, *error):
        return self._skip().__aexit__(*error)


class Name:
    """A name of scopes and groups. What is done with it says whether the scope or the group of that name is meant."""

    __slots__ = ("_names", "_name")

    def __init__(self, names, name):
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "_name", name)

    def _scope(self):
        return self._names._find("scope", self._name)

    def _group(self):
        return self._names._find("group", self._name)

    @property
    def cancel_scope(self):
        return self

    @property
    def cancel(self):
        return self._scope().cancel

    @property
    def start_soon(self):
        return self._group().start_soon

    @property
    def start(self):
        return self._group().start

    def __getattr__(self, name):
        return getattr(self._scope(), name)

    def __setattr__(self, name, value):
        setattr(self._scope(), name, value)

    def __enter__(self):
        return self._scope().__enter__()

    def __exit__(self, *error):
        return self._scope().__exit__(*error)

    def __aenter__(self):
        return self._group().__aenter__()

    def __aexit__(self, *error):
        return self._group().__aexit__(*error)


class Table:
    """The names of one kind, as attributes or, if they are no identifiers, as items."""

    __slots__ = ("_names", "_kind")

    def __init__(self, names, kind):
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "_kind", kind)

    def __getattr__(self, name):
        return self._names._find(self._kind, name)

    def __setattr__(self, name, value):
        self._names._bind(self._kind, name, value)

    __getitem__ = __getattr__
    __setitem__ = __setattr__


class Names:
    """Here names are only kept. What a run makes of them, its own subclass says."""

    def __init__(self):
        table = {kind: {} for kind in ("scope", "group", "task", "event", "future", "object", "timeout", "asyncio_group")}
        for attribute, value in {
            "_bound": table,
            "_declared": {},  # objects: name -> (kind, properties)
            "_futures": {},  # futures with properties: name -> whether it is stubborn
            "_items": 0,
            "tasks": Table(self, "task"),
            "events": Table(self, "event"),
            "futures": Table(self, "future"),
            "objects": Table(self, "object"),
            "timeouts": Table(self, "timeout"),
            "asyncio_groups": Table(self, "asyncio_group"),
        }.items():
            object.__setattr__(self, attribute, value)

    # Declarations.

    def future(self, name, stubborn=False):
        self._futures[name] = stubborn

    def __getattr__(self, name):
        if name in objects.KINDS:
            return lambda object_name, **properties: self._declare(object_name, name, properties)
        return self[name]

    def _declare(self, name, kind, properties):
        self._declared[name] = (kind, properties)

    # Names.

    @property
    def now(self):
        return asyncio.get_running_loop().time()

    @property
    def item(self):
        """The next number: what a program sends."""
        object.__setattr__(self, "_items", self._items + 1)
        return self._items

    def __getitem__(self, name):
        return Name(self, name)

    def __setattr__(self, name, value):
        kind = "group" if hasattr(value, "start_soon") else "scope"
        self._bind(kind, name, value)

    __setitem__ = __setattr__

    def _bind(self, kind, name, value):
        self._bound[kind][name] = value
        if kind == "group":
            self._bound["scope"][name] = value.cancel_scope

    def _find(self, kind, name):
        table = self._bound[kind]
        if name not in table:
            self._come_into_being(kind, name)
        return table[name] if name in table else Unknown(self._skip)

    def _come_into_being(self, kind, name):
        """Events, futures and objects are made at their first use."""
        if kind == "event":
            self._bound["event"][name] = anyio.Event()
        elif kind == "future":
            make = StubbornFuture if self._futures.get(name) else asyncio.Future
            self._bound["future"][name] = make()
        elif kind == "object" and name in self._declared:
            object_kind, properties = self._declared[name]
            self._bound["object"][name] = objects.make(self, object_kind, properties)

    def _skip(self):
        """What is done where a name is not bound."""
        return NOTHING
