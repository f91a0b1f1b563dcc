"""Form controls from the Study's declarations: one function per kind of value, no page knows a widget."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote, unquote

import dash_bootstrap_components as dbc
from dash import html

from core.cluster import ALGORITHMS
from core.features.catalog import measures_of
from core.features.customers import Measure
from core.features.matrix import default_slugs
from core.features.order_months import number_of, read, said, written
from core.io.dataset import Dataset
from core.param import Param
from core.spec import PARAMS, Study
from webapp.parts import Component, info
from webapp.presets import preset_links

RADIO_MOST: Final = 3
AUTOMATIC: Final = "-"
"""The option of a select that stands for no choice; an empty value would show an empty field."""

PLACEHOLDERS: Final = {
    "weight": "gender:0.5",
    "blanks": "age:-1; city:unknown",
    "finance": "Compare with a figure",
}
NUMERIC_FIELDS: Final = ("column",)
PAIRED_FIELDS: Final = ("x", "y")
"""Controls that take numbers and categories alike."""

TOGETHER: Final = {"since": ("until", "Period shown"), "x": ("y", "The two columns")}
"""A control that stands as one with another: that one, and the label of both."""

OF_TABS: Final = {"since": "time", "x": "pair"}
"""Controls of charts that only one of a page's tabs shows (assets/theme.css)."""

ENDS: Final = {"since": ("from", "the first"), "until": ("to", "the last")}
"""Of a period: what stands before its first and its last month, and for no choice."""

MOST_MONTHS: Final = 360

VERSUS: Final = (("", "All customers"), ("1", "Another segment"), ("before", "30 days ago"))
"""What segments are compared with; which other one it is, is chosen at the chart, where their names are."""

OF_NUMBERS: Final = ("k", "k_low", "k_high")
"""Controls of the methods that are told how many segments to make."""

OF_FITS: Final = ("min_share",)
"""Controls of the methods that make segments of the customers at hand, not by fixed rules."""


def control_id(page: str, name: str) -> str:
    """Component id of a control."""
    return f"{page}-{name}"


def control(page: str, name: str, study: Study, dataset: Dataset) -> Component:
    """A labelled control with its (i) and, where its values need it, a hint."""
    if any(name == second for second, _ in TOGETHER.values()):
        return None
    if name in TOGETHER:
        return _both(page, name, study, dataset)
    declared = PARAMS[name][1]
    ident = control_id(page, name)
    grouped = (
        declared.kind in ("columns", "several")
        or (declared.kind == "choice" and len(declared.choices) <= RADIO_MOST)
        or name == "versus"
    )
    caption = [declared.label, *([info(declared.help)] if declared.help else [])]
    label = (
        html.Div(caption, className="form-label", id=f"{ident}-label")
        if grouped
        else html.Div([html.Label(declared.label, htmlFor=ident), *caption[1:]], className="form-label")
    )
    return html.Div(
        [label, _widget(ident, name, declared, study, dataset), *_beside(name, study, dataset)],
        className="atlas-control",
        **_only_for(methods_of(name)),
    )


def _both(page: str, name: str, study: Study, dataset: Dataset) -> Component:
    """Two controls as one: what each of them is stands before it."""
    second, label = TOGETHER[name]
    ident, declared = control_id(page, name), PARAMS[name][1]
    fields = [
        html.Label(
            [
                html.Span(ENDS[one][0] if one in ENDS else PARAMS[one][1].label),
                _widget(control_id(page, one), one, PARAMS[one][1], study, dataset),
            ],
            className="atlas-field",
        )
        for one in (name, second)
    ]
    about = info(declared.help if name in ENDS else "The two attributes that are set against each other.")
    return html.Div(
        [html.Div([label, about], className="form-label", id=f"{ident}-label"), *fields],
        className="atlas-control",
        role="group",
        **{"aria-labelledby": f"{ident}-label"},
        **({"data-tabs": OF_TABS[name]} if name in OF_TABS else {}),
    )


def methods_of(name: str) -> tuple[str, ...]:
    """The methods that a control is for."""
    if name in OF_NUMBERS:
        return tuple(key for key, one in ALGORITHMS.items() if one.chooses_k)
    if name in OF_FITS:
        return tuple(key for key, one in ALGORITHMS.items() if one.by_rows)
    own = tuple(key for key, one in ALGORITHMS.items() if name in one.params)
    return own or tuple(ALGORITHMS)


def _only_for(methods: Sequence[str]) -> dict[str, str]:
    """What the style sheet goes by to show a part of the controls for the chosen method alone."""
    return {} if len(methods) == len(ALGORITHMS) else {"data-methods": " ".join(methods)}


def _beside(name: str, study: Study, dataset: Dataset) -> list[Component]:
    """What stands under a widget: when each method is good, ready choices of attributes."""
    if name == "algorithm":
        return [
            html.Div(one.good_when, className="atlas-hint", **_only_for([key]))
            for key, one in ALGORITHMS.items()
        ]
    if name == "cols":
        links = preset_links(study, dataset)
        return [] if links is None else [links]
    if name == "k":
        return [html.Div("Leave it empty for automatic.", className="atlas-hint")]
    return []


def widget_value(name: str, study: Study, dataset: Dataset) -> Any:
    """The value of a control as its widget holds it."""
    declared, value = PARAMS[name][1], study.value(name)
    if name == "versus":
        return value if value in ("", "before") else "1"
    if declared.kind == "columns":
        return list(value) or list(default_slugs(dataset.kind, measures_of(dataset)))
    if declared.kind == "several":
        return list(value)
    if declared.kind == "weights":
        return ", ".join(f"{slug}:{number:g}" for slug, number in value)
    if declared.kind == "blanks":
        return "; ".join(f"{slug}:{_inside(word)}" for slug, word in value)
    if declared.kind == "date":
        return value.isoformat() if value else ""
    if declared.kind in ("slug", "month"):
        return value or AUTOMATIC
    return value


def raw_value(name: str, value: Any, dataset: Dataset) -> Any:
    """A widget's value as the Study reads it; the default columns are “automatic”."""
    kind = PARAMS[name][1].kind
    if kind == "several":
        return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
    if kind == "blanks":
        return [unquote(pair) for pair in str(value or "").split(";") if pair.strip()]
    if kind == "columns":
        chosen = [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
        return [] if chosen == list(default_slugs(dataset.kind, measures_of(dataset))) else [",".join(chosen)]
    return "" if value is None or value == AUTOMATIC else value


def _inside(word: str) -> str:
    """A word between semicolons: what would end it or a line is percent-encoded."""
    return re.sub(r"[%;\x00-\x1f\x7f\x85\u2028\u2029]", lambda found: quote(found[0]), word)


def _widget(ident: str, name: str, declared: Param, study: Study, dataset: Dataset) -> Component:
    value = widget_value(name, study, dataset)
    if name == "versus":
        every = {"": "The rest"} if ident == control_id("segment", name) else {}
        options = [{"value": v, "label": every.get(v, text)} for v, text in VERSUS]
        return dbc.RadioItems(id=ident, name=ident, options=options, value=value)
    if declared.kind == "choice":
        options = [{"value": v, "label": text} for v, text in declared.choices]
        if len(options) <= RADIO_MOST:
            return dbc.RadioItems(id=ident, name=ident, options=options, value=value)
        return dbc.Select(id=ident, options=options, value=value)
    if declared.kind in ("columns", "several"):
        options = [{"value": v, "label": text} for v, text in declared.choices] or [
            {"value": m.slug, "label": m.label} for m in measures_of(dataset, study.source.extras) if m.makes
        ]
        return html.Div(
            dbc.Checklist(id=ident, options=options, value=value),
            className="atlas-columns",
            role="group",
            **{"aria-labelledby": f"{ident}-label"},
        )
    if declared.kind == "slug":
        return dbc.Select(id=ident, options=_slug_options(name, study, dataset), value=value)
    if declared.kind == "month":
        return dbc.Select(id=ident, options=_month_options(name, value, dataset), value=value)
    if declared.kind == "date":
        return dbc.Input(id=ident, type="date", value=value, debounce=True)
    if declared.kind in ("integer", "number"):
        return dbc.Input(
            id=ident,
            type="number",
            value=value,
            debounce=True,
            step=1 if declared.kind == "integer" else "any",
            placeholder=PLACEHOLDERS.get(
                name, "Automatic" if declared.default is None else str(declared.default)
            ),
        )
    return dbc.Input(
        id=ident, type="text", value=value, debounce=True, placeholder=PLACEHOLDERS.get(name, "")
    )


def _slug_options(name: str, study: Study, dataset: Dataset) -> list[dict[str, str]]:
    measures = measures_of(dataset, study.source.extras)
    shown = [m for m in measures if _fits(name, m)]
    empty = {"group": "Nobody (all together)"}.get(name, "Automatic")
    return [{"value": AUTOMATIC, "label": empty}, *({"value": m.slug, "label": m.label} for m in shown)]


def _month_options(name: str, value: str, dataset: Dataset) -> list[dict[str, str]]:
    """The months of a log's file, the last first for the end; also one that a link names."""
    found = months_of(dataset)
    months = sorted({*found, *([value] if value != AUTOMATIC else [])}, reverse=name == "until")
    automatic = {"value": AUTOMATIC, "label": ENDS[name][1]}
    return [automatic, *({"value": one, "label": said(read(one))} for one in months)]


def months_of(dataset: Dataset) -> list[str]:
    """The months from a log's first day to its last, or to when it was added; at most the last 360."""
    column = dataset.table.one("date")
    if column is None or column.minimum is None or column.maximum is None:
        return []
    try:
        first, last, added = (
            number_of(dt.date.fromisoformat(text[:10]))
            for text in (column.minimum, column.maximum, dataset.added)
        )
    except ValueError:
        return []
    end = min(last, added)
    return [written(month) for month in range(max(first, end - MOST_MONTHS + 1), end + 1)]


def _fits(name: str, m: Measure) -> bool:
    if name in NUMERIC_FIELDS:
        return m.numeric
    grouping = m.unit in ("category", "band", "flag", "age")
    return grouping or (name in PAIRED_FIELDS and m.numeric)
