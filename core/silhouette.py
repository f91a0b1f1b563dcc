"""Silhouette (Rousseeuw 1987) of several labelings at once: distances are computed once for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

EXACT_ROWS: Final = 20_000
QUERIES: Final = 2_000
_BLOCK_CELLS: Final = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Silhouette:
    """The mean silhouette of a labeling.

    Attributes
    ----------
    value : float
        −1 to 1; 1 is clearly apart.
    low, high : float or None
        95 % interval where it comes from a sample; None where exact.
    sampled : bool
    """

    value: float
    low: float | None = None
    high: float | None = None
    sampled: bool = False


def silhouettes(
    x: np.ndarray, labelings: Mapping[int, np.ndarray], seed: int
) -> dict[int, Silhouette | None]:
    """Mean silhouette per labeling, over the rows that have a segment.

    Exact up to 20,000 rows; above, 2,000 customers drawn at random are compared with *all* rows, each segment
    with its true share, and the value carries its 95 % interval.

    Parameters
    ----------
    x : float array (m, p)
    labelings : mapping of int to int array (m,)
        Labels 0…k−1, −1 for no segment.

    Returns
    -------
    dict of int to Silhouette or None
        None where fewer than two segments have customers.
    """
    exact = len(x) <= EXACT_ROWS
    rows = (
        np.arange(len(x))
        if exact
        else np.sort(np.random.default_rng(seed).choice(len(x), QUERIES, replace=False))
    )
    with threadpool_limits(1):  # the same last digit, and no crawl on a busy machine, whatever the threads
        samples = silhouette_samples(x, labelings, rows)
    return {key: _mean(labels, rows, samples[key], exact) for key, labels in labelings.items()}


def silhouette_samples(
    x: np.ndarray, labelings: Mapping[int, np.ndarray], rows: np.ndarray
) -> dict[int, np.ndarray | None]:
    """Silhouettes of some rows against all rows; NaN without a segment, 0 for one alone in its segment."""
    groups = {key: _members(labels) for key, labels in labelings.items()}
    found = {key: np.full(rows.size, np.nan) for key in labelings}
    x = x - x.mean(axis=0)  # far from zero, distances from squares would lose their last digits
    squares = (x * x).sum(axis=1)
    step = max(1, _BLOCK_CELLS // max(len(x), 1))
    for start in range(0, rows.size, step):
        at = rows[start : start + step]
        distances = squares[at][:, None] + squares[None, :] - 2 * (x[at] @ x.T)
        np.sqrt(np.maximum(distances, 0, out=distances), out=distances)
        distances[np.arange(at.size), at] = 0.0
        for key, labels in labelings.items():
            found[key][start : start + step] = _block(
                distances @ groups[key], labels[at], groups[key].sum(axis=0)
            )
    return {key: found[key] if groups[key].shape[1] >= 2 else None for key in labelings}


def _members(labels: np.ndarray) -> np.ndarray:
    """0/1 matrix (m, k) of who is in which segment."""
    k = int(labels.max()) + 1 if labels.size else 0
    return (labels[:, None] == np.arange(max(k, 0))[None, :]).astype(np.float64)


def _block(sums: np.ndarray, labels: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    out = np.full(labels.size, np.nan)
    inside = np.flatnonzero(labels >= 0)
    if sizes.size < 2 or not inside.size:
        return out
    own = labels[inside]
    a = sums[inside, own] / np.maximum(sizes[own] - 1, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = sums[inside] / sizes
    means[np.arange(inside.size), own] = np.inf
    b = np.nanmin(means, axis=1)
    top = np.maximum(a, b)
    out[inside] = np.where((sizes[own] == 1) | (top == 0), 0.0, (b - a) / np.where(top == 0, 1.0, top))
    return out


def _mean(labels: np.ndarray, rows: np.ndarray, samples: np.ndarray | None, exact: bool) -> Silhouette | None:
    if samples is None or np.isnan(samples).all():
        return None
    if exact:
        return Silhouette(value=float(np.nanmean(samples)))
    return _stratified(labels, labels[rows], samples)


def _stratified(labels: np.ndarray, drawn: np.ndarray, samples: np.ndarray) -> Silhouette:
    """Post-stratified mean: each segment's sample mean with the segment's true share."""
    sizes = np.bincount(labels[labels >= 0]).astype(np.float64)
    value, variance, share_seen = 0.0, 0.0, 0.0
    for segment, size in enumerate(sizes):
        own = samples[drawn == segment]
        if own.size == 0:
            continue
        share = size / sizes.sum()
        share_seen += share
        value += share * own.mean()
        spread = own.var(ddof=1) if own.size > 1 else samples[drawn >= 0].var(ddof=1)
        variance += share**2 * spread / own.size * (1 - own.size / size)
    value, half = value / share_seen, 1.96 * np.sqrt(variance) / share_seen
    return Silhouette(value=float(value), low=float(value - half), high=float(value + half), sampled=True)
