"""Rows of a newer file added after those of a log."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import UserError
from core.io.dataset import Column, Dataset, ReaderChoice
from core.io.meaning.hints import DATED
from core.io.reading import Field, Reading
from core.io.sets import newer
from core.io.sets.arrival import Arrival, arrived, turned
from core.io.sets.decided import day_order
from core.io.sets.respelled import respelled

_WIDER: Final = {
    frozenset({"integer", "number"}): "number",
    frozenset({"integer", "text"}): "text",
    frozenset({"date", "datetime"}): "datetime",
}
_ARROW: Final = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "text": pa.large_string(),
    "flag": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
}


def append(old: Arrival, new: Arrival) -> Arrival:
    """The rows of `new` after those of `old`, as the next version of the old data set.

    Rows that equal one that is there are added too, and counted in a warning. A customer that both know goes
    by one spelling of the number. The rows of the new file are numbered on from those of the old one, the
    rows set aside among them.

    Raises
    ------
    UserError
        When the columns are not the same, or every row is there already.
    """
    newer.check_same_columns(old.dataset, new.dataset)
    newer.check_same_currency(old.dataset, new.dataset)
    new, spelled = respelled(old, turned(new, _dated_otherwise(old.dataset, new.dataset)))
    fields = tuple(_field(old.dataset, c, new.dataset) for c in old.dataset.columns)
    before, added = (_typed(arrival.table, fields) for arrival in (old, new))
    repeated = _repeated(before, added, fields)
    if repeated == len(added):
        raise UserError(
            f"Every row of {new.dataset.filename} is in {old.dataset.name} already.",
            "Choose the file with the newer rows.",
        )
    reading = Reading(
        table=pa.concat_tables([before, _numbered_on(added, _last(old))]),
        fields=fields,
        currency=old.dataset.currency or new.dataset.currency,
        decisions=(*old.dataset.decisions, f"{len(added):,} rows were added from {new.dataset.filename}."),
        warnings=(*_warnings(new.dataset, repeated, len(added)), *spelled),
        aside=_aside(old, new),
        choices=_chosen(old.dataset, new.dataset),
    )
    both = arrived(reading, filename=old.dataset.filename)
    carried = newer.carried(old.dataset, both)
    newer.check_roles(old.dataset, carried)
    return replace(both, dataset=carried)


def _chosen(old: Dataset, new: Dataset) -> tuple[ReaderChoice, ...]:
    """What persons have chosen about the reading: it holds for the next file, too."""
    found = {c.key: c for c in (*new.choices, *old.choices) if c.chosen}
    return tuple(found.values())


def _dated_otherwise(old: Dataset, new: Dataset) -> list[str]:
    """Columns whose days and months the two files leave open and that were read in different orders."""
    if day_order(new):
        return []  # said of this very file
    order = {c.slug: c.dayfirst for c in old.columns}
    return [
        c.slug for c in new.columns if None not in (order[c.slug], c.dayfirst) and c.dayfirst != order[c.slug]
    ]


def _field(dataset: Dataset, old: Column, new: Dataset) -> Field:
    here = next(c for c in new.columns if c.slug == old.slug)
    known = old if old.distinct else here
    type_, dayfirst = _type(dataset, old, here), known.dayfirst
    if type_ in DATED and old.distinct and here.distinct:
        if old.zoned != here.zoned:
            raise _other_zone(dataset, old)
        dayfirst = _dayfirst(dataset, old, here, bool(day_order(new)))
    return Field(slug=old.slug, name=old.name, type=type_, dayfirst=dayfirst, zoned=known.zoned)


def _dayfirst(dataset: Dataset, old: Column, new: Column, told: bool) -> bool | None:
    """The open order of day and month in all rows; None where they must not be turned together any more.

    `told` says that a person has said how the new file is to be read.
    """
    if old.dayfirst is None and new.dayfirst is not None and not told:
        raise UserError(
            f"In {new.name} of this file, “{new.examples[0]}” can be read with the day or the month first.",
            "Write its days as 2024-12-31, or say which comes first (in a command: --dayfirst yes or no).",
        )
    if old.dayfirst in (None, new.dayfirst):
        return old.dayfirst
    if "dayfirst" not in dict(dataset.answers):
        raise UserError(
            f"In {old.name} of {dataset.name}, “{old.examples[0]}” can be read day or month first.",
            "Answer which comes first, then add the rows.",
        )
    return None


def _other_zone(dataset: Dataset, old: Column) -> UserError:
    known, here = ("with", "without") if old.zoned else ("without", "with")
    return UserError(
        f"{dataset.name} has the times of {old.name} {known} their time zone, this file {here} it.",
        "Write them the same way, then add the rows.",
    )


def _type(dataset: Dataset, old: Column, new: Column) -> str:
    if old.type == new.type or not new.distinct:
        return old.type
    if not old.distinct:
        return new.type
    wider = _WIDER.get(frozenset({old.type, new.type}))
    if wider is None:
        raise UserError(
            f"{old.name} holds values such as “{old.examples[0]}” in {dataset.name},"
            f" and such as “{new.examples[0]}” in this file.",
            f"Correct {old.name} in the file and send it again.",
        )
    return wider


def _typed(table: pa.Table, fields: Sequence[Field]) -> pa.Table:
    columns = {"_row": pc.cast(table["_row"], pa.int64())}
    return pa.table(columns | {f.slug: _cast(table[f.slug], f) for f in fields})


def _cast(column: pa.ChunkedArray, field: Field) -> pa.ChunkedArray:
    try:
        return pc.cast(column, _ARROW[field.type])
    except pa.ArrowInvalid as error:  # whole numbers beyond 2^53 have no exact decimal number
        raise UserError(
            f"{field.name} holds whole numbers too large to stand exactly beside numbers with decimals.",
            f"Write {field.name} without decimals in the file and send it again.",
        ) from error


def _numbered_on(table: pa.Table, last: int) -> pa.Table:
    return table.set_column(0, "_row", pc.add(table["_row"], last))


def _last(arrival: Arrival) -> int:
    """The last row of the file that is known of, set aside or not."""
    tables = [arrival.table, *([arrival.aside] if arrival.aside is not None else [])]
    return max((pc.max(table["_row"]).as_py() or 0 for table in tables), default=0)


def _repeated(before: pa.Table, added: pa.Table, fields: Sequence[Field]) -> int:
    """How many of the added rows equal, in every column, one that was there before; gaps equal gaps."""
    same = " and ".join(f'b."{f.slug}" is not distinct from a."{f.slug}"' for f in fields)
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.register("b", before)
        connection.register("a", added)
        found = connection.execute(
            f"select count(*) from a where exists (select 1 from b where {same})"
        ).fetchone()
    return int(found[0]) if found else 0


def _aside(old: Arrival, new: Arrival) -> pa.Table | None:
    if new.aside is None:
        return old.aside
    added = _numbered_on(new.aside, _last(old))
    if old.aside is None:
        return added
    return pa.concat_tables([old.aside, added.cast(old.aside.schema)])


def _warnings(new: Dataset, repeated: int, rows: int) -> tuple[str, ...]:
    if not repeated:
        return ()
    return (
        f"{repeated:,} of the {rows:,} rows added from {new.filename} equal a row that was there before:"
        " they count twice unless repeated rows are left out.",
    )
