"""Steps of a measure at readable numbers, so that a link to one of them is short and exact."""

import math
from typing import Final

import numpy as np

from core.explore.levels import Conditions
from core.param import Filter

STEPS: Final = 30
"""About so many steps are aimed at; readable ones are some more or fewer."""

NEARLY: Final = 0.99
"""The share of values that an axis shows where the highest are left off."""

_EVEN: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_WHOLE: Final = (1.0, 2.0, 5.0, 10.0)
_DECADES: Final = (
    ("1",),
    ("1", "3"),
    ("1", "2", "5"),
    ("1", "1.6", "2.5", "4", "6.3"),
    ("1", "1.25", "1.6", "2", "2.5", "3.2", "4", "5", "6.3", "8"),
    (
        *("1", "1.1", "1.25", "1.4", "1.6", "1.8", "2", "2.2", "2.5", "2.8"),
        *("3.2", "3.6", "4", "4.5", "5", "5.6", "6.3", "7.1", "8", "9"),
    ),
)
"""Preferred numbers (after Renard's series): about even steps on a logarithmic axis."""

_SAME: Final = 1e-14
"""Steps this much smaller than the values are no steps: all values are one."""


def wide(known: np.ndarray) -> bool:
    """Whether a measure spans so much that even steps would put nearly everybody in one of them."""
    positive = known[known > 0]
    if positive.size < 10 or positive.size < 0.9 * known.size:
        return False
    low, middle, high = np.quantile(positive, [0.05, 0.5, 0.995])
    return bool(high > 12 * middle and high > 50 * low)


def edges_of(usable: np.ndarray, log: bool, whole: bool, about: int = STEPS) -> np.ndarray:
    """The edges of steps that hold all values: (b + 1,), ascending; the last step includes its upper edge.

    Parameters
    ----------
    usable : float array
        Without NaN; above zero where `log`.
    whole : bool
        Whether edges are whole numbers, and each whole number begins a step of its own where there is room.
    """
    if not usable.size:
        return np.array([1.0, 10.0]) if log else np.array([0.0, 1.0])
    low, high = float(usable.min()), float(usable.max())
    if log:
        return _even_in_logarithms(low, high, whole, about)
    return _even(low, high, whole, about)


def nearly_all(known: np.ndarray) -> np.ndarray:
    """The values without the highest 1 %: those up to the 99th percentile."""
    return known[known <= np.quantile(known, NEARLY)] if known.size else known


def place_of(values: np.ndarray, edges: np.ndarray, ends: bool = True) -> np.ndarray:
    """The step of each value: int (n,), −1 for one outside and for NaN.

    `ends` says whether the last step includes its upper edge.
    """
    at = np.searchsorted(edges, values, side="right") - 1
    if ends:
        at[values == edges[-1]] = edges.size - 2
    at[(at > edges.size - 2) | np.isnan(values)] = -1
    return np.asarray(at)


def within(slug: str, edges: np.ndarray, at: int, ends: bool = True) -> Conditions:
    """Who lies in a step; `ends` as in `place_of`."""
    last = ends and at == edges.size - 2
    return (
        Filter(slug, "ge", (digits(edges[at]),)),
        Filter(slug, "le" if last else "lt", (digits(edges[at + 1]),)),
    )


def digits(value: float) -> str:
    """The shortest text that reads back as exactly this number; 1 for 1.0."""
    value = float(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _even(low: float, high: float, whole: bool, about: int) -> np.ndarray:
    span = high - low
    rough = max(span / about, 1.0 if whole else 0.0)
    if rough <= max(abs(low), abs(high)) * _SAME:
        return np.array([low, high + max(1.0, abs(high) / 100)])
    power = math.floor(math.log10(rough))
    step = next(s for s in (_WHOLE if whole else _EVEN) if s * 10.0**power >= rough * (1 - 1e-9))
    step *= 10.0**power
    begin = math.floor(low / step + 1e-9)
    begin -= begin * step > low
    count = max(math.ceil((high - begin * step) / step - 1e-9), 1)
    count += (begin + count) * step < high or (whole and (begin + count) * step <= high)
    edges = np.arange(begin, begin + count + 1) * step
    rounded = np.round(edges, max(0, 2 - power))
    holds = rounded[0] <= low and rounded[-1] >= high
    return np.asarray(rounded if holds else edges, dtype=np.float64)


def _even_in_logarithms(low: float, high: float, whole: bool, about: int) -> np.ndarray:
    decades = math.log10(high) - math.log10(low)
    fitting = [series for series in _DECADES if decades * len(series) <= about * 1.3]
    series = fitting[-1] if fitting else _DECADES[0]
    every = max(1, round(decades / about)) if not fitting else 1
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + every + 1, every)
    found = np.array([float(f"{number}e{power}") for power in powers for number in series])
    found = np.unique(np.ceil(found)) if whole else found
    found = found[np.isfinite(found) & (found > 0)]
    start = max(int(np.searchsorted(found, low, side="right")) - 1, 0)
    end = int(np.searchsorted(found, high, side="right" if whole else "left"))
    edges = found[start : max(end, start + 1) + 1]
    top = [high] if edges[-1] < high else []
    bottom = [low] if edges[0] > low else []
    return np.concatenate([bottom, edges, top])
