"""How well single customers belong to their segments: their silhouettes, sorted within each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from core.choose import Clustering
from core.figures.drawn import HOVER, Drawn, figure, line_at, segment_names, small, table
from core.figures.segment_marks import segment_marks
from core.figures.theme import HIGH, MIDDLE, TALL, segment_colours
from core.profile.profile import Segment
from core.silhouette import Belonging
from core.words import escape, number, plural

THICK: Final = 0.84
MOST_BANDS: Final = 12
MOST_STEPS: Final = 60
"""As many lines as a band has pixels and more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Band:
    """A segment with its place among the silhouettes."""

    segment: Segment
    place: int
    of: Belonging

    @property
    def values(self) -> np.ndarray:
        return self.of.values[self.of.segments == self.place + 1]

    @property
    def mean(self) -> float:
        return float(self.of.mean[self.place])

    @property
    def nearer(self) -> int:
        return int(self.of.nearer[self.place])

    @property
    def said(self) -> str:
        lie = f"{plural(self.nearer, 'customer')} of {self.segment.size:,} {_lie(self.nearer)}"
        mean = f"{escape(self.segment.name)}: {number(self.mean, 'r')} on average"
        return f"{mean}<br>{lie} nearer to another segment"


def silhouette_plot(found: Belonging, result: Clustering, segments: Sequence[Segment]) -> Drawn:
    """A band per segment, each of its customers a line in it, the clearest member on top."""
    real = [_Band(segment=s, place=result.place(s.number), of=found) for s in segments if s.number]
    largest = sorted(real, key=lambda b: (-b.segment.size, b.place))[:MOST_BANDS]
    bands = sorted(largest, key=lambda b: b.place)
    colours = segment_colours(segments)
    traces = [_drawn(band, at, colours[band.segment.number]) for at, band in enumerate(bands)]
    return Drawn(
        figure=figure(
            traces,
            showlegend=False,
            barmode="overlay",
            xaxis={"title": {"text": "Nearer to another (below 0) to clearly its own (1)"}, "nticks": 6},
            yaxis={
                "tickvals": list(range(len(bands))),
                "ticktext": segment_names([b.segment for b in bands]),
                "range": [len(bands) - 0.5, -0.5],
                "showgrid": False,
            },
            shapes=[line_at(x=0, dash="solid")],
        ),
        table=table(
            (
                ("number", "Segment", "count"),
                ("name", "Name", ""),
                ("mean", "How clearly apart", "r"),
                ("customers", "Customers", "count"),
                ("nearer", "Nearer to another", "count"),
            ),
            [(b.segment.number, b.segment.name, b.mean, b.segment.size, b.nearer) for b in real],
        ),
        alt="A band per segment of how clearly its customers belong to it: "
        + "; ".join(f"{b.segment.name} {number(b.mean, 'r')}" for b in bands)
        + f". {_answer(found, real)}",
        answer=_answer(found, real),
        height=MIDDLE if len(bands) <= 5 else HIGH if len(bands) <= 8 else TALL,
        marks=segment_marks([b.segment for b in real]),
    )


def _drawn(band: _Band, at: int, colour: str) -> dict[str, Any]:
    values = band.values
    if values.size > MOST_STEPS:
        values = values[np.linspace(0, values.size - 1, MOST_STEPS).round().astype(int)]
    steps = max(values.size, 1)
    return {
        "type": "bar",
        "orientation": "h",
        "name": escape(band.segment.name),
        "legendgroup": str(band.segment.number),
        "x": small(values),
        "y": small(at + THICK * ((np.arange(values.size) + 0.5) / steps - 0.5)),
        "width": THICK / steps,
        "marker": {"color": colour, "line": {"width": 0}, "cornerradius": 0},
        "hovertext": band.said,
        "hovertemplate": HOVER,
    }


def _answer(found: Belonging, bands: Sequence[_Band]) -> str:
    """How many customers are nearer to another segment, and whether that is known or estimated."""
    nearer, of = sum(b.nearer for b in bands), sum(b.segment.size for b in bands)
    sample = f", from a sample of {found.values.size:,}" if found.sampled else ""
    if not nearer:
        return f"No customer lies nearer to another segment{sample}."
    who = f"{plural(nearer, 'customer')} ({number(nearer / of, 'share')}) {_lie(nearer)}"
    return f"{'About ' if found.sampled else ''}{who} nearer to another segment{sample}."


def _lie(count: int) -> str:
    return "lies" if count == 1 else "lie"
