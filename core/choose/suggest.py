"""Which number of segments is suggested, and why."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from core.choose.result import Candidate, Clustering
from core.cluster.contract import Algorithm
from core.errors import UserError
from core.spec import Cluster

TIED: Final = 0.02
MIN_SEGMENT: Final = 5


def elbow(ks: Sequence[int], inertias: Sequence[float]) -> int | None:
    """The knee of the inertia curve: the point farthest below the line between its ends (Satopää 2011).

    None where the curve bends by less than a tenth of its height: no such point is an answer too.
    """
    if len(ks) < 4 or inertias[0] <= inertias[-1]:
        return None
    across = (np.array(ks) - ks[0]) / (ks[-1] - ks[0])
    down = (inertias[0] - np.array(inertias)) / (inertias[0] - inertias[-1])
    gain = down - across
    return int(ks[int(np.argmax(gain))]) if gain.max() >= 0.1 else None


def least_size(customers: int, spec: Cluster) -> int:
    """Customers that the smallest segment must have: the study's share of them, and at least five."""
    return max(MIN_SEGMENT, int(np.ceil(spec.min_share / 100 * customers - 1e-9)))


def suggest(candidates: Sequence[Candidate], spec: Cluster) -> int | None:
    """The best number of segments by the rule of the house; None where none can be taken.

    The highest silhouette; those whose 95 % interval reaches it, or within 0.02 of an exact one, are as good,
    and the smallest of these is taken.
    """
    able = _able(candidates, spec)
    if not able:
        return None
    best = max(_value(c) for c in able)
    return min(c.k for c in able if _reaches(c, best))


def without_groups(found: Clustering) -> Clustering:
    """A clustering of customers that fall into no clear groups: none of its numbers is suggested."""
    if found.suggested_k is None:
        return found
    reason = "there are no clear groups, so that any number is a convenience"
    return replace(found, suggested_k=None, reason=reason)


def highest(spec: Cluster) -> int:
    """The most segments that may be."""
    return max(spec.k_low, spec.k_high)


def _able(candidates: Sequence[Candidate], spec: Cluster) -> list[Candidate]:
    return [c for c in candidates if _asked(c, spec) and not c.problem and c.silhouette is not None]


def _asked(candidate: Candidate, spec: Cluster) -> bool:
    return spec.k_low <= candidate.k <= highest(spec)


def _span(spec: Cluster) -> str:
    return f"{spec.k_low} to {highest(spec)}"


def _reaches(candidate: Candidate, best: float) -> bool:
    score = candidate.silhouette
    assert score is not None
    if score.high is not None:
        return score.high >= best
    return best - score.value <= TIED


def _value(candidate: Candidate) -> float:
    return candidate.silhouette.value if candidate.silhouette else -1.0


def settle(
    algorithm: Algorithm, candidates: Sequence[Candidate], suggested: int | None, spec: Cluster
) -> tuple[int, str]:
    """The number of segments taken, and why, in a sentence without its first word's capital.

    Raises
    ------
    UserError
        When there is none.
    """
    if not algorithm.chooses_k:
        k = candidates[0].k
        if spec.algorithm == "rules":
            return k, "as many as the rules find among these customers"
        if k == 0:
            return 0, "no crowd was dense enough"
        if spec.algorithm == "hdbscan":
            return k, "that many crowds last as what counts as dense is changed"
        reach = f"with reach {spec.eps:g}" if spec.eps else "at the proposed reach"
        return k, f"that many crowds are dense enough {reach}"
    if spec.k is not None:
        if spec.k == suggested:  # a link with the number written out says what the automatic one said
            return suggested, reason_for(candidates, suggested, spec)
        other = "" if suggested is None else f"; {suggested} would be suggested"
        return spec.k, f"the number you chose{other}"
    if suggested is not None:
        return suggested, reason_for(candidates, suggested, spec)
    span = _span(spec)
    two = next((c for c in candidates if c.k == 2), None)
    if two is None or two.problem:
        raise UserError(
            "These customers do not fall into two segments that are large enough.",
            "Limit or leave out extreme values, allow smaller segments, or choose other attributes.",
        )
    return 2, f"no number from {span} keeps every segment large enough"


def reason_for(candidates: Sequence[Candidate], chosen: int, spec: Cluster) -> str:
    """Why this number was suggested."""
    by_k = {c.k: c for c in candidates}
    able = _able(candidates, spec)
    best = max(able, key=_value)
    blocked = [c for c in candidates if c.k > chosen and c.problem and _value(c) > _value(by_k[chosen])]
    if best.k != chosen:
        values = f"{_value(by_k[chosen]):.2f} and {_value(best):.2f}"
        return f"as clearly apart as {best.k} ({values}{_edge(best, candidates, spec)}), and simpler"
    if blocked:
        return f"{blocked[0].k} would be clearer, but {blocked[0].problem}"
    if len(able) == 1:
        return f"the only number from {_span(spec)} that keeps every segment large enough"
    span = f"{min(c.k for c in able)} to {max(c.k for c in able)}"
    return f"the most clearly apart of {span} ({_value(best):.2f}){_edge(best, candidates, spec)}"


def _edge(best: Candidate, candidates: Sequence[Candidate], spec: Cluster) -> str:
    """Says so where the best is the last number that was tried on either side: beyond may be better."""
    tried = [c.k for c in candidates if _asked(c, spec)]
    if best.k == max(tried):
        return ", the most that was tried"
    return ", the fewest that were tried" if best.k == min(tried) else ""
