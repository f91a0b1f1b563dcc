"""Customers with their segment as rows to take away, safe to open in a spreadsheet."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa

from core.compare import Moves
from core.features.labels import LABELS, YES
from core.pipeline import Results

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
CHUNK: Final = 10_000
CODES: Final = {1: "yes", 0: "no", -1: ""}


def safe_text(value: str) -> str:
    """Text that a spreadsheet takes as text: `'` before a cell that would begin a formula."""
    return "'" + value if value.startswith(FORMULA) else value


def customer_rows(results: Results, chosen: np.ndarray | None = None) -> Iterator[list[Any]]:
    """A header and one row per customer: id, segment, name, every measure and label.

    Parameters
    ----------
    results : Results
        With matrix, clustering and profile.
    chosen : bool array (n,), optional
        Which of the study's customers; all without it.

    Yields
    ------
    list
        Numbers as they are, None for a missing value, text safe for spreadsheets. Measures always uncapped.
    """
    customers, matrix, clustering, profile = (
        results.customers,
        results.matrix,
        results.clustering,
        results.profile,
    )
    assert matrix is not None and clustering is not None and profile is not None
    names = {s.number: s.name for s in profile.segments}
    measures, labels = list(customers.measures), [info.key for info in customers.labels if not info.reason]
    marks = [] if matrix.unusual is None else ["unusual"]
    slugs = [m.slug for m in measures]
    yield [safe_text(c) for c in ["id", "segment", "segment_name", *slugs, *labels, *marks]]
    at = np.flatnonzero(chosen) if chosen is not None else np.arange(matrix.rows.size)
    for start in range(0, at.size, CHUNK):
        part = at[start : start + CHUNK]
        table = taken(customers.table, matrix.rows[part])
        columns: list[Any] = [[safe_text(i) for i in table["id"].to_pylist()]]
        numbers = clustering.labels[part].tolist()
        columns += [numbers, [safe_text(names[n]) for n in numbers]]
        columns += [[_cell(v) for v in table[m.slug].to_pylist()] for m in measures]
        columns += [[CODES[v] for v in table[key].to_pylist()] for key in labels]
        if matrix.unusual is not None:
            columns.append([CODES[int(v)] for v in matrix.unusual[part]])
        yield from (list(row) for row in zip(*columns, strict=True))


def moved_rows(results: Results, moves: Moves, pair: tuple[int, int] | None = None) -> Iterator[list[Any]]:
    """A header and one row per customer who is in another segment in another model: id, both segments.

    Parameters
    ----------
    results : Results
        With their comparison.
    moves : Moves
        One of its moves.
    pair : (int, int), optional
        Only the customers of these two segments, here and there; then those who stay, too.
    """
    customers, matrix, clustering, found = (
        results.customers,
        results.matrix,
        results.clustering,
        results.comparison,
    )
    assert matrix is not None and clustering is not None and found is not None
    here, there = ({p.number: p.name for p in found.models[at].parts} for at in (0, moves.model))
    yield ["id", "segment", "segment_name", "other_segment", "other_segment_name"]
    at = np.flatnonzero(moves.who(clustering.labels, pair))
    for start in range(0, at.size, CHUNK):
        part = at[start : start + CHUNK]
        ids = taken(customers.table.select(["id"]), matrix.rows[part])["id"].to_pylist()
        for row in zip(ids, clustering.labels[part].tolist(), moves.there[part].tolist(), strict=True):
            yield [safe_text(row[0]), row[1], safe_text(here[row[1]]), row[2], safe_text(there[row[2]])]


def label_mask(results: Results, key: str) -> np.ndarray:
    """Which of the study's customers carry a label; everybody for `all`."""
    assert results.matrix is not None
    if key not in LABELS:
        return np.ones(results.matrix.rows.size, dtype=bool)
    return np.asarray(results.customers.number(key)[results.matrix.rows] == YES)


def taken(table: pa.Table, rows: np.ndarray) -> pa.Table:
    """Some rows of a table, in the order given; without `pa.array`, which imports pandas."""
    places = np.ascontiguousarray(rows, dtype=np.int64)
    return table.take(pa.Int64Array.from_buffers(pa.int64(), places.size, [None, pa.py_buffer(places)]))


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else round(value, 6)
    return safe_text(value) if isinstance(value, str) else value
