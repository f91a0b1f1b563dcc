"""What the segments buy: bars of 100 % of their sales, by category."""

from collections.abc import Sequence
from typing import Any, Final

from core.figures.drawn import HOVER, Drawn, distinct, figure, segment_names, shown, small, table
from core.figures.theme import EDGE, HIGH, LEGEND, level_colours
from core.profile.baskets import Baskets
from core.profile.profile import SMALL, Profile
from core.words import escape, number

ROW: Final = 40
"""Pixels that a bar takes."""

READABLE: Final = 0.07
"""Shares from which a number fits into its piece of the bar."""


def baskets(profile: Profile, found: Baskets) -> Drawn:
    """How the sales of each segment divide over categories, all customers on top."""
    plain = ["All customers", *(s.name for s in profile.segments)]
    names = distinct(["All customers", *segment_names(profile.segments)])
    rows = [found.overall, *_told(profile, found)]
    colours = level_colours(["other" if name == "Other" else name for name in found.categories])
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": shown(category),
            "x": small([100 * row[at] if row else 0 for row in rows]),
            "y": names,
            "text": [number(row[at], "share") if row and row[at] >= READABLE else "" for row in rows],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "textfont": {"size": 11},
            "marker": {"color": colours[at], "line": {"color": EDGE, "width": 0.5}, "cornerradius": 0},
            "hovertext": [
                f"{escape(name)}: {number(row[at], 'share')} of sales are {shown(category, 60)}"
                if row
                else ""
                for name, row in zip(plain, rows, strict=True)
            ],
            "hovertemplate": HOVER,
        }
        for at, category in enumerate(found.categories)
    ]
    return Drawn(
        figure=figure(
            traces,
            barmode="stack",
            showlegend=True,
            uniformtext={"mode": "hide", "minsize": 9},
            xaxis={
                "ticksuffix": " %",
                "range": [0, 100.5],
                "tickangle": 0,
                "title": {"text": "Share of sales"},
            },
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        ),
        table=_table(plain, rows, found),
        alt=f"Bars of 100 % of sales by category. {_answer(profile, found)}",
        answer=_answer(profile, found),
        caption="Sales after discounts, before returns.",
        height=max(HIGH, 130 + ROW * len(rows)) + LEGEND * max(0, len(found.categories) - 3),
    )


def _told(profile: Profile, found: Baskets) -> list[tuple[float, ...]]:
    return [row if s.size >= SMALL else () for s, row in zip(profile.segments, found.segments, strict=True)]


def _answer(profile: Profile, found: Baskets) -> str:
    """The category that a segment buys most above all."""
    gaps = [
        (row[at] - found.overall[at], at, s.name, row[at])
        for s, row in zip(profile.segments, _told(profile, found), strict=True)
        if s.number and row
        for at in range(len(row))
    ]
    if not gaps:
        return "What these customers buy is not known."
    gap, at, name, share = max(gaps)
    if gap < 0.02:
        return "The segments buy alike."
    whole = number(found.overall[at], "share")
    return (
        f"“{name}” buys most “{found.categories[at]}”: {number(share, 'share')} of its sales, all: {whole}."
    )


def _table(names: Sequence[str], rows: Sequence[tuple[float, ...]], found: Baskets) -> Any:
    columns = [
        ("name", "Segment", ""),
        *((f"category_{at}", c, "share") for at, c in enumerate(found.categories)),
    ]
    none = (None,) * len(found.categories)
    return table(columns, [(name, *(row or none)) for name, row in zip(names, rows, strict=True)])
