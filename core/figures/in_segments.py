"""In which segments some customers are."""

from collections.abc import Sequence

import numpy as np

from core.features.cohort import of_segment
from core.figures.drawn import HOVER, Drawn, Mark, figure, room_for, segment_names, small, table, up_to
from core.figures.theme import EDGE, HIGH, MIDDLE, TALL, segment_colours
from core.profile.profile import Segment
from core.words import escape, number, plural


def in_segments(segments: Sequence[Segment], counts: Sequence[int]) -> Drawn:
    """How many of some customers are in each segment, beside the segment's share of all.

    Parameters
    ----------
    counts : sequence of int
        In the order of the segments.
    """
    total = max(sum(counts), 1)
    shares = [n / total for n in counts]
    names, colours = segment_names(segments), segment_colours(segments)
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": small([100 * share for share in shares]),
        "y": names,
        "text": [number(share, "share") for share in shares],
        "textposition": "outside",
        "constraintext": "none",
        "cliponaxis": False,
        "marker": {"color": [colours[s.number] for s in segments], "line": {"color": EDGE, "width": 0.5}},
        "customdata": [s.number for s in segments],
        "hovertext": [_sentence(s, n, total) for s, n in zip(segments, counts, strict=True)],
        "hovertemplate": HOVER,
    }
    most = 100 * max([*shares, *(s.share for s in segments)], default=1.0)
    return Drawn(
        figure=figure(
            [trace, _of_all(segments, names)],
            showlegend=False,
            margin=room_for(["99.9 %"]),
            xaxis={
                "title": {"text": "Share of these customers"},
                "ticksuffix": " %",
                "showgrid": True,
                "range": up_to(most),
                "nticks": 5,
            },
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        ),
        table=table(
            (
                ("name", "Segment", ""),
                ("customers", "These customers", "count"),
                ("share", "Share of these", "share"),
                ("share_all", "Share of all", "share"),
            ),
            [(s.name, n, n / total, s.share) for s, n in zip(segments, counts, strict=True)],
        ),
        alt="Bars per segment, share of these customers: "
        + "; ".join(f"{s.name} {number(share, 'share')}" for s, share in zip(segments, shares, strict=True))
        + ".",
        answer=_answer(segments, shares),
        caption="Line: the segment's share of all customers.",
        height=MIDDLE if len(segments) <= 6 else HIGH if len(segments) <= 8 else TALL,
        marks=tuple(
            Mark(
                key=str(s.number),
                conditions=(of_segment(s.number),),
                customers=int(n),
                said=f"in “{s.name}”" if s.number else "without a segment",
                row=at,
            )
            for at, (s, n) in enumerate(zip(segments, counts, strict=True))
        ),
    )


def _of_all(segments: Sequence[Segment], names: list[str]) -> dict[str, object]:
    """A line across each bar at the segment's share of all customers."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": small([100 * s.share for s in segments]),
        "y": names,
        "marker": {"symbol": "line-ns", "size": 18, "line": {"color": "#7E8898", "width": 2}},
        "hoverinfo": "skip",
    }


def _sentence(segment: Segment, n: int, total: int) -> str:
    share, of_all = number(n / total, "share"), number(segment.share, "share")
    return f"{escape(segment.name)}: {plural(n, 'customer')}, {share} of these<br>{of_all} of all"


def _answer(segments: Sequence[Segment], shares: Sequence[float]) -> str:
    if not segments or not any(shares):
        return "None of them is in a segment."
    at = int(np.argmax(shares))
    segment = segments[at]
    said = f"{number(shares[at], 'share')} of them are in “{segment.name}”" if segment.number else ""
    said = said or f"{number(shares[at], 'share')} of them are without a segment"
    return f"{said}, against {number(segment.share, 'share')} of all."
