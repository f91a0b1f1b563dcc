"""`python -m core append DS FILE`: the rows of a newer file after those of a log, in a new version."""

import argparse

from core.commands import version


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    version.configure(parser, file=True)


def run(args: argparse.Namespace) -> int:
    """Print the new version; UserError where the file can't be read or has other columns."""
    version.tell(version.made("append", args, args.file), args.json)
    return 0
