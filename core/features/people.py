"""The customer table beside a log: its columns by customer, and who is in only one of the two."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.features.catalog import LOG_NAMES, columns_as_measures
from core.features.customers import Measure
from core.features.lines import key_of
from core.features.recipe import possible, without_blanks
from core.io.dataset import Column, Dataset, TableRef
from core.io.engine import Engine
from core.io.meaning.spelling import canonical
from core.spec import Clean

LOG: Final = "log"
PEOPLE: Final = "customer table"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The customer table's columns by the log's customer numbers; without one everything is empty.

    Attributes
    ----------
    table : pyarrow Table or None
        `customer` as the log spells it, and a column per measure.
    prospects : int
        Customers of the table without a line in the log.
    """

    table: pa.Table | None = None
    measures: tuple[Measure, ...] = ()
    prospects: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """For each number of the table its place among the log's, null where there is none.

    `respelled` counts the pairs whose spelling differs, `unclear` those that only differ by spelling but were
    not paired, since spellings also tell numbers of one side apart.
    """

    at: pa.Array
    respelled: int = 0
    unclear: int = 0


def people(engine: Engine, dataset: Dataset, clean: Clean, present: pa.ChunkedArray | None) -> People:
    """The customer table of a log, joined to the log's customers on their number.

    Numbers may be spelled differently (0001, 1, 1.0; A-7, a-7): they are compared without leading zeros,
    `.0`, blanks and case where that keeps all numbers of either side apart, else as they are.

    Parameters
    ----------
    present : pyarrow ChunkedArray of str or None
        The log's customers on the snapshot day, each once.
    """
    ref = dataset.people
    if ref is None or ref.one("id") is None or present is None:
        return People()
    found = columns_as_measures(ref, taken=LOG_NAMES)
    table = _table(engine, ref, found, clean, dataset)
    log = _ids(engine, dataset.table)  # on any day: a prospect has no line at all
    match = _matched(log, table["customer"].combine_chunks())
    known = pc.is_valid(match.at)
    spelled = pa.chunked_array([log.take(match.at.filter(known))])
    joined = table.filter(known)
    joined = joined.set_column(joined.column_names.index("customer"), "customer", spelled)
    missing = pc.sum(pc.invert(pc.is_in(present, value_set=spelled.combine_chunks()))).as_py() or 0
    return People(
        table=joined,
        measures=tuple(m for m, _ in found),
        prospects=table.num_rows - joined.num_rows,
        notes=_notes(match, missing),
    )


def unmatched(engine: Engine, dataset: Dataset) -> Iterator[tuple[str, str]]:
    """(side, number) of the customers who are in only one of a log and its customer table.

    First the log's, then the table's, each in the order of their numbers and as they are spelled there.
    Nothing without a customer table.
    """
    ref = dataset.people
    if ref is None or ref.one("id") is None:
        return
    log = _ids(engine, dataset.table)
    table = _ids(engine, ref)
    at = _matched(log, table).at
    in_log = np.zeros(len(log), dtype=bool)
    in_log[at.drop_null().to_numpy()] = True
    yield from ((LOG, word) for word in sorted(log.filter(pa.array(~in_log)).to_pylist()))
    yield from ((PEOPLE, word) for word in sorted(table.filter(pc.is_null(at)).to_pylist()))


def as_in_log(engine: Engine, dataset: Dataset, numbers: pa.Array) -> pa.Array:
    """How the log spells numbers of its customer table (each once), null where it has none of them."""
    log = _ids(engine, dataset.table)
    return log.take(_matched(log, numbers).at)


def value_of(table: ir.Table, column: Column) -> ir.Value:
    """A column of a customer table as the sheet holds it: numbers as floats, all else as text."""
    value = table[column.slug]
    if column.role in ("category", "gender", "country", "flag", "since") or column.levels:
        return value.cast("string").strip().nullif("")
    return value.cast("float64") if column.type in ("integer", "number") else value.cast("string")


def _table(
    engine: Engine, ref: TableRef, found: list[tuple[Measure, Column]], clean: Clean, dataset: Dataset
) -> pa.Table:
    """The first row of each customer number, after the recipe."""
    ident = ref.one("id")
    assert ident is not None
    table = without_blanks(engine.table(ref.content), ref.columns, clean)
    table = possible(table, ref.columns, clean, dataset)
    chosen = {m.slug: value_of(table, c) for m, c in found}
    key = key_of(table, ident).cast("string")
    rows = table.select(customer=key, _row=table["_row"], **chosen)
    rows = engine.run(rows.filter(rows.customer.notnull())).sort_by("_row")
    places = pa.table([rows["customer"], np.arange(rows.num_rows)], names=["customer", "at"])
    first = places.group_by("customer").aggregate([("at", "min")])["at_min"].to_numpy()
    return rows.take(np.sort(first)).drop(["_row"])


def _ids(engine: Engine, ref: TableRef) -> pa.Array:
    """The customer numbers of a table, each once, as text."""
    ident = ref.one("id")
    assert ident is not None, "a log and a joined table have a customer number"
    table = engine.table(ref.content)
    found = table.select(customer=key_of(table, ident).cast("string")).distinct()
    return engine.run(found.filter(found.customer.notnull()))["customer"].combine_chunks()


def _matched(log: pa.Array, table: pa.Array) -> _Match:
    exact = pc.index_in(table, value_set=log)
    ours, theirs = canonical(log), canonical(table)
    loose = pc.index_in(theirs, value_set=ours)
    more = exact.null_count - loose.null_count
    if len(pc.unique(ours)) < len(log) or len(pc.unique(theirs)) < len(table):
        return _Match(at=exact, unclear=more)
    return _Match(at=loose, respelled=more)


def _notes(match: _Match, missing: int) -> tuple[str, ...]:
    found = []
    if match.respelled:
        found.append(
            f"{match.respelled:,} customer numbers are spelled differently in the log and the customer table"
            " (leading zeros, “.0”, blanks or capital letters) and were matched all the same."
        )
    if match.unclear:
        found.append(
            f"{match.unclear:,} customer numbers differ between the log and the customer table only in"
            " leading zeros, “.0”, blanks or capital letters. They were not matched, because these also tell"
            " customers of one table apart. Spell them alike in both files."
        )
    if missing:
        found.append(f"{missing:,} customers of the log are not in the customer table.")
    return tuple(found)
