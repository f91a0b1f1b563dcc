"""Which numbers go together: every column is ranked once, all pairs are products of matrices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from core.explore.levels import taken
from core.features.customers import Customers, Measure

COPIES: Final = 0.995
"""From here on two attributes say the same: that they go together is no news."""

LEAST: Final = 3
"""With fewer customers nothing goes together."""

_AT_ONCE: Final = 1 << 15
"""Customers: what is made of them then stays in the processor's cache."""

_SPAN: Final = 1 << 22
"""Whole numbers within so many steps are counted instead of sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlations:
    """Correlation of every two numeric measures, ordered so that like stands beside like.

    `strongest` are two pairs with their correlation, `copies` how many pairs say the same: these come last.
    """

    slugs: tuple[str, ...]
    labels: tuple[str, ...]
    values: np.ndarray
    kind: str
    strongest: tuple[tuple[str, str, float], ...]
    copies: int = 0


def numeric(customers: Customers) -> tuple[Measure, ...]:
    """Measures that hold numbers."""
    return tuple(m for m in customers.measures if m.numeric)


def correlations(customers: Customers, rows: np.ndarray, kind: str = "spearman") -> Correlations | None:
    """Pearson or Spearman correlation over customers that have both values; None with under two measures.

    For Spearman's ρ each measure is ranked among all customers with a value, ties sharing the middle of their
    ranks; a pair is then compared over the customers that have both.
    """
    measures, columns = [], []
    for m in numeric(customers):
        x = taken(customers.number(m.slug), rows)
        known = ~np.isnan(x)
        if known.sum() >= LEAST and np.nanmax(x) > np.nanmin(x):
            measures.append(m)
            columns.append(_scaled(_ranked(x, known) if kind == "spearman" else x, known))
    if len(columns) < 2:
        return None
    values = pairwise(columns)
    order = _by_likeness(np.nan_to_num(values))
    pairs = [
        (measures[i].label, measures[j].label, float(values[i, j]))
        for i in range(len(columns))
        for j in range(i)
        if not np.isnan(values[i, j])
    ]
    return Correlations(
        slugs=tuple(measures[i].slug for i in order),
        labels=tuple(measures[i].label for i in order),
        values=values[np.ix_(order, order)],
        kind=kind,
        strongest=tuple(sorted(pairs, key=lambda p: (abs(p[2]) >= COPIES, -abs(p[2])))[:2]),
        copies=sum(abs(r) >= COPIES for _, _, r in pairs),
    )


def correlation(x: np.ndarray, y: np.ndarray, kind: str) -> float:
    """Pearson's r, or Spearman's ρ (r of mid-ranks), where both are known; NaN where it does not exist."""
    both = ~(np.isnan(x) | np.isnan(y))
    a, b = x[both], y[both]
    if a.size < LEAST:
        return float("nan")
    if kind == "spearman":
        a, b = mid_ranks(a), mid_ranks(b)
    a, b = a - a.mean(), b - b.mean()
    spread = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / spread) if spread > 0 else float("nan")


def pairwise(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Pearson's r of every two columns over the places where both are known: (c, c).

    Columns should be near zero with a spread near one. NaN with fewer than three such places or without
    spread there.
    """
    gappy = np.flatnonzero([np.isnan(column).any() for column in columns])
    where = np.zeros(len(columns), dtype=np.int64)  # whose gaps a column has: nobody's, or its own
    where[gappy] = 1 + np.arange(gappy.size)
    n, across = np.zeros((gappy.size + 1,) * 2), np.zeros((len(columns),) * 2)
    sums, squares = np.zeros((2, len(columns), gappy.size + 1))
    with threadpool_limits(1):  # so small products on several threads mostly wait for each other
        for start in range(0, columns[0].size, _AT_ONCE):
            block = np.array([column[start : start + _AT_ONCE] for column in columns])
            known = np.ones((gappy.size + 1, block.shape[1]))
            known[1:] = ~np.isnan(block[gappy])
            block[gappy] = np.nan_to_num(block[gappy])
            n += known @ known.T
            across += block @ block.T
            sums += block @ known.T
            squares += np.square(block) @ known.T
    n, sums, squares = n[np.ix_(where, where)], sums[:, where], squares[:, where]
    least = np.where(n >= LEAST, n, np.nan)
    spread = squares - sums * sums / least
    return _ratio(across - sums * sums.T / least, spread, spread.T)


def mid_ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1, equal values sharing the middle of theirs."""
    if not values.size:
        return np.empty(0)
    low = float(values.min())
    if float(values.max()) - low < _SPAN and (values == np.floor(values)).all():
        at = (values - low).astype(np.int64)
        counts = np.bincount(at)
        last = np.cumsum(counts)
        return ((last - counts + 1 + last) / 2)[at]
    order = np.argsort(values)
    ordered = values[order]
    new = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    ends = np.append(new[1:], values.size)
    ranks = np.empty(values.size)
    ranks[order] = np.repeat((new + 1 + ends) / 2, ends - new)
    return ranks


def _ranked(x: np.ndarray, known: np.ndarray) -> np.ndarray:
    if known.all():
        return mid_ranks(x)
    ranks = np.full(x.size, np.nan)
    ranks[known] = mid_ranks(x[known])
    return ranks


def _scaled(x: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Near zero with a spread near one, so that sums of squares lose no digits."""
    some = x if known.all() else x[known]
    centred = x - some.mean()
    spread = float(some.std())
    return centred / spread if spread > 0 else centred


def _ratio(across: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    tiny = 1e-12
    spread = np.sqrt(np.where((one > tiny) & (other > tiny), one * other, np.nan))
    found = np.clip(across / spread, -1.0, 1.0)
    found = (found + found.T) / 2
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def _by_likeness(values: np.ndarray) -> list[int]:
    """A greedy chain: start at the measure most alike to all, then always the one most alike to the last."""
    left = list(range(len(values)))
    strength = np.abs(values)
    order = [int(np.argmax(strength.sum(axis=1)))]
    left.remove(order[0])
    while left:
        order.append(max(left, key=lambda j: strength[order[-1], j]))
        left.remove(order[-1])
    return order
