"""Why a customer is in a segment, and how far the next one is."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.pipeline import Results

_NOTHING: Final = 0.01
"""An attribute of a smaller share says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One attribute that speaks for a segment; `share` is beside all that speaks for the own one."""

    slug: str
    label: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a customer lies among the middles of the segments, in the compared numbers.

    Attributes
    ----------
    own : int
        Number of the segment, 0 for none.
    next : int or None
        The segment, other than the own, whose middle is nearest; None where there is no other.
    to_own, to_next : float or None
        Euclidean distances to the two middles.
    reasons : tuple of Reason
        The attributes in which the own middle is nearer than the next one, strongest first.
    against : tuple of Reason
        Those in which it is the other way round.
    """

    own: int
    next: int | None = None
    to_own: float | None = None
    to_next: float | None = None
    reasons: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()

    @property
    def lead(self) -> float | None:
        """How much nearer the own middle is than the next: 1 − d(own) / d(next), below 0 where it is not."""
        if self.to_own is None or self.to_next is None:
            return None
        return 1 - self.to_own / self.to_next if self.to_next > 0 else 0.0


def placed(results: Results, place: int) -> Placed:
    """Where the customer at a place among the study's customers lies.

    The squared distance to the next middle, less that to the own, is a sum over the columns of the matrix: an
    attribute's part of it is how much that attribute speaks for the own segment.

    Parameters
    ----------
    results : Results
        With matrix and clustering.
    place : int
        In `Matrix.rows`.
    """
    matrix, clustering = results.matrix, results.clustering
    assert matrix is not None and clustering is not None
    own = int(clustering.labels[place])
    if not matrix.fitted[place] or not clustering.k:
        return Placed(own=own)
    x = matrix.x[int(matrix.fitted[:place].sum())]
    apart = (x - clustering.centres) ** 2
    far = np.sqrt(apart.sum(axis=1))
    numbers = list(clustering.numbers or range(1, clustering.k + 1))
    at = numbers.index(own) if own in numbers else None
    others = [i for i in range(len(numbers)) if i != at]
    if not others:
        return Placed(own=own, to_own=None if at is None else float(far[at]))
    other = min(others, key=lambda i: float(far[i]))
    found = Placed(own=own, next=numbers[other], to_next=float(far[other]))
    if at is None:
        return found
    speaking = _by_attribute(results, apart[other] - apart[at])
    whole = sum(part for _, _, part in speaking if part > 0)
    return Placed(
        own=own,
        next=numbers[other],
        to_own=float(far[at]),
        to_next=float(far[other]),
        reasons=_strongest(speaking, whole, 1.0),
        against=_strongest(speaking, whole, -1.0),
    )


def _by_attribute(results: Results, parts: np.ndarray) -> list[tuple[str, str, float]]:
    """Slug, label and sum over its columns of each compared attribute."""
    assert results.matrix is not None
    found, start = [], 0
    for p in results.matrix.prepared:
        end = start + len(p.names)
        found.append((p.slug, p.label, float(parts[start:end].sum())))
        start = end
    return found


def _strongest(speaking: list[tuple[str, str, float]], whole: float, sign: float) -> tuple[Reason, ...]:
    chosen = [
        Reason(slug=slug, label=label, share=sign * part / whole)
        for slug, label, part in speaking
        if whole > 0 and sign * part > _NOTHING * whole
    ]
    return tuple(sorted(chosen, key=lambda reason: -reason.share))
