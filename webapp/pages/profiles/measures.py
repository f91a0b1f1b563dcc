"""The table of all segments and all their measures."""

import json

from dash import html

from core.figures import all_measures as table
from core.profile import Profile
from webapp import parts
from webapp.display import written
from webapp.page import Scene
from webapp.pages.profiles.links import segment_href
from webapp.parts import Component


def all_measures(scene: Scene, profile: Profile) -> Component:
    """Every figure of every segment, as a table and as a file."""
    average, currency = scene.study.lens.average, scene.results.customers.currency
    columns = table.columns(profile)
    *rows, overall = table.said(profile, average, currency)
    told = [[row[0], *(written(cell, scene.display) for cell in row[1:])] for row in (*rows, overall)]
    opens = {at: segment_href(scene, s) for at, s in enumerate(profile.segments)}
    exact = {"columns": [label for _, label in columns], "rows": table.exact(profile, average)}
    return html.Section(
        [
            html.Div(
                [
                    html.H2(table.TITLE, className="atlas-chart-title"),
                    html.Details(
                        [html.Summary("Columns", className="btn btn-outline-secondary"), html.Div()],
                        className="atlas-list-columns",
                        **{"data-choose": ""},
                    ),
                    html.Button(
                        [parts.icon("download"), " CSV"],
                        className="btn btn-outline-secondary",
                        type="button",
                        **{"data-chart-do": "csv"},
                    ),
                ],
                className="atlas-card-head",
            ),
            html.P(table.caption(average), className="atlas-chart-answer"),
            html.Div(
                parts.built({"columns": columns, "rows": told}, table.TITLE, opens, at_once=True),
                **{"data-exact": json.dumps(exact, separators=(",", ":"))},
            ),
        ],
        className="atlas-card atlas-wide-card atlas-measures",
    )
