"""`python -m core export QUERY --out FILE`: every customer with its segment."""

import argparse
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from core import pipeline
from core.commands.run import ready_store
from core.errors import UserError
from core.spec import Study
from core.takeaway import customer_rows


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("query", metavar="QUERY", help="the query string of a page, as in ?ds=…&k=5")
    parser.add_argument("--out", metavar="FILE", required=True, help="the CSV file to write")
    parser.add_argument("--json", action="store_true", help="print one JSON document about the export")


def run(args: argparse.Namespace) -> int:
    """Write the file and print what was written; UserError where it can't be."""
    study = Study.parse(args.query)
    results = pipeline.run(study, ready_store(study))
    try:
        with Path(args.out).open("w", newline="", encoding="utf-8") as out:
            written = _write(out, customer_rows(results))
    except OSError as error:
        raise UserError(f"{args.out} can't be written: {error.strerror}.", "Choose another file.") from error
    document = {
        "query": pipeline.resolved(study, results).query(),
        "out": args.out,
        "customers": written,
        "notes": [*study.notes, *results.notes],
    }
    print(
        json.dumps(document, ensure_ascii=False)
        if args.json
        else f"{written:,} customers written to {args.out}"
    )
    return 0


def _write(out: IO[str], rows: Iterator[list[Any]]) -> int:
    writer = csv.writer(out)
    count = -1  # the first row is the header
    for row in rows:
        writer.writerow(row)
        count += 1
    return count
