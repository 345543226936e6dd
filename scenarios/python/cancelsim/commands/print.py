"""Prints cases in the Python notation: one program after the other, or each into a file of its own."""
import os

from cancelsim.case import read_cases
from cancelsim.notation import write


def add_options(parser):
    parser.add_argument("--into", metavar="DIR", help="write NAME.py in this folder, for each case")
    parser.add_argument("files", nargs="*", default=["-"], metavar="FILE", help="cases, one a line; - is stdin")


def main(options):
    if options.into:
        os.makedirs(options.into, exist_ok=True)
    for _, case in read_cases(options.files):
        if options.into:
            with open(os.path.join(options.into, f"{case['name']}.py"), "w", encoding="utf-8") as file:
                file.write(write(case))
        else:
            print(write(case))
    return 0
