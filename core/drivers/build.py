"""What separates the segments: how much of each column they explain, and what a guess loses without it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.differences.sums import Blocks
from core.drivers.alike import alike
from core.features.customers import Customers, Measure
from core.features.sampled import of_rows

LOOKED_AT: Final = 100_000
DRAWS: Final = 200
GUESSED: Final = 2_500
REPEATS: Final = 3
MOST_LEVELS: Final = 20
_TREES: Final = 30
_DEPTH: Final = 10
_WIDE: Final = 1.959964
_FAR: Final = 1e30
"""What a larger number counts as in a tree: it holds, and adds up, single floats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One column and how it separates the segments.

    Attributes
    ----------
    made : bool
        Whether the segments were built on it.
    explained, low, high : float
        Share of its variance that the segments explain (η²; of a category that of its words together, which
        is Goodman and Kruskal's τ), 0 to 1, with its 95 % interval.
    drop, drop_low, drop_high : float
        How many of 100 customers are put into a wrong segment for want of it, with its 95 % interval: the
        fall of the accuracy of a forest when the column, together with those that say the same, is shuffled
        among customers the forest has not seen (Breiman 2001).
    together : tuple of str
        Labels of the columns that are shuffled with it.
    tied : bool
        Whether its interval reaches that of the column before it: their order says nothing.
    """

    slug: str
    label: str
    made: bool
    explained: float
    low: float
    high: float
    drop: float
    drop_low: float
    drop_high: float
    together: tuple[str, ...] = ()
    tied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """Columns by the share that the segments explain, the highest first.

    Attributes
    ----------
    accuracy : float
        Share of unseen customers whose segment the forest guesses from all columns.
    rows, seen : int
        Customers looked at (a sample where there are more), and those whose segment was guessed.
    """

    drivers: tuple[Driver, ...]
    accuracy: float
    rows: int
    seen: int


@dataclass(frozen=True, slots=True)
class _Column:
    """A number (n,), NaN where missing; or of a category the place of its word among q, −1 where missing."""

    measure: Measure
    values: np.ndarray
    q: int = 0

    def parts(self, blocks: Blocks) -> np.ndarray:
        """Sums over blocks (size, 1 + 2q), as `shares` takes them."""
        if self.q:
            known = self.values >= 0
            at = blocks.of[known] * self.q + self.values[known]
            levels = np.bincount(at, minlength=blocks.size * self.q).reshape(-1, self.q).astype(np.float64)
            return np.hstack([levels.sum(axis=1, keepdims=True), levels, levels])
        return blocks.added(_standard(self.values))

    def hot(self, rows: np.ndarray) -> np.ndarray:
        """Some rows as numbers (m, 1 or q), NaN where missing."""
        own = self.values[rows]
        if not self.q:
            return np.clip(own, -_FAR, _FAR)[:, None]
        return np.where(own[:, None] < 0, np.nan, own[:, None] == np.arange(self.q))


def drivers(
    customers: Customers, rows: np.ndarray, made: Collection[str], labels: np.ndarray, seed: int = 0
) -> Drivers:
    """Rank the columns of the customer sheet by what the segments explain of them.

    Parameters
    ----------
    rows : int array (n,)
        Of the customer sheet: the study's customers.
    made : collection of str
        Slugs of the columns that the segments were built on.
    labels : int array (n,)
        Segment of each; 0 for none, which are left out.
    """
    inside = _some(np.flatnonzero(labels > 0), seed)
    numbers, at = np.unique(labels[inside], return_inverse=True)
    columns = _columns(of_rows(customers, rows[inside]))
    if numbers.size < 2 or not columns:
        return Drivers(drivers=(), accuracy=1.0, rows=int(inside.size), seen=0)
    blocks = Blocks(at, numbers.size, seed)
    values = with_intervals([column.parts(blocks) for column in columns], blocks)
    drops, accuracy, seen = _drops(columns, at, np.random.default_rng([seed, inside.size]))
    found = [
        Driver(
            slug=column.measure.slug,
            label=column.measure.label,
            made=column.measure.slug in made,
            explained=value,
            low=max(0.0, value - wide),
            high=min(1.0, value + wide),
            drop=drop.mean,
            drop_low=drop.mean - drop.wide,
            drop_high=drop.mean + drop.wide,
            together=drop.together,
        )
        for column, (value, wide), drop in zip(columns, values, drops, strict=True)
    ]
    return Drivers(drivers=_ranked(found), accuracy=accuracy, rows=int(inside.size), seen=seen)


def explained(x: np.ndarray, at: np.ndarray, k: int) -> float:
    """Share of the variance of x (m,) that lies between groups `at` 0…k−1 (η²).

    Missing values are left out; 0 where nothing varies.
    """
    known = ~np.isnan(x)
    even, at = _standard(x[known]), at[known]
    sums = [np.bincount(at, y, k) for y in (np.ones_like(even), even, even * even)]
    return float(shares(np.column_stack(sums)[None])[0])


def _standard(values: np.ndarray) -> np.ndarray:
    """Numbers about their mean, so small that their squares can be added up; NaN stay."""
    known = ~np.isnan(values)
    if not known.any():
        return values
    top = float(np.abs(values[known]).max()) or 1.0
    even = values / top
    return np.asarray(even - even[known].mean())


def _some(inside: np.ndarray, seed: int) -> np.ndarray:
    """All of them, or a sample of so many that more would make no difference to be seen."""
    if inside.size <= LOOKED_AT:
        return inside
    return np.sort(np.random.default_rng([seed, inside.size]).choice(inside, LOOKED_AT, replace=False))


def _columns(customers: Customers) -> list[_Column]:
    found = []
    for measure in customers.measures:
        if not measure.makes:
            continue
        if measure.numeric or measure.levels:
            values = customers.number(measure.slug)
            known = values[~np.isnan(values)]
            if known.size and np.ptp(known):
                found.append(_Column(measure, values))
        else:
            codes, words = customers.codes(measure.slug)
            own = codes.astype(np.int64)
            if len(words) <= MOST_LEVELS and np.unique(own[own >= 0]).size > 1:
                found.append(_Column(measure, own, len(words)))
    return found


def with_intervals(parts: list[np.ndarray], blocks: Blocks) -> list[tuple[float, float]]:
    """The share explained of each column, and half the width of its 95 % interval, by a bootstrap."""
    ends = np.cumsum([part.shape[1] for part in parts])[:-1]
    every = np.hstack(parts)
    whole = np.split(blocks.whole(every)[None], ends, axis=2)
    drawn = np.split(blocks.drawn(every, DRAWS), ends, axis=2)
    return [
        (float(shares(one)[0]), _WIDE * float(shares(many).std(ddof=1)))
        for one, many in zip(whole, drawn, strict=True)
    ]


def shares(sums: np.ndarray) -> np.ndarray:
    """Share explained (draws,) from the number, sums and sums of squares of each group (draws, k, 1 + 2q)."""
    q = (sums.shape[2] - 1) // 2
    n, total, squares = sums[:, :, :1], sums[:, :, 1 : 1 + q], sums[:, :, 1 + q :]
    middle = total.sum(axis=1) ** 2 / np.maximum(n.sum(axis=1), 1)
    whole = (squares.sum(axis=1) - middle).sum(axis=1)
    between = ((total**2 / np.maximum(n, 1)).sum(axis=1) - middle).sum(axis=1)
    return np.where(whole > 0, np.clip(between / np.where(whole > 0, whole, 1), 0, 1), 0.0)


@dataclass(frozen=True, slots=True)
class _Drop:
    mean: float
    wide: float
    together: tuple[str, ...]


def _drops(
    columns: list[_Column], at: np.ndarray, rng: np.random.Generator
) -> tuple[list[_Drop], float, int]:
    """What each column's shuffling loses, in customers of 100; the accuracy; how many were guessed."""
    some = rng.permutation(at.size)[: 2 * GUESSED]
    half = some.size // 2
    hot = [column.hot(some) for column in columns]
    x, own = np.hstack(hot).astype(np.float32), at[some]
    guess = _forest(x[:half], own[:half])
    unseen, truth = x[half:], own[half:]
    right = guess(unseen) == truth
    ends = np.cumsum([block.shape[1] for block in hot])
    spans = [np.arange(end - block.shape[1], end) for end, block in zip(ends, hot, strict=True)]
    found: list[_Drop | None] = [None] * len(columns)
    for group in alike(hot):
        mixed = _shuffled(unseen, np.concatenate([spans[i] for i in group]), rng)
        each = right - (guess(mixed).reshape(REPEATS, -1) == truth).mean(axis=0)
        wide = _WIDE * 100 * float(each.std(ddof=1)) / float(np.sqrt(each.size)) if each.size > 1 else np.inf
        for i in group:
            others = tuple(columns[j].measure.label for j in group if j != i)
            found[i] = _Drop(100 * float(each.mean()), wide, others)
    return [one for one in found if one is not None], float(right.mean()), int(truth.size)


def _forest(x: np.ndarray, at: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """A forest that guesses the segment of rows (m, p) float32."""
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(
        n_estimators=_TREES, max_depth=_DEPTH, min_samples_leaf=5, random_state=0, n_jobs=1
    )
    forest.fit(x, at)

    def guess(rows: np.ndarray) -> np.ndarray:
        votes = sum(
            tree.tree_.predict(rows) for tree in forest.estimators_
        )  # its own predict checks each tree
        return np.asarray(forest.classes_[np.argmax(votes, axis=1)])

    return guess


def _shuffled(x: np.ndarray, columns: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The rows several times over, each time with some columns of other customers."""
    mixed = np.tile(x, (REPEATS, 1))
    others = np.concatenate([rng.permutation(len(x)) for _ in range(REPEATS)])
    mixed[:, columns] = x[others][:, columns]
    return mixed


def _ranked(found: list[Driver]) -> tuple[Driver, ...]:
    order = sorted(found, key=lambda d: (-d.explained, d.slug))
    return tuple(
        one if i == 0 else replace(one, tied=one.high >= order[i - 1].low) for i, one in enumerate(order)
    )
