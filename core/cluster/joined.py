"""Groups of points that are joined wherever two of their points are within reach."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from core.cluster.neighbours import tree_of, within

_FEW: Final = 64
"""Groups of so many points are joined by the nearest of each point, larger ones compared as wholes."""

_CHUNK: Final = 16_384


def joined(x: np.ndarray, tree: Any, group: np.ndarray, reach: float) -> np.ndarray:
    """Groups 0… of points (n,) after all that are within reach of each other have become one.

    Parameters
    ----------
    x : float64 array (n, p)
    tree : scipy.spatial.cKDTree
        Of x.
    group : int array (n,)
        0… without gaps.
    reach : float
    """
    alone = np.zeros(len(x), bool)
    while True:
        small = np.flatnonzero((np.bincount(group)[group] <= _FEW) & ~alone)
        if not small.size:
            return _wholes_joined(x, group, reach)
        pairs = _pairs(x, tree, group, small, reach)
        alone[small[~np.isin(group[small], pairs)]] = True
        group = _merged(group, pairs)


def _pairs(x: np.ndarray, tree: Any, group: np.ndarray, rows: np.ndarray, reach: float) -> np.ndarray:
    """Pairs of groups (q, 2) in which a row of a small group and one of its nearest are within reach.

    Among the nearest of a point, one more than its group has points, there is one of another group.
    """
    found = [np.empty((0, 2), group.dtype)]
    for at in range(0, rows.size, _CHUNK):
        here = rows[at : at + _CHUNK]
        apart, place = within(tree, x[here], _FEW + 1, reach)
        near = np.isfinite(apart)
        pairs = np.stack([np.repeat(group[here], near.sum(axis=1)), group[place[near]]], axis=1)
        found.append(np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0))
    return np.concatenate(found)


def _merged(group: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = int(group.max()) + 1
    graph = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1])[group]


def _wholes_joined(x: np.ndarray, group: np.ndarray, reach: float) -> np.ndarray:
    """Groups of more than a few points joined; of those that are one already, no further two are compared."""
    members = _members(group)
    root = {name: name for name in members}
    trees: dict[int, Any] = {}
    for a, b in _near(x, members, reach):
        if _top(root, a) == _top(root, b):
            continue
        few, many = sorted((a, b), key=lambda name: len(members[name]))
        if many not in trees:
            trees[many] = tree_of(x[members[many]], quickly=True)
        if _touch(x[members[few]], trees[many], reach):
            root[_top(root, a)] = _top(root, b)
    return _merged(group, np.array([(a, _top(root, a)) for a in root], np.int64).reshape(-1, 2))


def _members(group: np.ndarray) -> dict[int, np.ndarray]:
    """The points of each group of more than a few."""
    sizes, order = np.bincount(group), np.argsort(group, kind="stable")
    ends = np.cumsum(sizes)
    return {int(one): order[ends[one] - sizes[one] : ends[one]] for one in np.flatnonzero(sizes > _FEW)}


def _near(x: np.ndarray, members: dict[int, np.ndarray], reach: float) -> Iterator[tuple[int, int]]:
    """Pairs of groups whose boxes are within reach."""
    names = list(members)
    low = np.array([x[rows].min(axis=0) for rows in members.values()])
    high = np.array([x[rows].max(axis=0) for rows in members.values()])
    for i, name in enumerate(names[:-1]):
        gap = np.maximum(np.maximum(low[i] - high[i + 1 :], low[i + 1 :] - high[i]), 0)
        for j in np.flatnonzero((gap * gap).sum(axis=1) <= reach * reach * (1 + 1e-9)):
            yield name, names[i + 1 + int(j)]


def _top(root: dict[int, int], name: int) -> int:
    while root[name] != name:
        root[name] = root[root[name]]
        name = root[name]
    return name


def _touch(x: np.ndarray, tree: Any, reach: float) -> bool:
    """Whether a row of x and a point of the tree are within reach."""
    gap = np.maximum(np.maximum(tree.mins - x, x - tree.maxes), 0)
    near = x[(gap * gap).sum(axis=1) <= reach * reach * (1 + 1e-9)]
    chunks = (near[at : at + _CHUNK] for at in range(0, len(near), _CHUNK))
    return any(np.isfinite(within(tree, chunk, 1, reach)[0]).any() for chunk in chunks)
