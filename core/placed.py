"""Why a customer is in a segment, and how far the next one is."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.cluster.rules import MAP, NAMES
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
        Those in which it is the other way round; of a customer without a segment those in which the next
        middle is furthest, their shares of the squared distance.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ByRules:
    """A customer's scores under the RFM rules, and the nearest ones that another segment has.

    Attributes
    ----------
    r, fm : int
        1 to 5: how recent, how much and how often.
    next : int
        Number of the segment that the fewest steps of the scores lead to, the most valuable of several; of a
        new customer the one of these scores.
    next_r, next_fm : int
        The scores that lead there.
    """

    r: int
    fm: int
    next: int
    next_r: int
    next_fm: int


def by_rules(results: Results, own: int, r: int | None, fm: int | None) -> ByRules | None:
    """The nearest other segment under the RFM rules; None where the scores do not decide.

    Parameters
    ----------
    results : Results
        With a clustering by these rules.
    own : int
        Number of the customer's segment.
    r, fm : int or None
        The customer's scores, 0 or None where missing.
    """
    clustering = results.clustering
    assert clustering is not None and clustering.names is not None
    numbers = clustering.numbers or range(1, clustering.k + 1)
    number_of = dict(zip(clustering.names, numbers, strict=True))
    if not r or not fm:
        return None
    scored = number_of.get(NAMES[MAP[r - 1][fm - 1]])
    if scored is not None and scored != own:
        return ByRules(r=r, fm=fm, next=scored, next_r=r, next_fm=fm)
    others = [
        (abs(r - at_r) + abs(fm - at_fm), number, at_r, at_fm)
        for at_r, row in enumerate(MAP, 1)
        for at_fm, place in enumerate(row, 1)
        if (number := number_of.get(NAMES[place], own)) != own
    ]
    if not others:
        return None
    _, number, at_r, at_fm = min(others)
    return ByRules(r=r, fm=fm, next=number, next_r=at_r, next_fm=at_fm)


def placed(results: Results, own: int, x: np.ndarray) -> Placed:
    """Where a customer lies.

    The squared distance to the next middle, less that to the own, is a sum over the compared numbers: an
    attribute's part of it is how much that attribute speaks for the own segment.

    Parameters
    ----------
    results : Results
        With matrix and clustering; their rows are not looked at.
    own : int
        Number of the customer's segment, 0 for none.
    x : float array (p,)
        The customer's compared numbers, NaN for one who has not all of them.
    """
    clustering = results.clustering
    assert clustering is not None
    if np.isnan(x).any() or not clustering.k:
        return Placed(own=own)
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
        away = _by_attribute(results, apart[other])
        return replace(found, against=_strongest(away, float(apart[other].sum()), 1.0))
    speaking = _by_attribute(results, apart[other] - apart[at])
    whole = sum(part for _, _, part in speaking if part > 0)
    return replace(
        found,
        to_own=float(far[at]),
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
