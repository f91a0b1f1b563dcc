"""A file on its way into the store: read, described and guessed, not stored yet."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from core.child import Progress
from core.io.columns import content
from core.io.dataset import Column, Dataset, TableRef
from core.io.reading import ReadAs, Reading
from core.io.sets.versions import guessed


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A table that is not stored yet, with what is known of it.

    Attributes
    ----------
    dataset : Dataset
        With guessed roles; its `table.content` is where `table` and `aside` belong.
    table : pa.Table
    aside : pa.Table or None
        The rows that were set aside, as in `Reading`.
    """

    dataset: Dataset
    table: pa.Table
    aside: pa.Table | None = None


def read_file(path: Path, read_as: ReadAs | None, tell: Progress, **about: Any) -> Arrival:
    """Read a file in this process; `about` are further fields of the data set, such as its name.

    Raises
    ------
    UserError
        When it can't be read.
    """
    from core.io.readers import read

    tell("Reading the file", 0.05)
    reading = read(path, read_as or ReadAs())
    tell("Working out what the columns mean", 0.5)
    return arrived(reading, **about)


def arrived(reading: Reading, **about: Any) -> Arrival:
    """What was read, described and with its roles guessed."""
    ref = table_of(reading)
    dataset = Dataset(
        **{
            "id": "",
            "name": "",
            "kind": "customers",
            "table": ref,
            "decisions": reading.decisions,
            "warnings": reading.warnings,
            "currency": reading.currency,
            "choices": reading.choices,
            **about,
        }
    )
    return Arrival(dataset=guessed(dataset, reading.table), table=reading.table, aside=reading.aside)


def table_of(reading: Reading) -> TableRef:
    """What was read, named by its values and by the rows set aside where there are any."""
    told = [] if reading.aside is None else reading.aside["reason"].to_pylist()
    return TableRef(
        content=_content(reading),
        rows=len(reading.table),
        columns=content.described(reading),
        aside=tuple(Counter(told).most_common()),
    )


def turned(arrival: Arrival, slugs: Sequence[str]) -> Arrival:
    """The arrival with day and month exchanged in the date columns `slugs`; roles stay."""
    before = arrival.dataset
    reading = replace(content.turned(arrival.table, before.columns, slugs), aside=arrival.aside)
    new = table_of(reading)
    columns = tuple(_with_meaning_of(o, n) for o, n in zip(before.columns, new.columns, strict=True))
    return replace(arrival, dataset=replace(before, table=replace(new, columns=columns)), table=reading.table)


def _with_meaning_of(old: Column, new: Column) -> Column:
    kept = ("role", "reason", "levels", "confidence", "group", "blanks", "personal")
    return replace(new, **{name: getattr(old, name) for name in kept})


def _content(reading: Reading) -> str:
    own = content.digest(reading)
    if reading.aside is None or not len(reading.aside):
        return own
    beside = content.digest(Reading(table=reading.aside, fields=()))
    return hashlib.sha256(f"{own} {beside}".encode()).hexdigest()
