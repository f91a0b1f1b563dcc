"""Every number of segments that was compared: as a table, and in the sentences of the chart's marks."""

from core.choose import Candidate, Clustering
from core.figures.drawn import Table, table
from core.words import clearly_apart, number, plural


def compared(result: Clustering) -> Table:
    """How every number of segments does, by every criterion that applies to the method."""
    columns = (
        ("k", "Segments", "count"),
        ("silhouette", "How clearly apart", "r"),
        ("low", "likely from", "r"),
        ("high", "to", "r"),
        ("tied", "As clearly apart as the best", ""),
        ("smallest", "Smallest segment", "count"),
        ("smallest_share", "of customers", "share"),
        ("stable", "Customers in reliable segments", "share"),
        ("inertia", "Spread inside segments", "number"),
        ("between", "Between against within", "number"),
        ("overlap", "Overlap", "r"),
        ("gap", "Spread against chance", "r"),
        ("gap_error", "give or take", "r"),
        ("fit", "Fit against size", "number"),
        ("problem", "Can't be taken because", ""),
    )
    total = max(int((result.labels > 0).sum()), 1)
    rows = [
        (
            c.k,
            c.silhouette.value if c.silhouette else None,
            c.silhouette.low if c.silhouette else None,
            c.silhouette.high if c.silhouette else None,
            "yes" if _stands_out(c, result) else "",
            c.smallest,
            c.smallest / total,
            c.stable,
            c.inertia,
            c.calinski_harabasz,
            c.davies_bouldin,
            c.gap.value if c.gap else None,
            c.gap.error if c.gap else None,
            c.bic,
            c.problem,
        )
        for c in result.candidates
    ]
    return table(columns, rows)


def sentence(candidate: Candidate, result: Clustering) -> str:
    """What a mark says of its number of segments."""
    score = candidate.silhouette
    assert score is not None
    likely = (
        f", likely {number(score.low, 'r')} to {number(score.high, 'r')}" if score.low is not None else ""
    )
    lines = [
        f"{plural(candidate.k, 'segment')}: {clearly_apart(score.value)} ({number(score.value, 'r')}{likely})"
    ]
    if _stands_out(candidate, result) and candidate.k != result.suggested_k:
        lines.append(f"as clearly apart as {result.suggested_k}")
    lines.append(
        f"can't be taken: {candidate.problem}"
        if candidate.problem
        else f"smallest: {plural(candidate.smallest, 'customer')}"
    )
    if candidate.stable is not None:
        lines.append(f"in reliable segments: {number(candidate.stable, 'share')} of customers")
    others = [name for name, k in result.opinions.items() if k == candidate.k]
    return "<br>".join([*lines, *([f"best by {', '.join(others)}"] if others else [])])


def ties(result: Clustering) -> list[Candidate]:
    """The numbers beside the suggested one that are as clearly apart as the best."""
    return [c for c in result.candidates if _stands_out(c, result) and c.k != result.suggested_k]


def _stands_out(candidate: Candidate, result: Clustering) -> bool:
    return candidate.tied and result.suggested_k is not None
