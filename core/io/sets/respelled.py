"""Customers of a newer file under the spelling of their number that is here already."""

from dataclasses import replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import UserError
from core.io.dataset import Column
from core.io.meaning.spelling import canonical
from core.io.sets.arrival import Arrival

_DIFFERENT: Final = "leading zeros, “.0”, blanks or capital letters"


def respelled(old: Arrival, new: Arrival) -> tuple[Arrival, tuple[str, ...]]:
    """The newer rows with each customer's number as the older rows spell it, and a sentence where any was.

    Nobody becomes two customers because one file says 0001 and the other 1. Numbers of customers that the
    older rows do not know stay as they stand.

    Raises
    ------
    UserError
        When a number of the newer file may be any of several customers, since spellings also tell customers
        apart.
    """
    ident = old.dataset.table.one("id")
    here = next((c for c in new.dataset.columns if ident and c.slug == ident.slug), None)
    if ident is None or here is None or not _may_differ(ident, here):
        return new, ()
    column = _text(new.table[here.slug])
    known, added = _different(_text(old.table[ident.slug])), _different(column)
    at = _others(known, added)
    count = len(at) - at.null_count
    if not count:
        return new, ()
    if (word := _unclear(known, added, at)) is not None:
        raise UserError(
            f"{ident.name} “{word}” of {new.dataset.filename} may be one of several customers of"
            f" {old.dataset.name}: they differ only in {_DIFFERENT}.",
            f"Spell {ident.name} in the file as in {old.dataset.name} and send it again.",
        )
    words = pc.coalesce(known.take(at), added).take(pc.index_in(column, value_set=added))
    return _with(new, here, words), (_said(ident.name, new.dataset.filename, count),)


def _may_differ(old: Column, new: Column) -> bool:
    """Whole numbers are spelled alike; nothing else than whole numbers and text names a customer."""
    return {old.type, new.type} in ({"text"}, {"integer", "text"})


def _others(known: pa.Array, added: pa.Array) -> pa.Array:
    """For each added number the place of the known one of which it is another spelling, else null."""
    same = pc.index_in(canonical(added), value_set=canonical(known))
    return pc.if_else(pc.is_in(added, value_set=known), pa.scalar(None, same.type), same)


def _unclear(known: pa.Array, added: pa.Array, at: pa.Array) -> str | None:
    """The first number to be respelled whose spellings tell customers of one of the files apart."""
    ours, theirs = canonical(known), canonical(added)
    several = pc.is_in(theirs, value_set=pa.concat_arrays([_twice(ours), _twice(theirs)]))
    found = added.filter(pc.and_(pc.is_valid(at), several))
    return str(found[0].as_py()) if len(found) else None


def _twice(words: pa.Array) -> pa.Array:
    counted = pc.value_counts(words)
    return counted.field("values").filter(pc.greater(counted.field("counts"), 1))


def _with(arrival: Arrival, column: Column, words: pa.ChunkedArray) -> Arrival:
    place = arrival.table.column_names.index(column.slug)
    table = arrival.table.set_column(place, column.slug, words)
    columns = tuple(replace(c, type="text") if c is column else c for c in arrival.dataset.columns)
    dataset = replace(arrival.dataset, table=replace(arrival.dataset.table, columns=columns))
    return replace(arrival, dataset=dataset, table=table)


def _said(column: str, filename: str, count: int) -> str:
    numbers = "1 number" if count == 1 else f"{count:,} numbers"
    return (
        f"{column}: {numbers} of {filename} and of rows that were there before differ only in {_DIFFERENT},"
        " and were taken for the same customers."
    )


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.cast(column, pa.large_string())


def _different(column: pa.ChunkedArray) -> pa.Array:
    return pc.unique(pc.drop_null(column))
