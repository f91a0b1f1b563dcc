"""Columns that say the same as others."""

from typing import Final

import numpy as np

from core.explore import correlation_ratio, cramers_v, mid_ranks
from core.explore.associations import crossed

TOGETHER: Final = 0.7
"""Columns that go together as much or more are one."""


def alike(hot: list[np.ndarray]) -> list[list[int]]:
    """Columns by what they say: those that go together by 0.7 or more are one (single linkage).

    Parameters
    ----------
    hot : list of float array (m, 1 or q)
        A number, NaN where missing; or the 0/1 columns of a category, NaN where missing.

    Returns
    -------
    list of list of int
        Places of the columns that are one.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = [(i, j) for i in range(len(hot)) for j in range(i) if _association(hot[i], hot[j]) >= TOGETHER]
    ends = tuple(np.array(pairs, dtype=np.int64).reshape(-1, 2).T)
    near = coo_array((np.ones(len(pairs)), ends), shape=(len(hot), len(hot)))
    names = connected_components(near, directed=False)[1]
    return [np.flatnonzero(names == name).tolist() for name in np.unique(names)]


def _association(x: np.ndarray, y: np.ndarray) -> float:
    """How far two columns go together, 0 to 1; 0 where that can't be said.

    The rank correlation of numbers without its sign, Cramér's V of categories, the correlation ratio of both.
    """
    if x.shape[1] == 1 and y.shape[1] == 1:
        return _correlation(x[:, 0], y[:, 0])
    if x.shape[1] > 1 and y.shape[1] > 1:
        found = cramers_v(crossed(_codes(x), _codes(y)))
    else:
        words, number = (x, y) if x.shape[1] > 1 else (y, x)
        found = correlation_ratio(_codes(words), number[:, 0])
    return 0.0 if np.isnan(found) else found


def _codes(hot: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(hot[:, 0]), -1, np.argmax(hot, axis=1))


def _correlation(x: np.ndarray, y: np.ndarray) -> float:
    known = ~np.isnan(x) & ~np.isnan(y)
    a, b = mid_ranks(x[known]), mid_ranks(y[known])
    if a.size < 3 or not np.ptp(a) or not np.ptp(b):
        return 0.0
    return abs(float(np.corrcoef(a, b)[0, 1]))
