"""What a family tree begins with: customers who are equal or, of very many, small groups of similar ones."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.cluster.lloyd import several_steps
from core.cluster.starts import plus_plus
from core.threads import several

MANY: Final = 2_000
"""About so many small groups stand for any number of customers."""

_COARSE: Final = 45
_SAMPLE: Final = 20_000
_OWN_SAMPLE: Final = 4_000
_STEPS: Final = 6
_PART: Final = 65_536
_CELLS: Final = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaves:
    """Groups of rows that no cut takes apart.

    Attributes
    ----------
    sums : float64 array (q, p)
        Sum of each group's rows, whole numbers.
    counts : float64 array (q,)
    of : int array (m,)
        The group of each row.
    """

    sums: np.ndarray
    counts: np.ndarray
    of: np.ndarray

    @property
    def centres(self) -> np.ndarray:
        """Means on the grid (q, p)."""
        return np.rint(self.sums / self.counts[:, None])


def factors(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two matrices (q, p + 2) and (p + 2, q) whose product is the squared distances of points on the grid."""
    squares, ones = (points * points).sum(axis=1), np.ones(len(points))
    return np.column_stack((points, ones, squares)), np.vstack((-2 * points.T, squares, ones))


def equal_rows(x: np.ndarray, seed: int) -> Leaves:
    """Equal rows of x (m, p) together; in an order drawn from the seed, as ties go to who comes first.

    In the order of their values the rows of an even lattice would join one after the other, not all at once.
    """
    order = np.lexsort(x.T)
    rows = x[order]
    new = np.concatenate(([True], (rows[1:] != rows[:-1]).any(axis=1)))
    place = np.random.default_rng(seed).permutation(int(new.sum()))
    of = np.empty(len(x), np.int64)
    of[order] = place[np.cumsum(new) - 1]
    counts = np.bincount(of).astype(np.float64)
    sums = np.empty((counts.size, x.shape[1]))
    sums[place] = rows[new]
    return Leaves(sums=sums * counts[:, None], counts=counts, of=of)


def micro_clusters(x: np.ndarray, seed: int) -> Leaves:
    """About 2,000 small groups of the rows of x (m, p): K-Means in two levels, each on a sample.

    Every row goes to the nearest of 45 centres, then to the nearest of the centres made for its neighbours.
    These are as many as the neighbours' share of all rows and of all squared distances, half and half, so
    that far and few customers are not lumped together.

    Parameters
    ----------
    x : float64 array (m, p)
        Whole numbers, see `core.cluster.lloyd.Grid`.
    """
    seeds = np.random.SeedSequence(seed).spawn(_COARSE + 1)
    rng = np.random.default_rng(seeds.pop())
    sample = _drawn(x, _SAMPLE, rng)
    coarse = several_steps(sample, plus_plus(sample, [_COARSE], rng), _STEPS)[0].centres
    with several() as pool:
        near = _nearest(x, coarse, pool)
        ends = np.cumsum(np.bincount(near, minlength=_COARSE))
        cells = np.split(np.argsort(near, kind="stable"), ends[:-1])
        found = list(pool.map(lambda *cell: _divided(x, *cell), cells, _shares(x, near), seeds))
    of, begin = np.empty(len(x), np.uint16), 0
    for rows, own in zip(cells, found, strict=True):
        of[rows] = own.of + begin
        begin += own.counts.size
    return Leaves(
        sums=np.concatenate([own.sums for own in found]),
        counts=np.concatenate([own.counts for own in found]),
        of=of,
    )


def _drawn(x: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    return x if len(x) <= number else x[np.sort(rng.choice(len(x), number, replace=False))]


def _shares(x: np.ndarray, near: np.ndarray) -> np.ndarray:
    """How many groups each cell is divided into."""
    counts = np.bincount(near, minlength=_COARSE).astype(np.float64)
    sums, squares = _sums(x, near, _COARSE), np.bincount(near, (x * x).sum(axis=1), _COARSE)
    spread = np.maximum(squares - (sums * sums).sum(axis=1) / np.maximum(counts, 1), 0)
    share = counts / counts.sum() + spread / max(float(spread.sum()), 1)
    return np.clip(np.floor(MANY * share / share.sum()), 1, np.maximum(counts, 1)).astype(np.int64)


def _divided(x: np.ndarray, which: np.ndarray, wanted: int, seed: np.random.SeedSequence) -> Leaves:
    """Small groups of some rows, none of them empty."""
    rows, rng = x[which], np.random.default_rng(seed)
    if not len(rows):
        return Leaves(sums=rows, counts=np.empty(0), of=np.empty(0, np.int64))
    sample = _drawn(rows, _OWN_SAMPLE, rng)
    centres = several_steps(sample, [_drawn(sample, wanted, rng)], _STEPS)[0].centres
    _, of = np.unique(_nearest_here(rows, centres), return_inverse=True)
    counts = np.bincount(of).astype(np.float64)
    return Leaves(sums=_sums(rows, of, counts.size), counts=counts, of=of)


def _nearest(x: np.ndarray, centres: np.ndarray, pool: ThreadPoolExecutor) -> np.ndarray:
    parts = [x[at : at + _PART] for at in range(0, len(x), _PART)]
    return np.concatenate(list(pool.map(lambda part: _nearest_here(part, centres), parts)))


def _nearest_here(x: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The nearest centre of each row."""
    half = (centres * centres).sum(axis=1) / 2
    found, size = np.empty(len(x), np.uint16), max(1, _CELLS // len(centres))
    for at in range(0, len(x), size):
        found[at : at + size] = (half - x[at : at + size] @ centres.T).argmin(axis=1)
    return found


def _sums(x: np.ndarray, of: np.ndarray, number: int) -> np.ndarray:
    return np.column_stack([np.bincount(of, column, number) for column in x.T])
