"""`python -m core settings DS`: how a data set is shown, and its calendar."""

import argparse
import json
from dataclasses import asdict, fields
from typing import Any, Final

from core.io.dataset import WEEKDAYS
from core.io.sets.decided import AUTO
from core.io.settings import CURRENCIES, DATES, NUMBERS, TAXES, Display
from core.io.store import Store

_SHOWN: Final = {
    "currency": f"one of {', '.join(filter(None, CURRENCIES))}, or “” for none",
    "tax": f"what amounts say about tax: {', '.join(TAXES)}",
    "numbers": f"how numbers are written: {', '.join(f'{k} ({e})' for k, (_, e) in NUMBERS.items())}",
    "dates": f"how dates are written: {', '.join(f'{k} ({e})' for k, (_, e) in DATES.items())}",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("ds", metavar="DS", help="the id of the data set, as `list` prints it")
    for name, text in _SHOWN.items():
        parser.add_argument(f"--{name}", help=f"{text}; {AUTO} takes an earlier choice back")
    parser.add_argument("--time-zone", help="the business's time zone, such as Europe/Berlin: a new version")
    parser.add_argument("--first-weekday", type=int, help="0 for Monday … 6 for Sunday: a new version")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """Change what is given and print the settings in force; UserError for an unknown one."""
    store = Store()
    said = {f.name: getattr(args, f.name) for f in fields(Display) if getattr(args, f.name) is not None}
    given = {name: None if value == AUTO else value for name, value in said.items()}
    store.check_display(args.ds, given)  # all or nothing
    dataset = store.change(args.ds, time_zone=args.time_zone, first_weekday=args.first_weekday)
    display = store.set_display(args.ds, given)
    found: dict[str, Any] = {"id": dataset.id, **asdict(display)}
    found |= {"time_zone": dataset.time_zone, "first_weekday": dataset.first_weekday}
    print(json.dumps(found, ensure_ascii=False) if args.json else _text(found))
    return 0


def _text(found: dict[str, Any]) -> str:
    words = {
        "currency": "as found in the file" if found["currency"] is None else found["currency"] or "none",
        "tax": TAXES[found["tax"]],
        "numbers": NUMBERS[found["numbers"]][1],
        "dates": DATES[found["dates"]][1],
        "first_weekday": WEEKDAYS[found["first_weekday"]],
    }
    return "\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in {**found, **words}.items())
