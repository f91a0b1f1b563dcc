"""Lloyd's iterations (1982) in whole numbers: the same labels for any threads, processor and order of rows.

Compared numbers are rounded to a grid on which no product and no sum of a fit is ever rounded. In whatever
order a machine multiplies and adds, it gets the same bits, so that fits can be divided among threads and
sums be corrected instead of added up anew.
"""

from dataclasses import dataclass
from itertools import groupby
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
    scale = grid_scale(x)
    whole = x * scale
    return Grid(x=np.rint(whole, out=whole), scale=scale)


def grid_scale(x: np.ndarray) -> float:
    """What compared numbers (m, p) are multiplied by before they are rounded to the grid."""
    bits = (_BITS - int(np.ceil(np.log2(max(x.shape[1], 2))))) // 2 - 1
    top = float(max(x.max(initial=0.0), -x.min(initial=0.0)))
    return 2.0 ** (bits - int(np.ceil(np.log2(top)))) if top > 0 else 1.0


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
class _Work:
    """Rows with a 1 each, both ways round, and room for what some of them are to all centres."""

    across: np.ndarray
    down: np.ndarray
    score: np.ndarray
    nearest: np.ndarray

    @classmethod
    def of(cls, x: np.ndarray, centres: int) -> "_Work":
        size = min(_CHUNK, max(_LEAST_CHUNK, _CELLS // centres), len(x))
        down = np.hstack((x, np.ones((len(x), 1))))
        room = np.empty((2, centres, size))
        return cls(across=np.ascontiguousarray(down.T), down=down, score=room[0], nearest=room[1])


def several_steps(x: np.ndarray, centres: list[np.ndarray], steps: int) -> list[Rough]:
    """Some iterations of several fits at once, whose distances are one product of matrices."""
    work, centres, sums = _Work.of(x, sum(map(len, centres))), list(centres), list(centres)
    going = list(range(len(centres)))
    for step in range(steps + 1):
        every, ends = np.vstack([centres[i] for i in going]), np.cumsum([len(centres[i]) for i in going])
        found = _summed(work, every, np.diff(ends, prepend=0).tolist())
        moved = _means(found[:, :-1], found[:, -1], every)
        changed = np.logical_or.reduceat((moved != every).any(axis=1), np.append(0, ends[:-1]))
        for i, own, new in zip(going, np.split(found, ends[:-1]), np.split(moved, ends[:-1]), strict=True):
            sums[i] = own
            centres[i] = new if step < steps else centres[i]
        going = [i for i, one in zip(going, changed.tolist(), strict=True) if one]
        if not going:
            break
    squares = float((x * x).sum())
    return [
        Rough(centres=c, counts=one[:, -1], inertia=_inertia(squares, c, one[:, :-1], one[:, -1]))
        for c, one in zip(centres, sums, strict=True)
    ]


def polished(x: np.ndarray, centres: np.ndarray, steps: int) -> Fit:
    """At most so many iterations; each looks only at rows whose nearest centre may have changed.

    A row is left alone while its centre and the others, by all they have moved since it was last looked at,
    can't have changed places (Hamerly 2010).
    """
    k = len(centres)
    squares = np.einsum("ij,ij->i", x, x)
    labels, margin = _nearest_two(x, squares, centres)
    sums, counts = _sums(x, labels, k)
    slack = _SLACK * float(np.sqrt(squares.max(initial=1.0)))
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
        new, apart = _nearest_two(x, squares, centres, rows)
        margin[rows] = apart + (own + top).astype(np.float32)[new]
        changed = np.flatnonzero(new != labels[rows])
        at = rows[changed]
        for sign, which in ((-1, labels[at]), (1, new[changed])):
            part, number = _sums(x, which, k, at)
            sums, counts = sums + sign * part, counts + sign * number
        labels[at] = new[changed]
    return Fit(centres=centres, labels=labels, inertia=_inertia(float(squares.sum()), centres, sums, counts))


def _summed(work: _Work, centres: np.ndarray, sizes: list[int]) -> np.ndarray:
    """Sum and number (c, p + 1) of the rows nearest to each centre of several fits."""
    weights = np.hstack((-centres, (centres * centres).sum(axis=1)[:, None] / 2))
    sums, size = np.zeros(weights.shape), work.score.shape[1]
    for at in range(0, len(work.down), size):
        rows = work.down[at : at + size]
        score, nearest = (room[: len(centres), : len(rows)] for room in (work.score, work.nearest))
        np.matmul(weights, work.across[:, at : at + size], out=score)
        for s, near in zip(_alike(score, sizes), _alike(nearest, sizes), strict=True):
            np.equal(s, s.min(axis=1, keepdims=True), out=near)
        part = nearest @ rows
        if part[:, -1].sum() != len(rows) * len(sizes):  # as near to two centres: the first
            for s, near in zip(_alike(score, sizes), _alike(nearest, sizes), strict=True):
                near[:] = np.arange(s.shape[1])[:, None] == s.argmin(axis=1)[:, None]
            part = nearest @ rows
        sums += part
    return sums


def _alike(score: np.ndarray, sizes: list[int]) -> list[np.ndarray]:
    """A table (c, m) of centres and rows as tables (fits, k, m), one for each run of fits with one k."""
    found, at = [], 0
    for k, run in groupby(sizes):
        fits = len(list(run))
        found.append(score[at : at + fits * k].reshape(fits, k, -1))
        at += fits * k
    return found


def _nearest_two(
    x: np.ndarray, squares: np.ndarray, centres: np.ndarray, which: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The nearest centre of each row, or of these rows, and how much farther the second nearest is."""
    count = len(x) if which is None else len(which)
    labels, margin = np.zeros(count, np.uint8), np.empty(count, np.float32)
    half, room = (centres * centres).sum(axis=1)[:, None] / 2, np.empty(_LARGE_CHUNK)
    for at in range(0, count, _LARGE_CHUNK):
        place = slice(at, min(at + _LARGE_CHUNK, count))
        here = place if which is None else which[place]
        score = centres @ x[here].T
        np.subtract(half, score, out=score)
        low, second = score[0].copy(), np.full(score.shape[1], np.inf)
        found, larger = labels[place], room[: score.shape[1]]
        for i, one in enumerate(score[1:], 1):
            np.minimum(second, np.maximum(low, one, out=larger), out=second)
            np.copyto(found, i, where=one < low)
            np.minimum(low, one, out=low)
        near, next_ = (np.sqrt(np.maximum(squares[here] + 2 * each, 0)) for each in (low, second))
        margin[place] = next_ - near
    return labels, margin


def _sums(
    x: np.ndarray, labels: np.ndarray, k: int, which: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Sum (k, p) and number (k,) of the rows with each label, or of these rows."""
    sums = np.zeros((k, x.shape[1]))
    each = np.arange(k, dtype=np.uint8)[:, None]
    for at in range(0, len(labels), _LARGE_CHUNK):
        place = slice(at, at + _LARGE_CHUNK)
        own = (labels[place] == each).astype(np.float64)
        sums += own @ x[place if which is None else which[place]]
    return sums, np.bincount(labels, minlength=k).astype(np.float64)


def _means(sums: np.ndarray, counts: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Means on the grid; a centre nobody is nearest to stays."""
    return np.where(counts[:, None] > 0, np.rint(sums / np.maximum(counts, 1)[:, None]), before)


def _inertia(squares: float, centres: np.ndarray, sums: np.ndarray, counts: np.ndarray) -> float:
    inner = float((centres * (sums - 0.5 * counts[:, None] * centres)).sum())
    return squares - 2 * inner
