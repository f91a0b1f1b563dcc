"""The tabs below the first charts."""

from collections.abc import Callable
from typing import Final

from dash import dcc, html

from core import explore
from core.errors import UserError
from core.explore import Concentration, Correlations
from core.features.snapshot import window_start
from core.features.spent import Spent
from core.figures import Drawn
from core.spec import PARAMS
from webapp import parts
from webapp.charts import chart
from webapp.pages.eda.charts import drawing, switch
from webapp.pages.eda.chosen import ANCHOR, Look, pair_of
from webapp.parts import Component
from webapp.shell import kept_query

EMPTY: Final = {
    "time": "A customer table has no order dates to show anything over time. Add the log of orders.",
    "groups": "It takes an attribute with numbers and one that groups customers.",
    "concentration": "No column says what customers spend. Give one the meaning Spend on the Data page.",
    "together": "It takes two attributes to see what goes together.",
    "pair": "It takes two attributes.",
    "missing": "There is no attribute.",
}
OF_LOGS: Final = ("time",)
FIRST_OF_TABLES: Final = "together"


def tabs(look: Look, held: Concentration | None, together: Correlations | None) -> list[Component]:
    """The row of tabs and what stands in the open one."""
    opened = open_tab(look)
    found = [card for card in TABS[opened](look, held, together) if card is not None]
    content = parts.grid(*found) if found else html.Div(html.P(EMPTY[opened]), className="atlas-empty")
    return [_row(look, opened), content]


def open_tab(look: Look) -> str:
    """The tab that is open: a table, which has no time, begins with what goes together."""
    chosen = look.study.lens.tab
    return FIRST_OF_TABLES if chosen in OF_LOGS and look.customers.kind != "log" else chosen


def _row(look: Look, opened: str) -> Component:
    links = [
        dcc.Link(
            label,
            href=f"/eda{kept_query(look.study.with_(tab=value))}",
            className="nav-link active" if value == opened else "nav-link",
        )
        for value, label in PARAMS["tab"][1].choices
        if look.customers.kind == "log" or value not in OF_LOGS
    ]
    about = {"aria-label": "More charts", "data-open": opened}
    return html.Nav(links, id=ANCHOR, className="nav nav-tabs atlas-tabs", **about)


def _time(look: Look, held: Concentration | None, together: Correlations | None) -> list[Component]:
    customers, rows, lens = look.customers, look.rows, look.study.lens
    begins, period = None, (lens.since, lens.until)
    if customers.as_of is not None:
        begins = window_start(customers.as_of, look.study.source.window)
    everybody = rows.size == len(customers)
    spent = None if everybody else _spent(look)
    months = drawing(lambda: explore.months(customers, rows, everybody, begins, period, spent), look.currency)
    cohorts = drawing(lambda: explore.retention(customers, rows, period))
    return [
        chart(look.scene, "over_time", months, wide=True),
        chart(look.scene, "retention", cohorts, wide=True),
    ]


def _spent(look: Look) -> Spent | None:
    """What each customer spent month by month: the worker adds it up when it is first asked for."""
    try:
        return look.scene.services.results(look.study, "months").spent
    except UserError:
        return None  # the chart then says whose its bars are


def _groups(look: Look, held: Concentration | None, together: Correlations | None) -> list[Component]:
    if not look.column or not look.who or look.column == look.who:
        return []
    return [_boxes(look, look.column, look.who)]


def _concentration(look: Look, held: Concentration | None, together: Correlations | None) -> list[Component]:
    if held is None:
        return []
    return [chart(look.scene, "concentration", drawing(lambda: held, look.currency), wide=True)]


def _together(look: Look, held: Concentration | None, together: Correlations | None) -> list[Component]:
    numbers = [m.slug for m in explore.numeric(look.customers)]
    grouping = [m.slug for m in explore.groupable(look.customers)]
    return [
        chart(
            look.scene,
            "correlation",
            drawing(lambda: together),
            wide=True,
            links=_links(look, numbers, numbers),
            more=switch(look, "correlation"),
        ),
        chart(
            look.scene,
            "associations",
            drawing(lambda: explore.associations(look.customers, look.rows)),
            wide=True,
            links=_links(look, [*grouping, *numbers], grouping),
        ),
    ]


def _links(look: Look, across: list[str], down: list[str]) -> dict[str, str]:
    """Each cell of a grid of attributes leads to these two against each other."""
    # one query with names that are then replaced: hundreds of studies would take longer than the chart
    plain = f"/eda{kept_query(look.study.with_(tab='pair', x='x_x_x', y='y_y_y'))}"
    return {
        f"{one}.{other}": plain.replace("x_x_x", other).replace("y_y_y", one)
        for one in down
        for other in across
        if one != other
    }


def _pair(look: Look, held: Concentration | None, together: Correlations | None) -> list[Component]:
    x, y = pair_of(look)
    if not x or not y:
        return []
    numbers = [m.slug for m in explore.numeric(look.customers)]
    kind = (x in numbers, y in numbers)
    return [PAIRS[kind](look, x, y)]


def _points(look: Look, x: str, y: str) -> Component:
    customers, lens = look.customers, look.study.lens

    def make(draw: Callable[..., Drawn]) -> Drawn:
        a, b = (customers.number(slug)[look.rows] for slug in (x, y))
        r = explore.correlation(a, b, lens.correlation)
        found = explore.pair(customers, look.rows, x, y, lens.group, lens.scale, lens.far)
        return draw(found, look.currency, r)

    return chart(look.scene, "pair", make, wide=True, more=switch(look, "scale"))


def _boxes(look: Look, number: str, category: str) -> Component:
    lens = look.study.lens
    return chart(
        look.scene,
        "boxes",
        drawing(
            lambda: explore.boxes(look.customers, look.rows, number, category, lens.scale, lens.far),
            look.currency,
        ),
        wide=True,
        more=switch(look, "scale"),
    )


def _crossed(look: Look, x: str, y: str) -> Component:
    return chart(
        look.scene,
        "crossed",
        drawing(lambda: explore.cross(look.customers, look.rows, x, y)),
        wide=True,
    )


PAIRS: Final[dict[tuple[bool, bool], Callable[[Look, str, str], Component]]] = {
    (True, True): _points,
    (True, False): _boxes,
    (False, True): lambda look, x, y: _boxes(look, y, x),
    (False, False): _crossed,
}
"""Whether the attribute across and the one up hold numbers -> the chart of the two."""


def _missing(look: Look, held: Concentration | None, together: Correlations | None) -> list[Component]:
    customers, rows = look.customers, look.rows
    if not customers.measures:
        return []

    patterns = drawing(lambda: explore.patterns(customers, rows, explore.missing(customers, rows)))
    return [
        chart(look.scene, "missing", drawing(lambda: explore.missing(customers, rows)), wide=True),
        chart(look.scene, "missing_together", patterns, wide=True),
    ]


TABS: Final[dict[str, Callable[[Look, Concentration | None, Correlations | None], list[Component]]]] = {
    "time": _time,
    "groups": _groups,
    "concentration": _concentration,
    "together": _together,
    "pair": _pair,
    "missing": _missing,
}
