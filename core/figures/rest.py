"""What makes one segment different from the rest."""

from typing import Any

from core.figures.drawn import HOVER, Drawn, compared, distinct, figure, line_at, shown, small, table
from core.figures.theme import LOW, MIDDLE, segment_colour
from core.profile.profile import SMALL, Difference, MeasureProfile, Profile
from core.words import about, escape


def against_rest(profile: Profile, number_of: int, most: int = 6, currency: str = "") -> Drawn:
    """Dots with 95 % intervals for the attributes that differ most from the rest, in standard deviations."""
    at = profile.at(number_of)
    segment = profile.segments[at]
    found = [(m, m.rest[at]) for m in profile.measures]
    known = sorted(((m, d) for m, d in found if d is not None), key=lambda pair: -abs(pair[1].effect))[:most]
    known = known if segment.size >= SMALL else []
    sentences = [_sentence(m, at, currency) for m, _ in known]
    labels = distinct(shown(m.label) for m, _ in known)
    trace = _dots(labels, [d for _, d in known], sentences, segment_colour(number_of))
    return Drawn(
        figure=figure(
            [trace],
            showlegend=False,
            xaxis={
                "title": {"text": "← less than the rest · more than the rest →"},
                "showgrid": True,
                "range": _range([d for _, d in known]),
                "nticks": 7,
            },
            yaxis={"type": "category", "autorange": "reversed", "showgrid": True},
            shapes=[line_at(x=0, dash="solid")],
        ),
        table=_table(known, sentences, at, currency),
        alt=f"Differences of {segment.name} from the rest: {'; '.join(sentences) or 'none can be shown'}.",
        answer=_answer(segment.name, segment.size, sentences),
        caption="Steps of one standard deviation over all customers; the line is the likely range (95 %).",
        height=MIDDLE if len(known) > 4 else LOW,
    )


def rest_mean(m: MeasureProfile, at: int) -> float | None:
    """Mean of the customers outside a segment."""
    own, all_ = m.segments[at], m.overall
    left = all_.known - own.known
    if all_.mean is None or left <= 0:
        return None
    return (all_.mean * all_.known - (own.mean or 0.0) * own.known) / left


def _sentence(m: MeasureProfile, at: int, currency: str) -> str:
    return f"{m.label}: {compared(m.segments[at].mean, rest_mean(m, at), m.unit, 'the rest', currency)}"


def _answer(name: str, size: int, sentences: list[str]) -> str:
    if size < SMALL:
        return f"Fewer than {SMALL} customers: differences are not shown."
    return (
        f"Strongest: {sentences[0]}."
        if sentences
        else f"“{name}” does not differ from the rest in any number."
    )


def _range(found: list[Difference]) -> list[float]:
    """Symmetric around zero."""
    far = max([abs(v) for d in found for v in (d.low, d.high)] + [0.5])
    return [-1.08 * far, 1.08 * far]


def _dots(labels: list[str], found: list[Difference], sentences: list[str], colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": small([d.effect for d in found]),
        "y": labels,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": small([d.high - d.effect for d in found]),
            "arrayminus": small([d.effect - d.low for d in found]),
            "color": colour,
            "thickness": 2,
            "width": 4,
        },
        "marker": {"color": colour, "size": 9, "line": {"color": "rgba(90,98,112,0.9)", "width": 1}},
        "hovertext": [escape(sentence) for sentence in sentences],
        "hovertemplate": HOVER,
    }


def _table(
    known: list[tuple[MeasureProfile, Difference]], sentences: list[str], at: int, currency: str
) -> Any:
    columns = (
        ("label", "Attribute", ""),
        ("mean", "Segment, mean", ""),
        ("rest", "Rest, mean", ""),
        ("times", "Times as much", "times"),
        ("effect", "Difference (standard deviations)", "r"),
        ("low", "likely from", "r"),
        ("high", "to", "r"),
        ("words", "In words", ""),
    )
    rows = [
        (
            m.label,
            about(m.segments[at].mean, m.unit, currency),
            about(rest_mean(m, at), m.unit, currency),
            d.times,
            d.effect,
            d.low,
            d.high,
            sentence,
        )
        for (m, d), sentence in zip(known, sentences, strict=True)
    ]
    return table(columns, rows, currency)
