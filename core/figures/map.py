"""How customers and segments lie to each other."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.choose import Clustering
from core.features.area import MAP
from core.figures.crowd import Crowd
from core.figures.drawn import Drawn, figure, note, shown, small, table, wrapped
from core.figures.segment_marks import segment_marks
from core.figures.theme import HIGH, MAX_POINTS, segment_colours
from core.profile.profile import Segment
from core.words import escape, number, plural

MOST_NAMES: Final = 12
PLOT: Final = (380, 270)
NAME: Final = (112, 38)
"""Width and height in pixels of the plot in a card, about, and of a name in two lines."""

FEW, FAR = 0.01, 1.0
"""A picture leaves out customers farther than its width beyond the middle 99 of 100."""

Window = Sequence[tuple[float, float]]
"""First and last place of the picture, across and up."""

SHIFTS: Final = (0, *(sign * step for step in (38, 52, 66) for sign in (-1, 1)))
LINE: Final = {"arrowcolor": "#7E8898", "arrowwidth": 1}


def positions(result: Clustering, segments: Sequence[Segment]) -> Drawn:
    """A point per customer up to 20,000, coloured by segment; above that how many stand where.

    Above that each segment has an outline, which holds four of five of its customers.
    """
    known = ~np.isnan(result.coords).any(axis=1)
    coords, labels = result.coords[known], result.labels[known]
    dense = len(coords) > MAX_POINTS
    centres = {
        s.number: np.median(coords[labels == s.number], axis=0)
        for s in segments
        if (labels == s.number).any()
    }
    window = [
        _window(values, [float(c[axis]) for c in centres.values()]) for axis, values in enumerate(coords.T)
    ]
    crowd = Crowd.of(coords, labels, window) if dense else None
    own = segment_marks(segments)
    marks, inside = crowd.marks() if crowd is not None else ((), None)
    explained = number(result.explained, "share")
    hidden = {"showticklabels": False, "showgrid": False, "title": {"text": ""}}
    return Drawn(
        figure=figure(
            _points(coords, labels, segments) if crowd is None else crowd.traces(segments, _named(segments)),
            showlegend=False,
            xaxis={**hidden, "range": _range(window[0])},
            yaxis={**hidden, "range": _range(window[1]), "scaleanchor": "x"},
            annotations=_names(window, centres, segments),
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
        caption=f"Near = alike. Shows {explained} of the differences."
        + (" An outline holds 4 of 5 customers of its segment." if dense else "")
        + _outside(coords, window),
        height=HIGH,
        marks=(*own, *marks),
        cells=None if inside is None else _of_all(known, len(own) + inside),
        axes=dict(zip("xy", MAP, strict=True)),
    )


def _of_all(known: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Numbers of the customers with a place, −1 for the others."""
    found = np.full(known.size, -1, dtype=np.int32)
    found[known] = values
    return found


def _window(values: np.ndarray, centres: list[float]) -> tuple[float, float]:
    """From where to where the picture goes: over all but a few who would press the others together."""
    if not values.size:
        return 0.0, 0.0
    low, high = np.quantile(values, (FEW / 2, 1 - FEW / 2))
    room = FAR * (high - low)
    first, last = max(float(values.min()), float(low - room)), min(float(values.max()), float(high + room))
    return min([first, *centres]), max([last, *centres])


def _outside(coords: np.ndarray, window: Window) -> str:
    """How many customers the picture leaves out, and how they are seen."""
    out = np.zeros(len(coords), dtype=bool)
    for values, (low, high) in zip(coords.T, window, strict=True):
        out |= (values < low) | (values > high)
    number_out = int(out.sum())
    if not number_out:
        return ""
    lie, them = ("lies", "it") if number_out == 1 else ("lie", "them")
    return f" {plural(number_out, 'customer')} {lie} farther out: a double click shows {them}."


def _range(window: tuple[float, float]) -> list[float] | None:
    """The picture and a little room: lines to names must not widen it."""
    low, high = window
    room = 0.05 * (high - low) or 1.0
    return [low - room, high + room]


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
            "legendgroup": str(s.number),
            "x": small(coords[labels == s.number, 0]),
            "y": small(coords[labels == s.number, 1]),
            "marker": {"color": colours[s.number], "size": 4 if len(coords) > 3_000 else 5, "opacity": 0.6},
            "meta": [escape(s.name), plural(s.size, "customer")],
            "hovertemplate": "A customer of “%{meta[0]}” (%{meta[1]})<extra></extra>",
        }
        for s in ordered
    ]


def _named(segments: Sequence[Segment]) -> list[Segment]:
    return sorted((s for s in segments if s.number), key=lambda s: -s.size)[:MOST_NAMES]


def _names(
    window: Window, centres: dict[int, np.ndarray], segments: Sequence[Segment]
) -> list[dict[str, Any]]:
    """The segments' names at their centres, or beside with a line; none that would cover a larger one's."""
    named = _named([s for s in segments if s.number in centres])
    colours = segment_colours(segments)
    shifts = _shifts([centres[s.number] for s in named], window)
    return [
        note(
            wrapped(s.name, 16, 2),
            x=float(centres[s.number][0]),
            y=float(centres[s.number][1]),
            bgcolor="rgba(255,255,255,0.85)",
            bordercolor=colours[s.number],
            borderwidth=1.5,
            borderpad=2,
            font={"size": 11},
            **({"showarrow": True, "ax": 0, "ay": shift, "arrowhead": 0, **LINE} if shift else {}),
        )
        for s, shift in zip(named, shifts, strict=True)
        if shift is not None
    ]


def _shifts(places: Sequence[np.ndarray], window: Window) -> list[int | None]:
    """Pixels by which each name moves down (up: negative) to cover none before it; None: it has no place."""
    wide, high = (max(last - first, 1e-9) for first, last in window)
    scale = min(PLOT[0] / wide, PLOT[1] / high)
    taken: list[tuple[float, float]] = []
    shifts: list[int | None] = []
    for place in places:
        x, y = float(place[0]) * scale, -float(place[1]) * scale
        free = (
            shift
            for shift in SHIFTS
            if all(abs(x - a) >= NAME[0] or abs(y + shift - b) >= NAME[1] for a, b in taken)
        )
        shifts.append(shift := next(free, None))
        taken += [(x, y + shift)] if shift is not None else []
    return shifts


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
