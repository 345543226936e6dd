"""Reads a program, and makes its modules anew for each run."""
import functools
import importlib.machinery
import importlib.util
import inspect
import os
import sys
import traceback
import types

from cancelsim.case import CaseError
from cancelsim.programs import active, refusals

PROGRAMS_KEPT = 256
_loaded = set()  # the names of the modules of programs that are loaded


class OwnLoader(importlib.machinery.SourceFileLoader):
    """Loads a module of the program's own, which is compiled once."""

    code_of = functools.cache(importlib.machinery.SourceFileLoader.get_code)

    def get_code(self, fullname):
        return OwnLoader.code_of(self, fullname)

    def __eq__(self, other):
        return isinstance(other, OwnLoader) and self.path == other.path

    def __hash__(self):
        return hash(self.path)


class Program:
    """A function of a file: `main`, if nothing else is said; `Class.method` of a class that is made without arguments.

    Its own modules are FILE, and those that are found beside it. The others, libraries, stay as they are from run to run.
    """

    def __init__(self, path, function, text):
        self.path = os.path.abspath(path)
        self.function = function
        self.folder = os.path.dirname(os.path.realpath(path))
        self.module_name = os.path.splitext(os.path.basename(path))[0]
        try:
            self.code = compile(text, self.path, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise CaseError(f"{path}:{error.lineno}: {error.msg}") from error
        except ValueError as error:
            raise CaseError(f"{path}: {error}") from error
        if self.folder not in sys.path:
            sys.path.insert(0, self.folder)
        sys.meta_path.insert(0, self)
        self._is_own = {}  # path -> whether

    def is_own(self, path):
        known = self._is_own.get(path)
        if known is None:
            known = self._is_own[path] = self._searched_for(path) == self.folder
        return known

    def _searched_for(self, path):
        """In which of the folders that Python searches a file is."""
        path = os.path.realpath(path)
        folders = (os.path.realpath(folder) for folder in sys.path)
        return max((folder for folder in folders if path.startswith(folder + os.sep)), key=len, default=None)

    def find_spec(self, name, path=None, target=None):
        """As a finder of modules: those of its own are compiled once."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        loader = getattr(spec, "loader", None)
        if not isinstance(loader, importlib.machinery.SourceFileLoader) or not self.is_own(loader.path):
            return None
        _loaded.add(name)
        return importlib.util.spec_from_file_location(
            name, loader.path, loader=OwnLoader(name, loader.path), submodule_search_locations=spec.submodule_search_locations
        )

    def load(self):
        """Runs the module, and returns the function. Nothing of an earlier run is left in the program's own modules."""
        unload()
        module = types.ModuleType(self.module_name)
        module.__file__ = self.path
        module.__spec__ = importlib.util.spec_from_file_location(self.module_name, self.path)
        sys.modules[self.module_name] = module
        _loaded.add(self.module_name)
        active.loads, starts = True, ""
        try:
            exec(self.code, module.__dict__)
        except refusals.Starts as error:
            lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == self.path]
            starts = f" before line {lines[0]}, where the module makes an event loop" if lines else ""
        finally:
            active.loads = False
        return self._function_of(module, starts)

    def _function_of(self, module, starts):
        found = module
        for name in self.function.split("."):
            owner = found() if inspect.isclass(found) else found
            found = getattr(owner, name, None)
            if found is None:
                raise CaseError(f"{self.path}: there is no `{self.function}`{starts}")
        if not inspect.iscoroutinefunction(found):
            raise CaseError(f"{self.path}: `{self.function}` is no `async def`")
        return found



def unload():
    """Nothing of a program is loaded any more."""
    while _loaded:
        sys.modules.pop(_loaded.pop(), None)


def load(path, function="main"):
    """The program at `path`, which is compiled once for each text that is found there."""
    try:
        with open(path, "rb") as file:
            return _program(path, function, file.read())
    except OSError as error:
        raise CaseError(f"{path}: {error.strerror}") from error


_program = functools.lru_cache(PROGRAMS_KEPT)(Program)
