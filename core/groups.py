"""Whether there are groups at all: the best silhouette against that of data of the same shape without any."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from core.cluster.lloyd import gridded
from core.cluster.roughly import nearest, roughly
from core.features.prepare import SKEWED
from core.silhouette import silhouette_samples
from core.threads import several

SAMPLE: Final = 600
MARGIN: Final = 0.01
"""How far the best silhouette must be above the 99th percentile of every reference."""

_KS: Final = range(2, 9)
_LEAST_SHARE: Final = 0.02
_STARTS: Final = 3
_DRAWS: Final = (4, 8, 24)
_OPEN: Final = 0.03
_NONE: Final = -1.0
_FEWEST: Final = 40
_MOST_VALUES: Final = 0.05
_PILE: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Data without groups: its name in words, and the 99th percentile of the best silhouette there."""

    name: str
    percentile: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether there are groups.

    Attributes
    ----------
    kind : str
        `groups`; `piles`, where they are no more than equal values; `none`; or `unknown` for too few rows.
    silhouette : float
        The best mean silhouette over 2 to 8 segments of at least 2 % each; −1 where there are none such.
    references : tuple of Reference
    piles : tuple of str
        The columns whose equal values make the groups.
    hopkins : float or None
        Hopkins statistic (Hopkins and Skellam 1954): 0.5 for uniform data. It also calls one crowd grouped,
        and decides nothing.
    rows : int
        Rows looked at.
    """

    kind: str
    silhouette: float = _NONE
    references: tuple[Reference, ...] = ()
    piles: tuple[str, ...] = ()
    hopkins: float | None = None
    rows: int = 0


def verdict(x: np.ndarray, names: tuple[str, ...], seed: int) -> Verdict:
    """Judge compared numbers, on at most 600 rows.

    The best silhouette must be above the 99th percentile of each of some kinds of data without groups: spread
    evenly in the box of the principal axes (Tibshirani, Walther and Hastie 2001), a Gaussian of the same
    covariance, a cloud of the same covariance whose distances from the middle are the data's own, in
    directions at random, which has its heavy tails, and where columns are skewed a Gaussian that is made as
    skewed (by the inverse of the transformation of Yeo and Johnson 2000).

    Parameters
    ----------
    x : float array (m, p)
    names : tuple of str
        Of the p columns.
    """
    rng = np.random.default_rng([seed, len(x)])
    x = x if len(x) <= SAMPLE else x[np.sort(rng.choice(len(x), SAMPLE, replace=False))]
    varying = np.ptp(x, axis=0) > 0
    x, names = x[:, varying], tuple(n for n, v in zip(names, varying, strict=True) if v)
    if len(x) < _FEWEST or not x.shape[1]:
        return Verdict(kind="unknown", rows=len(x))
    best, references = _compared(x, rng)
    kind, piles = "groups" if _beats(best, references) else "none", tuple[str, ...]()
    if kind == "groups" and (piled := _piled(x)).any():
        even = np.where(piled, _evened(x, rng), x)
        if not _beats(*_compared(even, rng)):
            kind, piles = "piles", tuple(n for n, p in zip(names, piled, strict=True) if p)
    return Verdict(
        kind=kind,
        silhouette=best,
        references=references,
        piles=piles,
        hopkins=hopkins(x, rng),
        rows=len(x),
    )


def hopkins(x: np.ndarray, rng: np.random.Generator) -> float:
    """Σ u / (Σ u + Σ w) over a tenth of the rows: u from points drawn evenly in the columns' ranges to the
    nearest row, w from a row to the nearest other one, both to the power of the columns."""
    from scipy.spatial import cKDTree

    number, p = max(1, len(x) // 10), x.shape[1]
    tree = cKDTree(x)
    even = rng.uniform(x.min(axis=0), x.max(axis=0), size=(number, p))
    u = tree.query(even)[0] ** p
    w = tree.query(x[rng.choice(len(x), number, replace=False)], k=2)[0][:, 1] ** p
    total = float(u.sum() + w.sum())
    return float(u.sum()) / total if total > 0 else 0.5


def _beats(best: float, references: tuple[Reference, ...]) -> bool:
    return all(best > one.percentile + MARGIN for one in references)


def _compared(x: np.ndarray, rng: np.random.Generator) -> tuple[float, tuple[Reference, ...]]:
    """The best silhouette of x, and the references."""
    shape, best = _shape(x), _best(x, rng)
    drawn: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
        name: partial(draw, shape) for name, draw in _WITHOUT.items()
    }
    if (skewed := _skewed(x)).any():
        drawn[_BENT] = _bent(x, skewed)
    references: list[Reference] = []
    with several() as pool:
        for name, draw in drawn.items():
            seeds = rng.integers(2**63, size=_DRAWS[-1]).tolist()
            lost = any(best <= one.percentile + MARGIN for one in references)
            one = partial(_without, draw)
            references.append(_reference(name, best, seeds[: _DRAWS[0]] if lost else seeds, one, pool))
    return best, tuple(references)


def _reference(
    name: str, best: float, seeds: list[int], one: Callable[[int], float], pool: ThreadPoolExecutor
) -> Reference:
    """As many draws as it takes to tell on which side of the percentile the best is."""
    found: list[float] = []
    for number in _DRAWS:
        found += pool.map(one, seeds[len(found) : number])
        known = Reference(name=name, percentile=_percentile(found))
        beaten = best > known.percentile + MARGIN + _OPEN
        if beaten or best < float(np.mean(found)) or len(found) == len(seeds):
            return known
    return known


def _without(draw: Callable[[np.random.Generator], np.ndarray], seed: int) -> float:
    rng = np.random.default_rng(seed)
    return _best(draw(rng), rng)


def _percentile(found: list[float]) -> float:
    """The 99th, of a normal distribution of which only a few draws are known, those with segments."""
    from scipy.stats import t

    found = [one for one in found if one > _NONE]
    if len(found) < 2:
        return max(found, default=_NONE)
    wide = float(t.ppf(0.99, len(found) - 1)) * float(np.sqrt(1 + 1 / len(found)))
    return min(float(np.mean(found)) + wide * float(np.std(found, ddof=1)), 1.0)


def _best(x: np.ndarray, rng: np.random.Generator) -> float:
    """The highest mean silhouette of K-Means over all numbers of segments whose smallest is large enough."""
    grid = gridded(x).x
    labelings = {k: nearest(grid, one.centres) for k, one in roughly(grid, _KS, rng, _STARTS).items()}
    least = _LEAST_SHARE * len(x)
    able = {k: labels for k, labels in labelings.items() if np.bincount(labels, minlength=k).min() >= least}
    samples = silhouette_samples(x, able, np.arange(len(x))) if able else {}
    return max((float(found.mean()) for found in samples.values() if found is not None), default=_NONE)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Principal axes (q, p) of some rows, their lengths (q,), and the rows along them in lengths (m, q)."""

    along: np.ndarray
    lengths: np.ndarray
    axes: np.ndarray

    def rows(self, along: np.ndarray) -> np.ndarray:
        """Rows (m, p) from what they are along the axes, in lengths."""
        return np.asarray((along * self.lengths) @ self.axes)


def _shape(x: np.ndarray) -> _Shape:
    left, lengths, axes = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
    return _Shape(along=left * np.sqrt(len(x)), lengths=lengths / np.sqrt(len(x)), axes=axes)


def _in_a_box(shape: _Shape, rng: np.random.Generator) -> np.ndarray:
    along = shape.along
    return shape.rows(rng.uniform(along.min(axis=0), along.max(axis=0), size=along.shape))


def _in_one_crowd(shape: _Shape, rng: np.random.Generator) -> np.ndarray:
    return shape.rows(rng.normal(size=shape.along.shape))


def _as_far_from_the_middle(shape: _Shape, rng: np.random.Generator) -> np.ndarray:
    far = np.sqrt((shape.along**2).sum(axis=1))
    towards = rng.normal(size=shape.along.shape)
    towards /= np.sqrt((towards**2).sum(axis=1))[:, None]
    return shape.rows(towards * far[rng.integers(far.size, size=far.size)][:, None])


_WITHOUT: Final[dict[str, Callable[[_Shape, np.random.Generator], np.ndarray]]] = {
    "spread evenly": _in_a_box,
    "one crowd": _in_one_crowd,
    "one crowd with as many extreme customers": _as_far_from_the_middle,
}
_BENT: Final = "one crowd, as lopsided"


def _skewed(x: np.ndarray) -> np.ndarray:
    """Which columns of more than two values are skewed."""
    from scipy.stats import skew

    several_values = np.array([np.unique(column).size > 2 for column in x.T])
    return several_values & (np.abs(skew(x, axis=0)) > SKEWED)


def _bent(x: np.ndarray, skewed: np.ndarray) -> Callable[[np.random.Generator], np.ndarray]:
    """One Gaussian crowd of the covariance that the columns have when their skew is evened out, bent back."""
    from sklearn.preprocessing import PowerTransformer

    even, bend = x.copy(), PowerTransformer(standardize=False)
    even[:, skewed] = bend.fit_transform(x[:, skewed])
    shape, middle, ends = _shape(even), even.mean(axis=0), (even.min(axis=0), even.max(axis=0))

    def draw(rng: np.random.Generator) -> np.ndarray:
        crowd = np.clip(middle + _in_one_crowd(shape, rng), *ends)  # beyond, some can't be bent back
        crowd[:, skewed] = bend.inverse_transform(crowd[:, skewed])
        return crowd

    return draw


def _piled(x: np.ndarray) -> np.ndarray:
    """Which columns have few values, one of them with many rows."""
    found = []
    for column in x.T:
        _, counts = np.unique(column, return_counts=True)
        few = counts.size <= max(2, _MOST_VALUES * len(x))
        found.append(few and counts.max() >= _PILE * len(x))
    return np.array(found)


def _evened(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each value spread evenly over its part of the line, halfway to its neighbours."""
    even = np.empty_like(x)
    for i, column in enumerate(x.T):
        values, at = np.unique(column, return_inverse=True)
        half = np.diff(values) / 2
        below, above = np.concatenate((half[:1], half)), np.concatenate((half, half[-1:]))
        even[:, i] = column + rng.uniform(-below[at], above[at])
    return even
