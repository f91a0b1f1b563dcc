"""Whether a segment differs from the rest by more than chance: tests that hold for few customers and ties."""

from typing import Final

import numpy as np

from core.explore import mid_ranks

LEVEL: Final = 0.01
"""The chance, over all tests of a study together, of claiming any difference where there is none."""


def by_numbers(x: np.ndarray, places: np.ndarray, s: int) -> np.ndarray:
    """p-values (s,) of each segment's numbers against those of the rest; NaN where one side has under two.

    Twice the smaller one of two p-values, that for the ranks (which extremes do not move) and that for the
    values (whose means are what is told). Each of them is the larger one of two tests: the sum against what
    chance makes of it (for ranks Mann and Whitney 1947, with ties, corrected for continuity; for values
    Pitman 1937), and Welch's (1947; for ranks Zimmerman and Zumbo 1993). Where few customers have another
    value than most, either test alone finds differences by chance a thousand times as often as it says: the
    one in small segments that have such a customer, the other in those that have none.

    Parameters
    ----------
    x : float array (m,)
        NaN where missing.
    places : int array (m,)
        Segment 0…s−1.
    """
    known = ~np.isnan(x)
    values, at = x[known], places[known]
    both = [larger(mid_ranks(values), at, s, 0.5), larger(values, at, s, 0.0)]
    return np.asarray(np.minimum(2 * np.minimum(*both), 1))


def larger(values: np.ndarray, at: np.ndarray, s: int, step: float) -> np.ndarray:
    """The larger p-value (s,) of the test of the sum of each group `at`, and of Welch's, both two-sided.

    Parameters
    ----------
    step : float
        What the sum is off by at most for being a whole number.
    """
    from scipy.stats import norm, t

    n, m = np.bincount(at, minlength=s), values.size
    found, able = np.full(s, np.nan), (n >= 2) & (m - n >= 2)
    values = values - values.mean() if m else values
    one, rest = n[able].astype(np.float64), (m - n[able]).astype(np.float64)
    own, squares = np.bincount(at, values, s)[able], np.bincount(at, values**2, s)[able]
    chance = np.sqrt(one * rest / m * values.var(ddof=1)) if able.any() else own
    by_sum = 2 * norm.sf(_over(np.maximum(np.abs(own) - step, 0), chance, 0.0))
    a = np.maximum(squares - own**2 / one, 0) / (one - 1) / one
    b = np.maximum(float((values**2).sum()) - squares - own**2 / rest, 0) / (rest - 1) / rest
    freedom = _over((a + b) ** 2, a**2 / (one - 1) + b**2 / (rest - 1), 1.0)
    welch = 2 * t.sf(_over(np.abs(own / one + own / rest), np.sqrt(a + b), np.inf), freedom)
    found[able] = np.minimum(np.maximum(by_sum, welch), 1)
    return found


def _over(a: np.ndarray, b: np.ndarray, otherwise: float) -> np.ndarray:
    return np.divide(a, b, out=np.full_like(a, otherwise), where=b > 0)


def by_levels(counts: np.ndarray) -> np.ndarray:
    """p-values (s, q) of how common each level is in a segment and in the rest; NaN where one is empty.

    Fisher's exact test (1934), twice the smaller tail.

    Parameters
    ----------
    counts : int array (s, q)
        Customers of segment i with level j.
    """
    from scipy.stats import hypergeom

    every, level, own = int(counts.sum()), counts.sum(axis=0), counts.sum(axis=1)
    more = counts * every > own[:, None] * level
    law = (every, np.broadcast_to(level, counts.shape), np.broadcast_to(own[:, None], counts.shape))
    p = np.empty(counts.shape)
    p[more] = hypergeom.sf(counts[more] - 1, law[0], law[1][more], law[2][more])
    p[~more] = hypergeom.cdf(counts[~more], law[0], law[1][~more], law[2][~more])
    able = (own > 0) & (own < every)
    return np.where(able[:, None], np.minimum(2 * p, 1), np.nan)


def holm(p: np.ndarray) -> np.ndarray:
    """p-values corrected for their number (Holm 1979); NaN are no tests and stay."""
    found = np.full(p.shape, np.nan)
    tests = np.flatnonzero(~np.isnan(p.ravel()))
    order = tests[np.argsort(p.ravel()[tests], kind="stable")]
    steps = p.ravel()[order] * np.arange(order.size, 0, -1)
    found.ravel()[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return found
