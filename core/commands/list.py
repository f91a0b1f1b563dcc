"""`python -m core list`: the data sets that are here."""

import argparse
import json

from core.commands.version import line, summary
from core.io.store import Store


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """Print the current version of every data set, the demo first, then the latest."""
    found = Store().list()
    if args.json:
        print(json.dumps([summary(dataset) for dataset in found], ensure_ascii=False, indent=2))
    else:
        print("\n".join(map(line, found)) or "There is no data set here. Add one: python -m core add FILE")
    return 0
