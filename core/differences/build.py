"""From a study's customers and segments to how these differ."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.choose import Clustering
from core.differences.evidence import by_levels, by_numbers, holm
from core.differences.result import Category, Differences, Number
from core.differences.sums import Drawn, Means
from core.explore.levels import taken
from core.features.customers import Customers, Measure
from core.features.matrix import Matrix
from core.features.prepare import LARGEST

TESTED: Final = 100_000
"""Customers up to which all are looked at by the tests; of more a sample."""

SMALL: Final = 5
"""Under this many customers on either side nothing is said."""

MAX_LEVELS: Final = 12
LEAST: Final = 10
"""Customers that a number's test needs on either side: of five, all can have what a fifth have by chance."""

RULED: Final = ("recency", "orders", "monetary")
"""What the RFM rules make segments of."""


def made_of(matrix: Matrix, clustering: Clustering) -> frozenset[str]:
    """The columns that a study's segments were built on."""
    return frozenset(RULED if clustering.algorithm == "rules" else matrix.columns)


def differences(customers: Customers, matrix: Matrix, clustering: Clustering) -> Differences:
    """How the segments of a study differ from the rest and from each other, over every column of the sheet.

    Intervals are over all customers; the tests of columns that did not make the segments are over a sample
    where there are more than 100,000.
    """
    labels, k = clustering.labels.astype(np.int64), clustering.k
    s = k + int((labels == 0).any())
    seen = _Seen(
        customers=customers,
        rows=matrix.rows,
        places=np.where(labels == 0, k, labels - 1),
        s=s,
        some=_tested(labels.size),
        made=made_of(matrix, clustering),
    )
    numbers = _numbers(seen, [m for m in customers.measures if m.numeric])
    categories = [_category(seen, m) for m in customers.measures if m.unit in ("band", "category", "flag")]
    return _corrected(seen, numbers, [c for c in categories if len(c.levels) > 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Who is looked at: the study's rows of the sheet, the segment 0…s−1 of each, those that tests see."""

    customers: Customers
    rows: np.ndarray
    places: np.ndarray
    s: int
    some: np.ndarray
    made: Collection[str]


def _tested(n: int) -> np.ndarray:
    if n <= TESTED:
        return np.arange(n)
    return np.sort(np.random.default_rng(n).choice(n, TESTED, replace=False))


def _numbers(seen: _Seen, measures: list[Measure]) -> list[Number]:
    """Numbers with raw p-values."""
    drawn = Drawn(seen.places, seen.s)
    spreads, units, tested = [], [], []
    for m in measures:
        x = taken(seen.customers.number(m.slug), seen.rows)
        unit = _unit(x)
        x = x / unit if unit != 1 else x
        known = x[~np.isnan(x)]
        spreads.append(float(known.std()) if known.size else 0.0)
        units.append(unit)
        tested.append(_tests(seen, m, x))
        drawn.take(x)
    found = zip(measures, drawn.means(), spreads, units, tested, strict=True)
    return [_number(m, means, spread, unit, p, m.slug in seen.made) for m, means, spread, unit, p in found]


def _tests(seen: _Seen, measure: Measure, x: np.ndarray) -> np.ndarray:
    if measure.slug in seen.made:
        return np.full(seen.s, np.nan)
    return by_numbers(x[seen.some], seen.places[seen.some], seen.s)


def _number(m: Measure, means: Means, spread: float, unit: float, p: np.ndarray, made: bool) -> Number:
    known = means.known
    smaller = np.minimum(known, known.sum() - known)
    few = smaller < SMALL
    pairs = (known[:, None] < SMALL) | (known[None, :] < SMALL)
    np.fill_diagonal(pairs, few)
    p = np.where(smaller < LEAST, np.nan, p)
    ranges = np.where(pairs, np.nan, np.stack(means.intervals()))
    ranges[:2] *= unit
    return Number(
        slug=m.slug,
        label=m.label,
        unit=m.unit,
        made=made,
        spread=spread * unit,
        each=np.stack([known, means.means * unit, means.rests * unit, means.weight, p]),
        ranges=ranges,
    )


def _unit(x: np.ndarray) -> float:
    """What values are divided by so that their squares are floats."""
    top = float(max(np.nanmax(x, initial=0.0), -np.nanmin(x, initial=0.0)))
    return top if top > LARGEST else 1.0


def _category(seen: _Seen, m: Measure) -> Category:
    """A category with raw p-values of its levels."""
    codes, levels = seen.customers.codes(m.slug)
    codes = taken(codes, seen.rows)
    if len(levels) > MAX_LEVELS:
        levels, codes = (*levels[: MAX_LEVELS - 1], "other"), np.minimum(codes, MAX_LEVELS - 1)
    made, q = m.slug in seen.made, len(levels)
    counts = _counts(codes, seen.places, seen.s, q)
    p = np.full((seen.s, q), np.nan)
    if not made and q > 1:
        p = by_levels(_counts(codes[seen.some], seen.places[seen.some], seen.s, q))
    own = counts.sum(axis=1)
    p[np.minimum(own, own.sum() - own) < SMALL] = np.nan
    return Category(
        slug=m.slug,
        label=m.label,
        unit=m.unit,
        made=made,
        levels=tuple(levels),
        counts=counts,
        p=p,
    )


def _counts(codes: np.ndarray, places: np.ndarray, s: int, q: int) -> np.ndarray:
    width = q + 1  # who has none comes first
    return np.bincount(places * width + codes + 1, minlength=s * width).reshape(s, width)[:, 1:]


def _corrected(seen: _Seen, numbers: list[Number], categories: list[Category]) -> Differences:
    """The same with p-values corrected over all tests of the study.

    A category is one test a segment: the smallest p of its levels times their number (Bonferroni).
    """
    raw = np.array([*(n.each[4] for n in numbers), *map(_by_level, categories)]).reshape(-1, seen.s)
    p, tests = holm(raw), int((~np.isnan(raw)).sum())
    return Differences(
        sizes=np.bincount(seen.places, minlength=seen.s),
        numbers=tuple(
            replace(n, each=np.vstack([n.each[:4], own])) for n, own in zip(numbers, p, strict=False)
        ),
        categories=tuple(replace(c, p=np.minimum(c.p * len(c.levels) * tests, 1)) for c in categories),
        tested=int(seen.some.size),
        tests=tests,
    )


def _by_level(category: Category) -> np.ndarray:
    """One p-value a segment (s,)."""
    smallest = np.min(np.where(np.isnan(category.p), np.inf, category.p), axis=1) * len(category.levels)
    return np.where(np.isinf(smallest), np.nan, np.minimum(smallest, 1.0))
