"""How customers and segments lie to each other."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.choose import Clustering
from core.figures.drawn import Drawn, figure, note, shown, small, table, wrapped
from core.figures.theme import HIGH, MAX_POINTS, SEQUENTIAL, segment_colours
from core.profile.profile import Segment
from core.words import escape, number, plural

GRID: Final = 70
MOST_NAMES: Final = 12


def positions(result: Clustering, segments: Sequence[Segment]) -> Drawn:
    """A point per customer up to 20,000, coloured by segment; above that how many stand where."""
    known = ~np.isnan(result.coords).any(axis=1)
    coords, labels = result.coords[known], result.labels[known]
    dense = len(coords) > MAX_POINTS
    traces = [_density(coords)] if dense else _points(coords, labels, segments)
    centres = {
        s.number: np.median(coords[labels == s.number], axis=0)
        for s in segments
        if (labels == s.number).any()
    }
    explained = number(result.explained, "share")
    hidden = {"showticklabels": False, "showgrid": False, "title": {"text": ""}}
    return Drawn(
        figure=figure(
            traces,
            showlegend=False,
            xaxis=hidden,
            yaxis={**hidden, "scaleanchor": "x"},
            annotations=_names(centres, segments),
        ),
        table=table(
            (
                ("number", "Segment", "count"),
                ("name", "Name", ""),
                ("customers", "Customers", "count"),
                ("x", "Across", "number"),
                ("y", "Up", "number"),
            ),
            [
                (s.number, s.name, s.size, *(float(v) for v in centres.get(s.number, (np.nan, np.nan))))
                for s in segments
            ],
        ),
        alt=f"Map of {plural(len(coords), 'customer')} in {plural(result.k, 'segment')}; "
        f"it shows {explained} of the differences. {_neighbours(centres, segments)}",
        answer=_neighbours(centres, segments) or "Customers near each other are alike.",
        caption=f"Near = alike. Shows {explained} of the differences.",
        height=HIGH,
    )


def _points(coords: np.ndarray, labels: np.ndarray, segments: Sequence[Segment]) -> list[dict[str, Any]]:
    colours = segment_colours(segments)
    # no segment first: it lies below the others
    ordered = sorted(
        (s for s in segments if (labels == s.number).any()), key=lambda s: (s.number > 0, -s.size)
    )
    return [
        {
            "type": "scattergl",
            "mode": "markers",
            "name": shown(s.name),
            "x": small(coords[labels == s.number, 0]),
            "y": small(coords[labels == s.number, 1]),
            "marker": {"color": colours[s.number], "size": 4 if len(coords) > 3_000 else 5, "opacity": 0.6},
            "meta": [escape(s.name), plural(s.size, "customer")],
            "hovertemplate": "A customer of “%{meta[0]}” (%{meta[1]})<extra></extra>",
        }
        for s in ordered
    ]


def _density(coords: np.ndarray) -> dict[str, Any]:
    counts, x_edges, y_edges = np.histogram2d(coords[:, 0], coords[:, 1], bins=GRID)
    counts = counts.T.astype(np.int32)
    return {
        "type": "heatmap",
        "x": small((x_edges[:-1] + x_edges[1:]) / 2),
        "y": small((y_edges[:-1] + y_edges[1:]) / 2),
        "z": small(np.log10(np.where(counts > 0, counts, np.nan))),
        "customdata": counts,
        "colorscale": SEQUENTIAL,
        "showscale": False,
        "hoverongaps": False,
        "hovertemplate": "%{customdata:,} customers here<extra></extra>",
    }


def _names(centres: dict[int, np.ndarray], segments: Sequence[Segment]) -> list[dict[str, Any]]:
    named = sorted((s for s in segments if s.number and s.number in centres), key=lambda s: -s.size)[
        :MOST_NAMES
    ]
    return [
        note(
            wrapped(s.name, 16, 2),
            x=float(centres[s.number][0]),
            y=float(centres[s.number][1]),
            bgcolor="rgba(255,255,255,0.8)",
            borderpad=2,
            font={"size": 11},
        )
        for s in named
    ]


def _neighbours(centres: dict[int, np.ndarray], segments: Sequence[Segment]) -> str:
    """The two segments that lie nearest to each other."""
    named = [s for s in segments if s.number and s.number in centres]
    pairs = [
        (float(np.linalg.norm(centres[a.number] - centres[b.number])), a, b)
        for i, a in enumerate(named)
        for b in named[i + 1 :]
    ]
    if len(named) < 3:
        return ""
    _, a, b = min(pairs, key=lambda pair: pair[0])
    return f"“{a.name}” and “{b.name}” are most alike."
