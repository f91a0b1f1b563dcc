"""How well single customers belong to their segments: silhouettes of some of every segment."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.silhouette.rows import silhouette_samples

ALL_ROWS: Final = 5_000
"""Up to so many rows every silhouette is known; above, those of about `DRAWN` rows."""

DRAWN: Final = 2_000
_FEWEST: Final = 30
_COMPARED: Final = 20_000
_LEAST_COMPARED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """Silhouettes (Rousseeuw 1987) of single customers.

    Attributes
    ----------
    values : float32 array (q,)
        Of the customers drawn: by segment and, within it, the highest first.
    segments : int16 array (q,)
        Segment 1…k of each.
    mean : float array (k,)
        Of each segment; NaN for one without customers.
    nearer : int array (k,)
        Customers of each segment who are nearer to another one on average: their silhouette is below 0.
    sampled : bool
        Whether mean and nearer are estimates from those drawn.
    """

    values: np.ndarray
    segments: np.ndarray
    mean: np.ndarray
    nearer: np.ndarray
    sampled: bool = False


def belonging(x: np.ndarray, labels: np.ndarray, seed: int) -> Belonging:
    """Silhouettes of at most about 2,000 rows, drawn from each segment by its size and at least 30 of each.

    They are exact up to 20,000 rows; above, each row is compared with 20,000 drawn in the same manner. Up to
    5,000 rows the means and counts are over all rows.

    Parameters
    ----------
    x : float array (m, p)
    labels : int array (m,)
        1…k, 0 for no segment.

    Returns
    -------
    Belonging
        Empty where there are not two segments.
    """
    sizes = np.bincount(labels, minlength=1)[1:]
    if (sizes > 0).sum() < 2:
        return _nothing()
    rng = np.random.default_rng([seed, sizes.size])
    seen = _some(labels, _COMPARED, _LEAST_COMPARED, rng)
    rows = np.arange(seen.size)
    if seen.size > ALL_ROWS:
        rows = _some(labels[seen], DRAWN, _FEWEST, rng)
    found = silhouette_samples(x[seen], {0: labels[seen].astype(np.int64) - 1}, rows)[0]
    assert found is not None
    return _summed(found, labels[seen][rows].astype(np.int64), sizes, rng)


def _some(labels: np.ndarray, most: int, least: int, rng: np.random.Generator) -> np.ndarray:
    """Rows with a segment, ascending: all, or about `most` of them by size and at least `least` of each."""
    own = np.flatnonzero(labels > 0)
    if own.size <= most:
        return own
    turn = rng.permutation(own.size)
    order = own[np.lexsort((turn, labels[own]))]
    sizes = np.bincount(labels[own])
    wanted = np.minimum(sizes, np.maximum(least, np.round(most * sizes / own.size)).astype(np.int64))
    first = np.cumsum(sizes) - sizes
    return np.sort(np.concatenate([order[f : f + w] for f, w in zip(first, wanted, strict=True)]))


def _summed(values: np.ndarray, of: np.ndarray, sizes: np.ndarray, rng: np.random.Generator) -> Belonging:
    drawn = np.bincount(of, minlength=sizes.size + 1)[1:]
    with np.errstate(invalid="ignore"):
        mean = np.bincount(of, values, sizes.size + 1)[1:] / drawn
        below = np.bincount(of, values < 0, sizes.size + 1)[1:] / drawn
    shown = _some(of, DRAWN, _FEWEST, rng)
    shown = shown[np.lexsort((-values[shown], of[shown]))]
    return Belonging(
        values=values[shown].astype(np.float32),
        segments=of[shown].astype(np.int16),
        mean=mean,
        nearer=np.round(np.nan_to_num(below) * sizes).astype(np.int64),
        sampled=bool((drawn < sizes).any()),
    )


def _nothing() -> Belonging:
    return Belonging(
        values=np.empty(0, np.float32),
        segments=np.empty(0, np.int16),
        mean=np.empty(0),
        nearer=np.empty(0, np.int64),
    )
