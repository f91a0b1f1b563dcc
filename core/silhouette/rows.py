"""Silhouettes of single rows, from sums of distances to the rows of each segment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.threads import several

_TILE: Final = 128
_LONG: Final = 2048
_PARTS: Final = 4
"""Sums are added up in so many parts, whatever the number of threads: the last digit depends on it."""

_SMALL: Final = 2_000
_FEW: Final = 0.2
"""Up to this share of the rows, each is compared with all; above, each pair is looked at once."""


@dataclass(frozen=True, slots=True)
class _Segments:
    """The segments of all labelings side by side: one column for each.

    `place[key]` is the slice of the columns of a labeling.
    """

    labels: np.ndarray
    which: np.ndarray
    of: np.ndarray
    place: dict[int, slice]

    def members(self, start: int, end: int, dtype: type = np.float64) -> np.ndarray:
        """0/1 (columns, rows) of who is in which segment."""
        return (self.labels[self.of, start:end] == self.which[:, None]).astype(dtype)


def silhouette_samples(
    x: np.ndarray, labelings: Mapping[int, np.ndarray], rows: np.ndarray
) -> dict[int, np.ndarray | None]:
    """Silhouettes of some rows against all rows; NaN without a segment, 0 for one alone in its segment.

    Parameters
    ----------
    x : float array (m, p)
    labelings : mapping of int to int array (m,)
        Labels 0…k−1, −1 for no segment.
    rows : int array (q,)
        Ascending.

    Returns
    -------
    dict of int to float array (q,) or None
        None where there are fewer than two segments.
    """
    segments = _segments(labelings)
    if rows.size > _FEW * len(x):
        sums = _sums_of_pairs(x, segments)[rows]
    else:
        sums = _sums_of_rows(x, segments, rows)
    found: dict[int, np.ndarray | None] = {}
    for key, labels in labelings.items():
        place = segments.place[key]
        sizes = np.bincount(labels[labels >= 0], minlength=place.stop - place.start)
        found[key] = _silhouettes(sums[:, place], labels[rows], sizes) if sizes.size >= 2 else None
    return found


def _segments(labelings: Mapping[int, np.ndarray]) -> _Segments:
    sizes = [int(labels.max(initial=-1)) + 1 for labels in labelings.values()]
    ends = np.cumsum(sizes)
    return _Segments(
        labels=np.array(list(labelings.values()), dtype=np.int16),
        which=np.concatenate([np.arange(size, dtype=np.int16) for size in sizes]),
        of=np.repeat(np.arange(len(sizes)), sizes),
        place={key: slice(int(e - s), int(e)) for key, e, s in zip(labelings, ends, sizes, strict=True)},
    )


def _sums_of_pairs(x: np.ndarray, segments: _Segments) -> np.ndarray:
    """Of every row, the sum of the distances to the rows of each segment (m, columns)."""
    ask, answer = _factors(x - x.mean(axis=0))
    member = segments.members(0, len(x))
    of = np.ascontiguousarray(member.T)
    starts = range(0, len(x), _TILE)

    def part(number: int) -> np.ndarray:
        sums, room = np.zeros(of.shape), np.empty((_TILE, _TILE))
        for a in starts[number::_PARTS]:
            own = slice(a, a + _TILE)
            for b in range(a, len(x), _TILE):
                other = slice(b, b + _TILE)
                apart = _distances(ask[own], answer[:, other], room)
                if a == b:
                    np.fill_diagonal(apart, 0.0)
                else:
                    sums[other] += (member[:, own] @ apart).T
                sums[own] += apart @ of[other]
        return sums

    none = np.zeros(of.shape)
    if len(x) <= _SMALL:  # done before threads have begun
        return sum(map(part, range(_PARTS)), start=none)
    with several() as pool:
        return sum(pool.map(part, range(_PARTS)), start=none)


def _sums_of_rows(x: np.ndarray, segments: _Segments, rows: np.ndarray) -> np.ndarray:
    """Of some rows, the sum of the distances to the rows of each segment (q, columns)."""
    middle = x.mean(axis=0)
    answer = _factors((x[rows] - middle).astype(np.float32))[1]
    ends = np.linspace(0, len(x), _PARTS + 1).astype(int)

    def part(number: int) -> np.ndarray:
        sums, room = np.zeros((segments.which.size, rows.size)), np.empty((_LONG, rows.size), np.float32)
        for a in range(ends[number], ends[number + 1], _LONG):
            b = min(a + _LONG, ends[number + 1])
            apart = _distances(_factors((x[a:b] - middle).astype(np.float32))[0], answer, room)
            same = np.flatnonzero((rows >= a) & (rows < b))
            apart[rows[same] - a, same] = 0.0
            sums += segments.members(a, b, np.float32) @ apart
        return sums

    with several() as pool:
        return sum(pool.map(part, range(_PARTS)), start=np.zeros((segments.which.size, rows.size))).T


def _factors(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two matrices (m, p + 2) and (p + 2, m) whose product is the squared distances.

    Rows should lie around zero: far from it, squares would lose the last digits of a distance.
    """
    squares, ones = (x * x).sum(axis=1), np.ones(len(x), x.dtype)
    return np.column_stack((x, ones, squares)), np.vstack((-2 * x.T, squares, ones))


def _distances(ask: np.ndarray, answer: np.ndarray, room: np.ndarray) -> np.ndarray:
    found = room[: len(ask), : answer.shape[1]]
    np.matmul(ask, answer, out=found)
    np.maximum(found, 0, out=found)
    return np.sqrt(found, out=found)


def _silhouettes(sums: np.ndarray, labels: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    out = np.full(labels.size, np.nan)
    inside = np.flatnonzero(labels >= 0)
    own = labels[inside]
    a = sums[inside, own] / np.maximum(sizes[own] - 1, 1)
    means = np.where(sizes > 0, sums[inside] / np.maximum(sizes, 1), np.inf)
    means[np.arange(inside.size), own] = np.inf
    out[inside] = ratio(a, means.min(axis=1))
    out[inside[sizes[own] == 1]] = 0.0
    return out


def ratio(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(b − a) / max(a, b), 0 where both are 0."""
    top = np.maximum(own, other)
    return np.where(top == 0, 0.0, (other - own) / np.where(top == 0, 1.0, top))
