"""What the commands that make a new version of a data set share: how a file is read, what is printed."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core import child
from core.child import Progress
from core.commands import reading
from core.commands.add import document
from core.io.dataset import KINDS, Dataset
from core.io.sets.decided import merged
from core.io.store import Store


def configure(parser: argparse.ArgumentParser, *, file: bool) -> None:
    """Declare the data set, the file where there is one, how it is read, and `--json`."""
    parser.add_argument("ds", metavar="DS", help="the id of the data set, as `list` prints it")
    if file:
        parser.add_argument("file", type=Path, metavar="FILE", help="the newer file")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    reading.flags(parser)


def made(verb: str, args: argparse.Namespace, file: Path | None = None) -> Dataset:
    """The new version, made by a child process with limits.

    Raises
    ------
    UserError
        When it can't be made.
    """
    store = Store()
    id_ = child.run(
        "core.commands.version:make",
        str(store.home),
        verb,
        args.ds,
        str(file.absolute()) if file else "",
        reading.given(args),
        doing="reading this file",
    )
    return store.get(id_.decode())


def make(home: str, verb: str, ds: str, path: str, given: Mapping[str, str], tell: Progress) -> bytes:
    """Make a version in the store at `home` and return its id; runs in the limited child."""
    store = Store(Path(home))
    read_as = merged(store.get(ds), given)
    if verb == "reread":
        return store.reread(ds, read_as, tell).id.encode()
    act = {"replace": store.replace, "append": store.append}[verb]
    return act(ds, Path(path), read_as=read_as, progress=tell).id.encode()


def tell(dataset: Dataset, as_json: bool) -> None:
    """Print a version: one line and what to look at, or one JSON document."""
    if as_json:
        print(json.dumps(document(dataset), ensure_ascii=False, indent=2))
        return
    print(line(dataset))
    for warning in dataset.warnings:
        print(f"  {warning}")


def line(dataset: Dataset) -> str:
    """A version in one line."""
    joined = f", with {dataset.people.rows:,} customers joined" if dataset.people else ""
    return f"{dataset.id}  {dataset.name}: {dataset.table.rows:,} rows, {KINDS[dataset.kind]}{joined}"


def summary(dataset: Dataset) -> dict[str, Any]:
    """A version in a few fields."""
    return {
        "id": dataset.id,
        "name": dataset.name,
        "kind": dataset.kind,
        "rows": dataset.table.rows,
        "people": dataset.people.rows if dataset.people else None,
        "filename": dataset.filename,
        "added": dataset.added,
    }
