"""What makes one group of customers different from another: dots with their likely ranges."""

from collections.abc import Sequence
from typing import Any, Final

from core.differences.result import Gap
from core.figures.drawn import HOVER, Drawn, distinct, figure, line_at, shown, small, table
from core.figures.gaps import REST, ends, name_of, sentence, value
from core.figures.theme import INK, LOW, MIDDLE, TALL
from core.profile.profile import SMALL, Segment
from core.words import escape

ROW: Final = 40
"""Pixels that one attribute takes."""


def against_rest(
    segment: Segment,
    gaps: Sequence[Gap],
    most: int = 6,
    currency: str = "",
    other: str = REST,
    colour: str = INK,
) -> Drawn:
    """The attributes in which a segment differs most from the rest, or another one, in standard deviations.

    Parameters
    ----------
    gaps : sequence of Gap
        Strongest first; none is drawn of a segment under 5 customers.
    other : str
        Who it is compared with.
    """
    chosen = list(gaps[:most]) if segment.size >= SMALL else []
    sentences = [sentence(gap, other, currency) for gap in chosen]
    labels = distinct(shown(name_of(gap), 26) for gap in chosen)
    return Drawn(
        figure=figure(
            [_dots(labels, chosen, sentences, colour)],
            showlegend=False,
            xaxis={
                "title": {"text": _axis(other)},
                "showgrid": True,
                "range": _range(chosen),
                "nticks": 7,
            },
            yaxis={"type": "category", "autorange": "reversed", "showgrid": True},
            shapes=[line_at(x=0, dash="solid")],
        ),
        table=_table(chosen, other, currency, sentences),
        alt=f"Differences of {segment.name} from {other}: {' '.join(sentences) or 'none can be shown'}",
        answer=_answer(segment, sentences, other),
        title=f"What makes them different from {other}?" if other != REST else "",
        caption="In standard deviations over all customers; the line is the likely range.",
        height=min(max(LOW, 90 + ROW * len(chosen)), TALL) if len(chosen) > 4 else MIDDLE,
    )


def _axis(other: str) -> str:
    return f"← less than {shown(other, 20)} · more →"


def _answer(segment: Segment, sentences: Sequence[str], other: str) -> str:
    if segment.size < SMALL:
        return f"Fewer than {SMALL} customers: differences are not shown."
    return sentences[0] if sentences else f"“{segment.name}” does not differ from {other} in anything."


def _range(gaps: Sequence[Gap]) -> list[float]:
    """Symmetric around zero."""
    far = max([abs(v) for gap in gaps for v in (*ends(gap), gap.effect)] + [0.5])
    return [-1.08 * far, 1.08 * far]


def _dots(labels: list[str], gaps: Sequence[Gap], sentences: list[str], colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": small([gap.effect for gap in gaps]),
        "y": labels,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": small([max(0.0, ends(gap)[1] - gap.effect) for gap in gaps]),
            "arrayminus": small([max(0.0, gap.effect - ends(gap)[0]) for gap in gaps]),
            "color": colour,
            "thickness": 2,
            "width": 4,
        },
        "marker": {"color": colour, "size": 10, "line": {"color": "rgba(90,98,112,0.9)", "width": 1}},
        "hovertext": [escape(text) for text in sentences],
        "hovertemplate": HOVER,
    }


def _table(gaps: Sequence[Gap], other: str, currency: str, sentences: Sequence[str]) -> Any:
    columns = (
        ("label", "Attribute", ""),
        ("own", "Segment", ""),
        ("other", other.capitalize() if other == REST else other, ""),
        ("times", "Times as much", "times"),
        ("effect", "Difference (standard deviations)", "r"),
        ("low", "likely from", "r"),
        ("high", "to", "r"),
        ("words", "In words", ""),
    )
    rows = [
        (
            name_of(gap, 80),
            value(gap.own, gap, currency),
            value(gap.other, gap, currency),
            gap.times,
            gap.effect,
            *ends(gap),
            text,
        )
        for gap, text in zip(gaps, sentences, strict=True)
    ]
    return table(columns, rows, currency)
