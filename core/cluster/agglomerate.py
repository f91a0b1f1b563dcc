"""Trees of weighted points by average, complete and single linkage."""

from collections.abc import Callable
from typing import Final

import numpy as np

from core.cluster.leaves import Leaves, factors
from core.cluster.merges import ordered

_PART: Final = 16
_TELL_EVERY: Final = 500
_FAR: Final = np.float32(np.inf)

_Together = Callable[[np.ndarray, np.ndarray, float, float], np.ndarray]
"""Distances to two branches, and how many rows these hold -> distances to both together."""


def average(leaves: Leaves, tell: Callable[[float], None]) -> np.ndarray:
    """Tree (q − 1, 6) by the mean distance of all pairs of rows (Sokal and Michener 1958)."""
    return _chained(leaves, _mean, tell)


def complete(leaves: Leaves, tell: Callable[[float], None]) -> np.ndarray:
    """Tree (q − 1, 6) by the largest distance of all pairs of rows (Sørensen 1948)."""
    return _chained(leaves, _largest, tell)


def single(leaves: Leaves, tell: Callable[[float], None]) -> np.ndarray:
    """Tree (q − 1, 6) by the smallest distance of all pairs of rows, in memory for the points alone.

    Points are taken one by one, always the nearest to those taken (Prim 1957). Every branch of the tree is a
    stretch of that sequence (Gower and Ross 1969), and the smallest gap between two stretches joins them.
    """
    sequence, gaps = _sequence(leaves.centres, tell)
    q = sequence.size
    first, last, name = np.arange(q), np.arange(q), sequence.copy()
    counts, made = leaves.counts[sequence], np.empty((q - 1, 4))
    for i, gap in enumerate(np.argsort(gaps, kind="stable")):
        start, end = first[gap], last[gap + 1]
        together = counts[start] + counts[gap + 1]
        made[i] = name[start], name[gap + 1], gaps[gap], together
        last[start], first[end] = end, start
        name[start], counts[start] = q + i, together
    return ordered(made, leaves.counts)


def _sequence(points: np.ndarray, tell: Callable[[float], None]) -> tuple[np.ndarray, np.ndarray]:
    """Places of the points in the order taken, and how far each but the first was from those before."""
    left, squares = points.copy(), (points * points).sum(axis=1)
    at, near = np.arange(len(points)), np.full(len(points), np.inf)
    sequence, gaps, taken = np.empty(len(points), np.int64), np.empty(len(points)), 0
    for i, n in enumerate(range(len(points) - 1, -1, -1)):
        sequence[i], gaps[i] = at[taken], near[taken]
        point, square = left[taken].copy(), squares[taken]
        for values in (left, squares, at, near):
            values[taken] = values[n]
        if n:
            apart = squares[:n] - 2 * (left[:n] @ point)
            np.minimum(near[:n], apart + square, out=near[:n])
            taken = int(near[:n].argmin())
        if i % _TELL_EVERY == 0:
            tell(1 - (n / len(points)) ** 2)
    return sequence, np.sqrt(gaps[1:])


def _chained(leaves: Leaves, together: _Together, tell: Callable[[float], None]) -> np.ndarray:
    """A tree along chains of nearest neighbours (Benzécri 1982; Murtagh 1983).

    From a branch a chain goes to the nearest one, and on, until two are each other's nearest. These can be
    joined at once, as both together are never nearer to a third than one of them was.
    """
    apart = _distances(leaves.centres)
    q = len(apart)
    name, counts, made = np.arange(q), leaves.counts.copy(), np.empty((q - 1, 4))
    stands = np.ones(q, bool)
    chain: list[int] = []
    for i in range(q - 1):
        if not chain:
            chain.append(int(stands.argmax()))
        a, b = _mutual(apart, stands, chain)
        made[i] = name[a], name[b], apart[a, b], counts[a] + counts[b]
        joined = together(apart[a], apart[b], counts[a], counts[b])
        name[a], counts[a], stands[b] = q + i, counts[a] + counts[b], False
        apart[a], apart[stands, a] = joined, joined[stands]
        if i % _TELL_EVERY == 0:
            tell(i / q)
    return ordered(made, leaves.counts)


def _mutual(apart: np.ndarray, stands: np.ndarray, chain: list[int]) -> tuple[int, int]:
    """Follow the chain to two branches that are each other's nearest, and take them off it."""
    while True:
        row = np.where(stands, apart[chain[-1]], _FAR)
        nearest = int(row.argmin())
        if len(chain) > 1 and row[chain[-2]] <= row[nearest]:
            return chain.pop(), chain.pop()
        chain.append(nearest)


def _distances(points: np.ndarray) -> np.ndarray:
    """Distances (q, q) of all points, float32, and none to itself."""
    ask, answer = factors(points)
    found = np.empty((len(points), len(points)), np.float32)
    for at in range(0, len(points), _PART):
        own = found[at : at + _PART]
        own[:] = ask[at : at + _PART] @ answer
        np.sqrt(own, out=own)
    np.fill_diagonal(found, _FAR)
    return found


def _mean(one: np.ndarray, other: np.ndarray, a: float, b: float) -> np.ndarray:
    mean = np.float32(a / (a + b)) * one + np.float32(b / (a + b)) * other
    return np.maximum(mean, np.minimum(one, other))  # rounding brings nobody nearer


def _largest(one: np.ndarray, other: np.ndarray, a: float, b: float) -> np.ndarray:
    return np.maximum(one, other)
