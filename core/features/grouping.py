"""What a study has made of its customers, for conditions that ask about it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

OUTSIDE: Final = -2


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another way to group the customers, beside the study's own.

    Attributes
    ----------
    segments : int array (n,)
        Each customer's segment there, −1 for one who is not in it, `OUTSIDE` for one who is in neither.
    moved : int array (n,)
        Of who is in both: 0 in the segment there that is matched with the own, 1 in another. Of an earlier
        day: 1 moved up since (to a smaller number), 2 down, 3 from or to no segment.
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
    ago : callable () -> Other or None
        The own segments of 30 days ago; None where they can't be said.
    """

    segments: np.ndarray
    places: Callable[[], np.ndarray]
    others: Callable[[], tuple[Other | None, ...]] = field(default=_none)
    ago: Callable[[], Other | None] = field(default=lambda: None)
