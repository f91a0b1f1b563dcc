"""Crowds as DBSCAN defines them (Ester, Kriegel, Sander and Xu 1996), without ever holding all neighbours.

Points with enough rows within reach are dense. Each is first joined to the few nearest that are dense, which
leaves about as many groups as there are crowds; then groups of which two points are within reach are joined.
The crowds are exactly those of all pairs within reach.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from core.cluster.joined import joined
from core.cluster.neighbours import Neighbours, Points, tree_of, within

_CHUNK: Final = 16_384
_TIES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowds:
    """Dense points and their crowds.

    Attributes
    ----------
    labels : int array (m,)
        The crowd of each row: 0… in the order of their first dense rows, −1 for none.
    dense : int array (d,)
        The crowd of each dense point.
    tree : scipy.spatial.cKDTree or None
        Of the dense points; None where there are none.
    is_dense : bool array (m,)
        Which rows are dense.
    """

    labels: np.ndarray
    is_dense: np.ndarray
    dense: np.ndarray
    tree: Any

    def near(self, x: np.ndarray, eps: float) -> np.ndarray:
        """The crowd of the nearest dense point within reach of each row of x (q, p), −1 without one.

        Of several as near it is the first crowd.
        """
        found = np.full(len(x), -1, np.int64)
        for at in range(0, len(x) if self.tree is not None else 0, _CHUNK):
            here = found[at : at + _CHUNK]
            here[:], tied = self._nearest(x[at : at + _CHUNK], eps, 2)
            if tied.any():
                here[tied] = self._nearest(x[at : at + _CHUNK][tied], eps, _TIES)[0]
        return found

    def _nearest(self, x: np.ndarray, eps: float, count: int) -> tuple[np.ndarray, np.ndarray]:
        """The first crowd of the nearest dense points, and whether several are as near."""
        apart, place = within(self.tree, x, count, eps)
        near = np.isfinite(apart) & (apart == apart[:, :1])
        own = np.where(near, self.dense[np.where(near, place, 0)], np.iinfo(np.int64).max).min(axis=1)
        return np.where(near.any(axis=1), own, -1), near.sum(axis=1) > 1


def crowds(given: Points, near: Neighbours, eps: float, min_samples: int) -> Crowds:
    """The crowds of all rows, whose dense ones have `min_samples` rows within reach, themselves counted.

    Who is not dense but has dense points within reach is in the crowd of the nearest.
    """
    dense = near.core <= eps
    if given.of.size < min_samples or not dense.any():
        nobody = np.zeros(given.of.size, bool)
        return Crowds(
            labels=np.full(nobody.size, -1), is_dense=nobody, dense=np.empty(0, np.int64), tree=None
        )
    x = given.x[dense]
    tree = tree_of(x, quickly=True)
    labels = np.full(len(dense), -1, np.int64)
    labels[dense] = joined(x, tree, _linked(near, dense, eps), eps)
    labels = _numbered(labels, given.of)
    rows = dense[given.of]
    found = Crowds(labels=labels[given.of], is_dense=rows, dense=labels[dense], tree=tree)
    labels[~dense] = found.near(given.x[~dense], eps)
    return replace(found, labels=labels[given.of])


def _linked(near: Neighbours, dense: np.ndarray, eps: float) -> np.ndarray:
    """A group of each dense point (d,): joined to those of its nearest that are dense and within reach."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    others = near.nearest[:, 1:]
    links = (near.apart[:, 1:] <= eps) & dense[others] & dense[:, None]
    ends = np.concatenate([[0], np.cumsum(links.sum(axis=1, dtype=np.int32))])
    ones = np.ones(int(ends[-1]), np.int8)
    graph = csr_array((ones, others[links], ends), shape=(len(dense), len(dense)))
    groups = connected_components(graph, directed=False)[1][dense]
    return np.asarray(np.unique(groups, return_inverse=True)[1])


def _numbered(labels: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Crowds of points numbered by the first row that is one of theirs."""
    rows = labels[of]
    inside = np.flatnonzero(rows >= 0)[::-1]
    first = np.zeros(int(labels.max()) + 1, np.int64)
    first[rows[inside]] = inside  # of several, the last that is written stays
    rank = np.empty(first.size + 1, np.int64)
    rank[np.argsort(first)] = np.arange(first.size)
    rank[-1] = -1
    return rank[labels]
