"""Means of segments with bootstrap intervals, from one pass over the customers."""

from math import factorial
from typing import Final

import numpy as np

BLOCKS: Final = 1_000
DRAWS: Final = 1_000
MOST_PAIRS: Final = 12
"""Segments up to which each is compared with each other one."""

_ENDS: Final = (0.025, 0.975)
_LOST: Final = 0.1


class Blocks:
    """A Poisson bootstrap (Hanley and MacGibbon 2006) of sums over s segments.

    The customers are first divided by chance into at most 1,000 blocks, whose sums are drawn in place of
    theirs (Chamandy, Muralidharan, Najmi and Naidu 2012); up to 1,000 customers a block is a customer, and it
    is the bootstrap itself.

    Parameters
    ----------
    places : int array (n,)
        Segment 0…s−1 of each customer.
    """

    def __init__(self, places: np.ndarray, s: int, seed: int = 0) -> None:
        self._rng = np.random.default_rng([seed, places.size])
        self._s, self._blocks = s, min(places.size, BLOCKS)
        turn = self._rng.permutation(places.size) % max(self._blocks, 1)
        self.size = self._blocks * s
        self.of = turn * s + places
        """The cell of each customer (n,), one for each block and segment, of `size`."""
        self._every = np.bincount(self.of, minlength=self.size)

    def added(self, x: np.ndarray) -> np.ndarray:
        """Number of values, their sum and the sum of their squares in each cell (size, 3)."""
        missing = np.flatnonzero(np.isnan(x))
        if missing.size:
            x = x.copy()
            x[missing] = 0.0
        known = self._every - np.bincount(self.of[missing], minlength=self.size)
        sums = [np.bincount(self.of, y, self.size) for y in (x, x * x)]
        return np.column_stack([known, *sums])

    def counted(self, mask: np.ndarray) -> np.ndarray:
        """How many of each cell are among some customers, bool (n,)."""
        return np.bincount(self.of[mask], minlength=self.size)

    def whole(self, parts: np.ndarray) -> np.ndarray:
        """Sums over the segments (s, c) of sums over the cells (size, c)."""
        return np.asarray(parts.reshape(self._blocks, self._s, -1).sum(axis=0))

    def drawn(self, parts: np.ndarray, draws: int) -> np.ndarray:
        """The same in each draw (draws, s, c)."""
        weights = _poisson(self._rng, draws, self._blocks)
        return np.asarray(weights @ parts.reshape(self._blocks, -1)).reshape(draws, self._s, -1)


def _poisson(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Draws of Poisson's law with mean 1, from a table of 65,536 equally likely values."""
    return _TABLE[rng.integers(0, _TABLE.size, (rows, columns), dtype=np.uint16)]


def _table() -> np.ndarray:
    laws = np.cumsum([np.exp(-1.0) / factorial(count) for count in range(9)])
    return np.searchsorted(laws[:-1], (np.arange(1 << 16) + 0.5) / (1 << 16)).astype(np.float64)


_TABLE: Final = _table()


class Drawn:
    """The means of several numbers over s segments, with their bootstrap."""

    def __init__(self, places: np.ndarray, s: int) -> None:
        self._blocks = Blocks(places, s)
        self._parts: list[np.ndarray] = []
        self._absolute: list[np.ndarray | None] = []

    def take(self, x: np.ndarray) -> None:
        """One more number (n,), NaN where missing."""
        self._parts.append(self._blocks.added(x))
        below = np.nanmin(x, initial=0.0) < 0
        self._absolute.append(self._blocks.whole(self._blocks.added(np.abs(x))) if below else None)

    def means(self) -> "list[Means]":
        """The means of the numbers, in the order they came."""
        if not self._parts:
            return []
        drawn = self._blocks.drawn(np.hstack([part[:, :2] for part in self._parts]), DRAWS)
        whole = [self._blocks.whole(part) for part in self._parts]
        return [
            Means(
                known=sums[:, 0].astype(np.int64),
                total=sums[:, 1],
                squares=sums[:, 2],
                absolute=sums[:, 1] if absolute is None else absolute[:, 1],
                draws=drawn[:, :, 2 * i : 2 * i + 2].transpose(1, 0, 2),
            )
            for i, (sums, absolute) in enumerate(zip(whole, self._absolute, strict=True))
        ]


class Means:
    """Means of one number over s segments, and what they are in each draw.

    Parameters
    ----------
    known, total, squares : array (s,)
        Customers that have it, and the sums of their values and of their squares.
    absolute : array (s,)
        Sums of the absolute values.
    draws : float array (s, draws, 2)
        Number and sum in each draw.
    """

    def __init__(
        self,
        known: np.ndarray,
        total: np.ndarray,
        squares: np.ndarray,
        absolute: np.ndarray,
        draws: np.ndarray,
    ) -> None:
        self.known, self._total, self._squares = known, total, squares
        self._absolute, self._draws = absolute, draws

    @property
    def means(self) -> np.ndarray:
        """Mean of each segment (s,), NaN without anybody."""
        return _ratio(self._total, self.known)

    @property
    def rests(self) -> np.ndarray:
        """Mean of all others (s,)."""
        return _ratio(self._total.sum() - self._total, self.known.sum() - self.known)

    @property
    def weight(self) -> np.ndarray:
        """How many customers of equal value each mean rests on (s,)."""
        return np.nan_to_num(_ratio(self._absolute**2, self._squares))

    def intervals(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """95 % intervals of differences and ratios: low, high, times_low, times_high (s, s) of `Number`."""
        counts, sums = self._draws[:, :, 0], self._draws[:, :, 1]
        own = _ratio(sums, counts)
        rest = _ratio(sums.sum(axis=0) - sums, counts.sum(axis=0) - counts)
        s = len(own)
        found = [np.full((s, s), np.nan) for _ in range(4)]
        one, other = np.arange(s), np.arange(s)
        if s <= MOST_PAIRS:
            more = np.triu_indices(s, 1)
            one, other = np.concatenate([one, more[0]]), np.concatenate([other, more[1]])
        beside = np.where((one == other)[:, None], rest[one], own[other])
        for at, values in ((0, own[one] - beside), (2, _positive(own[one], beside))):
            low, high = _quantiles(values)
            found[at][one, other], found[at + 1][one, other] = low, high
        _mirror(found, one, other)
        return found[0], found[1], found[2], found[3]


def _mirror(found: list[np.ndarray], one: np.ndarray, other: np.ndarray) -> None:
    """The pairs the other way round."""
    pair = one != other
    i, j = one[pair], other[pair]
    found[0][j, i], found[1][j, i] = -found[1][i, j], -found[0][i, j]
    found[2][j, i], found[3][j, i] = 1 / found[3][i, j], 1 / found[2][i, j]


def _quantiles(values: np.ndarray) -> np.ndarray:
    """Both ends of the draws (2, m); NaN where a tenth of them have no value."""
    able = np.isfinite(values)
    found = np.full((2, len(values)), np.nan)
    whole = able.all(axis=1)
    if whole.any():
        found[:, whole] = np.quantile(values[whole], _ENDS, axis=1)
    for at in np.flatnonzero(~whole & (able.mean(axis=1) > 1 - _LOST)):
        found[:, at] = np.quantile(values[at][able[at]], _ENDS)
    return found


def _positive(own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Ratios; NaN where a mean is not above zero."""
    both = (own > 0) & (other > 0)
    return np.where(both, own, np.nan) / np.where(both, other, np.nan)


def _ratio(sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    some = counts > 0
    return np.where(some, sums, np.nan) / np.where(some, counts, 1)
