"""`python -m core report QUERY --out FILE`: a study as one HTML file for reading and printing."""

import argparse
import datetime as dt

from core.commands.run import ready_store
from core.commands.written import write
from core.spec import Study


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("query", metavar="QUERY", help="the query string of a page, as in ?ds=…&k=5")
    parser.add_argument("--out", metavar="FILE", required=True, help="the HTML file to write")


def run(args: argparse.Namespace) -> int:
    """Write the file and print its size; UserError where the study can't be settled."""
    from core.report import report_of

    study = Study.parse(args.query)
    return write(args.out, report_of(study, ready_store(study), made=dt.date.today()))
