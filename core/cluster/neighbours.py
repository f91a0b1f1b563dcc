"""The nearest neighbours of every customer, through a k-d tree (Bentley 1975) in bounded memory."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from core.threads import threads

LINKS: Final = 8
"""Points that are kept as the nearest of each, itself first."""

_FEW: Final = 3
"""Columns up to which a tree that is made quickly is as good."""

_CELLS: Final = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The different rows, those near to each other side by side, as a machine reads them fastest.

    Attributes
    ----------
    x : float64 array (u, p)
    weight : int array (u,)
        How many rows have these values.
    of : int array (m,)
        The point of each row.
    tree : scipy.spatial.cKDTree
        Of x.
    """

    x: np.ndarray
    weight: np.ndarray
    of: np.ndarray
    tree: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """What is near each point.

    Attributes
    ----------
    nearest : int32 array (u, l)
        The nearest points, itself first.
    apart : float64 array (u, l)
        Their distances.
    core : float64 array (u,)
        Distance within which there are `min_samples` rows, itself counted; all rows where they are fewer.
    """

    nearest: np.ndarray
    apart: np.ndarray
    core: np.ndarray


def points(x: np.ndarray) -> Points:
    """The different rows of x (m, p); many equal ones would make a search as slow as without a tree."""
    order = np.argsort(x[:, 0], kind="stable")
    if (np.diff(x[order, 0]) == 0).any():
        order = np.lexsort(x.T[::-1])
    rows = x[order]
    different = np.concatenate([[True], (rows[1:] != rows[:-1]).any(axis=1)])
    of = np.empty(len(x), np.int64)
    of[order] = np.cumsum(different) - 1
    rows = rows[different] + 0.0  # -0.0 is 0.0
    near = tree_of(rows, quickly=True).indices
    rank = np.empty(len(near), np.int64)
    rank[near] = np.arange(len(near))
    of, rows = rank[of], rows[near]
    return Points(x=rows, weight=np.bincount(of), of=of, tree=tree_of(rows, quickly=x.shape[1] <= _FEW))


def tree_of(x: np.ndarray, quickly: bool = False) -> Any:
    """A k-d tree of x (u, p); in many columns one that is made quickly is searched more slowly."""
    from scipy.spatial import cKDTree

    return cKDTree(x, balanced_tree=not quickly, compact_nodes=not quickly)


def neighbours(
    given: Points, min_samples: int, told: Callable[[float], None] = lambda share: None
) -> Neighbours:
    """The nearest points of each, and how far its `min_samples` nearest rows reach.

    `told` is called with the share that is done.
    """
    u = len(given.x)
    asked, kept = min(max(min_samples, LINKS), u), min(LINKS, u)
    enough = min(min_samples, given.of.size)
    found = Neighbours(nearest=np.empty((u, kept), np.int32), apart=np.empty((u, kept)), core=np.empty(u))
    step = max(1, _CELLS // asked)
    for at in range(0, u, step):
        here = slice(at, at + step)
        apart, nearest = given.tree.query(given.x[here], k=range(1, asked + 1), workers=threads())
        if u == given.of.size:
            found.core[here] = apart[:, enough - 1]
        else:
            counted = np.cumsum(given.weight[nearest], axis=1) >= enough
            found.core[here] = apart[np.arange(len(apart)), counted.argmax(axis=1)]
        found.nearest[here], found.apart[here] = nearest[:, :kept], apart[:, :kept]
        told(min(1.0, (at + step) / u))
    return found


def within(tree: Any, x: np.ndarray, count: int, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Distances and places (q, count) of a tree's nearest points within reach; inf where there are fewer."""
    bound = reach * (1 + 1e-9)  # the tree's own bound is not part of the reach
    k = range(1, min(count, tree.n) + 1)
    apart, place = tree.query(x, k=k, distance_upper_bound=bound, workers=threads())
    apart[apart > reach] = np.inf
    return apart, place
