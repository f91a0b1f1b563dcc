"""The RFM rules beside the segments: who is in both."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.crossed import Crossed, filters
from core.features.cohort import of_segment
from core.figures.drawn import HOVER, Drawn, Mark, figure, segment_names, small, table, wrapped
from core.figures.theme import CELL_INK, CELLS, LOW
from core.profile.profile import Profile, Segment
from core.words import escape, number, plural

FEW: Final = 5
"""Up to so many columns their names stand upright."""

ROW: Final = 40
"""Pixels that a segment takes."""


def beside_rules(profile: Profile, found: Crossed) -> Drawn:
    """Segments × names of the RFM rules: customers in the cells, colour for their share of the segment."""
    segments, names = profile.segments, found.names
    sizes = np.maximum(found.counts.sum(axis=1, keepdims=True), 1)
    share = found.counts / sizes
    keys = [[f"{s.number}:{name}" for name in names] for s in segments]
    trace = {
        "type": "heatmap",
        "z": small(np.where(found.counts > 0, 100 * share, np.nan)),  # nobody: no colour
        "zmin": 0,
        "zmax": 100,
        "x": [wrapped(name, 12) for name in names],
        "y": segment_names(segments),
        "colorscale": CELLS,
        "showscale": False,
        "text": [[f"{n:,}" if n else "" for n in row] for row in found.counts.tolist()],
        "texttemplate": "%{text}",
        "textfont": {"color": CELL_INK},
        "customdata": keys,
        "hovertext": [
            [_sentence(s, name, int(n), float(p)) for name, n, p in zip(names, row, part, strict=True)]
            for s, row, part in zip(segments, found.counts, share, strict=True)
        ],
        "hovertemplate": HOVER,
        "xgap": 2,
        "ygap": 2,
    }
    return Drawn(
        figure=figure(
            [trace],
            xaxis={"type": "category", "side": "top", "tickangle": 0 if len(names) <= FEW else -35},
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        ),
        table=_table(segments, found),
        alt=f"Grid of {plural(len(segments), 'segment')} by {plural(len(names), 'name')} of the RFM rules. "
        + found.said()
        + ".",
        answer=_answer(segments, found),
        caption=_caption(found),
        height=max(LOW, 120 + ROW * len(segments)),
        marks=tuple(_marks(segments, found)),
    )


def _sentence(segment: Segment, name: str, n: int, share: float) -> str:
    return f"{escape(segment.name)}: {plural(n, 'customer')} are “{name}”, {number(share, 'share')} of them"


def _marks(segments: Sequence[Segment], found: Crossed) -> list[Mark]:
    return [
        Mark(
            key=f"{segment.number}:{name}",
            conditions=(of_segment(segment.number), *filters(name)),
            customers=int(n),
            said=f"of “{segment.name}” who are “{name}”",
        )
        for segment, row in zip(segments, found.counts, strict=True)
        for name, n in zip(found.names, row, strict=True)
    ]


def _answer(segments: Sequence[Segment], found: Crossed) -> str:
    real = [at for at, s in enumerate(segments) if s.number and found.counts[at].sum()]
    if not real:
        return f"{found.said()}."
    share = found.counts[real] / found.counts[real].sum(axis=1, keepdims=True)
    at, column = np.unravel_index(int(share.argmax()), share.shape)
    most = number(float(share[at, column]), "share")
    return f"{found.said()}. Of “{segments[real[int(at)]].name}” {most} are “{found.names[int(column)]}”."


def _caption(found: Crossed) -> str:
    unscored = int(found.unscored.sum())
    left = f" {plural(unscored, 'customer')} without a score not shown." if unscored else ""
    return f"Customers in the cells; colour: share of the segment.{left}"


def _table(segments: Sequence[Segment], found: Crossed) -> Any:
    columns = [
        ("name", "Segment", ""),
        *((f"rule_{at}", name, "count") for at, name in enumerate(found.names)),
    ]
    columns.append(("unscored", "without a score", "count"))
    rows = [
        (s.name, *(int(n) for n in row), int(rest))
        for s, row, rest in zip(segments, found.counts, found.unscored, strict=True)
    ]
    return table(columns, rows)
