"""K-Means of few rows, quickly: for questions that are asked of many samples."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from core.cluster.lloyd import Rough, several_steps
from core.cluster.starts import plus_plus

_FIRST_STEPS: Final = 4
_MORE_STEPS: Final = 12


def roughly(x: np.ndarray, ks: Sequence[int], rng: np.random.Generator, starts: int) -> dict[int, Rough]:
    """Of every k the best of some starts: a few steps from each, a dozen more from the one ahead by then.

    Parameters
    ----------
    x : float64 array (m, p)
        Whole numbers, see `core.cluster.lloyd.Grid`.
    ks : sequence of int
    """
    drawn = [plus_plus(x, ks, rng) for _ in range(starts)]
    side_by_side = [one for of_k in zip(*drawn, strict=True) for one in of_k]  # fits of one k are one table
    begun = several_steps(x, side_by_side, _FIRST_STEPS)
    ahead = [min(begun[at : at + starts], key=_inertia).centres for at in range(0, len(begun), starts)]
    return dict(zip(ks, several_steps(x, ahead, _MORE_STEPS), strict=True))


def nearest(x: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The nearest centre of each row, the first among equals (m,)."""
    half = (centres * centres).sum(axis=1)[:, None] / 2
    return np.asarray((half - centres @ x.T).argmin(axis=0))


def _inertia(found: Rough) -> float:
    return found.inertia
