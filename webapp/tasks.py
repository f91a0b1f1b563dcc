"""What the worker's child runs: studies, the reading of files, lists. Ids and queries in, bytes out."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from core import pipeline
from core.child import Progress
from core.codec import encode
from core.errors import UserError
from core.io.dataset import Dataset
from core.io.sets.decided import merged
from core.io.store import Store
from core.spec import Study
from webapp import exports, inbox, rolls
from webapp.cache import open_door
from webapp.settings import Settings


def study(payload: dict[str, Any], progress: Progress) -> bytes:
    """Run a study; its stages go to the cache, and the whole result is returned for the hand-over."""
    settings = Settings.from_env()
    asked = Study.parse(payload["query"])
    door = open_door(settings)
    results = pipeline.run(
        asked,
        Store(settings.data_dir),
        payload["need"],
        door.of(asked.source.ds).through,
        progress,
        lambda ds: door.of(ds).through,
    )
    if results.profile is not None:
        named = asked if results.match is None or not results.match.problem else asked.alone
        rolls.keep(settings, payload.get("roll") or rolls.name_of(named), asked, results)
    return encode(results)


def roll(payload: dict[str, Any], progress: Progress) -> bytes:
    """Write the roll of a study, whose segments are mostly kept, under the name that the payload gives."""
    return study({**payload, "need": "profile"}, progress)[:0]


def history(payload: dict[str, Any], progress: Progress) -> bytes:
    """The orders of the customer that an address of a roll stands for."""
    from core.features.histories import history

    settings = Settings.from_env()
    store, asked = Store(settings.data_dir), Study.parse(payload["query"])
    progress("Reading the orders", 0.1)
    found = rolls.read(rolls.folder(settings), payload["roll"])[0]
    row = found.at(payload["customer"])
    if row is None:
        raise UserError("There is no such customer in this view.", "Open one from a list of customers.")
    customer = str(found.customers.table["id"][row])
    as_of = dt.date.fromisoformat(payload["as_of"])
    dataset = store.get(asked.source.ds)
    return encode(history(store.engine, dataset, asked.source, asked.clean, as_of, customer))


def read(payload: dict[str, Any], progress: Progress) -> bytes:
    """Read an upload into the store and return the query of its data set; the inbox file is then gone.

    Where the payload says `to`, the file is not a data set of its own: it replaces, extends or is joined to
    the data set `ds`, and the recipe in `query` goes on with the new version.
    """
    settings = Settings.from_env()
    store, path = Store(settings.data_dir), inbox.folder(settings) / Path(payload["file"]).name
    try:
        before = store.get(payload["ds"]) if payload.get("to") in ("replace", "append") else None
        read_as = merged(before, payload.get("read_as") or {})
        about = {"filename": payload["filename"], "read_as": read_as, "progress": progress}
        match payload.get("to", ""):
            case "replace":
                made = store.replace(payload["ds"], path, **about)
            case "append":
                made = store.append(payload["ds"], path, **about)
            case "people":
                made = _joined(store, payload["ds"], path, about)
            case _:
                made = store.add(path, **about)
    finally:
        path.unlink(missing_ok=True)
    return _opened(made, payload)


def reread(payload: dict[str, Any], progress: Progress) -> bytes:
    """Read the kept file of a data set again, with other decisions; the query of the new version."""
    store = Store(Settings.from_env().data_dir)
    read_as = merged(store.get(payload["ds"]), payload["read_as"])
    return _opened(store.reread(payload["ds"], read_as, progress), payload)


def change(payload: dict[str, Any], progress: Progress) -> bytes:
    """Make a new version with other meanings or answers, and return its query."""
    store = Store(Settings.from_env().data_dir)
    progress("Looking through the rows", 0.1)
    return _opened(store.change(payload["ds"], roles=payload["roles"], answers=payload["answers"]), payload)


def rows(payload: dict[str, Any], progress: Progress) -> bytes:
    """Write the list that `what` names for a study to a file for its download, and return how many rows."""
    settings = Settings.from_env()
    store, asked = Store(settings.data_dir), Study.parse(payload["query"])
    progress("Writing the list", 0.1)
    found = LISTS[payload["what"]](store, asked)
    path = exports.file_of(settings, asked.source.ds, payload["key"])
    return str(exports.write(path, found)).encode()


def _left_out(store: Store, asked: Study) -> Iterator[tuple[str, ...]]:
    from core.leftout import left_out

    return left_out(store.engine, store.get(asked.source.ds), asked.source, asked.clean)


def _unmatched(store: Store, asked: Study) -> Iterator[tuple[str, ...]]:
    from core.features.people import unmatched
    from core.takeaway import safe_text

    yield "only in", "customer"
    for side, customer in unmatched(store.engine, store.get(asked.source.ds)):
        yield side, safe_text(customer)


LISTS: dict[str, Callable[[Store, Study], Iterator[tuple[str, ...]]]] = {
    "left-out": _left_out,
    "unmatched": _unmatched,
}


def _opened(made: Dataset, payload: dict[str, Any]) -> bytes:
    """The query that opens a new version with the recipe of the old one; newer rows have another last day."""
    newer = {"as_of": None} if payload.get("to") in ("replace", "append") else {}
    return Study.parse(payload.get("query", "")).with_(ds=made.id, **newer).query().encode()


def _joined(store: Store, log: str, path: Path, about: dict[str, Any]) -> Dataset:
    """The log with a new customer table; one that does not go with it is not kept."""
    before = store.ids()
    people = store.add(path, **about)
    try:
        return store.join(log, people.id)
    except UserError:
        if people.id not in before:
            store.delete(people.id)
        raise
