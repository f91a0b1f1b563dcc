"""The mean silhouette of a labeling: exact, or from a sample with its interval."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.silhouette.rows import ratio, silhouette_samples

EXACT_ROWS: Final = 20_000
_QUERIES: Final = 192
_SEEN: Final = 40_000
_Z: Final = 1.96


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

    Exact up to 20,000 rows, `sampled` above.

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
    if len(x) > EXACT_ROWS:
        return sampled(x, labelings, seed)
    samples = silhouette_samples(x, labelings, np.arange(len(x)))
    return {key: _exact(found) for key, found in samples.items()}


def sampled(x: np.ndarray, labelings: Mapping[int, np.ndarray], seed: int) -> dict[int, Silhouette | None]:
    """Mean silhouettes from 192 rows, each compared with *all* rows, with their 95 % intervals.

    Each segment counts with its true share, and the rows drawn are set against what is known of many more:
    their silhouette from distances to the segments' means, which says most of theirs (a regression estimator
    in two phases; Cochran 1977, §12.6).
    """
    rng = np.random.default_rng(seed)
    some = np.flatnonzero(np.any([labels >= 0 for labels in labelings.values()], axis=0))
    seen = np.sort(rng.choice(some, min(_SEEN, some.size), replace=False))
    at = np.sort(rng.choice(seen.size, min(_QUERIES, seen.size), replace=False))
    samples = silhouette_samples(x, labelings, seen[at])
    rows = (x[seen] - x[seen].mean(axis=0)).astype(np.float32)
    return {key: _estimated(rows, labels, seen, at, samples[key]) for key, labels in labelings.items()}


def _exact(samples: np.ndarray | None) -> Silhouette | None:
    if samples is None or np.isnan(samples).all():
        return None
    return Silhouette(value=float(np.nanmean(samples)))


def _estimated(
    rows: np.ndarray, labels: np.ndarray, seen: np.ndarray, at: np.ndarray, samples: np.ndarray | None
) -> Silhouette | None:
    if samples is None or np.isnan(samples).all():
        return None
    plain, of = _simplified(rows, labels[seen]), labels[seen]
    known = ~np.isnan(samples)
    drawn, y, z = of[at][known], samples[known], plain[at][known]
    shares = np.bincount(labels[labels >= 0]) / (labels >= 0).sum()
    slope, level = _fitted(drawn, y, z, shares.size)
    rest = y - slope * z - level[drawn]
    spread = float((rest**2).sum()) / max(y.size - np.unique(drawn).size - 1, 1)
    value, variance, part = 0.0, 0.0, 0.0
    for segment, share in enumerate(shares):
        own, few = plain[of == segment], max(int((drawn == segment).sum()), 1)
        if not own.size:
            continue
        part += share
        value += share * (level[segment] + slope * float(own.mean()))
        variance += share**2 * (spread / few + slope**2 * float(own.var()) / own.size)
    value, half = value / part, _Z * float(np.sqrt(variance)) / part
    return Silhouette(value=value, low=value - half, high=value + half, sampled=True)


def _simplified(x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Silhouettes from the distances to the segments' means; 0 without a segment."""
    own, number = np.flatnonzero(labels >= 0), int(labels.max()) + 1
    rows, of = x[own], labels[own]
    member = of == np.arange(number)[:, None]
    size = member.sum(axis=1)
    centres = member.astype(x.dtype) @ rows / np.maximum(size, 1)[:, None].astype(x.dtype)
    apart = (centres**2).sum(axis=1)[:, None] - 2 * centres @ rows.T
    apart += (rows**2).sum(axis=1)
    apart = np.where(size[:, None] > 0, np.sqrt(np.maximum(apart, 0, out=apart)), np.inf)
    each = np.arange(own.size)
    near = apart[of, each]
    apart[of, each] = np.inf
    found = np.zeros(labels.size)
    found[own] = ratio(near, apart.min(axis=0)) if (size > 0).sum() > 1 else 0.0
    return found


def _fitted(segments: np.ndarray, y: np.ndarray, z: np.ndarray, number: int) -> tuple[float, np.ndarray]:
    """y ≈ level of the segment + slope · z; a segment that was not drawn has the level of all."""
    count = np.bincount(segments, minlength=number)
    safe = np.maximum(count, 1)
    y_mean, z_mean = (np.bincount(segments, v, number) / safe for v in (y, z))
    y_rest, z_rest = y - y_mean[segments], z - z_mean[segments]
    square = float((z_rest**2).sum())
    slope = float((y_rest * z_rest).sum()) / square if square > 0 else 0.0
    level = np.where(count > 0, y_mean - slope * z_mean, float((y - slope * z).mean()))
    return slope, level
