"""`python -m core demo`: make the demo data set ready."""

import argparse

from core.io.store import Store


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments: there are none."""


def run(arguments: argparse.Namespace) -> int:
    """Generate and store the demo where it is not there yet, and print its id."""
    demo = Store().ensure_demo()
    print(f"{demo.id}  {demo.name}: {demo.table.rows:,} rows")
    return 0
