"""Compare: up to four ways to group the same customers, beside each other."""

from typing import Final

from dash import html

from core.compare import said
from webapp import parts
from webapp.charts import chart
from webapp.page import Page, Scene
from webapp.pages.compare.adding import adding
from webapp.pages.compare.columns import columns
from webapp.pages.compare.evidence import evidence
from webapp.pages.compare.flows import flow
from webapp.pages.compare.key_figures import key_figures
from webapp.parts import Component, Step
from webapp.shell import kept_query

COLOURS: Final = "Colours say which segment of this view each one is; grey is none of them."


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    found = scene.results.comparison
    assert found is not None
    primary = Step(text="See who they are", href=f"/profiles{kept_query(scene.study)}")
    back = Step(text="Back to Clustering", href=f"/clustering{kept_query(scene.study)}")
    return [
        *parts.notes(found.notes),
        parts.head(said.finding(found), scene.scope, primary, back),
        parts.figures(key_figures(scene, found)),
        adding(scene, found),
        html.P(COLOURS, className="atlas-scope"),
        columns(scene, found),
        parts.grid(
            chart(scene, "agreement", lambda draw: draw(found) if found.moves else None),
            *[flow(scene, found, moves) for moves in found.moves],
        ),
        evidence(found),
        parts.next_step("Next: who the segments of this view are.", primary, back),
    ]


PAGE = Page(
    name="compare",
    path="/compare",
    title="Compare",
    need="compare",
    visible=(),
    more=(),
    view=view,
)
