"""From the file to the result: what became of the rows, the list of those left out, finance's figure."""

from dash import html

from core.features.customers import Customers
from core.features.reconcile import reconcile, sentence
from core.words import exact, number, plural
from webapp import parts
from webapp.charts import chart
from webapp.page import Scene
from webapp.parts import Component
from webapp.shell import own_query


def ledger_card(scene: Scene) -> Component:
    """The ledger's chart, with the rows left out and unmatched customers to download."""
    customers = scene.results.customers
    drawn = chart(scene, "ledger", lambda draw: draw(scene.results.ledger, customers.currency))
    rows = {row.key: row.rows for row in customers.ledger}
    left = rows["file"] - rows["used"]
    links = []
    if left:
        links.append(_download(f"Download {plural(left, 'row')} left out", "left-out", scene))
    if scene.dataset.people is not None:
        links.append(_download("Download customers without a match", "unmatched", scene))
    return html.Div([drawn, html.Div(links, className="atlas-answers")], id="rows", className="atlas-stack")


def _download(text: str, what: str, scene: Scene) -> Component:
    return html.A(
        [parts.icon("download"), f" {text}"],
        href=f"/export/{what}.csv{own_query(scene.study)}",
        className="btn btn-outline-secondary",
        download="",
    )


def finance_card(scene: Scene) -> Component:
    """Net sales beside the figure of a finance report, and what explains the gap."""
    customers, figure = scene.results.customers, scene.study.lens.finance
    if not customers.has("monetary"):
        return None
    title = "Check against your own figure"
    if not figure:
        return parts.card_table(
            title,
            "Type the net sales of your finance report on the left: the gap is explained here,"
            " by returns, lines without a customer and rows left out.",
            html.Div(),
            wide=False,
        )
    return _explained(title, customers, figure)


def _explained(title: str, customers: Customers, figure: float) -> Component:
    found, currency = reconcile(customers, figure), customers.currency
    rows = [
        ("Net sales here", exact(found.ours, "money", currency), ""),
        *((p.text, exact(p.money, "money", currency), number(p.share, "share")) for p in found.parts),
    ]
    if not found.exact:
        rows.append(
            ("Not explained", exact(found.rest, "money", currency), number(found.rest_share, "share"))
        )
    rows.append(("Your figure", exact(found.figure, "money", currency), ""))
    columns = (("what", ""), ("money", "Money"), ("share", "Of your figure"))
    return parts.card_table(title, sentence(found), parts.table(columns, rows, title), wide=False)
