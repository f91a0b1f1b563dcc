"""How many rows a search for neighbours can take, known before it begins."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.cluster.neighbours import LINKS, points

LIMIT: Final = 300_000_000
"""Rows that a search may look at in all; about 40 seconds of a processor, more where values lie far out."""

MOST: Final = 3_000_000
"""Rows whose neighbours fit into a gigabyte."""

_SIZES: Final = (1_000_000, 500_000, 200_000, 100_000, 50_000)
LEAST: Final = 20_000
"""So many rows are always searched."""

_NEAR: Final = 4
"""In up to three columns a search looks at not more than so many times the neighbours that are asked for."""

_SMALL: Final = 5_000
_ASKED: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Rows that the search for one row's neighbours looks at, on the `LEAST` rows and its growth beyond.

    The search through a k-d tree looks at about the rows in the cube around the ball that holds the
    neighbours; they are counted on two samples and their growth with the number of rows is drawn on.
    """

    rows: float
    growth: float

    def of(self, size: int) -> float:
        """Rows looked at for one row among `size`."""
        return min(self.rows * max(1.0, size / LEAST) ** self.growth, float(size))


def affordable(x: np.ndarray, min_samples: int) -> int:
    """How many of the rows of x (m, p) can be searched for `min_samples` neighbours: m, or a sample's size.

    Of a sample its own neighbours are looked for, and for each of the m rows the nearest of the sample.
    """
    if len(x) <= LEAST or (x.shape[1] <= 3 and len(x) * min_samples <= LIMIT // _NEAR and len(x) <= MOST):
        return len(x)
    rows = np.random.default_rng(0).permutation(len(x))[:LEAST]
    own, near = _effort(x[rows], min_samples), _effort(x[rows], LINKS)
    if len(x) <= MOST and len(x) * own.of(len(x)) <= LIMIT:
        return len(x)
    for size in _SIZES:
        if size < len(x) and size * own.of(size) + len(x) * near.of(size) <= LIMIT:
            return size
    return LEAST


def _effort(x: np.ndarray, min_samples: int) -> Effort:
    small, large = _looked_at(x[:_SMALL], min_samples), _looked_at(x, min_samples)
    return Effort(rows=large, growth=max(0.0, float(np.log(large / small) / np.log(len(x) / _SMALL))))


def _looked_at(x: np.ndarray, min_samples: int) -> float:
    """Rows in the cubes around some points, their mean."""
    given = points(x)
    asked = given.x[:: max(1, len(given.x) // _ASKED)]
    count = min(min_samples, len(given.x))
    reach = given.tree.query(asked, k=[count])[0][:, 0]
    return float(given.tree.query_ball_point(asked, reach, p=np.inf, return_length=True).mean())
