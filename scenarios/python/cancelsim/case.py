"""Cases as they are read. It is the simulator that says what is wrong with one; here only what Python cannot run is refused."""
import json
import sys


class CaseError(Exception):
    """This is not a case, or not one that Python can run."""


def read_cases(paths):
    """Yields pairs (place, case) of files with one case a line; a place says where a case came from."""
    for path in paths:
        name = "stdin" if path == "-" else path
        try:
            with sys.stdin if path == "-" else open(path, encoding="utf-8") as file:
                if name.endswith(".py"):
                    yield name, file.read()
                    continue
                for number, text in enumerate(file, 1):
                    try:
                        yield f"{name}:{number}", json.loads(text)
                    except ValueError as error:
                        raise CaseError(f"{name}:{number}: not JSON: {error}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CaseError(f"{name}: {error}") from error
