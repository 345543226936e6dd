"""python3 -m cancelsim record|differential|print ...: see each command's --help."""
import argparse
import importlib
import sys

from cancelsim import releases
from cancelsim.case import CaseError

COMMANDS = ("record", "differential", "print")


def main():
    try:
        releases.check()
    except releases.ReleaseError as error:
        print(f"cancelsim: {error}", file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog="python3 -m cancelsim", description=__doc__.splitlines()[0])
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in COMMANDS:
        command = importlib.import_module(f"cancelsim.commands.{name}")
        subparser = subparsers.add_parser(
            name,
            help=command.__doc__.splitlines()[0],
            description=command.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_options(subparser)
        subparser.set_defaults(run=command.main)
    options = parser.parse_args()
    try:
        return options.run(options)
    except (CaseError, releases.ReleaseError) as error:
        print(f"cancelsim: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
