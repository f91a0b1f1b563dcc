"""How good a labeling is: spread inside, and the criteria of Caliński–Harabasz and Davies–Bouldin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.threads import several

_CHUNK: Final = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What a labeling comes to, over the rows that have a segment.

    Attributes
    ----------
    sizes : int array (k,)
    centres : float array (k, p)
        Means of the segments; zeros for one without rows.
    inertia : float
        Sum of squared distances to the own segment's mean.
    calinski_harabasz : float or None
        Variance between over variance within (Caliński and Harabasz 1974), higher is better; None under two
        segments, or where nothing varies within.
    davies_bouldin : float or None
        Mean over segments of the worst (spread + spread) / distance (Davies and Bouldin 1979), lower is
        better; None under two segments, or where two have one centre.
    """

    sizes: np.ndarray
    centres: np.ndarray
    inertia: float
    calinski_harabasz: float | None
    davies_bouldin: float | None


def criteria(x: np.ndarray, labelings: Mapping[int, np.ndarray]) -> dict[int, Criteria]:
    """The criteria of several labelings of x (m, p); labels 0…k−1, −1 for no segment."""
    with several() as pool:
        found = list(pool.map(lambda labels: _criteria(x, labels), labelings.values()))
    return dict(zip(labelings, found, strict=True))


def _criteria(x: np.ndarray, labels: np.ndarray) -> Criteria:
    k = int(labels.max(initial=-1)) + 1
    sizes, sums = np.zeros(k), np.zeros((k, x.shape[1]))
    for rows, own in _chunks(x, labels):
        sums += (own == np.arange(k)[:, None]).astype(np.float64) @ rows
        sizes += np.bincount(own, minlength=k)
    centres = sums / np.maximum(sizes, 1)[:, None]
    inertia, far = 0.0, np.zeros(k)
    for rows, own in _chunks(x, labels):
        away = rows - centres[own]
        squared = np.einsum("ij,ij->i", away, away)
        inertia += float(squared.sum())
        far += np.bincount(own, np.sqrt(squared), k)
    return Criteria(
        sizes=sizes.astype(np.int64),
        centres=centres,
        inertia=inertia,
        calinski_harabasz=_calinski_harabasz(sizes, centres, inertia),
        davies_bouldin=_davies_bouldin(centres, far / np.maximum(sizes, 1)),
    )


def _chunks(x: np.ndarray, labels: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Rows with a segment and their labels, a part at a time."""
    parts = []
    for at in range(0, len(x), _CHUNK):
        rows, own = x[at : at + _CHUNK], labels[at : at + _CHUNK]
        known = own >= 0
        parts.append((rows, own) if known.all() else (rows[known], own[known]))
    return parts


def _calinski_harabasz(sizes: np.ndarray, centres: np.ndarray, inertia: float) -> float | None:
    k, n = sizes.size, float(sizes.sum())
    if k < 2 or n <= k or inertia <= 0:
        return None
    middle = (sizes[:, None] * centres).sum(axis=0) / n
    between = float((sizes * ((centres - middle) ** 2).sum(axis=1)).sum())
    return between / (k - 1) / (inertia / (n - k))


def _davies_bouldin(centres: np.ndarray, spread: np.ndarray) -> float | None:
    if len(centres) < 2:
        return None
    apart = np.sqrt(((centres[:, None] - centres[None]) ** 2).sum(axis=2))
    np.fill_diagonal(apart, np.inf)
    if not apart.all():
        return None
    return float(((spread[:, None] + spread[None]) / apart).max(axis=1).mean())
