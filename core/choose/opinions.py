"""Which number of segments other criteria would take."""

from collections.abc import Callable, Sequence
from typing import Final

from core.choose.result import Candidate

_BEST: Final[dict[str, Callable[[Candidate], float | None]]] = {
    "between against within": lambda c: c.calinski_harabasz,
    "overlap": lambda c: None if c.davies_bouldin is None else -c.davies_bouldin,
    "fit against size": lambda c: None if c.bic is None else -c.bic,
}
"""What a criterion is called on pages, and its value, of which the highest is best."""


def opinions(able: Sequence[Candidate], elbow: int | None, by_gap: int | None) -> dict[str, int]:
    """The number that each criterion would take, by the name of the criterion.

    The knee and the gap statistic look at every number, the others at those that can be taken.
    """
    found = {"point of little gain": elbow, "spread against chance": by_gap}
    for name, value in _BEST.items():
        known = [(worth, -c.k) for c in able if (worth := value(c)) is not None]
        found[name] = -max(known)[1] if known else None
    return {name: k for name, k in found.items() if k is not None}


def differing(found: dict[str, int], chosen: int) -> str:
    """The opinions that are not for the chosen number, in a sentence; empty where all are for it."""
    others = sorted({k for k in found.values() if k != chosen})
    if not others:
        return ""
    said = [f"{k} by {', '.join(name for name, own in found.items() if own == k)}" for k in others]
    return f"Second opinions differ: {'; '.join(said)}."
