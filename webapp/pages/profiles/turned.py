"""What makes the segments different on a small screen: attributes down, segments across, names that stay."""

import numpy as np
from dash import html

from core.figures.base import Base, middle
from core.figures.differences import strongest
from core.figures.theme import segment_colours
from core.profile import MeasureProfile, Profile
from core.profile.profile import SMALL
from core.words import about
from webapp.page import Scene
from webapp.pages.profiles.links import dot
from webapp.parts import Component

MOST = 12
"""Segments that stand across."""

FAR = 2.0
"""Standard deviations from which a cell has its full colour."""


def turned(scene: Scene, profile: Profile, base: Base, more: Component) -> Component:
    """A table whose cells are tinted by how far a segment is from all, or from one segment."""
    chosen = strongest(profile, scene.study.lens.attributes)
    if not chosen:
        return None
    colours, across = segment_colours(profile.segments), profile.segments[:MOST]
    left = len(profile.segments) - len(across)
    head = [html.Th([dot(colours[s.number]), html.Bdi(s.name)], scope="col", className="num") for s in across]
    rows = [
        html.Tr(
            [
                html.Th(m.label, scope="row"),
                *[_cell(scene, profile, m, at, base) for at in range(len(across))],
            ]
        )
        for m in chosen
    ]
    table = html.Table(
        [html.Thead(html.Tr([html.Th("Attribute", scope="col"), *head])), html.Tbody(rows)],
        className="atlas-table atlas-heat",
    )
    return html.Section(
        [
            html.H2("What makes them different?", className="atlas-chart-title"),
            html.P(
                "Blue is less, orange is more."
                + (f" The first {MOST} segments; the table at the end has all." if left > 0 else ""),
                className="atlas-chart-answer",
            ),
            more,
            html.Div(
                table,
                className="atlas-table-wrap",
                tabIndex=0,
                role="region",
                **{"aria-label": "What makes them different?"},
            ),
        ],
        className="atlas-card atlas-narrow",
    )


def _cell(scene: Scene, profile: Profile, m: MeasureProfile, at: int, base: Base) -> Component:
    apart = base.apart(m, at)
    if profile.segments[at].size < SMALL or np.isnan(apart):
        return html.Td("–", className="num")
    said = f"{'−' if apart < 0 else '+'}{abs(apart):.1f}"
    value = about(middle(m.segments[at], scene.study.lens.average), m.unit, scene.results.customers.currency)
    return html.Td(
        said if scene.study.lens.heat == "steps" else value,
        className="num atlas-less" if apart < 0 else "num atlas-more-than",
        style={"--part": f"{min(abs(apart) / FAR, 1):.2f}"},
    )
