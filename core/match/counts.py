"""Which pairs of a segment of the reference and one of the study count as the same, and how much they do."""

from typing import Final

import numpy as np

SAME: Final = 1 / 2
HALF: Final = 1 / 3
BEYOND_CHANCE: Final = 0.2


def by_customers(pairs: np.ndarray) -> np.ndarray:
    """Jaccard index of every pair of segments over the customers in both studies; 0 where it does not count.

    A pair counts from 1/3 on, where the customers in common are at least half of the mean size of the two
    (Dice 1945); below, one of them or both are mostly made of others. Up to 1/2 they must also agree by more
    than chance (Cohen's kappa of at least 0.2: Cohen 1960; Landis and Koch 1977): two halves made by the toss
    of a coin have an index of 1/3. Above 1/2 no other segment can be as like (Hennig 2008).

    Parameters
    ----------
    pairs : int array (a + 1, b + 1)
        Customers by segment in the reference and in the study; the first row and column are of no segment.

    Returns
    -------
    float array (a, b)
    """
    common = pairs[1:, 1:].astype(np.float64)
    then, now = pairs.sum(axis=1)[1:, None], pairs.sum(axis=0)[None, 1:]
    expected = then * now / max(int(pairs.sum()), 1)
    room = (then + now) / 2 - expected
    kappa = np.divide(common - expected, room, out=np.zeros_like(common), where=room > 0)
    index = common / np.maximum(then + now - common, 1)
    counts = (index > SAME) | ((index >= HALF) & (kappa >= BEYOND_CHANCE))
    return np.where(counts, index, 0.0)


def by_centres(then: np.ndarray, now: np.ndarray) -> np.ndarray:
    """How near every pair of centres is: 1 for the same place, 0 where it does not count.

    A pair counts where the distance is under half of that from the reference's centre to its next one: such a
    place is nearer to it than to any other, on whatever side it lies. A single centre has no next one; the
    distance must then be under half of the spread over all.

    Parameters
    ----------
    then, now : float array (a, p), (b, p)
        In units of the reference's spread.

    Returns
    -------
    float array (a, b)
    """
    if not then.shape[1]:
        return np.zeros((len(then), len(now)))
    far = np.sqrt(((then[:, None] - now[None]) ** 2).sum(axis=2))
    apart = np.sqrt(((then[:, None] - then[None]) ** 2).sum(axis=2))
    np.fill_diagonal(apart, np.inf)
    reach = apart.min(axis=1) / 2 if len(then) > 1 else np.full(1, np.sqrt(then.shape[1]) / 2)
    near = np.divide(far, reach[:, None], out=np.full_like(far, np.inf), where=reach[:, None] > 0)
    return np.clip(1 - near, 0.0, None)
