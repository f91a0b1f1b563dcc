"""Segments for customers who were not fitted, and how far the next segment is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from core.cluster.assigner import Assigner, Cuts, Likely, Near, Points, unpacked
from core.cluster.gaussians import likeliest, log_densities
from core.cluster.neighbours import tree_of
from core.threads import threads

_FEW: Final = 64
"""Points up to which distances are products of matrices, bit for bit those of K-Means."""

_CELLS: Final = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """What a method says of n customers.

    Attributes
    ----------
    segments : int array (n,)
        1…k, 0 for none.
    margins : float array (n,)
        How much nearer, or likelier, the segment is than the second; NaN without a segment or a second one.
    """

    segments: np.ndarray
    margins: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """The fitted customers: their compared numbers (m, p) and segments (m,), 0 for none."""

    x: np.ndarray
    segments: np.ndarray


def assigned(assigner: Assigner, x: np.ndarray, fits: Fits) -> Assigned:
    """The segments of customers with compared numbers x (n, p), all of them finite.

    Margins are differences of Euclidean distances in the compared numbers: to the centres (K-Means), to the
    nearest fitted customers or small groups of them (family tree), along the main directions where crowds
    were looked for there (density methods); of a mixture, differences of the two highest probabilities.
    """
    size = max(1, _CELLS // max(assigner.numbers.size * x.shape[1], 1))
    parts = [x[at : at + size] for at in range(0, len(x), size)] or [x]
    found = list(map(_method(assigner, fits), parts))
    return Assigned(
        segments=np.concatenate([one.segments for one in found]),
        margins=np.concatenate([one.margins for one in found]),
    )


def by_cuts(cuts: Cuts, measures: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The scores `r`, `f` and `m` by frozen cut points, 0 where the measure is missing (NaN)."""
    found = {
        "r": (measures["recency"][:, None] <= cuts.recency).sum(axis=1),
        "f": (measures["orders"][:, None] >= cuts.orders).sum(axis=1),
        "m": (measures["monetary"][:, None] >= cuts.monetary).sum(axis=1),
    }
    values = dict(zip(found, (measures[name] for name in ("recency", "orders", "monetary")), strict=True))
    return {score: np.where(np.isnan(values[score]), 0, 1 + count) for score, count in found.items()}


def _method(assigner: Assigner, fits: Fits) -> Callable[[np.ndarray], Assigned]:
    if assigner.points is not None:
        points, numbers = assigner.points, assigner.numbers
        near = _to_few(points) if len(points.at) <= _FEW else _to_many(points)
        return lambda x: _nearest(*near(x), numbers)
    if assigner.likely is not None:
        likely, numbers = assigner.likely, assigner.numbers
        return lambda x: _likeliest(likely, numbers, x)
    assert assigner.near is not None, "rules look at measures, not at compared numbers"
    return _Crowds.of(assigner.near, fits).assigned


def _nearest(first: np.ndarray, distances: np.ndarray, numbers: np.ndarray) -> Assigned:
    return Assigned(segments=numbers[first], margins=_apart(distances))


def _apart(distances: np.ndarray) -> np.ndarray:
    """How much farther the second of each row (n, g) is than the first; NaN without a second."""
    if distances.shape[1] < 2:
        return np.full(len(distances), np.nan)
    two = np.partition(distances, 1, axis=1)
    return np.asarray(two[:, 1] - two[:, 0])


_ToGroups = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""Rows (n, p) -> the nearest group (n,), and the distances to the nearest point of each group (n, g)."""


def _to_few(points: Points) -> _ToGroups:
    """By products of whole numbers, in which the nearest is exact."""
    at = points.at.astype(np.float64)
    half = (at * at).sum(axis=1) / 2
    groups = [points.of == one for one in range(int(points.of.max()) + 1)]

    def near(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        grid = np.rint(x * points.scale)
        score = half - grid @ at.T
        low = np.column_stack([score[:, own].min(axis=1) for own in groups])
        square = (grid * grid).sum(axis=1)[:, None]
        return low.argmin(axis=1), np.sqrt(np.maximum(square + 2 * low, 0)) / points.scale

    return near


def _to_many(points: Points) -> _ToGroups:
    """Through a tree of each group."""
    at = points.at.astype(np.float64)
    trees = [tree_of(at[points.of == one]) for one in range(int(points.of.max()) + 1)]

    def near(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        grid = np.rint(x * points.scale)
        distances = np.column_stack([_to_nearest(tree, grid, 1) for tree in trees])
        return distances.argmin(axis=1), distances / points.scale

    return near


def _to_nearest(tree: Any, x: np.ndarray, count: int) -> np.ndarray:
    """Distance of each row to the `count`-th nearest of a tree's points."""
    return np.asarray(tree.query(x, k=[count], workers=threads())[0][:, 0])


def _likeliest(likely: Likely, numbers: np.ndarray, x: np.ndarray) -> Assigned:
    densities = log_densities(x, likely.scale, likely.mixture)
    share = np.exp(densities - densities.max(axis=1, keepdims=True))
    return Assigned(
        segments=numbers[likeliest(densities)], margins=_apart(-share / share.sum(axis=1, keepdims=True))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crowds:
    """A tree of each crowd's customers who are asked, by its segment (0: too small to be one), and its reach.

    `every` is the tree in which a customer's own neighbours are counted, where crowds reach differently.
    """

    near: Near
    segments: np.ndarray
    trees: list[Any]
    reach: np.ndarray
    every: Any

    @classmethod
    def of(cls, near: Near, fits: Fits) -> "_Crowds":
        seen = _along(near, fits.x)
        asked = unpacked(near.asked, len(seen))
        own, x = fits.segments[asked], seen[asked]
        segments = np.unique(own)
        every, reach = None, np.full(segments.size, near.eps or 0.0)
        if near.eps is None:
            every = tree_of(seen if near.among is None else seen[unpacked(near.among, len(seen))])
            core = _to_nearest(every, x, near.min_samples)
            reach = np.array([core[own == one].max() for one in segments])
        trees = [tree_of(x[own == one]) for one in segments]
        return cls(near=near, segments=segments, trees=trees, reach=reach, every=every)

    def assigned(self, x: np.ndarray) -> Assigned:
        """The segment of the nearest customer who is asked, where both are within that crowd's reach."""
        if not self.trees:
            return Assigned(segments=np.zeros(len(x), np.int64), margins=np.full(len(x), np.nan))
        seen = _along(self.near, x)
        distances = np.column_stack([_to_nearest(tree, seen, 1) for tree in self.trees])
        first = distances.argmin(axis=1)
        far = distances[np.arange(len(x)), first]
        if self.every is not None:
            far = np.maximum(far, _to_nearest(self.every, seen, self.near.min_samples - 1))
        segments = np.where(far <= self.reach[first], self.segments[first], 0)
        margins = _apart(distances[:, self.segments > 0])
        return Assigned(segments=segments, margins=np.where(segments > 0, margins, np.nan))


def _along(near: Near, x: np.ndarray) -> np.ndarray:
    return x if near.axes is None else near.axes.of(x)
