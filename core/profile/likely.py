"""Likely ranges that suppose no distribution: of a median by ranks, of a share of customers by counts."""

from functools import lru_cache
from math import lgamma, log, sqrt
from typing import Final

import numpy as np

TAIL: Final = 0.025
"""What a 95 % range leaves out at each end."""

_Z: Final = 1.959963984540054
_FAR: Final = 10
"""Standard deviations from the middle beyond which a binomial tail is nothing."""


@lru_cache(maxsize=4096)
def median_rank(n: int) -> int | None:
    """Place, from 0, in n sorted values where the 95 % range of their median begins; None under 6 values.

    It ends at place n − 1 − this one. The number of values under the median is binomial with ½, whatever
    their distribution, so from rank k to n + 1 − k the range holds the median with at least 95 % where
    P(B ≤ k − 1) < 2.5 % (Thompson 1936; Conover 1999, section 3.2).
    """
    begin = max(0, int(n / 2 - _FAR * sqrt(n) / 2) - 1)
    at = np.arange(begin, n // 2 + 1)
    first = lgamma(n + 1) - lgamma(begin + 1) - lgamma(n - begin + 1) - n * log(2)
    steps = np.log((n - at[:-1]) / (at[:-1] + 1))
    below = np.cumsum(np.exp(first + np.concatenate([[0.0], np.cumsum(steps)])))
    rank = begin + int(np.searchsorted(below, TAIL))  # how often k fits: P(B ≤ k − 1) stays under the tail
    return rank - 1 if rank else None


def share_range(count: int, n: int) -> tuple[float, float] | None:
    """The 95 % range of a share, count of n (Wilson 1927); None of nobody."""
    if not n:
        return None
    share, squared = count / n, _Z * _Z
    middle = (share + squared / (2 * n)) / (1 + squared / n)
    half = _Z * sqrt(share * (1 - share) / n + squared / (4 * n * n)) / (1 + squared / n)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return 0.0 if not count else low, 1.0 if count == n else high
