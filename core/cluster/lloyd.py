"""Lloyd's iterations (1982) in whole numbers: the same labels for any threads, processor and order of rows.

Compared numbers are rounded to a grid on which no product and no sum of a fit is ever rounded. In whatever
order a machine multiplies and adds, it gets the same bits, so that fits can be divided among threads and
sums be corrected instead of added up anew.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

_BITS: Final = 52
"""A float64 holds whole numbers of 53 bits exactly; one bit is left for the difference of two products."""

_CHUNK: Final = 1024
_LEAST_CHUNK: Final = 128
_CELLS: Final = 80_000
_LARGE_CHUNK: Final = 4096
_SLACK: Final = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Compared numbers as whole numbers.

    Attributes
    ----------
    x : float64 array (m, p)
        Whole numbers.
    scale : float
        What the numbers were multiplied by.
    """

    x: np.ndarray
    scale: float


def gridded(x: np.ndarray) -> Grid:
    """Round compared numbers (m, p) to the finest grid on which their products add up exactly.

    With 12 columns whose largest number is 8 the grid is 2⁻²⁰ wide, 1 of a million standard deviations.
    """
    bits = (_BITS - int(np.ceil(np.log2(max(x.shape[1], 2))))) // 2 - 1
    top = float(np.abs(x).max(initial=0.0))
    scale = 2.0 ** (bits - int(np.ceil(np.log2(top)))) if top > 0 else 1.0
    return Grid(x=np.rint(x * scale), scale=scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rough:
    """Centres (k, p) with the rows nearest to each (k,), and the sum of squared distances, on the grid."""

    centres: np.ndarray
    counts: np.ndarray
    inertia: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Centres (k, p), the nearest of each row (m,), and the sum of squared distances, on the grid."""

    centres: np.ndarray
    labels: np.ndarray
    inertia: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Assigned:
    """Sum and number of the rows nearest to each centre, and Σ min(|c|²/2 − x·c)."""

    sums: np.ndarray
    counts: np.ndarray
    low: float


def several_steps(x: np.ndarray, centres: list[np.ndarray], steps: int) -> list[Rough]:
    """Some iterations of several fits at once, whose distances are one product of matrices."""
    squares = float((x * x).sum())
    for _ in range(steps):
        found = _assigned(x, centres)
        moved = [_means(one.sums, one.counts, c) for one, c in zip(found, centres, strict=True)]
        if all(np.array_equal(a, b) for a, b in zip(moved, centres, strict=True)):
            break
        centres = moved
    else:
        found = _assigned(x, centres)
    return [
        Rough(centres=c, counts=one.counts, inertia=squares + 2 * one.low)
        for c, one in zip(centres, found, strict=True)
    ]


def polished(x: np.ndarray, centres: np.ndarray, steps: int) -> Fit:
    """At most so many iterations; each looks only at rows whose nearest centre may have changed.

    A row is left alone while its centre and the others, by all they have moved since it was last looked at,
    can't have changed places (Hamerly 2010).
    """
    k = len(centres)
    labels, margin = _nearest_two(x, centres)
    sums, counts = _sums(x, labels, k)
    slack = _SLACK * float(np.abs(x).max(initial=1.0))
    own, top = np.zeros(k), 0.0
    for _ in range(steps):
        moved = _means(sums, counts, centres)
        by = np.sqrt(((moved - centres) ** 2).sum(axis=1))
        if not by.any():
            break
        centres, own, top = moved, own + by, top + float(by.max())
        rows = np.flatnonzero(margin < (own + top + slack).astype(np.float32)[labels])
        if not rows.size:
            continue
        new, apart = _nearest_two(x[rows], centres)
        margin[rows] = apart + (own + top).astype(np.float32)[new]
        changed = np.flatnonzero(new != labels[rows])
        at = rows[changed]
        for sign, which in ((-1, labels[at]), (1, new[changed])):
            part, number = _sums(x[at], which, k)
            sums, counts = sums + sign * part, counts + sign * number
        labels[at] = new[changed]
    return Fit(centres=centres, labels=labels, inertia=_inertia(x, centres, sums, counts))


def _assigned(x: np.ndarray, centres: list[np.ndarray]) -> list[_Assigned]:
    every = np.vstack(centres)
    half = (every * every).sum(axis=1)[:, None] / 2
    ends = np.cumsum([len(c) for c in centres])
    fits = list(zip(ends - [len(c) for c in centres], ends, strict=True))
    sums, counts, lows = np.zeros(every.shape), np.zeros(len(every)), np.zeros(len(fits))
    size = min(_CHUNK, max(_LEAST_CHUNK, _CELLS // len(every)))
    score, one = np.empty((len(every), size)), np.empty((len(every), size))
    for at in range(0, len(x), size):
        rows = x[at : at + size]
        s, nearest = score[:, : len(rows)], one[:, : len(rows)]
        np.subtract(half, np.matmul(every, rows.T, out=s), out=s)
        for i, (start, end) in enumerate(fits):
            low = s[start:end].min(axis=0)
            np.equal(s[start:end], low, out=nearest[start:end])
            lows[i] += low.sum()
        if nearest.sum() != len(rows) * len(fits):  # as near to two centres: the first
            for start, end in fits:
                nearest[start:end] = np.arange(end - start)[:, None] == s[start:end].argmin(axis=0)
        sums += nearest @ rows
        counts += nearest.sum(axis=1)
    return [
        _Assigned(sums=sums[start:end], counts=counts[start:end], low=float(low))
        for (start, end), low in zip(fits, lows, strict=True)
    ]


def _nearest_two(x: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest centre of each row, and how much farther the second nearest is."""
    labels, margin = np.empty(len(x), np.uint8), np.full(len(x), np.inf, np.float32)
    half = (centres * centres).sum(axis=1)[:, None] / 2
    for at in range(0, len(x), _LARGE_CHUNK):
        rows = x[at : at + _LARGE_CHUNK]
        score = half - centres @ rows.T
        low = score.min(axis=0)
        found = (score == low).argmax(axis=0)
        labels[at : at + len(rows)] = found
        if len(centres) > 1:
            score[found, np.arange(len(rows))] = np.inf
            square = (rows * rows).sum(axis=1)
            near, next_ = (np.sqrt(np.maximum(square + 2 * one, 0)) for one in (low, score.min(axis=0)))
            margin[at : at + len(rows)] = next_ - near
    return labels, margin


def _sums(x: np.ndarray, labels: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    sums = np.zeros((k, x.shape[1]))
    each = np.arange(k, dtype=np.uint8)[:, None]
    for at in range(0, len(x), _LARGE_CHUNK):
        own = (labels[at : at + _LARGE_CHUNK] == each).astype(np.float64)
        sums += own @ x[at : at + _LARGE_CHUNK]
    return sums, np.bincount(labels, minlength=k).astype(np.float64)


def _means(sums: np.ndarray, counts: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Means on the grid; a centre nobody is nearest to stays."""
    return np.where(counts[:, None] > 0, np.rint(sums / np.maximum(counts, 1)[:, None]), before)


def _inertia(x: np.ndarray, centres: np.ndarray, sums: np.ndarray, counts: np.ndarray) -> float:
    inner = float((centres * (sums - 0.5 * counts[:, None] * centres)).sum())
    return float((x * x).sum()) - 2 * inner
