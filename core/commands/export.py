"""`python -m core export QUERY --out FILE`: every customer with its segment, or some of them to write to."""

import argparse
import json
from pathlib import Path
from typing import Any

from core import pipeline
from core.commands.run import ready_store
from core.errors import UserError
from core.io.store import Store
from core.pipeline import Results
from core.spec import Study
from core.takeaway import Listed
from core.takeaway.choices import FORMS, PURPOSES, Choices, Offer, offer
from core.takeaway.control import SHARES
from core.takeaway.take import take
from core.takeaway.told import Taken, writes_to_people
from core.takeaway.whom import places


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("query", metavar="QUERY", help="the query string of a page, as in ?ds=…&k=5")
    parser.add_argument(
        "--out", metavar="FILE", type=Path, required=True, help="the file to write: CSV, or .xlsx, .parquet"
    )
    parser.add_argument("--segment", type=int, metavar="N", help="only the customers of this segment")
    parser.add_argument("--as-shown", action="store_true", help="only whom label and show of the query leave")
    parser.add_argument("--columns", metavar="NAMES", help="columns, with commas between them; default: all")
    parser.add_argument(
        "--personal", metavar="NAMES", default="", help="personal columns, as e-mail; default: none"
    )
    parser.add_argument("--for", dest="purpose", choices=tuple(PURPOSES), default="list", help="what for")
    parser.add_argument("--everyone", action="store_true", help="also customers without consent")
    parser.add_argument(
        "--leave-out", metavar="FILE", type=Path, help="numbers or e-mails to leave out, one a line"
    )
    parser.add_argument(
        "--hold-back", type=int, choices=SHARES, default=0, help="percent kept as control group"
    )
    parser.add_argument("--mark", action="store_true", help="keep the control group in, marked in a column")
    parser.add_argument("--json", action="store_true", help="print one JSON document about the export")


def run(args: argparse.Namespace) -> int:
    """Write the file and print what was written; UserError where it can't be."""
    study = Study.parse(args.query)
    store = ready_store(study)
    results = pipeline.as_shown(study, store)
    made = _written(args, study, store, results)
    document = {
        "query": pipeline.resolved(study, results).query(),
        "out": str(args.out),
        "customers": made.exported,
        "chosen": made.chosen,
        "said": made.sentence,
        "notes": [*study.notes, *results.notes, *made.notes],
    }
    print(json.dumps(document, ensure_ascii=False) if args.json else _as_text(args, made))
    return 0


def _written(args: argparse.Namespace, study: Study, store: Store, results: Results) -> Taken:
    listed, dataset = Listed.of(results), store.get(study.source.ds)
    at = places(results, study, args.segment, args.as_shown)
    choices = _choices(args, offer(dataset, listed))
    try:
        return take(args.out, listed, at, choices, (store.engine, dataset, study.clean))
    except OSError as error:
        raise UserError(f"{args.out} can't be written: {error.strerror}.", "Choose another file.") from error


def _choices(args: argparse.Namespace, offered: Offer) -> Choices:
    """A list to write to people goes only to those who agreed, where the data set knows who did."""
    columns = tuple(slug for slug, _ in offered.columns) if args.columns is None else _names(args.columns)
    ending = args.out.suffix[1:].lower()
    choices: dict[str, Any] = {
        "purpose": args.purpose,
        "form": ending if ending in FORMS else "csv",
        "columns": columns,
        "personal": _names(args.personal),
        "held": args.hold_back,
        "marked": args.mark,
        "leave_out": args.leave_out,
    }
    asks = writes_to_people(Choices(**choices), offered) and offered.consent is not None
    return Choices(**choices, consent=asks and not args.everyone)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _as_text(args: argparse.Namespace, made: Taken) -> str:
    written = f"{made.exported:,} customers written to {args.out}"
    return (
        written
        if made.exported == made.chosen and not made.notes
        else "\n".join([made.sentence, *made.notes, written])
    )
