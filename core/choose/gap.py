"""The gap statistic: how much less spread there is inside segments than in data without any."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from core.cluster.lloyd import gridded
from core.cluster.roughly import roughly

ROWS: Final = 1_000
"""Most rows looked at."""

REFERENCES: Final = 10
_STARTS: Final = 1
_OWN_STARTS: Final = 6
"""More for the customers themselves: a poor start costs most where there are groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One number of segments: its gap, and the standard error of a reference's, s of the source."""

    value: float
    error: float


def gaps(x: np.ndarray, ks: Sequence[int], seed: int) -> dict[int, Gap]:
    """The gap statistic of K-Means for every k (Tibshirani, Walther and Hastie 2001), on at most 1,000 rows.

    The mean over 10 references, spread evenly in the box of the principal axes, of the logarithm of the
    squared distances to the nearest centre, less that of x. Numbers of segments at which nothing is spread
    any more are left out.

    Parameters
    ----------
    x : float array (m, p)
    ks : sequence of int
        Each at most the number of different rows.
    """
    rng = np.random.default_rng([seed, len(x)])
    x = x if len(x) <= ROWS else x[np.sort(rng.choice(len(x), ROWS, replace=False))]
    x = x - x.mean(axis=0)
    along = x @ np.linalg.svd(x, full_matrices=False)[2].T
    low, high = along.min(axis=0), along.max(axis=0)
    with threadpool_limits(1):
        own = _spreads(x, ks, rng, _OWN_STARTS)
        others = [_spreads(rng.uniform(low, high, along.shape), ks, rng, _STARTS) for _ in range(REFERENCES)]
    found = {}
    for k in (k for k in ks if own[k] > 0):
        logs = np.log([other[k] for other in others])
        error = float(logs.std() * np.sqrt(1 + 1 / REFERENCES))
        found[k] = Gap(value=float(logs.mean() - np.log(own[k])), error=error)
    return found


def by_gap(found: dict[int, Gap]) -> int | None:
    """The smallest k whose gap is at least that of k + 1 less its error; the largest where there is none."""
    for k in sorted(found):
        if k + 1 in found and found[k].value >= found[k + 1].value - found[k + 1].error:
            return k
    return max(found, default=None)


def _spreads(x: np.ndarray, ks: Sequence[int], rng: np.random.Generator, starts: int) -> dict[int, float]:
    """Sums of squared distances to the nearest centre."""
    grid = gridded(x)
    return {k: one.inertia / grid.scale**2 for k, one in roughly(grid.x, ks, rng, starts).items()}
