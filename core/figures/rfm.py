"""Customers by last order (R) and by how much and how often (FM)."""

import numpy as np

from core.explore import RfmGrid
from core.figures.drawn import HOVER, Drawn, Mark, figure, small, table
from core.figures.theme import CELL_INK, CELLS, HIGH
from core.words import about, number, plural

LAST_ORDER = ("1<br>long ago", "2", "3", "4", "5<br>recent")
HOW_MUCH = ("1<br>little, seldom", "2", "3", "4", "5<br>much, often")


def rfm(result: RfmGrid, currency: str = "", cells: str = "customers") -> Drawn:
    """The 5 × 5 grid, in its cells customers, or with `cells="value"` their share of net sales."""
    by_value = cells == "value" and float(result.value.sum()) > 0
    shares = result.value / max(float(result.value.sum()), 1e-9)
    trace = {
        "type": "heatmap",
        "z": small(shares if by_value else result.customers),
        "x": HOW_MUCH,
        "y": LAST_ORDER,
        "customdata": [[f"{r}.{fm}" for fm in range(1, 6)] for r in range(1, 6)],
        "text": [
            [number(float(s), "share") if by_value else f"{int(n):,}" for n, s in zip(*row, strict=True)]
            for row in zip(result.customers, shares, strict=True)
        ],
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
                ("share", "Share of net sales", "share"),
            ),
            [
                (r + 1, fm + 1, int(result.customers[r, fm]), result.monetary[r, fm], shares[r, fm])
                for r, fm in np.ndindex(5, 5)
            ],
            currency,
        ),
        alt=_alt(result),
        answer=_of_value(shares) if by_value else _of_customers(result.customers),
        title="Who brings the value?" if by_value else "",
        height=HIGH,
        marks=_marks(result),
    )


def _marks(result: RfmGrid) -> tuple[Mark, ...]:
    return tuple(
        Mark(
            key=f"{r + 1}.{fm + 1}",
            conditions=result.conditions(r + 1, fm + 1),
            customers=int(result.customers[r, fm]),
            said=f"with last order {r + 1} of 5, how much and how often {fm + 1} of 5",
            row=5 * r + fm,
        )
        for r, fm in np.ndindex(5, 5)
        if result.customers[r, fm]
    )


def _of_customers(customers: np.ndarray) -> str:
    top, away = int(customers[4, 3:].sum()), int(customers[:2, 3:].sum())
    if away:
        return f"{plural(away, 'customer')} who bought much and often did not order for a long time."
    return f"{plural(top, 'customer')} buy much and often and ordered recently; none of them is silent."


def _of_value(shares: np.ndarray) -> str:
    top, away = (number(float(part.sum()), "share") for part in (shares[4, 3:], shares[:2, 3:]))
    return f"Who buys much and often brings {top} of net sales where they ordered recently, {away} where not."


def _alt(result: RfmGrid) -> str:
    customers = result.customers
    return (
        f"Grid of {plural(int(customers.sum()), 'customer')} by last order and by how much and how often "
        f"they buy. {int(customers[4, 3:].sum()):,} bought recently and are among the best (R 5, FM 4 or 5); "
        f"{int(customers[:2, 3:].sum()):,} are as good but long silent (R 1 or 2)."
    )


def _sentence(result: RfmGrid, r: int, fm: int, currency: str) -> str:
    n, spend = int(result.customers[r, fm]), float(result.monetary[r, fm])
    share = n / max(int(np.sum(result.customers)), 1)
    value = float(result.value[r, fm]) / max(float(result.value.sum()), 1e-9)
    return (
        f"{plural(n, 'customer')} ({number(share, 'share')})"
        f"<br>Last order {r + 1} of 5, how much and how often {fm + 1} of 5"
        f"<br>Spend {about(spend, 'money', currency)} ({number(value, 'share')} of net sales)"
    )
