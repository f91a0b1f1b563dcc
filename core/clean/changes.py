"""How a column was spread before and after cleaning."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.clean.columns import Compared

MOST_BINS: Final = 20
SKEWED: Final = 30.0
"""Largest value in medians from which steps grow with the value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A column that cleaning changed, before and after, in its own unit.

    Attributes
    ----------
    edges : float array (b + 1,)
        Of at most 20 steps of a number; empty for a category.
    levels : tuple of str
        Of a category, at most 20, most frequent first; the rest is the last of them.
    before, after : int array (b,)
        Customers per step or level.
    empty_before, empty_after : int
        Customers without a value.
    """

    slug: str
    label: str
    unit: str
    edges: np.ndarray
    levels: tuple[str, ...]
    before: np.ndarray
    after: np.ndarray
    empty_before: int
    empty_after: int

    @property
    def moved(self) -> bool:
        """Whether a customer is in another step or level, came or left."""
        return self.empty_before != self.empty_after or not np.array_equal(self.before, self.after)


def changes(before: Compared, after: Compared) -> Change:
    """A column of the included customers, and of those who are compared, after every step."""
    spread = _levels if before.kind == "category" else _steps
    return spread(before, after)


def _steps(before: Compared, after: Compared) -> Change:
    was, now = (c.values[~np.isnan(c.values)] for c in (before, after))
    edges = _edges(np.concatenate([was, now]), whole=before.kind == "band" or before.unit == "count")
    return Change(
        slug=before.slug,
        label=before.label,
        unit=before.unit,
        edges=edges,
        levels=(),
        before=np.histogram(was, edges)[0],
        after=np.histogram(now, edges)[0],
        empty_before=before.values.size - was.size,
        empty_after=after.values.size - now.size,
    )


def _edges(values: np.ndarray, whole: bool) -> np.ndarray:
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    if whole and high - low < MOST_BINS:
        return np.arange(np.floor(low) - 0.5, np.ceil(high) + 1.0)
    if low > 0 and high > SKEWED * float(np.median(values)):
        edges = np.geomspace(low, high, MOST_BINS + 1)
        edges[[0, -1]] = low, high
        return edges
    return np.histogram_bin_edges(values, MOST_BINS, (low, high))


def _levels(before: Compared, after: Compared) -> Change:
    was, now = _counted(before), _counted(after)
    names = sorted({*was, *now}, key=lambda name: (-was.get(name, 0), -now.get(name, 0), name))
    shown, rest = names[: MOST_BINS - 1], names[MOST_BINS - 1 :]
    if len(rest) == 1:
        shown, rest = names, []
    groups = [[name] for name in shown] + ([rest] if rest else [])
    return Change(
        slug=before.slug,
        label=before.label,
        unit=before.unit,
        edges=np.zeros(0),
        levels=(*shown, *([f"{len(rest)} more"] if rest else [])),
        before=np.array([sum(was.get(name, 0) for name in group) for group in groups], dtype=np.int64),
        after=np.array([sum(now.get(name, 0) for name in group) for group in groups], dtype=np.int64),
        empty_before=int(np.isnan(before.values).sum()),
        empty_after=int(np.isnan(after.values).sum()),
    )


def _counted(column: Compared) -> dict[str, int]:
    codes = column.values[~np.isnan(column.values)].astype(np.int64)
    counts = np.bincount(codes, minlength=len(column.levels))
    return {name: int(n) for name, n in zip(column.levels, counts, strict=True) if n}
