"""Saved views: the data set chip's menu, the Save button, and what Data's list of data sets shows of them."""

from collections.abc import Sequence

from dash import dcc, html

from core.io.dataset import Dataset
from core.io.sets.kept_rows import View
from core.spec import Study
from webapp import parts
from webapp.kept.form import AUTHOR, Field, Form, by_whom, note_field, opener
from webapp.parts import Component
from webapp.results import Services


def opened(view: View) -> str:
    """The address of a saved view, exactly as it was."""
    return f"{view.path}?{view.settled}"


def carried(view: View, ds: str) -> Study:
    """The study of a saved view on a version of its data set.

    On another version than its own everything goes along but the snapshot day, and the view is what names,
    numbers and colours are kept from.
    """
    if ds == view.version:
        return Study.parse(view.settled)
    return Study.parse(view.query).with_(ds=ds, as_of=None, ref=view.settled)


def save_button() -> Component:
    """Opens the form that saves the view as it is."""
    style = "btn btn-outline-secondary"
    shown = [parts.icon("bookmark"), html.Span("Save", className="atlas-roomiest")]
    return opener(shown, _saving(), "Save this view", style)


def save_item() -> Component:
    """The same as an item of a menu."""
    return opener("Save this view", _saving(), style="dropdown-item")


def menu(services: Services, dataset: Dataset, chip: list[Component], all_sets: str) -> Component:
    """The data set's chip with what it opens: the saved views of the data set, and the list of all.

    Parameters
    ----------
    chip : list of components
        What the chip shows.
    all_sets : str
        Where the list of data sets is.
    """
    views = services.store.kept.views(dataset.id)
    own = [_item(view, dataset) for view in views]
    empty = html.P("No saved views yet. A saved view opens with one click, for everybody.")
    return html.Details(
        [
            html.Summary(
                chip, className="atlas-chip", title="Data set and snapshot day; opens its saved views"
            ),
            html.Div(
                [
                    html.H2("Saved views", className="atlas-chart-title"),
                    html.Ul(own, className="atlas-views") if own else empty,
                    html.Div(
                        [
                            opener("Save this view", _saving(), style="btn btn-primary"),
                            html.A("All data sets", href=all_sets, className="btn btn-outline-secondary"),
                        ],
                        className="atlas-answers",
                    ),
                ],
                className="atlas-menu-box",
            ),
        ],
        className="atlas-menu",
    )


def views_list(views: Sequence[View], dataset: Dataset) -> Component:
    """The saved views of a data set, for its card; None without any."""
    if not views:
        return None
    return html.Ul([_item(view, dataset) for view in views], className="atlas-views")


def orphans_card(services: Services) -> Component:
    """The saved views of data sets that were deleted, each with that sentence; None without any."""
    views = services.store.kept.orphans()
    if not views:
        return None
    items = [
        html.Li(
            [
                html.Span(view.name, className="atlas-data"),
                html.Small(f" by {by_whom(view.owner, view.changed)}. Its data set was deleted. "),
                _delete(view),
            ]
        )
        for view in views
    ]
    return html.Div(
        [html.H3("Saved views without data", className="atlas-chart-title"), html.Ul(items)],
        className="atlas-views",
    )


def opening(views: Sequence[View], ds: str) -> str:
    """The query with which the list opens a version: its current view's, else the shipped defaults."""
    current = next((v for v in views if v.current), None)
    return f"?ds={ds}" if current is None else carried(current, ds).query() or f"?ds={ds}"


def _item(view: View, dataset: Dataset) -> Component:
    newer = dataset.id != view.version
    href = f"{view.path}{carried(view, dataset.id).query()}" if newer else opened(view)
    current = [html.Span("current", className="atlas-label")] if view.current else []
    as_saved = [dcc.Link("as saved, on the older data", href=opened(view)), " · "] if newer else []
    note = [html.P(view.note, className="atlas-data atlas-view-note")] if view.note else []
    return html.Li(
        [
            html.Div([dcc.Link(view.name, href=href, className="atlas-data"), *current]),
            html.Small([*as_saved, by_whom(view.owner, view.changed)]),
            *note,
            html.Div([_mark(view), _rename(view), _delete(view)], className="atlas-view-acts"),
        ]
    )


def _saving() -> Form:
    return Form(
        post="/api/kept/views",
        title="Save this view",
        told="Everybody finds it under the data set’s name at the top. It opens exactly these numbers.",
        fields=(Field(name="name", label="Name", needed=True), note_field(""), AUTHOR),
        here=True,
    )


def _mark(view: View) -> Component:
    form = Form(
        post=f"/api/kept/views/{view.id}/current",
        title="Current",
        send={"current": not view.current},
        asks=False,
    )
    said = "No longer current" if view.current else "Make current"
    why = "The data set opens with the current view, and newer data keep its names and colours."
    return opener(said, form, style="btn btn-sm btn-outline-secondary", why=why)


def _rename(view: View) -> Component:
    form = Form(
        post=f"/api/kept/views/{view.id}",
        title=f"Rename “{view.name}”",
        told=f"Last saved by {by_whom(view.owner, view.changed)}.",
        fields=(
            Field(name="name", label="Name", value=view.name, needed=True),
            note_field(view.note),
            AUTHOR,
        ),
        send={"seen": view.changed},
    )
    return opener(parts.icon("pencil"), form, f"Rename “{view.name}”", style="atlas-pencil")


def _delete(view: View) -> Component:
    form = Form(
        post=f"/api/kept/views/{view.id}/delete",
        title=f"Delete “{view.name}”?",
        told="The data and the segments stay. Links that were copied go on working.",
        button="Delete it",
        danger=True,
    )
    return opener(parts.icon("trash"), form, f"Delete “{view.name}”", style="atlas-pencil")
