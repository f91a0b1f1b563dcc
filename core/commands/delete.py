"""`python -m core delete DS`: remove a data set with all its versions.

What the app has computed from it is removed by its worker, at once where it runs, else when it starts.
"""

import argparse
import json

from core.io.sets.joined import stays
from core.io.store import Store


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("ds", metavar="DS", help="the id of the data set, as `list` prints it")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """Delete the data set and print what is gone; UserError where there is none, or for the demo."""
    store = Store()
    name, logs = store.get(args.ds).name, store.joined_to(args.ds)
    gone = store.delete(args.ds)
    if args.json:
        print(json.dumps({"name": name, "deleted": list(gone), "joined_to": list(logs)}, ensure_ascii=False))
    else:
        said = f"{name} is deleted: {len(gone)} {'version' if len(gone) == 1 else 'versions'}. {stays(logs)}"
        print(said.rstrip())
    return 0
