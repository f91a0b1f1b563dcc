"""Cells of a workbook as columns: those of one kind keep it, a column of several kinds becomes text."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

Cell = Any
"""int, float, str, bool, date, datetime, time or timedelta; empty text for an empty cell."""


def column(cells: Sequence[Cell]) -> pa.ChunkedArray:
    """The cells of a column as an array: text, numbers, moments or yes and no."""
    kinds = set(map(type, cells))
    gaps = str in kinds and kinds != {str} and not any(cell.strip() for cell in cells if type(cell) is str)
    if gaps:
        cells = [None if type(cell) is str else cell for cell in cells]
        kinds -= {str, type(None)}
    build = next((build for accepted, build in _KINDS if kinds <= accepted), _mixed)
    return pa.chunked_array([build(cells)])


def text(cell: Cell) -> str:
    """A cell as it would stand in a text file."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


def _mixed(cells: Sequence[Cell]) -> pa.Array:
    return pa.array(["" if cell is None else text(cell) for cell in cells], pa.string())


def _moments(cells: Sequence[Cell]) -> pa.Array:
    day, start = dt.date, dt.time()
    full = [dt.datetime.combine(cell, start) if type(cell) is day else cell for cell in cells]
    return pa.array(full, pa.timestamp("us"))


def _numbers(cells: Sequence[Cell]) -> pa.Array:
    return pa.array(np.asarray(cells, dtype=np.float64), from_pandas=True)  # None becomes NaN, NaN a gap


_KINDS: Final[tuple[tuple[frozenset[type], Callable[[Sequence[Cell]], pa.Array]], ...]] = (
    (frozenset({str}), lambda cells: pa.array(cells, pa.string())),
    (frozenset({bool}), lambda cells: pa.array(cells, pa.bool_())),
    (frozenset({int, float}), _numbers),
    (frozenset({dt.date}), lambda cells: pa.array(cells, pa.date32())),
    (frozenset({dt.date, dt.datetime}), _moments),
)
