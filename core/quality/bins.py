"""The edges of small histograms, and the bin of a value, on the same arithmetic as numpy's."""

import math
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np

from core.quality.contract import Spread

MOST: Final = 20


def number_edges(spread: Spread, *, whole: bool) -> np.ndarray:
    """Even edges over the usual values; whole numbers lie in the middle of their bins.

    Where the usual values are one value, as of a column that is mostly 0, the edges go over all values.
    """
    low, high = max(spread.minimum, spread.limits[0]), min(spread.maximum, spread.limits[1])
    if high <= low:
        low, high = spread.minimum, spread.maximum
    return _whole(math.ceil(low), math.floor(high)) if whole else _even(low, high)


def day_edges(first: int, last: int) -> np.ndarray:
    """Even edges in days since 1 Jan 1970."""
    return _whole(first, last)


def place(value: ir.FloatingValue, edges: np.ndarray) -> tuple[ir.BooleanValue, ir.IntegerValue]:
    """Whether a value lies within the edges, and the number of its bin as `numpy.histogram` counts."""
    low, high, bins = float(edges[0]), float(edges[-1]), edges.size - 1
    first, step = _double(low), _double((high - low) / bins)
    near = ((value - first) / step).floor().cast("float64")
    # division may put a value that is on an edge, or next to one, into the neighbouring bin
    near = near - (value < first + near * step).ifelse(_double(1.0), _double(0.0))
    near = near + (value >= first + (near + _double(1.0)) * step).ifelse(_double(1.0), _double(0.0))
    inside = (value >= first) & (value <= _double(high))
    return inside, ibis.least(ibis.greatest(near.cast("int64"), 0), bins - 1)


def _double(value: float) -> ir.FloatingValue:
    """A plain number in SQL is a decimal, on which arithmetic is slow and another than numpy's."""
    return ibis.literal(repr(value)).cast("float64")


def _whole(low: int, high: int) -> np.ndarray:
    step = max(1, math.ceil((high - low + 1) / MOST))
    bins = math.ceil((high - low + 1) / step)
    return low - 0.5 + step * np.arange(bins + 1, dtype=np.float64)


def _even(low: float, high: float) -> np.ndarray:
    if high <= low:
        return np.array([low - 0.5, high + 0.5])
    edges = low + (high - low) / MOST * np.arange(MOST + 1)
    edges[-1] = high
    return edges
