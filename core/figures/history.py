"""One customer's orders, by date."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.features.history import History
from core.figures.drawn import HOVER, Drawn, axis_title, figure, shown, small, table
from core.figures.theme import EDGE, INK, QUIET
from core.words import about, day, exact, month, plural

DAY: Final = 86_400_000
"""Milliseconds, in which plotly counts the width of a bar over dates."""

BARS: Final = 120
"""So many bars would stand side by side without a gap."""


def history(
    found: History, first_day: dt.date | None = None, as_of: dt.date | None = None, currency: str = ""
) -> Drawn:
    """A bar per order at its day, as high as what it brought; what came back hangs below zero.

    Parameters
    ----------
    first_day, as_of : date, optional
        The time that the file covers.
    """
    rows = found.orders.to_pylist()
    days = [row["day"] for row in rows]
    begin, end = min([*days, *filter(None, [first_day])]), max([*days, *filter(None, [as_of])])
    span = max((end - begin).days, 30)
    bars = {
        "type": "bar",
        "x": [one.isoformat() for one in days],
        "y": small([row["net"] for row in rows]),
        "width": max(span / BARS, 1) * DAY,
        "marker": {
            "color": [INK if row["counted"] else QUIET for row in rows],
            "line": {"color": EDGE, "width": 0.5},
        },
        "hovertext": [_sentence(row, currency) for row in rows],
        "hovertemplate": HOVER,
    }
    edge = dt.timedelta(days=span / BARS)
    return Drawn(
        figure=figure(
            [bars],
            showlegend=False,
            barmode="overlay",
            xaxis={"type": "date", "range": [(begin - edge).isoformat(), (end + edge).isoformat()]},
            yaxis={"title": {"text": axis_title("Net sales", "money", currency)}, "rangemode": "tozero"},
        ),
        table=table(
            (
                ("day", "Date", ""),
                ("order", "Order", ""),
                ("lines", "Lines", "count"),
                ("net", "Net sales", "money"),
            ),
            [(day(row["day"]), row["order"] or "", row["lines"], row["net"]) for row in rows],
            currency,
        ),
        alt=f"Bars by date: {_answer(rows, currency)}",
        answer=_answer(rows, currency),
        caption=_caption(found, rows),
    )


def _sentence(row: dict[str, Any], currency: str) -> str:
    what = "came back" if row["net"] < 0 else "net sales"
    order = f", order {shown(row['order'])}" if row["order"] else ""
    worth = exact(row["net"], "money", currency)
    return f"{day(row['day'])}{order}: {plural(row['lines'], 'line')}, {worth} {what}"


def _answer(rows: Sequence[dict[str, Any]], currency: str) -> str:
    bought = [row for row in rows if row["net"] > 0]
    if not bought:
        return "Nothing was bought that was not brought back."
    best = max(bought, key=lambda row: float(row["net"]))
    gaps = np.diff(sorted({row["day"].toordinal() for row in bought}))
    worth = f"the largest order brought {about(best['net'], 'money', currency)} in {month(best['day'])}"
    if gaps.size:
        return f"An order every {plural(round(float(np.median(gaps))), 'day')}, typically; {worth}."
    return f"{worth[0].upper()}{worth[1:]}."


def _caption(found: History, rows: Sequence[dict[str, Any]]) -> str:
    said = []
    if not all(row["counted"] for row in rows):
        said.append("Light: before the period of purchases counted.")
    if found.count > len(rows):
        said.append(f"The last {len(rows):,} of {found.count:,} orders.")
    return " ".join(said)
