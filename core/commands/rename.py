"""`python -m core rename DS NAME`: give a data set, in all its versions, another name."""

import argparse
import json

from core.commands.version import line, summary
from core.io.store import Store


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("ds", metavar="DS", help="the id of the data set, as `list` prints it")
    parser.add_argument("name", metavar="NAME", help="its new name")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """Rename and print the data set; UserError where there is none."""
    renamed = Store().rename(args.ds, args.name)
    print(json.dumps(summary(renamed), ensure_ascii=False) if args.json else line(renamed))
    return 0
