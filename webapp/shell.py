"""The frame around every page: product, the four pages, data set, theme, copy link, the study's sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dash import dcc, html

from core import describe
from core.features.labels import LABELS, YES
from core.io.dataset import Dataset
from core.param import Filter
from core.pipeline import Results
from core.spec import DEMO, Study
from core.words import day, plural
from webapp import kept
from webapp.parts import Component, icon
from webapp.results import Services

NAME: Final = "Segment Atlas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One of the four pages as the shell shows it."""

    label: str
    hint: str
    path: str
    icon: str


TABS: Final = (
    Tab(label="Data", hint="what came in", path="/", icon="table"),
    Tab(label="EDA", hint="explore", path="/eda", icon="bar-chart"),
    Tab(label="Clustering", hint="find segments", path="/clustering", icon="diagram-3"),
    Tab(label="Profiles", hint="who they are", path="/profiles", icon="people"),
)


def header(
    active: str,
    study: Study,
    dataset: Dataset | None,
    results: Results | None,
    frozen: str | None = None,
    services: Services | None = None,
) -> list[Component]:
    """Top bar and the study's sentence; every link carries the whole query.

    `frozen` is the query with automatic values written out, for Copy link; else it takes the address. With
    `services` the data set's chip opens its saved views, and there is a button that saves this one.
    """
    query = kept_query(study)
    return [
        html.Header(
            [
                html.A(
                    [html.Img(src="/assets/favicon.svg", alt=""), html.Span(NAME)],
                    href="/",
                    className="atlas-brand",
                    **{"aria-label": NAME},
                ),
                html.Nav(
                    [_tab(t, active, query, dataset, results) for t in TABS],
                    className="atlas-nav",
                    **{"aria-label": "Pages"},
                ),
                html.Div(_actions(study, dataset, results, frozen, services), className="atlas-actions"),
                _on_paper(dataset, results),
            ],
            className="atlas-header",
        ),
        html.Div(_sentence(active, study, results), className="atlas-sentence"),
    ]


def tabbar(active: str, study: Study) -> Component:
    """The four pages at the bottom of a small screen."""
    query = kept_query(study)
    return html.Nav(
        [
            dcc.Link(
                [icon(t.icon), html.Span(t.label)],
                href=t.path + query,
                className="nav-link active" if t.path == active else "nav-link",
            )
            for t in TABS
        ],
        className="atlas-tabbar",
        **{"aria-label": "Pages, bottom"},
    )


def kept_query(study: Study) -> str:
    """The query that goes along to another page: everything but the open segment."""
    return replace(study, lens=replace(study.lens, segment="")).query()


def own_query(study: Study) -> str:
    """`kept_query`, naming the demo too: never empty, for links to the Data page's own view."""
    query = kept_query(study)
    return query or f"?ds={DEMO}"


def _tab(tab: Tab, active: str, query: str, dataset: Dataset | None, results: Results | None) -> Component:
    ready = dataset is not None and results is not None and not dataset.questions
    done = tab.path == "/" and ready
    tick = [icon("check2"), html.Span("done", className="visually-hidden")] if done else []
    return dcc.Link(
        [html.Span([tab.label, *tick]), html.Small(tab.hint)],
        href=tab.path + query,
        className="nav-link active" if tab.path == active else "nav-link",
    )


def _data_chip(
    study: Study, dataset: Dataset | None, results: Results | None, services: Services | None
) -> Component:
    """The data set's name and snapshot day; opens its saved views, else the list of data sets."""
    name = dataset.name if dataset is not None else "No data set"
    as_of = results.customers.as_of if results is not None else None
    shown = [
        icon("database"),
        html.Span(name, className="atlas-data"),
        *([html.Small(f"to {day(as_of)}")] if as_of else []),
    ]
    all_sets = "/" + own_query(study) + "#datasets"
    if services is not None and dataset is not None:
        return kept.menu(services, dataset, shown, all_sets)
    title = "Data set and snapshot day; opens the list of data sets"
    return html.A(shown, href=all_sets, className="atlas-chip", title=title)


def _on_paper(dataset: Dataset | None, results: Results | None) -> Component:
    """Which data a printed page is about: the chip that says it on the screen is a button."""
    name = dataset.name if dataset is not None else ""
    until = f" · to {day(results.customers.as_of)}" if results is not None and results.customers.as_of else ""
    return html.Span(name + until, className="atlas-print-only atlas-data")


def _actions(
    study: Study,
    dataset: Dataset | None,
    results: Results | None,
    frozen: str | None,
    services: Services | None,
) -> list[Component]:
    chosen = [plural(len(study.cohort.where), "condition")] if study.cohort.where else []
    chosen += [f"sample of {study.cohort.sample:,}"] if study.cohort.sample else []
    included = " · ".join(chosen).capitalize() or "All customers"
    return [
        _data_chip(study, dataset, results, services),
        dcc.Link(
            [icon("people"), html.Span(included)],
            href="/eda" + kept_query(study),
            className="atlas-chip atlas-wide",
            title="Who is included",
        ),
        _ways(kept_query(study), results, frozen, services),
        _more_menu(kept_query(study), results, frozen, services),
    ]


def _ways(query: str, results: Results | None, frozen: str | None, services: Services | None) -> Component:
    """What can be done with the view, side by side, where there is room."""
    return html.Div(
        [
            _theme_button(),
            *([_report_menu(query)] if results is not None else []),
            *([kept.save_button()] if services is not None else []),
            _copy_button(frozen, "btn btn-outline-secondary", query if results is not None else None),
        ],
        className="atlas-ways-row atlas-wide",
    )


def _more_menu(
    query: str, results: Results | None, frozen: str | None, services: Services | None
) -> Component:
    """The same under one button, on a small screen."""
    summary = html.Summary(
        icon("three-dots"), className="atlas-icon-button", title="More", **{"aria-label": "More"}
    )
    theme = html.Button(
        "Light or dark", className="dropdown-item", type="button", **{"data-theme-switch": ""}
    )
    items = [
        *(_report_links(query) if results is not None else []),
        *([kept.save_item()] if services is not None else []),
        _copy_button(frozen, "dropdown-item", query if results is not None else None),
        theme,
    ]
    box = html.Div(items, className="atlas-menu-box atlas-ways")
    return html.Details([summary, box], className="atlas-menu atlas-narrow")


def _theme_button() -> Component:
    return html.Button(
        [icon("moon"), icon("sun")],
        className="atlas-icon-button",
        type="button",
        title="Light or dark",
        **{"data-theme-switch": "", "aria-label": "Light or dark"},
    )


def _copy_button(frozen: str | None, style: str, query: str | None) -> Component:
    """Copies the address of the view; with a `query` its report is offered where the address is of no use."""
    shown = ["Copy link"] if style == "dropdown-item" else [icon("link-45deg"), _roomy("Copy link")]
    return html.Button(
        shown,
        className=style,
        type="button",
        title="Copy link",
        **{"data-copy-link": "", "aria-label": "Copy link"},
        **({"data-resolved-query": frozen} if frozen is not None else {}),
        **({"data-report": _report_file(query)} if query is not None else {}),
    )


def _roomy(text: str) -> Component:
    """Words beside an icon, where there is room for them."""
    return html.Span(text, className="atlas-roomy")


def _report_menu(query: str) -> Component:
    """What a view can be taken away as: the report, the notebook, paper."""
    summary = html.Summary(
        [icon("file-earmark-text"), _roomy("Report")],
        className="btn btn-outline-secondary",
        title="Report, notebook, print",
        **{"aria-label": "Report"},
    )
    box = html.Div(_report_links(query), className="atlas-menu-box atlas-ways")
    return html.Details([summary, box], className="atlas-menu")


def _report_file(query: str) -> str:
    """The address of the report as a file to keep."""
    return f"/report.html{query}{'&' if query else '?'}download=1"


def _report_links(query: str) -> list[Component]:
    ways = (
        ("Open the report", "/report.html" + query, "_blank"),
        ("Download the report", _report_file(query), "_blank"),
        ("Notebook of this view", "/notebook.ipynb" + query, "_blank"),
    )
    links = [html.A(text, href=href, target=target, className="dropdown-item") for text, href, target in ways]
    print_ = html.Button("Print this page", className="dropdown-item", type="button", **{"data-print": ""})
    return [*links, print_]


def _sentence(active: str, study: Study, results: Results | None) -> list[Component]:
    if results is None:
        return [html.Span("Segments of your customers that you can trust, name and share.")]
    return [
        html.Span(describe.sentence(results)),
        *filter_chips(active, study, results),
        *([_how(describe.how(study, results))] if results.clustering is not None else []),
    ]


def filter_chips(active: str, study: Study, results: Results) -> list[Component]:
    """Every condition as a chip whose cross is a link to the view without it."""
    chips = []
    if study.cohort.sample:
        text = f"Included: a sample of {study.cohort.sample:,}"
        chips.append(_chip(text, path_of(active, study) + kept_query(study.with_(sample=None))))
    for field, word in (("where", "Included"), ("show", "Shown")):
        found = study.value(field)
        for condition in found:
            rest = tuple(f for f in found if f != condition)
            text = describe.condition(results.customers, condition, describe.names_of(results))
            without = study.with_(**{field: [f.write() for f in rest]})
            chips.append(_chip(f"{word}: {text}", path_of(active, study) + kept_query(without)))
    if study.lens.label in LABELS:
        text = describe.condition(results.customers, Filter(study.lens.label, "eq", (str(YES),)))
        without = study.with_(label=None)
        chips.append(_chip(f"Shown: {text}", path_of(active, study) + kept_query(without)))
    if study.cluster.ref:
        chips.append(_chip(describe.saved(results), path_of(active, study) + kept_query(study.alone)))
    return chips


def path_of(active: str, study: Study) -> str:
    """The path of a page, with the segment or customer that is open on it."""
    opened = active in ("/profiles", "/customers") and study.lens.segment
    return f"{active}/{study.lens.segment}" if opened else active


def _chip(text: str, href: str) -> Component:
    remove = dcc.Link(icon("x"), href=href, className="atlas-chip-remove", title=f"Remove: {text}")
    return html.Span([text, remove], className="atlas-chip")


def _how(said: Sequence[str]) -> Component:
    return html.Details(
        [html.Summary("How", className="atlas-how"), html.Ul([html.Li(text) for text in said])],
        className="atlas-how-box",
    )
