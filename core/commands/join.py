"""`python -m core join DS PEOPLE`: a customer table joined to a log on the customer's number."""

import argparse

from core.commands import version
from core.errors import UserError
from core.io.store import Store


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("ds", metavar="DS", help="the id of the log, as `list` prints it")
    parser.add_argument("people", metavar="PEOPLE", nargs="?", help="the id of the customer table")
    parser.add_argument("--off", action="store_true", help="take the joined customer table off again")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """Print the new version of the log; UserError where the two can't be joined."""
    if bool(args.people) == args.off:
        raise UserError("Either a customer table or --off is needed.", "Name the id of a customer table.")
    store = Store()
    if args.off and store.get(args.ds).people is None:
        raise UserError("No customer table is joined to this data set.", "There is nothing to take off.")
    version.tell(store.unjoin(args.ds) if args.off else store.join(args.ds, args.people), args.json)
    return 0
