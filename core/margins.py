"""How clearly customers belong to their segment: how much nearer its middle is than that of the next one."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.choose import Clustering
from core.features.matrix import Matrix

LEADS: Final = (0.0, 0.1, 0.3, 0.6)
"""Where a step begins, of the lead 1 − d(own) / d(next): under the first the next middle is nearer."""

ABOUT_AS_NEAR: Final = 0.1
"""Under this lead a customer is about as near to the next segment."""

_ROWS: Final = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """Customers of each segment by their lead.

    Attributes
    ----------
    counts : int array (k, 5)
        Of segments 1…k in the steps that `LEADS` divide, the smallest lead first; those who have not all
        compared numbers are in none.
    next_to : int array (k, k)
        Customers of a segment (rows) who are about as near to another one, by which that is (columns).
    """

    counts: np.ndarray
    next_to: np.ndarray

    def share(self, at: int, step: int) -> float:
        """The share of a segment's customers in a step."""
        return float(self.counts[at, step] / max(int(self.counts[at].sum()), 1))

    def near(self, at: int, other: int) -> float:
        """The share of a segment's customers who are about as near to another one."""
        return float(self.next_to[at, other] / max(int(self.counts[at].sum()), 1))


def margins(matrix: Matrix, clustering: Clustering) -> Margins:
    """The leads of all customers who have a segment, by Euclidean distances in the compared numbers.

    Empty (0, 5) and (0, 0) where there are not two segments.
    """
    k = clustering.k if clustering.k > 1 else 0
    steps = len(LEADS) + 1
    counts, next_to = np.zeros(k * steps, np.int64), np.zeros(k * k, np.int64)
    labels = clustering.labels[matrix.fitted].astype(np.int64) - 1
    for start in range(0, labels.size if k else 0, _ROWS):
        own = labels[start : start + _ROWS]
        inside = own >= 0
        x = matrix.x[start : start + _ROWS]
        own, x = (own, x) if inside.all() else (own[inside], x[inside])
        lead, other = _leads(x, clustering.centres, own)
        step = np.searchsorted(LEADS, lead, side="right")
        counts += np.bincount(own * steps + step, minlength=counts.size)
        near = lead < ABOUT_AS_NEAR
        next_to += np.bincount(own[near] * k + other[near], minlength=next_to.size)
    return Margins(counts=counts.reshape(k, steps), next_to=next_to.reshape(k, k))


def _leads(x: np.ndarray, centres: np.ndarray, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lead of each row, and the place of the next segment."""
    far = np.maximum((x**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1) - 2 * x @ centres.T, 0)
    rows = np.arange(own.size)
    mine = far[rows, own]
    far[rows, own] = np.inf
    other = far.argmin(axis=1)
    next_ = far[rows, other]
    return 1 - np.sqrt(np.divide(mine, next_, out=np.ones_like(mine), where=next_ > 0)), other
