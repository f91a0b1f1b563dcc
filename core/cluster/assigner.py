"""What a method keeps of its fit so that customers who come later get a segment in the same way."""

from dataclasses import dataclass, replace

import numpy as np

from core.cluster.directions import Axes
from core.cluster.gaussians import Gaussians, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Points on a grid; a customer is in the group of the nearest.

    Attributes
    ----------
    at : int32 array (q, p)
        Whole numbers: the centres of K-Means, or what a family tree began with.
    of : uint8 array (q,)
        The group of each point.
    scale : float
        What compared numbers are multiplied by before they are rounded to the grid.
    """

    at: np.ndarray
    of: np.ndarray
    scale: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """A mixture; a customer is in the group that is most likely."""

    mixture: Gaussians
    scale: Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Fitted customers; one who comes later is in the segment of the nearest, where that is within reach.

    Attributes
    ----------
    asked : uint8 array
        Bits: which of the m fitted customers are asked, those who are dense or in a crowd.
    eps : float or None
        How far every one of them reaches. None: as far as the customers of the crowd themselves, to their
        `min_samples`-th neighbours.
    among : uint8 array or None
        Bits: among which of the fitted customers neighbours are counted; None for all.
    min_samples : int
    axes : Axes or None
        The directions along which crowds were looked for; None for the compared numbers themselves.
    """

    asked: np.ndarray
    eps: float | None = None
    among: np.ndarray | None = None
    min_samples: int = 0
    axes: Axes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """Frozen cut points of the RFM rules: a score is 1 and one more for each that is reached.

    Attributes
    ----------
    recency, orders, monetary : float array (4,)
        Of recency the most days for the scores 2 to 5, of the others the least value; infinite (for recency
        −∞) where no fitted customer has the score.
    new : bool
        Whether customers can be New.
    """

    recency: np.ndarray
    orders: np.ndarray
    monetary: np.ndarray
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigner:
    """How one method gives a segment; one of `points`, `likely`, `near` and `cuts` is there.

    Attributes
    ----------
    numbers : int array (g,)
        The segment of each group of `points` or `likely`, or of each name of the rules; 0 for none.
    """

    numbers: np.ndarray
    points: Points | None = None
    likely: Likely | None = None
    near: Near | None = None
    cuts: Cuts | None = None

    def renumbered(self, numbers: np.ndarray) -> "Assigner":
        """The same with other segment numbers: `numbers` (k + 1,) holds the new one of 0, 1 … k."""
        return replace(self, numbers=np.asarray(numbers)[self.numbers].astype(np.int64))


def by_nearest(at: np.ndarray, of: np.ndarray, scale: float) -> Assigner:
    """The group (q,) of the nearest of points (q, p) on a grid; groups 0… are the segments 1…"""
    points = Points(at=at.astype(np.int32), of=of.astype(np.uint8), scale=scale)
    return Assigner(points=points, numbers=np.arange(1, int(of.max()) + 2))


def bits(mask: np.ndarray) -> np.ndarray:
    """A bool array as bits."""
    return np.packbits(mask)


def unpacked(packed: np.ndarray, rows: int) -> np.ndarray:
    """The bool array (rows,) of `bits`."""
    return np.unpackbits(packed, count=rows).astype(bool)
