"""What is known of each column: quartiles, periods, small histograms, most frequent values."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np

from core.io.dataset import Column, TableRef
from core.io.engine import Engine
from core.quality.bins import day_edges, number_edges, place
from core.quality.contract import Bins, ColumnQuality, Level, Period, Spread
from core.quality.narrow import closely, in_parts, narrow

NUMBERS: Final = ("integer", "number")
DATED: Final = ("date", "datetime")
NAMES: Final = ("id", "order", "product")
"""Roles whose numbers name things: their size says nothing."""

CODES: Final = (*NAMES, "flag", "category", "gender", "country", "band", "consent")
"""Roles whose numbers are no amounts: they have frequent values, but no unusually high ones."""

PRIVATE: Final = ("personal", "email")
MOST_LEVELS: Final = 8
EXACT_ROWS: Final = 2_000_000
"""Above so many rows quartiles and middle days come from a sample: they need all values at once."""

_EPOCH: Final = dt.date(1970, 1, 1)
_SPREADING: Final = 2_654_435_761
_RANGE: Final = 2**32


def described(engine: Engine, ref: TableRef) -> tuple[ColumnQuality, ...]:
    """Every column of a stored table, without the count of its outliers; of very many, not all closely."""
    parts = in_parts(closely(ref.columns))
    known = {found.slug: found for some in parts for found in _described(engine, ref, some)}
    return tuple(known.get(c.slug) or ColumnQuality(**_basis(c)) for c in ref.columns)


def _described(engine: Engine, ref: TableRef, columns: Sequence[Column]) -> tuple[ColumnQuality, ...]:
    table = narrow(engine.table(ref.content), [c.slug for c in columns])
    middles = _middles(engine, sample(table, ref.rows, EXACT_ROWS), columns)
    spreads = {c.slug: _spread(c, middles[c.slug]) for c in columns if _is_spread(c)}
    edges = {c.slug: _edges(c, spreads.get(c.slug)) for c in columns if _has_bins(c)}
    counted = _counted(engine, table, ref.rows, columns, edges)
    return tuple(
        ColumnQuality(
            **_basis(c),
            spread=spreads.get(c.slug),
            period=_period(c, middles[c.slug]) if _is_dated(c) else None,
            top=_top(counted[c.slug], c) if c.slug not in edges else (),
            bins=_bins(edges[c.slug], counted[c.slug]) if c.slug in edges else None,
        )
        for c in columns
    )


def _basis(column: Column) -> dict[str, Any]:
    names = ("slug", "name", "type", "role", "missing", "distinct")
    return {name: getattr(column, name) for name in names}


def sample(table: ir.Table, rows: int, most: int) -> ir.Table:
    """About `most` rows, spread evenly over the table by their number; all where there are no more."""
    if rows <= most:
        return table
    return table.filter((table["_row"] * _SPREADING) % _RANGE < int(most / rows * _RANGE))


def is_amount(column: Column) -> bool:
    """Whether the column's numbers can be unusually high or low."""
    return _is_spread(column) and column.role not in CODES


def _is_spread(column: Column) -> bool:
    ends = (column.minimum, column.maximum)
    finite = all(e is not None and math.isfinite(float(e)) for e in ends) if column.type in NUMBERS else False
    return finite and column.role not in PRIVATE


def _is_dated(column: Column) -> bool:
    return column.type in DATED and column.minimum is not None and column.role not in PRIVATE


def _has_bins(column: Column) -> bool:
    return (_is_spread(column) and column.role not in CODES) or _is_dated(column)


def _has_levels(column: Column, rows: int) -> bool:
    repeats = column.distinct < rows - column.missing
    telling = column.role not in (*PRIVATE, "order") and not column.personal
    return repeats and telling and not _has_bins(column)


def _middles(engine: Engine, table: ir.Table, columns: Sequence[Column]) -> Mapping[str, list[float]]:
    """The three quartiles of each number, and the middle day, in days since 1970, of each date."""
    wanted = {
        c.slug: table[c.slug].cast("float64").quantile([0.25, 0.5, 0.75]) for c in columns if _is_spread(c)
    }
    wanted |= {c.slug: days(table[c.slug]).quantile([0.5]) for c in columns if _is_dated(c)}
    return {k: v[0] for k, v in engine.run(table.agg(**wanted)).to_pydict().items()} if wanted else {}


def days(value: ir.Value) -> ir.IntegerValue:
    """A date as days since 1 Jan 1970."""
    return value.cast("date").epoch_days()


def _spread(column: Column, quartiles: list[float]) -> Spread:
    first, median, third = quartiles
    return Spread(
        minimum=float(column.minimum or 0),
        first_quartile=first,
        median=median,
        third_quartile=third,
        maximum=float(column.maximum or 0),
    )


def _period(column: Column, middle: list[float]) -> Period:
    first, last = (dt.date.fromisoformat((end or "")[:10]) for end in (column.minimum, column.maximum))
    return Period(first=first, middle=_EPOCH + dt.timedelta(days=math.floor(middle[0])), last=last)


def _edges(column: Column, spread: Spread | None) -> np.ndarray:
    if spread is not None:
        return number_edges(spread, whole=column.type == "integer")
    ends = [dt.date.fromisoformat((end or "")[:10]) for end in (column.minimum, column.maximum)]
    return day_edges(*((end - _EPOCH).days for end in ends))


def _counted(
    engine: Engine,
    table: ir.Table,
    rows: int,
    columns: Sequence[Column],
    edges: Mapping[str, np.ndarray],
) -> Mapping[str, list[tuple[str, int]]]:
    """Rows per bin, or per frequent value, of each column, in one query."""
    parts = [
        _per_bin(table, c, edges[c.slug], at) if c.slug in edges else _per_level(table, c, at)
        for at, c in enumerate(columns)
        if c.slug in edges or _has_levels(c, rows)
    ]
    found: dict[str, list[tuple[str, int]]] = {c.slug: [] for c in columns}
    if parts:
        counts = engine.run(ibis.union(*parts) if len(parts) > 1 else parts[0]).to_pydict()
        for at, value, n in zip(counts["at"], counts["value"], counts["rows"], strict=True):
            found[columns[at].slug].append((value, n))
    return found


def _per_bin(table: ir.Table, column: Column, edges: np.ndarray, at: int) -> ir.Table:
    value = table[column.slug]
    number = days(value) if column.type in DATED else value
    inside, which = place(number.cast("float64"), edges)
    binned = table.filter(inside).select(bin=which)
    return _part(binned.group_by("bin").agg(rows=binned.count()), "bin", at)


def _per_level(table: ir.Table, column: Column, at: int) -> ir.Table:
    known = table.filter(table[column.slug].notnull()).select(value=table[column.slug])
    counted = known.group_by("value").agg(rows=known.count())
    return _part(counted.order_by(ibis.desc("rows"), "value").limit(MOST_LEVELS), "value", at)


def _part(counts: ir.Table, value: str, at: int) -> ir.Table:
    """Counts of column number `at`, in the shape that those of all columns share."""
    return counts.select(
        value=counts[value].cast("string"), rows=counts["rows"], at=ibis.literal(at, "int64")
    )


def _top(counts: list[tuple[str, int]], column: Column) -> tuple[Level, ...]:
    words = {"true": "yes", "false": "no"} if column.type == "flag" else {}
    ordered = sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    return tuple(Level(value=words.get(value, value), rows=rows) for value, rows in ordered)


def _bins(edges: np.ndarray, counts: list[tuple[str, int]]) -> Bins:
    found = np.zeros(edges.size - 1, dtype=np.int64)
    for place_, rows in counts:
        found[int(place_)] = rows
    return Bins(edges=edges, counts=found)
