"""The parts that pages are made of: heading, key figures, charts with their tables, next step, notes."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dash_bootstrap_components as dbc
from dash import dcc, html

from core.errors import UserError
from core.glossary import TERMS

Component = Any
GRAPH_CONFIG: Final = {
    "displaylogo": False,
    "showSendToCloud": False,
    "displayModeBar": "hover",
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "toImage"],
}
SELECTING: Final = {**GRAPH_CONFIG, "modeBarButtonsToRemove": ["autoScale2d", "toImage"]}
"""Of a chart with columns on its axes: a box or a lasso drawn over it means the customers in it."""

TALL: Final = 340
"""Charts of at least this height keep it on a phone: their rows would overlap."""

MENU: Final = {"table": "Table", "png": "PNG", "svg": "SVG", "csv": "CSV"}
"""What a chart's menu does, by the name that assets/chart_menu.js knows -> its word."""

TABLE_ROWS: Final = 60
WORDY: Final = (
    *("because", "problem", "reliability", "evidence", "most", "name", "together", "words"),
    "gap_range",
)
"""Columns of words, not of numbers, in tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One key figure: label, value, a small line below, and what its (i) says.

    That is `help`, or what the glossary says of `term` (`core.glossary`). With `href` it is a link; `on` says
    that it is the one followed.
    """

    label: str
    value: str
    sub: str = ""
    help: str = ""
    href: str = ""
    term: str = ""
    on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A button that leads on: its words, where it goes, whether it is a download or opens beside the app."""

    text: str
    href: str
    download: bool = False
    beside: bool = False


def named(text: str, field: Component) -> Component:
    """A field with a name that only screen readers say; dbc's fields take no aria-label."""
    return html.Label([html.Span(text, className="visually-hidden"), field], className="atlas-named")


def icon(name: str) -> Component:
    """One of the vendored icons, silent to screen readers."""
    return html.I(className=f"bi bi-{name}", **{"aria-hidden": "true"})


def info(text: str) -> Component:
    """The (i): its text shows on hover, on focus and to screen readers."""
    return html.Button(
        icon("info-circle"),
        className="atlas-info",
        type="button",
        title=text,
        **{"aria-label": text, "data-bs-toggle": "tooltip"},
    )


def term(keys: str, help: str = "") -> Component:
    """The (i) of terms of the glossary, blanks between them; its text is put in with the page's results.

    `help` stands for the glossary's own line of help where the number knows more of itself.
    """
    return html.Button(
        icon("info-circle"),
        className="atlas-info",
        type="button",
        **{"data-term": keys, "data-bs-toggle": "tooltip"},
        **({"data-help": help} if help else {}),
    )


def button(step: Step, primary: bool) -> Component:
    """A step as a link that looks like a button."""
    style = "btn btn-primary" if primary else "btn btn-outline-secondary"
    if step.download:
        opens = {"aria-haspopup": "dialog"} if step.href.startswith("/export/customers.csv") else {}
        return html.A(step.text, href=step.href, className=style, download="", **opens)
    if step.beside:
        return html.A(step.text, href=step.href, className=style, target="_blank")
    if step.href.startswith("#"):
        return html.A(step.text, href=step.href, className=style)
    return dcc.Link(step.text, href=step.href, className=style)


def link(text: str, href: str) -> Component:
    """A link within the app."""
    return dcc.Link(text, href=href)


def option(text: str, href: str) -> Component:
    """One of several answers, as a link to the view with it."""
    return dcc.Link(text, href=href, className="atlas-option")


def switch(word: str, on: bool, href: str, said: str) -> Component:
    """A link that looks like a switch; `said` is what a screen reader hears."""
    style = "atlas-switch atlas-switch-on" if on else "atlas-switch"
    return dcc.Link(
        [html.Span(word), html.Span(said, className="visually-hidden")], href=href, className=style
    )


def head(
    finding: str,
    scope: str,
    primary: Step | None,
    secondary: Step | None = None,
    said: Component = None,
) -> Component:
    """The finding as h1, what was looked at and what else is `said` below it, the next step beside it."""
    steps = [button(s, s is primary) for s in (secondary, primary) if s is not None]
    return html.Div(
        [
            html.Div(
                [
                    html.H1(finding.replace(" %", "\u00a0%"), className="atlas-finding"),
                    html.P(scope, className="atlas-scope"),
                    *([said] if said is not None else []),
                ]
            ),
            html.Div(steps, className="atlas-next atlas-next-compact"),
        ],
        className="atlas-head",
    )


def next_step(text: str, primary: Step | None, secondary: Step | None = None) -> Component:
    """The bar at the end of a view."""
    steps = [button(s, s is primary) for s in (secondary, primary) if s is not None]
    return html.Div([html.P(text, className="atlas-next-text"), *steps], className="atlas-next")


def notes(said: Sequence[str]) -> list[Component]:
    """The notes line, nothing where there is no note."""
    if not said:
        return []
    return [html.P([icon("exclamation-circle"), " ".join(said)], className="atlas-notes")]


def figures(shown: Sequence[Figure]) -> Component:
    """Three to five key figures."""
    return html.Div([_figure(f) for f in shown], className="atlas-figures")


def _figure(f: Figure) -> Component:
    children = [
        html.Div([f.label, *_about(f)], className="atlas-figure-label"),
        html.Div(f.value, className="atlas-figure-value"),
        html.Div(f.sub, className="atlas-figure-sub"),
    ]
    if f.href:
        children[2] = html.Div(
            dcc.Link(f.sub or "Show only these", href=f.href), className="atlas-figure-sub"
        )
    return html.Div(children, className="atlas-figure atlas-figure-on" if f.on else "atlas-figure")


def _about(f: Figure) -> list[Component]:
    if f.term in TERMS:
        return [term(f.term, f.help)]
    return [info(f.help)] if f.help else []


def chart(
    name: str,
    title: str,
    drawn: dict[str, Any] | None,
    wide: bool = False,
    height: int = 320,
    links: Mapping[str, str] | None = None,
    more: Component = None,
    marks: Mapping[str, str] | None = None,
    opens: Mapping[int, str] | None = None,
    everybody: str = "",
    terms: str = "",
) -> Component:
    """A chart with the question it answers, its answer, alt text and table; nothing where there is none.

    Parameters
    ----------
    links : mapping of str to str, optional
        Where a click on a mark leads, by what the mark is known by (assets/links.js).
    more : component, optional
        Stands between the chart and its table.
    marks : mapping of str to str, optional
        The chart's marks and axes as data attributes (assets/selection.js).
    opens : mapping of int to str, optional
        Where the first cell of a row of its table leads.
    everybody : str
        The list of all customers behind it, for its menu.
    terms : str
        What its numbers are in the glossary, blanks between the keys.
    """
    if drawn is None:
        return None
    selecting = "data-axes" in (marks or {})
    config = SELECTING if selecting else GRAPH_CONFIG
    graph = dcc.Graph(figure=drawn["figure"], config=config, responsive=True, id={"chart": name})
    return html.Section(
        [
            html.Div(
                [
                    html.H2(title, className="atlas-chart-title"),
                    *([term(terms)] if terms else []),
                    chart_menu(title, _listed(everybody)),
                ],
                className="atlas-card-head",
            ),
            html.P(drawn["answer"], className="atlas-chart-answer"),
            html.Div(
                graph,
                className="atlas-chart atlas-tall" if height >= TALL else "atlas-chart",
                role="group" if selecting else "img",  # the buttons of a box and a lasso are in it
                style={"--height": f"{height}px"},
                **{"aria-label": drawn["alt"]},
                **({"data-links": json.dumps(dict(links))} if links else {}),
                **(marks or {}),
            ),
            *([html.P(drawn["caption"], className="atlas-scope")] if drawn["caption"] else []),
            *([more] if more is not None else []),
            html.Details(
                [html.Summary("Table"), built(drawn, title, opens or {})],
                className="atlas-more",
                **{"data-exact": _exact(drawn)},
            ),
        ],
        className="atlas-card atlas-wide-card" if wide else "atlas-card",
    )


def _listed(href: str) -> list[Component]:
    """The entry of a chart's menu that opens the customers behind it, where there are some."""
    if not href:
        return []
    item = {"role": "menuitem", "tabIndex": -1, "data-go": ""}
    return [html.A("Open these customers", href=href, className="dropdown-item", **item)]


def chart_menu(title: str, more: Sequence[Component] = ()) -> Component:
    """The menu of a chart (assets/chart_menu.js), and `more` items of it."""
    items = [
        html.Button(
            word,
            className="dropdown-item",
            type="button",
            role="menuitem",
            tabIndex=-1,
            **{"data-chart-do": act},
        )
        for act, word in MENU.items()
    ]
    return html.Div(
        [
            html.Button(
                icon("three-dots"),
                className="atlas-icon-button",
                type="button",
                title="Table, PNG, SVG, CSV",
                **{
                    "data-chart-menu": "",
                    "aria-haspopup": "menu",
                    "aria-expanded": "false",
                    "aria-label": f"Menu of “{title}”",
                },
            ),
            html.Div(
                [*items, *more],
                className="dropdown-menu",
                role="menu",
                hidden=True,
                **{"aria-label": f"“{title}”"},
            ),
        ],
        className="atlas-chart-menu",
    )


def built(drawn: Mapping[str, Any], label: str, opens: Mapping[int, str], at_once: bool = False) -> Component:
    """A table that the browser builds (assets/tables.js): when its fold is opened, or `at_once`.

    Most stay closed, and a browser pays for each cell that is a component with every change of the page.
    """
    rows = drawn["rows"][:TABLE_ROWS]
    columns = drawn["columns"]
    said = {
        "columns": [
            [text, kind, key if key in TERMS else ""]
            for (key, text), kind in zip(columns, _kinds(columns), strict=True)
        ],
        "rows": rows,
        "opens": {str(at): href for at, href in opens.items() if at < len(rows)},
        "more": _cut(len(drawn["rows"])),
    }
    return html.Div(
        className="atlas-table-wrap",
        tabIndex=0,
        role="region",
        **{"aria-label": label, "data-table": json.dumps(said, separators=(",", ":"), ensure_ascii=False)},
        **({"data-now": ""} if at_once else {}),
    )


def _kinds(columns: Sequence[Sequence[str]]) -> list[str]:
    return ["" if not i else "words" if key in WORDY else "num" for i, (key, _) in enumerate(columns)]


def _cut(rows: int) -> str:
    return f"The first {TABLE_ROWS} of {rows:,} rows." if rows > TABLE_ROWS else ""


def _exact(drawn: Mapping[str, Any]) -> str:
    """The chart's table with the digits it has, for its CSV."""
    columns = [label for _, label in drawn["columns"]]
    return json.dumps({"columns": columns, "rows": drawn["exact"]}, separators=(",", ":"))


def table(
    columns: Sequence[Sequence[str]],
    rows: Sequence[Sequence[Any]],
    label: str,
    cards: bool = False,
    opens: Mapping[int, str] | None = None,
) -> Component:
    """A table from (key, label) and rows; numbers right-aligned. With `cards` a row is a block on a phone.

    `opens` says where the first cell of a row leads, by the row's place.
    """
    hrefs, kinds = opens or {}, _kinds(columns)
    head_row = [
        html.Th([text, term(key)] if key in TERMS else text, scope="col", className=kind)
        for (key, text), kind in zip(columns, kinds, strict=True)
    ]
    body = [
        html.Tr(
            [
                html.Th(dcc.Link(row[0], href=hrefs[at]) if at in hrefs else row[0], scope="row"),
                *[
                    html.Td(v, className=kind, **{"data-label": text})
                    for v, kind, (_, text) in zip(row[1:], kinds[1:], columns[1:], strict=True)
                ],
            ]
        )
        for at, row in enumerate(rows[:TABLE_ROWS])
    ]
    more = [html.P(text, className="atlas-scope") for text in [_cut(len(rows))] if text]
    style = "atlas-table atlas-as-cards atlas-worded" if cards else "atlas-table"
    return html.Div(
        [html.Table([html.Thead(html.Tr(head_row)), html.Tbody(body)], className=style), *more],
        className="atlas-table-wrap",
        tabIndex=0,
        role="region",
        **{"aria-label": label},
    )


def card_table(
    title: str, answer: Component, content: Component, wide: bool = True, anchor: str | None = None
) -> Component:
    """A card with a title, a sentence and a table or list of its own."""
    return html.Section(
        [
            html.H2(title, className="atlas-chart-title", **({"id": anchor} if anchor else {})),
            html.P(answer, className="atlas-chart-answer"),
            content,
        ],
        className="atlas-card atlas-wide-card" if wide else "atlas-card",
    )


def grid(*cards: Component, three: bool = False) -> Component:
    """Cards beside each other; those that are None are not there."""
    shown = [c for c in cards if c is not None]
    return html.Div(shown, className="atlas-grid atlas-grid-3" if three else "atlas-grid")


def error(problem: UserError, back: Step | None = None, instead: Step | None = None) -> list[Component]:
    """What is wrong and what to do, where a view would be, and a button for what would work instead."""
    steps = [step for step in (instead, back) if step is not None]
    return [
        html.Div(
            [
                icon("x-octagon"),
                html.Div([html.H1(problem.message, className="atlas-finding"), html.P(problem.hint)]),
            ],
            className="atlas-error",
            role="alert",
        ),
        *([html.Div([button(s, s is steps[0]) for s in steps], className="atlas-next")] if steps else []),
    ]


def skeleton() -> list[Component]:
    """Grey blocks of the final height while the first view is computed."""
    return [
        html.Div(className="atlas-skeleton", style={"--height": "64px"}),
        html.Div(className="atlas-skeleton", style={"--height": "96px"}),
        html.Div(
            [html.Div(className="atlas-skeleton", style={"--height": "380px"}) for _ in range(2)],
            className="atlas-grid",
        ),
    ]


def bar(share: float) -> dict[str, Any]:
    """What a progress bar shows of a share."""
    return {"value": round(100 * share), "label": f"{100 * share:.0f} %"}


def progress(stage: str, share: float) -> list[Component]:
    """A running job: its stage in words, its share, and Cancel."""
    return [
        html.P(stage, className="atlas-progress-text", id="job-stage"),
        dbc.Progress(**bar(share), id="job-bar"),
        html.Button("Cancel", id="job-cancel", className="btn btn-outline-secondary", type="button"),
    ]


Draw = Callable[..., Any]
