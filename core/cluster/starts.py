"""Where K-Means begins: k-means++ (Arthur and Vassilvitskii 2007), and fits with one centre more or fewer."""

from collections.abc import Sequence
from typing import Final

import numpy as np

_TRIALS: Final = 8


def plus_plus(x: np.ndarray, ks: Sequence[int], rng: np.random.Generator) -> list[np.ndarray]:
    """A greedy k-means++ draw of the largest k; its first centres are the draw of a smaller one.

    Parameters
    ----------
    x : float64 array (m, p)
        Whole numbers, see `core.cluster.lloyd.Grid`.
    ks : sequence of int
    """
    squares = (x * x).sum(axis=1)
    chosen = [x[rng.integers(len(x))]]
    near = _squared(x, squares, np.array(chosen))
    trials = 2 + int(np.log(max(ks)))
    for _ in range(1, max(ks)):
        near, centre = _next(x, squares, near, rng, trials)
        chosen.append(centre)
    return [np.array(chosen[:k]) for k in ks]


def one_more(x: np.ndarray, centres: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The centres, and one more where it brings the rows nearest of a few that were drawn."""
    squares = (x * x).sum(axis=1)
    _, centre = _next(x, squares, _squared(x, squares, centres), rng, _TRIALS)
    return np.vstack([centres, centre])


def one_fewer(centres: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The centres, but for the two that are joined at the least cost (Ward 1963), which become one."""
    apart = ((centres[:, None] - centres[None]) ** 2).sum(axis=2)
    both = counts[:, None] + counts[None]
    cost = apart * counts[:, None] * counts[None] / np.maximum(both, 1)
    cost[np.tril_indices(len(cost))] = np.inf
    i, j = np.unravel_index(int(cost.argmin()), cost.shape)
    joined = (counts[i] * centres[i] + counts[j] * centres[j]) / max(both[i, j], 1)
    return np.vstack([np.rint(joined), np.delete(centres, [i, j], axis=0)])


def _squared(x: np.ndarray, squares: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Squared distance of each row to the nearest centre."""
    half = (centres * centres).sum(axis=1)[:, None] / 2
    return np.maximum(squares + 2 * (half - centres @ x.T).min(axis=0), 0)


def _next(
    x: np.ndarray, squares: np.ndarray, near: np.ndarray, rng: np.random.Generator, trials: int
) -> tuple[np.ndarray, np.ndarray]:
    """Of some rows drawn by their squared distance the best next centre, and the distances with it."""
    total = np.cumsum(near)
    drawn = x[np.minimum(np.searchsorted(total, rng.random(trials) * total[-1]), len(x) - 1)]
    half = (drawn * drawn).sum(axis=1)[:, None]
    each = np.minimum(near, np.maximum(squares + half - 2 * (drawn @ x.T), 0))
    best = int(each.sum(axis=1).argmin())
    return each[best], drawn[best]
