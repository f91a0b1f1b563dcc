"""Shares of two groups beside each other, with intervals."""

from typing import Final

import numpy as np

_Z: Final = 1.959964


def wilson(x: int, n: int) -> tuple[float, float]:
    """95 % interval of a share x / n (Wilson 1927)."""
    share, z = x / n, _Z * _Z / n
    middle, half = share + z / 2, _Z * float(np.sqrt(share * (1 - share) / n + z / n / 4))
    return max(0.0, (middle - half) / (1 + z)), min(1.0, (middle + half) / (1 + z))


def against(x: int, n: int, y: int, m: int) -> tuple[float, float]:
    """95 % interval of x / n − y / m, from the intervals of both shares (Newcombe 1998, method 10)."""
    p, q = x / n, y / m
    (p_low, p_high), (q_low, q_high) = wilson(x, n), wilson(y, m)
    low = p - q - float(np.hypot(p - p_low, q_high - q))
    high = p - q + float(np.hypot(p_high - p, q - q_low))
    return low, high


def times_of(x: int, n: int, y: int, m: int) -> tuple[float, float] | None:
    """95 % interval of (x / n) / (y / m) (Katz, Baptista, Azen and Pike 1978); None where a share is 0."""
    if not x or not y:
        return None
    middle = float(np.log(x / n) - np.log(y / m))
    half = _Z * float(np.sqrt(max(0.0, 1 / x - 1 / n + 1 / y - 1 / m)))
    return float(np.exp(middle - half)), float(np.exp(middle + half))
