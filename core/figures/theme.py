"""Colours, heights and the one layout of every figure.

Figures carry no template and no colour of text, axes or grid: on a page these come from assets/theme.css, so
that light and dark need no new figure. `template()` is put on last; in a notebook `themed(figure)` does it.
"""

from collections.abc import Sequence
from typing import Any, Final

import plotly.graph_objects as go

from core.profile.coloured import Coloured, places

SEGMENTS: Final = (
    "#0072B2",  # Okabe & Ito (2008), without black, which a dark page swallows
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#F0E442",
    "#884040",  # farthest from those before in OKLab under normal, protan, deutan and tritan sight
    "#10E8A0",
    "#7010E8",
    "#B82888",
    "#A058E8",
)
NOISE: Final = "#8C929C"
GROUPS: Final = (
    "#4477AA",
    "#EE6677",
    "#228833",
    "#CCBB44",
    "#66CCEE",
    "#AA3377",
    "#BBBBBB",
)  # Tol (2021), bright
INK: Final = "#5B64D6"
"""One series: a mid-tone of the accent, at 3:1 on white and on the dark card."""

QUIET: Final = "#9AA3B2"
"""What stands beside the series in question, and marks such as medians."""

EDGE: Final = "rgba(90,98,112,0.55)"
SEQUENTIAL: Final = "cividis"
CELLS: Final = ((0.0, "#21918C"), (0.25, "#28AE80"), (0.5, "#5EC962"), (0.75, "#ADDC30"), (1.0, "#FDE725"))
"""The light half of viridis, for cells with text: `CELL_INK` stands at 4.5:1 or more on all of it."""

CELL_INK: Final = "#101418"

DIVERGING: Final = ((0.0, "#5B9FD6"), (0.5, "#F7F7F7"), (1.0, "#EE8F3A"))
"""Blue (less) to orange (more), limits always symmetric; `CELL_INK` is readable on all of it."""

ORDERED: Final = ("#00224E", "#2F4470", "#575C6D", "#7C7B78", "#A59C74", "#D2C060", "#FEE838")
"""Seven steps of cividis, dark to light: the levels of one category in a bar of 100 %."""

LOW: Final = 260
MIDDLE: Final = 320
HIGH: Final = 340
TALL: Final = 480
ROW: Final = 32
"""Pixels of a segment's bars and name where segments are many."""

LEGEND: Final = 12
"""Pixels that each further entry of a long legend takes."""

MAX_POINTS: Final = 20_000
MOST_COLOURS: Final = len(SEGMENTS)
FONT: Final = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", '
    '"Liberation Sans", Arial, sans-serif'
)


def segment_colour(place: int) -> str:
    """The colour of a place of the palette: 12 of them, grey for 0 (no segment) and above 12."""
    return SEGMENTS[place - 1] if 1 <= place <= MOST_COLOURS else NOISE


def segment_colours(segments: Sequence[Coloured]) -> dict[int, str]:
    """Colour of each segment by number; above 12 segments only the 12 largest have colours."""
    return {number: segment_colour(place) for number, place in places(segments).items()}


def group_colour(at: int) -> str:
    """The colour of the group at this place, of those that are not segments."""
    return GROUPS[at % len(GROUPS)]


def level_colours(levels: Sequence[str]) -> list[str]:
    """Colours of a category's levels from dark to light, grey for “other”."""
    named = [level for level in levels if level != "other"]
    last = max(len(named) - 1, 1)
    colours = {level: _between(0.12 + 0.88 * at / last) for at, level in enumerate(named)}
    return [colours.get(level, NOISE) for level in levels]


def template() -> dict[str, Any]:
    """The layout that every figure gets last, as a plotly template in JSON.

    Text is dark, for an exported picture on white; on a page the style sheet overrules it.
    """
    axis = {
        "automargin": True,
        "fixedrange": True,
        "gridcolor": "#E6E9EE",
        "linecolor": "#7E8898",
        "zeroline": False,
        "ticks": "",
        "title": {"standoff": 8, "font": {"size": 12}},
        "separatethousands": True,
    }
    layout = {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": "#1D2430"},
        "margin": {"l": 8, "r": 24, "t": 12, "b": 8, "pad": 2},
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": "#1D2430",
            "bordercolor": "#7E8898",
            "align": "left",
            "namelength": -1,
            "font": {"family": FONT, "size": 12, "color": "#FFFFFF"},
        },
        "legend": {
            "orientation": "h",
            "traceorder": "normal",
            "x": 0,
            "xanchor": "left",
            "yref": "container",
            "y": 0,
            "yanchor": "bottom",
            "title": {"text": ""},
        },
        "barcornerradius": 2,
        "bargap": 0.25,
        "bargroupgap": 0.08,
        "colorway": [INK, *GROUPS],
        "xaxis": {**axis, "showgrid": False},
        "yaxis": {**axis, "showgrid": True},
        "annotationdefaults": {"font": {"size": 11}, "showarrow": False},
    }
    return {"layout": layout}


def themed(figure: go.Figure) -> go.Figure:
    """The figure with the template, for notebooks and pictures."""
    copy = go.Figure(figure)
    copy.layout.template = template()
    return copy


def _between(position: float) -> str:
    at = min(position * (len(ORDERED) - 1), len(ORDERED) - 1 - 1e-9)
    dark, light = _channels(ORDERED[int(at)]), _channels(ORDERED[int(at) + 1])
    share = at - int(at)
    return "#" + "".join(
        f"{round(a * (1 - share) + b * share):02X}" for a, b in zip(dark, light, strict=True)
    )


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
