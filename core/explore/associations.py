"""How strongly categories go with each other and with numbers.

Two categories: Cramér's V, corrected for the bias of small samples (Bergsma 2013, A bias-correction for
Cramér's V and Tschuprow's T). A category and a number: the correlation ratio η, the root of the share of the
number's variance that lies between the category's groups (Fisher 1925).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.explore.correlations import LEAST, numeric
from core.explore.levels import levels_of, taken
from core.features.customers import Customers, Measure

MOST_LEVELS: Final = 50
"""Rarer levels are counted together as one."""

_NOTHING: Final = 1e-14
"""A spread so much smaller than the values is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Associations:
    """Categories (rows) with categories and numbers (columns), 0 not related to 1 one tells the other.

    Attributes
    ----------
    values : float array (rows, columns)
        NaN where it does not exist, and of a category with itself.
    kinds : tuple of str
        Per column `v` (Cramér's V) or `eta`.
    merged : tuple of str
        Labels of categories with more than `MOST_LEVELS` levels.
    """

    slugs: tuple[str, ...]
    labels: tuple[str, ...]
    column_slugs: tuple[str, ...]
    column_labels: tuple[str, ...]
    kinds: tuple[str, ...]
    values: np.ndarray
    merged: tuple[str, ...]


def groupable(customers: Customers) -> tuple[Measure, ...]:
    """Measures that divide customers into a few groups."""
    return tuple(m for m in customers.measures if m.unit in ("band", "category", "flag"))


def associations(customers: Customers, rows: np.ndarray) -> Associations | None:
    """How strongly the categories go with everything else; None without a category with two levels."""
    categories, codes, merged = [], [], []
    for m in groupable(customers):
        found = levels_of(customers, rows, m.slug, MOST_LEVELS)
        if np.unique(found.codes[found.codes >= 0]).size > 1:
            categories.append(m)
            codes.append(found.codes)
            merged += [m.label] if len(found.names) == MOST_LEVELS and "other" in found.names[-1:] else []
    numbers = numeric(customers)
    if not categories or len(categories) + len(numbers) < 2:
        return None
    values = np.full((len(categories), len(categories) + len(numbers)), np.nan)
    for i in range(len(categories)):
        for j in range(i):
            values[i, j] = values[j, i] = cramers_v(crossed(codes[i], codes[j]))
    groupings = [_Grouping.of(one) for one in codes]
    for j, m in enumerate(numbers):
        number = _Number.of(taken(customers.number(m.slug), rows))
        for i, grouping in enumerate(groupings):
            values[i, len(categories) + j] = _ratio(grouping, number)
    kept = tuple(categories) if len(categories) > 1 else ()  # a category with itself says nothing
    values = values if kept else values[:, 1:]
    columns = (*kept, *numbers)
    return Associations(
        slugs=tuple(m.slug for m in categories),
        labels=tuple(m.label for m in categories),
        column_slugs=tuple(m.slug for m in columns),
        column_labels=tuple(m.label for m in columns),
        kinds=("v",) * len(kept) + ("eta",) * len(numbers),
        values=values,
        merged=tuple(merged),
    )


def crossed(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Counts of every two codes, −1 left out: int (levels of one, levels of other)."""
    known = (one >= 0) & (other >= 0)
    shape = (int(one.max(initial=-1)) + 1, int(other.max(initial=-1)) + 1)
    cell = one[known].astype(np.int64) * shape[1] + other[known]
    return np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)


def cramers_v(counts: np.ndarray, corrected: bool = True) -> float:
    """Cramér's V of a table of counts, 0 to 1; NaN with one row or column, or hardly any customers.

    Parameters
    ----------
    corrected : bool
        Whether the bias of small samples is taken off (Bergsma 2013).
    """
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0].astype(np.float64)
    n, (r, k) = float(counts.sum()), counts.shape
    if min(r, k) < 2 or n < LEAST:
        return float("nan")
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    phi = float(((counts - expected) ** 2 / expected).sum()) / n
    if not corrected:
        return float(np.sqrt(phi / (min(r, k) - 1)))
    phi = max(0.0, phi - (k - 1) * (r - 1) / (n - 1))
    rows, columns = r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)
    least = min(rows, columns) - 1
    return min(float(np.sqrt(phi / least)), 1.0) if least > 0 else float("nan")


def correlation_ratio(codes: np.ndarray, x: np.ndarray) -> float:
    """η of a number between the groups of a category (−1: none); NaN without spread or with one group."""
    return _ratio(_Grouping.of(codes), _Number.of(x))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grouping:
    """A category's codes from 1 on, 0 for none; who has none; and the customers of each code."""

    codes: np.ndarray
    none: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, codes: np.ndarray) -> "_Grouping":
        shifted = codes.astype(np.int64) + 1
        return cls(codes=shifted, none=np.flatnonzero(codes < 0), counts=np.bincount(shifted, minlength=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    """A number about its mean, 0 where it is not known; where that is; and the sum of its squares."""

    y: np.ndarray
    gaps: np.ndarray
    squares: float

    @classmethod
    def of(cls, x: np.ndarray) -> "_Number":
        gaps = np.flatnonzero(np.isnan(x))
        y = x - (x.mean() if not gaps.size else np.nanmean(x) if gaps.size < x.size else 0.0)
        y[gaps] = 0.0
        return cls(y=y, gaps=gaps, squares=float(np.square(y).sum()))


def _ratio(groups: _Grouping, number: _Number) -> float:
    size = groups.counts.size
    n = (groups.counts - np.bincount(groups.codes[number.gaps], minlength=size))[1:]
    some = n > 0
    if some.sum() < 2 or n.sum() < LEAST:
        return float("nan")
    sums = np.bincount(groups.codes, weights=number.y, minlength=size)[1:]
    mean = float(sums.sum() ** 2 / n.sum())
    total = number.squares - float(np.square(number.y[groups.none]).sum()) - mean
    if total <= _NOTHING * number.squares:
        return float("nan")
    between = float((sums[some] ** 2 / n[some]).sum()) - mean
    return min(float(np.sqrt(max(between, 0.0) / total)), 1.0)
