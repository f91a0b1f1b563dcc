"""What a customer bought and when."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import html

from core.features.history import History
from core.words import day, exact, plural
from webapp import parts
from webapp.charts import chart
from webapp.display import DATA
from webapp.pages.customer.seen import Seen
from webapp.parts import Component

LATEST: Final = 10
"""Orders that stand beside the chart; the ones before are folded."""


def bought(seen: Seen, orders: History | None) -> list[Component]:
    """The orders as a chart and as a table; why there are none where there are none."""
    if orders is None:
        return [html.P("A customer table holds no orders, so there is no history.", className="atlas-notes")]
    if not orders.count:
        return [html.P("No order of this customer is in the file.", className="atlas-notes")]
    customers = seen.scene.results.customers
    drawn = chart(
        seen.scene,
        "history",
        lambda draw: draw(orders, customers.first_day, customers.as_of, customers.currency),
    )
    return [parts.grid(drawn, _listed(seen, orders))]


def _listed(seen: Seen, orders: History) -> Component:
    """The latest orders, and more of them folded."""
    rows = [_row(seen, order) for order in orders.orders.slice(0, LATEST + parts.TABLE_ROWS).to_pylist()]
    earlier = rows[LATEST:]
    content = [_table(rows[:LATEST], "Orders")]
    if earlier:
        more = f"More: the {len(earlier)} before" if orders.count > len(rows) else "More: all before"
        content.append(
            html.Details([html.Summary(more), _table(earlier, "Earlier orders")], className="atlas-more")
        )
    said = f"{plural(orders.count, 'order')} and returns, newest first, after discounts."
    return parts.card_table("Which orders?", said, html.Div(content), wide=False)


def _table(rows: Sequence[Sequence[Any]], label: str) -> Component:
    columns = [("day", "Date and order"), ("lines", "Lines"), ("net", "Net sales")]
    return parts.table(columns, rows, label)


def _row(seen: Seen, order: Mapping[str, Any]) -> list[Any]:
    named = [html.Small([" ", html.Span(order["order"], className=DATA)])] if order["order"] else []
    worth = exact(order["net"], "money", seen.currency)
    return [html.Span([day(order["day"]), *named]), f"{order['lines']:,}", worth]
