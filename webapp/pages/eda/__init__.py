"""EDA: what the customers look like, before any segment."""

from typing import Any, Final

from dash import dcc, html

from core import describe, explore
from core.features.cohort import of_study
from webapp import parts
from webapp.page import Page, Scene
from webapp.pages.eda.charts import first_charts
from webapp.pages.eda.chosen import Look, gone, looked_at
from webapp.pages.eda.key_figures import key_figures
from webapp.pages.eda.tabs import open_tab, tabs
from webapp.parts import Component, Step
from webapp.shell import kept_query

ALL_COUNTED: Final = (
    "Every chart counts all customers that are shown; nothing is estimated from some of them. Up to 20,000 "
    "customers are points, above that they are counted in cells. Of values far from a box some are drawn."
)


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    look = looked_at(scene)
    if not look.rows.size:
        return _nobody(look)
    customers, study = look.customers, scene.study
    primary = Step(text="Find segments", href=f"/clustering{kept_query(study)}")
    held = explore.concentration(customers, look.rows)
    wanted = held is None or open_tab(look) == "together" or customers.kind != "log"
    together = explore.correlations(customers, look.rows, study.lens.correlation) if wanted else None
    return [
        *parts.notes(gone(look)),
        parts.head(
            describe.eda_finding(customers, look.rows.size, held, together, _included(look)),
            scene.scope,
            primary,
        ),
        parts.figures(key_figures(look, held, together)),
        first_charts(look),
        *tabs(look, held, together),
        html.P(
            dcc.Link(
                "What separates the segments stands on Profiles.",
                href=f"/profiles{kept_query(study)}#separating",
            ),
            className="atlas-scope",
        ),
        parts.next_step("Next: groups of customers who are alike.", primary),
    ]


def _included(look: Look) -> int | None:
    """How many are included, where not all of them are shown."""
    if not look.partly:
        return None
    return int(of_study(look.customers, look.study.cohort).mask.sum())


def _nobody(look: Look) -> list[Component]:
    """What to do where no customer is left: first without what only hides customers."""
    if look.partly:
        said, hint, word = "“Show only”", "Show all customers who are included.", "Show all customers"
        changes: dict[str, Any] = {"show": [], "label": ""}
    else:
        said, hint, word = "“Who is included”", "Remove or widen a condition.", "Include all customers"
        changes = {"where": []}
    button = parts.button(Step(text=word, href=f"/eda{kept_query(look.study.with_(**changes))}"), True)
    return [
        parts.head(f"Nobody meets the conditions of {said}.", look.scene.scope, None),
        html.Div([html.P(hint), button], className="atlas-empty"),
    ]


PAGE = Page(
    name="eda",
    path="/eda",
    title="EDA",
    need="customers",
    visible=("column", "group", "since", "until", "x", "y"),
    more=("scale", "bins", "far", "correlation", "cells", "who"),
    view=view,
    conditions=True,
    small_print=ALL_COUNTED,
)
