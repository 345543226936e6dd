"""What a deterministic run cannot have is refused, by name and with the line that asked for it."""
import asyncio.base_events
import functools
import os
import signal
import socket
import subprocess
import sys
import threading

from cancelsim.programs import active

SOCKETS, SUBPROCESSES, SIGNALS, FILES = "sockets", "subprocesses", "signals", "files on the loop"

# Methods of an event loop that ask for what there is not.
OF_THE_LOOP = {
    SOCKETS: (
        "getaddrinfo getnameinfo create_connection create_server sendfile start_tls create_unix_connection create_unix_server "
        "connect_accepted_socket create_datagram_endpoint sock_recv sock_recv_into sock_recvfrom sock_recvfrom_into "
        "sock_sendall sock_sendto sock_connect sock_accept sock_sendfile"
    ).split(),
    SUBPROCESSES: ["subprocess_shell", "subprocess_exec"],
    SIGNALS: ["add_signal_handler", "remove_signal_handler"],
    FILES: ["add_reader", "remove_reader", "add_writer", "remove_writer", "connect_read_pipe", "connect_write_pipe"],
}

_OF_MODULES = [
    (SOCKETS, socket.socket, ["__init__"]),
    (SOCKETS, socket, ["getaddrinfo", "gethostbyname", "getnameinfo"]),
    (SUBPROCESSES, subprocess.Popen, ["__init__"]),
    (SUBPROCESSES, os, ["fork", "forkpty", "posix_spawn", "posix_spawnp", "system"]),
    (SIGNALS, signal, ["signal", "set_wakeup_fd", "setitimer", "alarm"]),
    ("threads of its own", threading.Thread, ["start"]),
]


class Refused(BaseException):
    """Raised where a program asks for what a run cannot have: the run is over."""


class Starts(BaseException):
    """Raised where a module that is being loaded makes an event loop, as `asyncio.run` and `anyio.run` do: it has come to where it
    runs its program itself. All that a run needs of it is there."""


def install():
    """Once in a process."""
    a_loop = asyncio.base_events.BaseEventLoop
    a_loop.__init__ = _starting(_refusing("a second event loop", a_loop.__init__))
    for what, owner, names in _OF_MODULES:
        for name in names:
            setattr(owner, name, _refusing(what, getattr(owner, name)))


def _refusing(what, function):
    @functools.wraps(function)
    def refused(*args, **kwargs):
        if active.run is not None:
            refuse(what)
        return function(*args, **kwargs)

    return refused


def _starting(initialise):
    @functools.wraps(initialise)
    def starting(loop, *args, **kwargs):
        if active.loads:
            loop._closed = True  # or it complains when it is freed
            raise Starts
        return initialise(loop, *args, **kwargs)

    return starting


def of_the_loop(what):
    """A method of the loop's that is refused."""

    def refused(loop, *args, **kwargs):
        refuse(what)

    return refused


def refuse(what):
    active.run.refuse(what, sys._getframe(1))
    raise Refused(f"a run of cancelsim has no {what}")
