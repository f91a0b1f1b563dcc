"""Whether there are groups at all: the best silhouette against that of data of the same shape without any."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.cluster.lloyd import gridded, several_steps
from core.cluster.starts import plus_plus
from core.silhouette import silhouette_samples
from core.threads import several

SAMPLE: Final = 600
MARGIN: Final = 0.01
"""How far the best silhouette must be above the 99th percentile of every reference."""

_KS: Final = range(2, 9)
_LEAST_SHARE: Final = 0.02
_STARTS: Final = 3
_STEPS: Final = 12
_FIRST: Final = 7
_DRAWS: Final = 24
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

    The best silhouette must be above the 99th percentile of each of three kinds of data without groups:
    spread evenly in the box of the principal axes (Tibshirani, Walther and Hastie 2001), a Gaussian of the
    same covariance, and a cloud of the same covariance whose distances from the middle are the data's own, in
    directions at random, which has its heavy tails.

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
    """The best silhouette of x, and the references; more are drawn where a few leave it open."""
    shape, best = _shape(x), _best(x, rng)

    def one(draw: _Draw, seed: int) -> float:
        own = np.random.default_rng(seed)
        return _best((draw(shape, own) * shape.lengths) @ shape.axes, own)

    references: list[Reference] = []
    with several() as pool:
        for name, draw in _WITHOUT.items():
            seeds = rng.integers(2**63, size=_DRAWS).tolist()
            found = list(pool.map(one, [draw] * _FIRST, seeds[:_FIRST]))
            lost = any(best < one.percentile + MARGIN - _OPEN for one in references)
            if not lost and abs(best - _percentile(found) - MARGIN) < _OPEN:
                found += pool.map(one, [draw] * (_DRAWS - _FIRST), seeds[_FIRST:])
            references.append(Reference(name=name, percentile=_percentile(found)))
    return best, tuple(references)


def _percentile(found: list[float]) -> float:
    """The 99th, of a normal distribution of which only a few draws are known."""
    from scipy.stats import t

    wide = float(t.ppf(0.99, len(found) - 1)) * float(np.sqrt(1 + 1 / len(found)))
    return float(np.mean(found)) + wide * float(np.std(found, ddof=1))


def _best(x: np.ndarray, rng: np.random.Generator) -> float:
    """The highest mean silhouette of K-Means over all numbers of segments whose smallest is large enough."""
    grid = gridded(x)
    begun = [c for _ in range(_STARTS) for c in plus_plus(grid.x, _KS, rng)]
    fits = several_steps(grid.x, begun, _STEPS)
    labelings = {}
    for i, k in enumerate(_KS):
        centres = min(fits[i :: len(_KS)], key=lambda fit: fit.inertia).centres
        labels = ((centres * centres).sum(axis=1)[:, None] / 2 - centres @ grid.x.T).argmin(axis=0)
        if np.bincount(labels, minlength=k).min() >= _LEAST_SHARE * len(x):
            labelings[k] = labels
    if not labelings:
        return _NONE
    samples = silhouette_samples(x, labelings, np.arange(len(x)))
    return max((float(found.mean()) for found in samples.values() if found is not None), default=_NONE)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Principal axes (q, p) of some rows, their lengths (q,), and the rows along them in lengths (m, q)."""

    along: np.ndarray
    lengths: np.ndarray
    axes: np.ndarray


def _shape(x: np.ndarray) -> _Shape:
    left, lengths, axes = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
    return _Shape(along=left * np.sqrt(len(x)), lengths=lengths / np.sqrt(len(x)), axes=axes)


_Draw = Callable[[_Shape, np.random.Generator], np.ndarray]


def _in_a_box(shape: _Shape, rng: np.random.Generator) -> np.ndarray:
    along = shape.along
    return rng.uniform(along.min(axis=0), along.max(axis=0), size=along.shape)


def _in_one_crowd(shape: _Shape, rng: np.random.Generator) -> np.ndarray:
    return rng.normal(size=shape.along.shape)


def _as_far_from_the_middle(shape: _Shape, rng: np.random.Generator) -> np.ndarray:
    far = np.sqrt((shape.along**2).sum(axis=1))
    towards = rng.normal(size=shape.along.shape)
    towards /= np.sqrt((towards**2).sum(axis=1))[:, None]
    return towards * far[rng.integers(far.size, size=far.size)][:, None]


_WITHOUT: Final[dict[str, _Draw]] = {
    "spread evenly": _in_a_box,
    "one crowd": _in_one_crowd,
    "one crowd with as many extreme customers": _as_far_from_the_middle,
}


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
