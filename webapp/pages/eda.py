"""EDA: what the customers look like, before any segment."""

import numpy as np
from dash import dcc, html

from core import describe, explore
from core.features.cohort import of_study
from core.spec import PARAMS
from core.words import number, plural
from webapp import parts
from webapp.charts import chart
from webapp.page import Page, Scene
from webapp.parts import Component, Figure, Step
from webapp.shell import kept_query


def view(scene: Scene) -> list[Component]:
    """The whole page below the shell."""
    customers, study = scene.results.customers, scene.study
    rows = np.flatnonzero(of_study(customers, study.cohort).mask)
    primary = Step(text="Find segments", href=f"/clustering{kept_query(study)}")
    scope = scene.scope
    if not rows.size:
        return [
            parts.head("Nobody meets the conditions of “Who is included”.", scope, None),
            html.Div(
                [
                    html.P("Remove or widen a condition."),
                    parts.button(
                        Step(text="Include all customers", href=f"/eda{kept_query(study.with_(where=[]))}"),
                        True,
                    ),
                ],
                className="atlas-empty",
            ),
        ]
    held = explore.concentration(customers, rows)
    wanted = held is None or study.lens.tab == "together" or customers.kind != "log"
    together = explore.correlations(customers, rows, study.lens.correlation) if wanted else None
    currency, group = customers.currency, study.lens.group
    column, who = _column(scene), _who(scene)
    return [
        parts.head(describe.eda_finding(customers, rows.size, held, together), scope, primary),
        parts.figures(_figures(scene, rows, held, together)),
        parts.grid(
            chart(
                scene,
                "histogram",
                lambda draw: (
                    draw(explore.histogram(customers, rows, column, group, study.lens.scale), currency)
                    if column
                    else None
                ),
            ),
            chart(scene, "orders", lambda draw: _maybe(draw, explore.order_bars(customers, rows, group))),
            chart(
                scene,
                "bars",
                lambda draw: (
                    draw(explore.level_bars(customers, rows, who, "" if group == who else group))
                    if who
                    else None
                ),
            ),
            chart(scene, "rfm", lambda draw: _maybe(draw, explore.rfm_grid(customers, rows))),
        ),
        _tabs(scene),
        _tab(scene, rows, held, together),
        html.P(
            [
                dcc.Link(
                    "What separates the segments stands on Profiles.", href=f"/profiles{kept_query(study)}"
                )
            ],
            className="atlas-scope",
        ),
        parts.next_step("Next: groups of customers who are alike.", primary),
    ]


def _maybe(draw, found):  # type: ignore[no-untyped-def]
    return draw(found) if found is not None else None


def _column(scene: Scene) -> str:
    numeric = [m.slug for m in explore.numeric(scene.results.customers)]
    chosen = scene.study.lens.column
    return chosen if chosen in numeric else next((s for s in ("monetary", *numeric) if s in numeric), "")


def _who(scene: Scene) -> str:
    customers = scene.results.customers
    able = [m.slug for m in customers.measures if m.unit in ("age", "category", "band", "flag")]
    first = [m.slug for m in customers.measures if m.unit == "age"]
    group = scene.study.lens.group
    return group if group in able else next(iter([*first, *able]), "")


def _figures(scene: Scene, rows, held, together) -> list[Figure]:  # type: ignore[no-untyped-def]
    customers = scene.results.customers
    found = [Figure(label="Customers", value=f"{rows.size:,}", sub="included")]

    def median(slug: str, label: str, help_text: str) -> None:
        m = customers.measure(slug)
        if m is None:
            return
        x = customers.number(slug)[rows]
        known = x[~np.isnan(x)]
        if known.size:
            found.append(
                Figure(
                    label=label,
                    value=number(float(np.median(known)), m.unit, customers.currency),
                    sub=f"mean {number(float(known.mean()), m.unit, customers.currency)}",
                    help=help_text,
                )
            )

    median("monetary", "Net sales a customer", "Of the middle customer, after discounts and returns.")
    median("purchase_frequency", "Orders a year", "Per year, for customers known at least 90 days.")
    if customers.kind == "log" and held is not None and held.once is not None:
        found.append(Figure(label="Bought only once", value=number(held.once, "share"), sub="of customers"))
    median("average_order_value", "Average order", "Sales after discounts per order, before returns.")
    if customers.kind != "log":
        gaps = explore.missing(customers, rows)
        found.append(Figure(label="Attributes", value=str(len(customers.measures)), sub="columns used"))
        found.append(
            Figure(
                label="Missing cells",
                value=f"{sum(gaps.counts):,}",
                sub=f"in {plural(sum(1 for c in gaps.counts if c), 'attribute')}",
            )
        )
        if together is not None and together.strongest:
            a, b, r = together.strongest[0]
            found.append(Figure(label="Go together most", value=f"r = {r:.2f}", sub=f"{a} and {b}"))
    return found[:5]


def _tabs(scene: Scene) -> Component:
    links = []
    for value, label in PARAMS["tab"][1].choices:
        active = scene.study.lens.tab == value
        links.append(
            dcc.Link(
                label,
                href=f"/eda{kept_query(scene.study.with_(tab=value))}",
                className="nav-link active" if active else "nav-link",
            )
        )
    return html.Nav(links, className="nav nav-tabs atlas-tabs", **{"aria-label": "More charts"})


def _tab(scene: Scene, rows, held, together) -> Component:  # type: ignore[no-untyped-def]
    customers, study = scene.results.customers, scene.study
    currency, tab = customers.currency, study.lens.tab
    empty = {
        "time": "A customer table has no order dates to show anything over time. Add the log of orders.",
        "concentration": "No column says what customers spend. Give one the meaning Spend on the Data page.",
        "together": "It takes two attributes with numbers to see what goes together.",
        "pair": "It takes two attributes with numbers.",
        "missing": "",
    }[tab]
    x, y = _pair(scene)
    made = {
        "time": lambda: chart(
            scene,
            "months",
            lambda draw: (
                draw(customers.months, customers.first_day, customers.last_day, currency)
                if customers.months is not None
                else None
            ),
            wide=True,
        ),
        "concentration": lambda: chart(scene, "concentration", lambda draw: _maybe(draw, held), wide=True),
        "together": lambda: chart(scene, "correlation", lambda draw: _maybe(draw, together), wide=True),
        "pair": lambda: chart(
            scene,
            "pair",
            lambda draw: (
                draw(explore.pair(customers, rows, x, y, study.lens.group), currency) if x and y else None
            ),
            wide=True,
        ),
        "missing": lambda: chart(
            scene, "missing", lambda draw: draw(explore.missing(customers, rows)), wide=True
        ),
    }[tab]()
    return parts.grid(made) if made is not None else html.Div(html.P(empty), className="atlas-empty")


def _pair(scene: Scene) -> tuple[str, str]:
    numeric = [m.slug for m in explore.numeric(scene.results.customers)]
    lens = scene.study.lens
    likely = [s for s in ("orders", "monetary", *numeric) if s in numeric]
    x = lens.x if lens.x in numeric else (likely[0] if likely else "")
    y = lens.y if lens.y in numeric else next((s for s in likely if s != x), "")
    return x, y


PAGE = Page(
    name="eda",
    path="/eda",
    title="EDA",
    need="customers",
    visible=("column", "group"),
    more=("scale", "correlation", "x", "y"),
    view=view,
    conditions=True,
)
