"""Match the segments of a study to those of its reference."""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from core.assigned import assigned
from core.effect import Grouped
from core.match.centres import Groups, centres
from core.match.counts import by_centres, by_customers
from core.match.result import Match, Now, Part, Then
from core.matched import shared, together
from core.profile import Profile, Segment, free_name

ENOUGH: Final = 0.5
"""Least share of the smaller study's customers that must be in both to match segments by them."""


class Segmented(Grouped, Protocol):
    """Customers with their segments and these segments' names, as `core.pipeline.Results` has them."""

    @property
    def profile(self) -> Profile | None:
        """Names and sizes."""


def match(reference: Segmented, study: Segmented, query: str, by_id: bool = True) -> Match:
    """Give each segment of a study the number and name of the segment of the reference that it is.

    Segments are assigned one to one so that the sum of their likeness is the greatest (Kuhn 1955). How like
    two are is the Jaccard index over the customers of both studies; where these are under half of the smaller
    study's, how near their centres are; where both have the same rules, whether they have the same rule. A
    pair that is not like enough (`core.match.counts`) is no match: numbers and names are never forced.
    Segments without one get the next numbers after the reference's highest, in the order of their value.
    Names of rules belong to rules: between rules and groups only numbers are kept.

    Parameters
    ----------
    reference : Segmented
        Its segments may have any numbers.
    study : Segmented
        Its segments are 1…k.
    query : str
        The reference's, for `Match.reference`.
    by_id : bool
        Whether equal ids are the same customer in both.
    """
    then, now = _segments(reference), _segments(study)
    pairs = (
        _pairs(reference, study, then, now) if by_id else np.zeros((len(then) + 1, len(now) + 1), np.int64)
    )
    by = _by(reference, study, int(pairs.sum()))
    found = _found(_worth(by, pairs, reference, study))
    followed = np.zeros_like(pairs) if by == "centres" else pairs
    called = _called(then, now, found, _same_kind(reference, study))
    stay = followed[0, 0] + sum(followed[i + 1, j + 1] for j, i in found.items())
    return Match(
        reference=query,
        customers=_count(reference),
        shared=int(pairs.sum()),
        joined=_count(study) - int(pairs.sum()),
        moved=int(followed.sum() - stay),
        by=by,
        then=_then(then, called, found, followed),
        now=_now(then, now, called, found, followed),
    )


_Called = Sequence[tuple[int, str]]
"""Number and name of segments."""


def _found(worth: np.ndarray) -> dict[int, int]:
    """Place of a segment of the study -> that of the reference's which it is."""
    rows, columns = assigned(worth)
    return {int(j): int(i) for i, j in zip(rows, columns, strict=True) if worth[i, j] > 0}


def _then(
    then: Sequence[Segment], called: _Called, found: dict[int, int], followed: np.ndarray
) -> tuple[Then, ...]:
    return tuple(
        Then(
            number=s.number,
            name=s.name,
            size=s.size,
            kept=at in found.values(),
            parts=_parts(followed[at + 1], called),
        )
        for at, s in enumerate(then)
    )


def _now(
    then: Sequence[Segment],
    now: Sequence[Segment],
    called: _Called,
    found: dict[int, int],
    followed: np.ndarray,
) -> tuple[Now, ...]:
    before = [(t.number, t.name) for t in then]
    return tuple(
        Now(
            number=number,
            name=name,
            own=s.name,
            kept=at in found,
            parts=_parts(followed[:, at + 1], before),
        )
        for at, (s, (number, name)) in enumerate(zip(now, called, strict=True))
    )


def _segments(study: Segmented) -> list[Segment]:
    assert study.profile is not None
    return [s for s in study.profile.segments if s.number]


def _count(study: Segmented) -> int:
    assert study.profile is not None
    return study.profile.customers


def _pairs(
    reference: Segmented, study: Segmented, then: Sequence[Segment], now: Sequence[Segment]
) -> np.ndarray:
    """Customers of both by place there and here (a + 1, b + 1); 0 is no segment."""
    assert reference.matrix is not None and reference.clustering is not None
    assert study.matrix is not None and study.clustering is not None
    there, here = shared(reference.customers, reference.matrix, study.customers, study.matrix)
    place = np.zeros(max((s.number for s in then), default=0) + 1, dtype=np.int64)
    place[[s.number for s in then]] = np.arange(1, len(then) + 1)
    was, are = place[reference.clustering.labels[there]], study.clustering.labels[here]
    return together(was, are, len(then), len(now))


def _by(reference: Segmented, study: Segmented, both: int) -> str:
    if _rules(reference) and _rules(study):
        return "rules"
    smaller = min(_count(reference), _count(study))
    return "customers" if both and both >= ENOUGH * smaller else "centres"


def _rules(study: Segmented) -> bool:
    assert study.clustering is not None
    return study.clustering.names is not None


def _same_kind(reference: Segmented, study: Segmented) -> bool:
    return _rules(reference) == _rules(study)


def _worth(by: str, pairs: np.ndarray, reference: Segmented, study: Segmented) -> np.ndarray:
    """How like every pair of segments is; 0 for one that does not count."""
    assert reference.matrix is not None
    if by == "customers":
        return by_customers(pairs)
    then, now = _segments(reference), _segments(study)
    if by == "rules":
        return np.array([[float(t.name == n.name) for n in now] for t in then]).reshape(len(then), len(now))
    if not then or not now:
        return np.zeros((len(then), len(now)))
    return by_centres(*centres(reference.matrix.prepared, _groups(reference), _groups(study)))


def _groups(study: Segmented) -> Groups:
    assert study.matrix is not None and study.clustering is not None
    labels, rows = study.clustering.labels, study.matrix.rows
    return Groups(study.customers, [rows[labels == s.number] for s in _segments(study)])


def _called(
    then: Sequence[Segment], now: Sequence[Segment], found: dict[int, int], same_kind: bool
) -> _Called:
    """Numbers and names of the study's segments, each there once."""
    free = max((s.number for s in then), default=0)
    numbers, names = [], {j: then[i].name for j, i in found.items() if same_kind}
    for at, segment in enumerate(now):
        free += at not in found
        numbers.append(then[found[at]].number if at in found else free)
        if at not in names:
            names[at] = free_name(segment.name, tuple(names.values()))
    return [(number, names[at]) for at, number in enumerate(numbers)]


def _parts(counts: np.ndarray, called: _Called) -> tuple[Part, ...]:
    """Shares of customers (k + 1,) in each segment, the largest first; none where nobody is counted."""
    order = sorted(np.flatnonzero(counts).tolist(), key=lambda at: (-int(counts[at]), at))
    total, named = int(counts.sum()), [(0, "No segment"), *called]
    return tuple(Part(number=named[at][0], name=named[at][1], share=int(counts[at]) / total) for at in order)
