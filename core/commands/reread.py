"""`python -m core reread DS`: the file of a data set read again, with other decisions."""

import argparse

from core.commands import version


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    version.configure(parser, file=False)


def run(args: argparse.Namespace) -> int:
    """Print the new version; UserError where the file was not kept or can't be read like that."""
    version.tell(version.made("reread", args), args.json)
    return 0
