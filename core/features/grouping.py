"""What a study has made of its customers, for conditions that ask about it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another way to group the customers, beside the study's own.

    Attributes
    ----------
    segments : int array (n,)
        Each customer's segment there, −1 for one who is not in it.
    moved : bool array (n,)
        Who is in both, and in another segment there than the one that is matched with the own.
    """

    segments: np.ndarray
    moved: np.ndarray


def _none() -> tuple[Other | None, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Segments and places of n customers.

    Attributes
    ----------
    segments : int array (n,)
        Each customer's segment, 0 for none, −1 for one who is not in the study.
    places : callable () -> float array (n, 2)
        Where each lies on the map, NaN for one without a place; asked only for a condition about it.
    others : callable () -> tuple of Other or None
        The other models of a comparison in its order, None for one that was not made; empty without one.
    """

    segments: np.ndarray
    places: Callable[[], np.ndarray]
    others: Callable[[], tuple[Other | None, ...]] = field(default=_none)
