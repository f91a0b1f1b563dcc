"""The command line: `python -m core add | list | run | export …`, the same numbers as the pages."""

import argparse
import os
import sys

from core.commands import add, append, delete, demo, export, join, rename, replace, reread, run, settings
from core.commands import list as list_
from core.commands import notebook as notebook_
from core.commands import report as report_
from core.commands import score as score_
from core.errors import UserError

COMMANDS = {
    "add": (add, "store a file and print what was read"),
    "list": (list_, "print the data sets that are here"),
    "rename": (rename, "give a data set another name"),
    "delete": (delete, "remove a data set with all its versions"),
    "reread": (reread, "read a data set's file again, with other decisions"),
    "replace": (replace, "replace a data set by a newer file of the same shape"),
    "append": (append, "add the rows of a newer file to a log"),
    "join": (join, "join a customer table to a log"),
    "settings": (settings, "say how a data set is shown, and its calendar"),
    "run": (run, "run a study and print its segments"),
    "export": (export, "write every customer with its segment"),
    "score": (score_, "give the customers of another file their segments, or print them as SQL"),
    "report": (report_, "write a study as one HTML file for reading and printing"),
    "notebook": (notebook_, "write a study as a notebook that checks its own numbers"),
    "demo": (demo, "make the demo data ready"),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command. 0: done; 2: one sentence on standard error says what can't be settled."""
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (module, help_text) in COMMANDS.items():
        module.configure(commands.add_parser(name, help=help_text, description=module.__doc__))
    args = parser.parse_args(argv)
    try:
        return int(COMMANDS[args.command][0].run(args))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
