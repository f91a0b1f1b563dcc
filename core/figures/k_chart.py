"""How many segments: how clearly apart they are for every number, and their spread."""

from typing import Any

from core.choose import Candidate, Clustering, differing
from core.figures.drawn import HOVER, Drawn, figure, line_at, note, small, table
from core.figures.k_table import compared, sentence, ties
from core.figures.theme import INK, LOW, MIDDLE, QUIET
from core.words import clearly_apart, exact, number, plural


def k_chart(result: Clustering) -> Drawn:
    """Silhouette by number of segments with its interval; the suggested one ringed, those that fail grey."""
    known = [c for c in result.candidates if c.silhouette is not None]
    able = [c for c in known if not c.problem]
    failed = [c for c in known if c.problem]
    rows = [
        *_band(known),
        _line(known),
        _markers(result, able, INK, "circle"),
        _markers(result, failed, QUIET, "circle-open"),
        *[_ring(c, 1) for c in ties(result)],
    ]
    suggested = next((c for c in known if c.k == result.suggested_k), None)
    chosen = next((c for c in known if c.k == result.k), None)
    if suggested:
        rows.append(_ring(suggested, 2.5))
    return Drawn(
        figure=figure(
            [row for row in rows if len(row["x"])],
            showlegend=False,
            xaxis={"title": {"text": "Number of segments"}, "dtick": 1, "range": _span(known)},
            yaxis={"title": {"text": "How clearly apart"}, "nticks": 6},
            annotations=_names(suggested, chosen),
        ),
        table=compared(result),
        alt=_alt(result, known),
        answer=_answer(result, suggested, chosen),
        caption=_caption(result),
        height=MIDDLE,
    )


def elbow(result: Clustering) -> Drawn:
    """Spread inside segments by number of segments, the point of little gain marked."""
    ks = [c.k for c in result.candidates]
    spread = [c.inertia for c in result.candidates]
    trace = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": ks,
        "y": small(spread),
        "line": {"color": INK, "width": 2},
        "marker": {"color": INK, "size": 7},
        "hovertext": [
            f"{plural(c.k, 'segment')}: spread {exact(c.inertia, 'number')}" for c in result.candidates
        ],
        "hovertemplate": HOVER,
    }
    at = result.elbow
    marked = [line_at(x=at)] if at is not None else []
    words = (
        [note(f"little gain after {at}", x=at, y=1, xref="x", yref="y domain", xanchor="left", xshift=4)]
        if at
        else []
    )
    answer = (
        f"From {at} on, more segments add little."
        if at
        else "There is no point from which more segments add little."
    )
    return Drawn(
        figure=figure(
            [trace],
            showlegend=False,
            xaxis={"title": {"text": "Number of segments"}, "dtick": 1},
            yaxis={"title": {"text": "Spread inside segments"}, "rangemode": "tozero"},
            shapes=marked,
            annotations=words,
        ),
        table=table(
            (("k", "Segments", "count"), ("inertia", "Spread inside segments", "number")),
            list(zip(ks, spread, strict=True)),
        ),
        alt="Line of the spread inside segments by their number: "
        + "; ".join(f"{k}: {exact(v, 'number')}" for k, v in zip(ks, spread, strict=True))
        + f". {answer}",
        answer=answer,
        caption="Sum of squared distances to the segment's centre. It always falls with more segments.",
        height=LOW,
    )


def _value(candidate: Candidate) -> float:
    return candidate.silhouette.value if candidate.silhouette else float("nan")


def _band(known: list[Candidate]) -> list[dict[str, Any]]:
    """Interval around the line, where the values come from a sample."""
    scores = [
        (c.k, c.silhouette.low, c.silhouette.high)
        for c in known
        if c.silhouette and c.silhouette.low is not None
    ]
    if not scores:
        return []
    ks = [k for k, _, _ in scores]
    edge = [high for _, _, high in scores] + [low for _, low, _ in reversed(scores)]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [*ks, *reversed(ks)],
            "y": small(edge),
            "fill": "toself",
            "fillcolor": "rgba(91,100,214,0.18)",
            "line": {"width": 0},
            "hoverinfo": "skip",
        }
    ]


def _line(known: list[Candidate]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [c.k for c in known],
        "y": small([_value(c) for c in known]),
        "line": {"color": QUIET, "width": 2},
        "hoverinfo": "skip",
    }


def _markers(result: Clustering, some: list[Candidate], colour: str, symbol: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [c.k for c in some],
        "y": small([_value(c) for c in some]),
        "marker": {"color": colour, "size": 10, "symbol": symbol, "line": {"width": 2, "color": colour}},
        "hovertext": [sentence(c, result) for c in some],
        "hovertemplate": HOVER,
    }


def _ring(candidate: Candidate, width: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [candidate.k],
        "y": small([_value(candidate)]),
        "marker": {"color": "#D55E00", "size": 20, "symbol": "circle-open", "line": {"width": width}},
        "hoverinfo": "skip",
    }


def _names(suggested: Candidate | None, chosen: Candidate | None) -> list[dict[str, Any]]:
    """“suggested” and “shown” beside their points, above the line."""
    words = []
    if suggested:
        words.append((suggested, "suggested"))
    if chosen and (suggested is None or chosen.k != suggested.k):
        words.append((chosen, "chosen"))
    return [note(text, x=c.k, y=_value(c), yanchor="bottom", yshift=14) for c, text in words]


def _span(known: list[Candidate]) -> list[float] | None:
    return [min(c.k for c in known) - 0.5, max(c.k for c in known) + 0.5] if known else None


def _caption(result: Clustering) -> str:
    if result.suggested_k is None and result.elbow is None:
        return "by silhouette"
    knee = f"elbow at {result.elbow}" if result.elbow else "no elbow"
    grey = "; grey numbers can't be taken" if any(c.problem for c in result.candidates) else ""
    thin = "; thin rings: as clearly apart as the suggested" if ties(result) else ""
    return f"by silhouette; {knee}{thin}{grey}"


def _answer(result: Clustering, suggested: Candidate | None, chosen: Candidate | None) -> str:
    if chosen is None:
        return f"{plural(result.k, 'segment')}: {result.reason}."
    apart = f"{clearly_apart(_value(chosen))}ly apart ({number(_value(chosen), 'r')})"
    others = differing(result.opinions, result.suggested_k) if result.suggested_k is not None else ""
    return f"{plural(result.k, 'segment')}, {apart}: {result.reason}. {others}".rstrip()


def _alt(result: Clustering, known: list[Candidate]) -> str:
    said = "; ".join(f"{c.k}: {number(_value(c), 'r')}{', not possible' if c.problem else ''}" for c in known)
    suggested = f" Suggested: {result.suggested_k}." if result.suggested_k else ""
    return f"Line of how clearly apart the segments are, by their number: {said or 'no value'}.{suggested}"
