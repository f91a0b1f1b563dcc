"""Which number of segments is suggested, and why."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from core.choose.result import Candidate, Clustering
from core.cluster.contract import Algorithm
from core.errors import UserError
from core.spec import Cluster
from core.words import number

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


def tied(candidates: Sequence[Candidate], spec: Cluster) -> set[int]:
    """The numbers that can be taken and are as clearly apart as the best.

    The best has the highest silhouette; those whose 95 % interval reaches it, or within 0.02 of an exact one,
    are as good.
    """
    able = takeable(candidates, spec)
    best = max(map(_value, able), default=0.0)
    return {c.k for c in able if _reaches(c, best)}


def suggest(candidates: Sequence[Candidate], spec: Cluster) -> int | None:
    """The best number of segments by the rule of the house; None where none can be taken.

    Of those that are as clearly apart as the best, the one with most customers in reliable segments, where
    that is known, then the smallest.
    """
    ties = tied(candidates, spec)
    able = [c for c in candidates if c.k in ties]
    known = all(c.stable is not None for c in able)
    return min(able, key=lambda c: (-(c.stable or 0.0) if known else 0.0, c.k)).k if able else None


def without_groups(found: Clustering) -> Clustering:
    """A clustering of customers that fall into no clear groups: none of its numbers is suggested."""
    if found.suggested_k is None:
        return found
    reason = "there are no clear groups, so that any number is a convenience"
    return replace(found, suggested_k=None, reason=reason)


def highest(spec: Cluster) -> int:
    """The most segments that may be."""
    return max(spec.k_low, spec.k_high)


def takeable(candidates: Sequence[Candidate], spec: Cluster) -> list[Candidate]:
    """The numbers that were asked for and have a silhouette and no problem."""
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
    two = next((c for c in candidates if c.k == 2), None)
    if two is None or two.problem:
        raise UserError(
            "These customers do not fall into two segments that are large enough.",
            "Limit or leave out extreme values, allow smaller segments, or choose other attributes.",
        )
    return 2, _infeasible(candidates, spec)


def _infeasible(candidates: Sequence[Candidate], spec: Cluster) -> str:
    """Which of the limits can't be kept, and what to do."""
    asked = [c for c in candidates if _asked(c, spec)]
    if not asked:
        return f"too few customers for {spec.k_low}, each takes ten who differ; include more of them"
    nearest = min(asked, key=lambda c: (-c.smallest, c.k))
    return (
        f"no number from {_span(spec)} keeps every segment large enough (with {nearest.k}"
        f" {nearest.problem}); allow smaller or fewer segments"
    )


def reason_for(candidates: Sequence[Candidate], chosen: int, spec: Cluster) -> str:
    """Why this number was suggested."""
    by_k = {c.k: c for c in candidates}
    able = takeable(candidates, spec)
    best = max(able, key=_value)
    blocked = [c for c in candidates if c.k > chosen and c.problem and _value(c) > _value(by_k[chosen])]
    if best.k != chosen:
        values = f"{_value(by_k[chosen]):.2f} and {_value(best):.2f}"
        why = _more_reliable(by_k[chosen], best) or "simpler"
        return f"as clearly apart as {best.k} ({values}{_edge(best, candidates, spec)}), and {why}"
    if blocked:
        return f"{blocked[0].k} would be clearer, but {blocked[0].problem}"
    if len(able) == 1:
        return f"the only number from {_span(spec)} that keeps every segment large enough"
    span = f"{min(c.k for c in able)} to {max(c.k for c in able)}"
    return f"the most clearly apart of {span} ({_value(best):.2f}){_edge(best, candidates, spec)}"


def _more_reliable(chosen: Candidate, best: Candidate) -> str:
    if chosen.stable is None or best.stable is None or chosen.stable <= best.stable:
        return ""
    ours, theirs = number(chosen.stable, "share"), number(best.stable, "share")
    return f"{ours} of customers are in reliable segments against {theirs}"


def _edge(best: Candidate, candidates: Sequence[Candidate], spec: Cluster) -> str:
    """Says so where the best is the last number that was tried on either side: beyond may be better."""
    tried = [c.k for c in candidates if _asked(c, spec)]
    if best.k == max(tried):
        return ", the most that was tried"
    return ", the fewest that were tried" if best.k == min(tried) else ""
