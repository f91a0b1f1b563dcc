"""The form that adds a condition to “Who is included”: attribute, comparison, value, and a count of them."""

from typing import Any, Final

import dash_bootstrap_components as dbc
from dash import html

from core.features.catalog import measures_of
from core.features.labels import LABELS
from core.io.dataset import Dataset
from core.param import BARE, LISTS, Filter
from core.spec import Study
from webapp.parts import Component, info, named

NONE: Final = "-"
"""The option of a select that stands for no attribute yet."""

FORM: Final = ("attribute", "op", "value")
WORDS: Final = (
    ("eq", "is"),
    ("in", "is one of (a, b)"),
    ("not", "is none of (a, b)"),
    ("ge", "at least"),
    ("le", "at most"),
    ("between", "between (a, b)"),
    ("missing", "is missing"),
    ("known", "is known"),
)


def condition_form(page: str, study: Study, dataset: Dataset) -> Component:
    """Three fields and a button; the conditions in force are chips under the page's header."""
    attributes = [{"value": m.slug, "label": m.label} for m in measures_of(dataset, study.source.extras)]
    attributes += [{"value": key, "label": f"{name} (1 = yes)"} for key, name in LABELS.items()]
    help_text = "Only these customers are grouped. Changing it makes new segments."
    return html.Div(
        [
            html.Div(["Who is included", info(help_text)], className="form-label"),
            named(
                "Attribute",
                dbc.Select(
                    id=f"{page}-attribute",
                    options=[{"value": NONE, "label": "Attribute"}, *attributes],
                    value=NONE,
                ),
            ),
            named(
                "Comparison",
                dbc.Select(
                    id=f"{page}-op", options=[{"value": v, "label": text} for v, text in WORDS], value="eq"
                ),
            ),
            named("Value", dbc.Input(id=f"{page}-value", type="text", value="", placeholder="Value")),
            html.Button(
                "Add condition", id=f"{page}-add", className="btn btn-outline-secondary", type="button"
            ),
            html.Div(className="atlas-hint", role="status", **{"data-counted": ""}),
            html.Div("This makes new segments.", className="atlas-hint"),
        ],
        className="atlas-control atlas-conditions",
    )


def read_condition(form: dict[str, Any]) -> Filter | None:
    """The condition that the form holds, None while it is not complete."""
    column, op, value = (str(form.get(part) or "").strip() for part in FORM)
    values = [v.strip() for v in value.split(",")] if op in LISTS else [value]
    try:
        written = Filter(column, op, tuple(values) if value and op not in BARE else ()).write()
        return Filter.read(written)
    except ValueError:
        return None
