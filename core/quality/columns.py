"""What is known of each column: quartiles, periods, small histograms, most frequent values."""

import datetime as dt
import math
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np

from core.io.dataset import Column, TableRef
from core.io.engine import Engine
from core.quality.bins import day_edges, number_edges
from core.quality.contract import Bins, ColumnQuality, Level, Period, Spread
from core.quality.narrow import closely, narrow
from core.quality.numbers import Numbers, most_frequent, quantile

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


def described(engine: Engine, ref: TableRef) -> tuple[ColumnQuality, ...]:
    """Every column of a stored table, without the count of its outliers; of very many, not all closely."""
    table = engine.table(ref.content)
    numbers = Numbers(engine.folder(ref.content) / "table.parquet", ref.rows, EXACT_ROWS)
    known: dict[str, dict[str, Any]] = {}
    for column in closely(ref.columns):
        values = numbers.ordered(column.slug) if _has_order(column) else None
        if values is not None:
            known[column.slug] = _ordered(numbers, column, values)
        if not _has_levels(column, ref.rows):
            continue
        if values is not None and numbers.exact and column.type == "integer":
            frequent = most_frequent(values, MOST_LEVELS)
        else:
            frequent = _most_frequent(engine, table, column)
        known.setdefault(column.slug, {})["top"] = _levels(column, frequent)
    return tuple(ColumnQuality(**_basis(c), **known.get(c.slug, {})) for c in ref.columns)


def _basis(column: Column) -> dict[str, Any]:
    names = ("slug", "name", "type", "role", "missing", "distinct")
    return {name: getattr(column, name) for name in names}


def is_amount(column: Column) -> bool:
    """Whether the column's numbers can be unusually high or low."""
    return _is_spread(column) and column.role not in CODES


def _is_spread(column: Column) -> bool:
    ends = (column.minimum, column.maximum)
    finite = all(e is not None and math.isfinite(float(e)) for e in ends) if column.type in NUMBERS else False
    return finite and column.role not in PRIVATE


def _is_dated(column: Column) -> bool:
    return column.type in DATED and column.minimum is not None and column.role not in PRIVATE


def _has_order(column: Column) -> bool:
    return _is_spread(column) or _is_dated(column)


def _has_bins(column: Column) -> bool:
    return is_amount(column) or _is_dated(column)


def _has_levels(column: Column, rows: int) -> bool:
    repeats = column.distinct < rows - column.missing
    telling = column.role not in (*PRIVATE, "order") and not column.personal
    return repeats and telling and not _has_bins(column)


def _ordered(numbers: Numbers, column: Column, values: np.ndarray) -> dict[str, Any]:
    """Spread or period, and bins, of a column that has them."""
    if _is_dated(column):
        period = _period(column, quantile(values, 0.5))
        edges = day_edges((period.first - _EPOCH).days, (period.last - _EPOCH).days)
        return {"period": period, "bins": _bins(numbers, column, values, edges)}
    spread = _spread(column, *(quantile(values, share) for share in (0.25, 0.5, 0.75)))
    if not _has_bins(column):
        return {"spread": spread}
    edges = number_edges(spread, whole=column.type == "integer")
    return {"spread": spread, "bins": _bins(numbers, column, values, edges)}


def _spread(column: Column, first: float, median: float, third: float) -> Spread:
    return Spread(
        minimum=float(column.minimum or 0),
        first_quartile=first,
        median=median,
        third_quartile=third,
        maximum=float(column.maximum or 0),
    )


def _period(column: Column, middle: float) -> Period:
    first, last = (dt.date.fromisoformat((end or "")[:10]) for end in (column.minimum, column.maximum))
    return Period(first=first, middle=_EPOCH + dt.timedelta(days=math.floor(middle)), last=last)


def _bins(numbers: Numbers, column: Column, values: np.ndarray, edges: np.ndarray) -> Bins:
    return Bins(edges=edges, counts=numbers.per_bin(column.slug, values, edges))


def _most_frequent(engine: Engine, table: ir.Table, column: Column) -> list[tuple[str, int]]:
    """As `core.quality.numbers.most_frequent`; a query per column takes half the time of one for all."""
    some = narrow(table, [column.slug])
    known = some.filter(some[column.slug].notnull())
    counted = known.group_by(value=known[column.slug]).agg(rows=known.count())
    most = counted.order_by(ibis.desc("rows"), "value").limit(MOST_LEVELS)
    found = engine.run(most.mutate(value=most["value"].cast("string"))).to_pydict()
    return list(zip(found["value"], found["rows"], strict=True))


def _levels(column: Column, frequent: list[tuple[str, int]]) -> tuple[Level, ...]:
    words = {"true": "yes", "false": "no"} if column.type == "flag" else {}
    ordered = sorted(frequent, key=lambda pair: (-pair[1], pair[0]))
    return tuple(Level(value=words.get(value, value), rows=rows) for value, rows in ordered)
