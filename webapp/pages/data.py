"""Data: what came in, what was made of it, and what it is worth."""

from collections.abc import Sequence

import dash_bootstrap_components as dbc
from dash import html

from core import describe
from core.errors import UserError
from core.features.customers import Customers, Effect
from core.io.dataset import ROLES, Column, Dataset, Question
from core.io.roles import questions
from core.spec import DEMO
from core.words import about, day, number, plural
from webapp import parts
from webapp.charts import chart
from webapp.page import Page, Scene
from webapp.pages.profiles import segment_card
from webapp.parts import Component, Figure, Step
from webapp.results import Services
from webapp.shell import kept_query

UPLOAD = Step(text="Upload your file", href="#upload")
LOG_EXAMPLE = (("customer", "date", "amount"), ("C1", "2026-03-04", "12.50"), ("C2", "2026-03-04", "8.00"))
TABLE_EXAMPLE = (("customer", "age", "income"), ("C1", "34", "41000"), ("C2", "52", "38500"))


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    return _home(scene) if scene.home else _own(scene)


def _home(scene: Scene) -> list[Component]:
    profile = scene.results.profile
    assert profile is not None
    primary = Step(text="See the demo's segments", href="/profiles")
    return [
        parts.head(
            describe.demo_finding(profile),
            describe.scope(scene.study, scene.results),
            primary,
            UPLOAD,
        ),
        parts.figures(_figures(scene.results.customers)),
        parts.grid(
            chart(scene, "value", lambda draw: draw(profile, "net", scene.results.customers.currency)),
            upload_card(),
        ),
        html.Div(
            [segment_card(scene, s) for s in profile.segments if s.number],
            className="atlas-grid atlas-grid-3",
        ),
        datasets_card(scene.services, scene.dataset.id),
        parts.next_step(
            "Next: who the demo's segments are. Or start with a file of your own.", primary, UPLOAD
        ),
    ]


def _own(scene: Scene) -> list[Component]:
    customers, dataset = scene.results.customers, scene.dataset
    answered = dict(dataset.answers)
    open_questions = [q for q in dataset.questions if q.key not in answered]
    primary = Step(text="See your segments", href=f"/profiles{kept_query(scene.study)}")
    secondary = Step(text="Look at the data first", href=f"/eda{kept_query(scene.study)}")
    if open_questions:
        word = plural(len(open_questions), "question")
        primary = Step(text=f"Answer {word}", href="#questions")
        finding = f"One question first: {open_questions[0].text}"
    else:
        finding = describe.data_finding(dataset, customers, customers.currency)
    return [
        parts.head(
            finding,
            describe.scope(scene.study, scene.results),
            primary,
            None if open_questions else secondary,
        ),
        parts.figures(_figures(customers)),
        *questions_cards(dataset, answered, customers),
        parts.grid(
            chart(scene, "ledger", lambda draw: draw(scene.results.ledger, customers.currency)),
            chart(
                scene,
                "months",
                lambda draw: (
                    draw(customers.months, customers.first_day, customers.last_day, customers.currency)
                    if customers.months is not None
                    else None
                ),
            ),
            found_card(scene),
            upload_card(),
            meanings_card(dataset),
            datasets_card(scene.services, dataset.id),
        ),
        parts.next_step(
            "Next: your segments, with every automatic choice made.",
            primary,
            None if open_questions else secondary,
        ),
    ]


def refused(services: Services, dataset: Dataset, problem: UserError) -> list[Component]:
    """The page of a data set of which no study can be made yet: what is wrong, and what mends it."""
    return [
        *parts.error(problem),
        *questions_cards(dataset, dict(dataset.answers), None),
        parts.grid(meanings_card(dataset), upload_card(), datasets_card(services, dataset.id)),
    ]


def _figures(customers: Customers) -> list[Figure]:
    used = next(r for r in customers.ledger if r.key == "used")
    file = customers.ledger[0]
    currency = customers.currency
    found = [Figure(label="Customers", value=f"{len(customers):,}", sub="can be segmented")]
    if customers.kind == "log":
        orders = int(customers.number("orders").sum())
        net = describe.about_net(customers)
        found += [
            Figure(label="Orders", value=f"{orders:,}", sub="that stand"),
            Figure(
                label="Net sales",
                value=number(net, "money", currency),
                sub="after discounts and returns",
                help="gross − discounts − returns of customers with an order that stands, in the period.",
            ),
            Figure(
                label="Period covered",
                value=_period(customers),
                sub=f"{day(customers.first_day)} – {day(customers.last_day)}",
            ),
        ]
    elif customers.has("monetary"):
        found.append(
            Figure(
                label="Spend",
                value=number(describe.about_net(customers), "money", currency),
                sub="of all customers",
            )
        )
    if customers.kind != "log":
        found.append(Figure(label="Attributes", value=str(len(customers.measures)), sub="that can be used"))
    share = number(used.rows / file.rows if file.rows else 0, "share")
    found.append(Figure(label="Rows used", value=share, sub=f"{used.rows:,} of {file.rows:,}"))
    return found


def _period(customers: Customers) -> str:
    if customers.first_day is None or customers.last_day is None:
        return "–"
    return plural(max(1, round((customers.last_day - customers.first_day).days / 30.4)), "month")


def upload_card() -> Component:
    """Where a file is dropped or chosen."""
    return html.Section(
        [
            html.H2("Your own file", className="atlas-chart-title", id="upload"),
            html.Div(
                [
                    parts.icon("cloud-arrow-up"),
                    html.P(
                        "Drop a CSV, Excel or Parquet file here, or choose one."
                        " Orders, or one row per customer."
                    ),
                    html.Button(
                        "Choose a file",
                        className="btn btn-primary",
                        type="button",
                        **{"data-upload-choose": ""},
                    ),
                    html.Button(
                        "Stop",
                        className="btn btn-outline-secondary",
                        type="button",
                        **{"data-upload-cancel": ""},
                    ),
                    dbc.Progress(id="upload-progress", value=0),
                    html.P("", role="status", **{"data-upload-message": "", "aria-live": "polite"}),
                ],
                className="atlas-dropzone",
                **{"data-upload": "", "data-accept": ".csv,.tsv,.txt,.xlsx,.parquet"},
            ),
            html.Details(
                [
                    html.Summary("Which file?"),
                    html.P(
                        "A log of orders: one row per order line, with the customer, the date and the amount."
                    ),
                    _example(LOG_EXAMPLE, "A log of orders"),
                    html.P("Or a customer table: one row per customer, with numbers that describe them."),
                    _example(TABLE_EXAMPLE, "A customer table"),
                    html.P(
                        "Your file stays on this server. The columns' names do not matter:"
                        " what they mean is guessed, shown and can be changed."
                    ),
                ],
                className="atlas-more",
            ),
        ],
        className="atlas-card",
    )


def _example(rows: Sequence[Sequence[str]], label: str) -> Component:
    return parts.table([(str(i), c) for i, c in enumerate(rows[0])], rows[1:], label)


def questions_cards(
    dataset: Dataset, answered: dict[str, str], customers: Customers | None
) -> list[Component]:
    """The questions whose answers move a total: guess or answer pressed, each with its effect."""
    asked = questions(dataset.columns, dataset.kind) if dataset.id != DEMO else ()
    if not asked:
        return []
    cards = [_question(q, answered, customers) for q in asked]
    return [html.Div(cards, className="atlas-grid", id="questions")]


def _question(question: Question, answered: dict[str, str], customers: Customers | None) -> Component:
    chosen = answered.get(question.key)
    shown = chosen or question.guess
    buttons = [
        html.Button(
            [text, html.Small(" (our guess)") if chosen is None and value == question.guess else ""],
            id={"answer": question.key, "to": value},
            className="btn btn-primary" if value == shown else "btn btn-outline-secondary",
            type="button",
            **{"aria-pressed": "true" if value == shown else "false"},
        )
        for value, text in question.options
    ]
    state = "Answered. Choose another to change it." if chosen else "Until you answer, our guess is used."
    worth = _worth(question, customers)
    return html.Section(
        [
            html.H2(question.text, className="atlas-chart-title"),
            html.P(f"{worth} {state}".strip(), className="atlas-chart-answer"),
            html.Div(buttons, className="atlas-answers"),
        ],
        className="atlas-card",
    )


def _worth(question: Question, customers: Customers | None) -> str:
    """The effect of each answer in money: `Net sales 8.30 M if after discount, 7.65 M if before.`"""
    found: list[Effect] = [e for e in customers.effects if e.question == question.key] if customers else []
    if not found or customers is None:
        return ""
    words = dict(question.options)
    said = [f"{about(e.net, 'money', customers.currency)} if “{words[e.answer]}”" for e in found]
    return f"Net sales {', '.join(said)}."


def found_card(scene: Scene) -> Component:
    """What was found and done about it: reader, repeated rows, missing and extreme values, transforms."""
    customers, dataset = scene.results.customers, scene.dataset
    said = [*dataset.warnings, _duplicates(scene, customers)]
    aside = [r for r in customers.ledger if r.key in ("no_standing_order", "no_order_in_period", "prospect")]
    said += [f"{r.text}: {plural(r.customers, 'customer')}." for r in aside]
    if scene.results.matrix is not None:
        said += [s.text for s in scene.results.matrix.steps]
        said += [p.text for p in scene.results.matrix.prepared]
    return parts.card_table(
        "What we found, and what we did",
        "Each choice stands on the left and in the link.",
        html.Div(
            [
                html.Ul([html.Li(text) for text in said if text]),
                html.Details(
                    [html.Summary("How the file was read"), html.Ul([html.Li(d) for d in dataset.decisions])],
                    className="atlas-more",
                ),
            ]
        ),
        wide=False,
    )


def _duplicates(scene: Scene, customers: Customers) -> str:
    if not customers.duplicates:
        return "No row equals an earlier one."
    worth = ""
    if customers.duplicates_money is not None:
        worth = f", worth {about(customers.duplicates_money, 'money', customers.currency)}"
    done = "only the first is kept" if scene.study.clean.duplicates == "drop" else "kept and counted"
    return f"{plural(customers.duplicates, 'row')} equal an earlier row in every column{worth}: {done}."


def meanings_card(dataset: Dataset) -> Component:
    """What each column means, guessed with the reason, to be changed."""
    rows = [_meaning(i, c) for i, c in enumerate(dataset.columns)]
    heads = ["Column", "Examples", "Meaning", "Why", "Missing"]
    return html.Section(
        [
            html.H2("What the columns mean", className="atlas-chart-title"),
            html.P(
                "Guessed from names and values. Another meaning makes a new version; old links stay.",
                className="atlas-chart-answer",
            ),
            html.Div(
                html.Table(
                    [html.Thead(html.Tr([html.Th(h, scope="col") for h in heads])), html.Tbody(rows)],
                    className="atlas-table",
                ),
                className="atlas-table-wrap",
                tabIndex=0,
                role="region",
                **{"aria-label": "What the columns mean"},
            ),
            html.Div(
                [
                    html.Button(
                        "Use these meanings",
                        id="meanings-use",
                        className="btn btn-outline-secondary",
                        type="button",
                    ),
                    html.Span(id="meanings-said", role="status"),
                ],
                className="atlas-answers",
            ),
        ],
        className="atlas-card atlas-wide-card",
    )


def _meaning(at: int, column: Column) -> Component:
    select = dbc.Select(
        id={"role": at},
        options=[{"value": role, "label": text} for role, text in ROLES.items()],
        value=column.role,
    )
    return html.Tr(
        [
            html.Th(column.name, scope="row"),
            html.Td(", ".join(column.examples[:3])),
            html.Td(parts.named(f"Meaning of {column.name}", select)),
            html.Td(column.reason),
            html.Td(f"{column.missing:,}", className="num"),
        ]
    )


def datasets_card(services: Services, current: str) -> Component:
    """Every data set that is here; a click opens it with the shipped defaults."""
    items = []
    for d in services.store.list():
        link = html.A(d.name, href=f"/?ds={d.id}", **({"aria-current": "true"} if d.id == current else {}))
        what = "order lines" if d.kind == "log" else "customers"
        added = f" · added {d.added[:10]}" if d.added and d.id != DEMO else ""
        items.append(html.Li([link, html.Small(f" {d.table.rows:,} {what}{added}")]))
    return html.Section(
        [
            html.H2("Your data sets", className="atlas-chart-title", id="datasets"),
            html.Ul(items, className="atlas-datasets"),
        ],
        className="atlas-card atlas-wide-card",
    )


PAGE = Page(
    name="data",
    path="/",
    title="Data",
    need="profile",
    visible=("as_of", "window", "returns"),
    more=("missing", "outliers", "duplicates"),
    view=view,
    refused=refused,
)
