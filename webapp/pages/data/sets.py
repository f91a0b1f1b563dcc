"""The data sets that are here, each to be opened, renamed, replaced, extended or deleted."""

import dash_bootstrap_components as dbc
from dash import html

from core.io.dataset import Dataset
from core.spec import Study
from core.words import plural
from webapp import kept, parts
from webapp.datasets import upload_to
from webapp.pages.data.upload import drop_zone
from webapp.parts import Component
from webapp.results import Services


def datasets_card(services: Services, current: Dataset, study: Study) -> Component:
    """Every data set that is here; a click opens it with the shipped defaults."""
    items = [
        _item(services, d, d.id == current.id, None if services.store.is_demo(d.id) else study)
        for d in services.store.list()
    ]
    return html.Section(
        [
            html.H2("Your data sets", className="atlas-chart-title", id="datasets"),
            html.Ul(items, className="atlas-datasets"),
            kept.orphans_card(services),
            html.Div(id="datasets-said", role="status"),
        ],
        className="atlas-card",
    )


def _item(services: Services, dataset: Dataset, current: bool, study: Study | None) -> Component:
    """A data set with its saved views; without a study it stays as it is."""
    mark = {"aria-current": "true"} if current else {}
    views = services.store.kept.views(dataset.id)
    link = html.A(dataset.name, href=f"/{kept.opening(views, dataset.id)}", **mark)
    what = "order line" if dataset.kind == "log" else "customer"
    added = f" · added {dataset.added[:10]}" if dataset.added and study else ""
    told = html.Small(f" {plural(dataset.table.rows, what)}{added}")
    return html.Li([link, told, kept.views_list(views, dataset), *([_more(dataset, study)] if study else [])])


def _more(dataset: Dataset, study: Study) -> Component:
    """What can be done with a data set, folded."""
    ds = dataset.id
    name = dbc.Input(id={"ds-name": ds}, value=dataset.name, type="text", maxlength=120)
    rename = html.Button("Rename", id={"ds-rename": ds}, className="btn btn-outline-secondary", type="button")
    delete = html.Button("Delete …", id={"ds-delete": ds}, className="btn btn-outline-danger", type="button")
    kept = study if study.source.ds == ds else Study().with_(ds=ds)
    zones = [_zone("replace", "Replace by a newer file: meanings and recipe stay.", dataset, kept)]
    if dataset.kind == "log":
        zones.append(_zone("append", "Add the rows of a newer file.", dataset, kept))
        zones.append(_zone("people", "Join a customer table from a file.", dataset, kept))
    return html.Details(
        [
            html.Summary("Change"),
            html.Div(
                [parts.named(f"Name of {dataset.name}", name), rename, delete], className="atlas-fields"
            ),
            html.Div(zones, className="atlas-zones"),
        ],
        className="atlas-more",
    )


def _zone(to: str, text: str, dataset: Dataset, study: Study) -> Component:
    return drop_zone(text, upload_to(to, dataset.id, study), small=True)
