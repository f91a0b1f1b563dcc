"""The edges of small histograms."""

import math
from typing import Final

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
