"""Which anyio and Python this is, and whether it is one that the recorder knows."""
import sys

KNOWN_ANYIO = ("4.13", "4.14", "4.15")
KNOWN_PYTHON = ("3.11", "3.12", "3.13")
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


class ReleaseError(Exception):
    """What is imported here cannot be recorded."""


def check():
    """Returns the family of the anyio that is imported here, such as "4.14". A ReleaseError says in one line what is wrong."""
    if PYTHON not in KNOWN_PYTHON:
        raise ReleaseError(f"this is Python {PYTHON}; known are {', '.join(KNOWN_PYTHON)}")
    if not sys.platform.startswith("linux") or sys.implementation.name != "cpython":
        raise ReleaseError("this needs CPython on Linux")
    # anyio asks sniffio, where it is installed, on which library it runs; outside of tasks that does not know.
    sys.modules.setdefault("sniffio", None)
    try:
        import anyio
        import anyio.lowlevel
    except ImportError as error:
        raise ReleaseError(f"no anyio can be imported by {sys.executable}: {error}") from error
    family = family_of(anyio)
    if family not in KNOWN_ANYIO:
        raise ReleaseError(f"the anyio in {anyio.__path__[0]} is {family}; known are {', '.join(KNOWN_ANYIO)}")
    return family


def family_of(anyio):
    """By what it has: a checkout has no metadata."""
    version = _metadata_version(anyio)
    if version is not None:
        return ".".join(version.split(".")[:2])
    if hasattr(anyio, "fail_at"):
        return "4.15"
    return "4.14" if hasattr(anyio, "TaskHandle") else "4.13"


def _metadata_version(anyio):
    """The version that is installed, if what is imported is that."""
    import importlib.metadata
    import os

    try:
        distribution = importlib.metadata.distribution("anyio")
    except importlib.metadata.PackageNotFoundError:
        return None
    place = os.path.realpath(str(distribution.locate_file("anyio")))
    return distribution.version if place == os.path.realpath(anyio.__path__[0]) else None


def anyio_version():
    """Of the anyio that is imported here; its family, where a checkout does not say more."""
    import anyio

    return _metadata_version(anyio) or family_of(anyio)


def described():
    """What is imported here, for people."""
    import platform

    return f"anyio {anyio_version()}, Python {platform.python_version()}"
