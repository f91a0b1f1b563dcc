"""Ward's tree (1963) of weighted points, in memory for the points alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.cluster.leaves import Leaves, factors
from core.cluster.merges import ordered
from core.threads import several, threads

_CELLS: Final = 120_000
_LEAST_ROWS: Final = 16
_WORTH_THREADS: Final = 1_000_000
_UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    """Branches that are still to be joined, the oldest first.

    `cost` is what joining the nearest one would add to the squared distances, `height` the cost at which the
    branch itself was made.
    """

    id: np.ndarray
    sums: np.ndarray
    counts: np.ndarray
    height: np.ndarray
    nearest: np.ndarray
    cost: np.ndarray


def ward(leaves: Leaves, tell: Callable[[float], None]) -> np.ndarray:
    """The whole tree.

    In every round all pairs that are each other's nearest are joined. That is the tree of joining the nearest
    pair of all again and again, as two joined branches are never nearer to a third than one of them was
    (Bruynooghe 1977; Murtagh 1983). Only who lost the nearest branch looks for another one.

    Parameters
    ----------
    leaves : Leaves
    tell : callable
        Told the share done.

    Returns
    -------
    float array (q − 1, 6)
        See `core.cluster.merges.ordered`. Heights are scipy's: √(2ab / (a + b)) times the distance of two
        centres of a and b rows.
    """
    q = leaves.counts.size
    left, made = _begun(leaves), [np.empty((0, 4))]
    with several() as pool:
        while left.id.size > 1:
            left = _looked(left, pool)
            older = np.flatnonzero(_is_mutual(left))
            if not older.size:  # rounding brought a centre nearer than its parts: all look again
                left = replace(left, nearest=np.full(left.id.size, _UNKNOWN))
                continue
            left, merges = _joined(left, older, left.nearest[older])
            made.append(merges)
            tell(1 - (left.id.size / q) ** 2)
    tree = ordered(np.vstack(made), leaves.counts)
    tree[:, 2] = np.sqrt(2 * tree[:, 2])
    return tree


def _begun(leaves: Leaves) -> _Left:
    q = leaves.counts.size
    return _Left(
        id=np.arange(q),
        sums=leaves.sums,
        counts=leaves.counts,
        height=np.zeros(q),
        nearest=np.full(q, _UNKNOWN),
        cost=np.zeros(q),
    )


def _looked(left: _Left, pool: ThreadPoolExecutor) -> _Left:
    """The nearest branch of those that don't know theirs."""
    which = np.flatnonzero(left.nearest == _UNKNOWN)
    which = which[np.argsort(left.counts[which], kind="stable")]  # equal weights are worked out once
    ask, answer = factors(np.rint(left.sums / left.counts[:, None]))
    parts = threads() if which.size * left.id.size > _WORTH_THREADS else 1
    split = np.array_split(which, parts)
    each = pool.map if parts > 1 else map
    found = list(each(lambda part: _nearest(part, ask[part], answer, 1 / left.counts), split))
    nearest, cost = left.nearest.copy(), left.cost.copy()
    nearest[which] = np.concatenate([where for where, _ in found])
    cost[which] = np.concatenate([least for _, least in found])
    return replace(left, nearest=nearest, cost=cost)


def _nearest(
    which: np.ndarray, ask: np.ndarray, answer: np.ndarray, inverse: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Where the cheapest branch to join is, the first among equals, and its cost d² / (1/a + 1/b)."""
    where, cost = np.empty(which.size, np.int64), np.empty(which.size)
    size = max(_LEAST_ROWS, _CELLS // inverse.size)
    costs = np.empty((size, inverse.size))
    for at in range(0, which.size, size):
        own = which[at : at + size]
        rows, c = np.arange(own.size), costs[: own.size]
        even = inverse[own[0]] == inverse[own[-1]]
        np.matmul(ask[at : at + size], answer, out=c)
        c *= 1 / (inverse[own[:1] if even else own, None] + inverse)
        c[rows, own] = np.inf
        where[at : at + size] = c.argmin(axis=1)
        cost[at : at + size] = c[rows, where[at : at + size]]
    return where, cost


def _is_mutual(left: _Left) -> np.ndarray:
    """Whether a branch is the older of two that are each other's nearest."""
    here = np.arange(left.id.size)
    return (left.nearest[left.nearest] == here) & (here < left.nearest)


def _joined(left: _Left, a: np.ndarray, b: np.ndarray) -> tuple[_Left, np.ndarray]:
    """What is left when the branches at `a` are joined with those at `b`, and these merges (r, 4)."""
    kept = np.ones(left.id.size, bool)
    kept[a] = kept[b] = False
    moved = np.where(kept, np.cumsum(kept) - 1, _UNKNOWN)
    height = np.maximum(left.cost[a], np.maximum(left.height[a], left.height[b]))
    counts = left.counts[a] + left.counts[b]
    after = _Left(
        id=np.append(left.id[kept], left.id[-1] + 1 + np.arange(a.size)),
        sums=np.concatenate((left.sums[kept], left.sums[a] + left.sums[b])),
        counts=np.append(left.counts[kept], counts),
        height=np.append(left.height[kept], height),
        nearest=np.append(moved[left.nearest[kept]], np.full(a.size, _UNKNOWN)),
        cost=np.append(left.cost[kept], np.zeros(a.size)),
    )
    return after, np.column_stack((left.id[a], left.id[b], height, counts))
