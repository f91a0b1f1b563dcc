"""Customers by last order (R) and by how much and how often (FM)."""

import numpy as np

from core.explore import RfmGrid
from core.figures.drawn import HOVER, Drawn, figure, small, table
from core.figures.theme import CELL_INK, CELLS, HIGH
from core.words import about, number, plural

LAST_ORDER = ("1<br>long ago", "2", "3", "4", "5<br>recent")
HOW_MUCH = ("1<br>little, seldom", "2", "3", "4", "5<br>much, often")


def rfm(result: RfmGrid, currency: str = "") -> Drawn:
    """The 5 × 5 grid, customers in the cells."""
    customers = result.customers
    total = int(customers.sum())
    top = int(customers[4, 3:].sum())
    away = int(customers[:2, 3:].sum())
    cells = [(r, fm) for r in range(5) for fm in range(5)]
    trace = {
        "type": "heatmap",
        "z": small(customers),
        "x": HOW_MUCH,
        "y": LAST_ORDER,
        "text": [[f"{int(n):,}" for n in row] for row in customers],
        "texttemplate": "%{text}",
        "textfont": {"color": CELL_INK},
        "hovertext": [[_sentence(result, r, fm, currency) for fm in range(5)] for r in range(5)],
        "hovertemplate": HOVER,
        "colorscale": CELLS,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
    }
    return Drawn(
        figure=figure(
            [trace],
            xaxis={"title": {"text": "How much and how often"}, "type": "category"},
            yaxis={"title": {"text": "Last order"}, "type": "category", "showgrid": False},
        ),
        table=table(
            (
                ("r", "Last order (1 long ago, 5 recent)", "count"),
                ("fm", "How much and how often (1 to 5)", "count"),
                ("customers", "Customers", "count"),
                ("spend", "Spend", "money"),
            ),
            [(r + 1, fm + 1, int(customers[r, fm]), float(result.monetary[r, fm])) for r, fm in cells],
            currency,
        ),
        alt=f"Grid of {plural(total, 'customer')} by last order and by how much and how often they buy. "
        f"{top:,} bought recently and are among the best (R 5, FM 4 or 5); "
        f"{away:,} are as good but long silent (R 1 or 2).",
        answer=f"{plural(away, 'customer')} who bought much and often did not order for a long time."
        if away
        else f"{plural(top, 'customer')} buy much and often and ordered recently; none of them is silent.",
        height=HIGH,
    )


def _sentence(result: RfmGrid, r: int, fm: int, currency: str) -> str:
    n, spend = int(result.customers[r, fm]), float(result.monetary[r, fm])
    share = n / max(int(np.sum(result.customers)), 1)
    return (
        f"{plural(n, 'customer')} ({number(share, 'share')})"
        f"<br>Last order {r + 1} of 5, how much and how often {fm + 1} of 5"
        f"<br>Spend {about(spend, 'money', currency)}"
    )
