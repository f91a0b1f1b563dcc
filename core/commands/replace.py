"""`python -m core replace DS FILE`: a newer file of the same shape, as a new version."""

import argparse

from core.commands import version


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    version.configure(parser, file=True)


def run(args: argparse.Namespace) -> int:
    """Print the new version; UserError where the file can't be read or has another shape."""
    version.tell(version.made("replace", args, args.file), args.json)
    return 0
