"""Net sales, orders and customers, month by month: three rows of bars over one axis of time."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.explore import Months
from core.features.order_months import read
from core.features.order_months import said as month
from core.figures.drawn import HOVER, Drawn, Mark, axis_title, figure, small, table, whole_steps
from core.figures.theme import EDGE, INK, QUIET, TALL
from core.words import about, exact, plural

GAP: Final = 0.08


def over_time(result: Months, currency: str = "") -> Drawn:
    """A row of bars each; months that the file cuts are hatched. Customers are those shown."""
    rows = _rows(result)
    names = [month(read(text)) for text in result.months]
    return Drawn(
        figure=figure(
            [_bars(result, row, at, currency) for at, row in enumerate(rows)],
            showlegend=False,
            **_axes(rows, currency),
        ),
        table=table(
            (
                ("month", "Month", ""),
                *((key, label, unit) for key, label, unit, _ in rows),
                ("note", "", ""),
            ),
            [
                (name, *(values[at] for _, _, _, values in rows), result.cuts[at])
                for at, name in enumerate(names)
            ],
            currency,
        ),
        alt=_alt(result, names, currency),
        answer=_answer(result, names, currency) + _of_whom(result),
        caption=" ".join(_captions(result)),
        height=TALL,
        marks=tuple(
            Mark(
                key=f"customers.{at}",
                conditions=result.conditions(at),
                customers=int(n),
                said=f"who ordered in {names[at]}",
                row=at,
            )
            for at, n in enumerate(result.customers)
            if n
        ),
    )


Row = tuple[str, str, str, np.ndarray]


def _rows(result: Months) -> list[Row]:
    found: list[Row] = [("orders", "Orders", "count", result.orders)]
    if not np.isnan(result.net).all():
        found.insert(0, ("net", "Net sales", "money", result.net))
    return [*found, ("customers", "Customers", "count", result.customers)]


def _bars(result: Months, row: Row, at: int, currency: str) -> dict[str, Any]:
    key, _, unit, values = row
    return {
        "type": "bar",
        "x": [f"{text}-01" for text in result.months],
        "xperiod": "M1",
        "xperiodalignment": "middle",
        "y": small(values),
        "yaxis": "y" if not at else f"y{at + 1}",
        "customdata": [f"{key}.{i}" for i in range(len(result.months))],
        "marker": {
            "color": QUIET if key == "orders" else INK,
            "line": {"color": EDGE, "width": 0.5},
            "pattern": {
                "shape": ["/" if cut else "" for cut in result.cuts],
                "fillmode": "overlay",
                "fgcolor": "#FFFFFF",
                "size": 6,
            },
        },
        "hovertext": [_sentence(result, key, unit, float(v), i, currency) for i, v in enumerate(values)],
        "hovertemplate": HOVER,
    }


def _sentence(result: Months, key: str, unit: str, value: float, at: int, currency: str) -> str:
    when = month(read(result.months[at]))
    partial = f"<br>{result.cuts[at]}" if result.cuts[at] else ""
    if key == "customers":
        return f"{plural(int(value), 'customer')} ordered in {when}{partial}"
    if key == "orders":
        return f"{plural(int(value), 'order')} in {when}{partial}"
    return f"Net sales of {exact(value, unit, currency)} in {when}{partial}"


def _axes(rows: Sequence[Row], currency: str) -> dict[str, Any]:
    height = (1 - GAP * (len(rows) - 1)) / len(rows)
    axes: dict[str, Any] = {}
    for at, (_, label, unit, values) in enumerate(rows):
        top = 1 - at * (height + GAP)
        axes["yaxis" if not at else f"yaxis{at + 1}"] = {
            "title": {"text": axis_title(label, unit, currency)},
            "rangemode": "tozero",
            "nticks": 4,
            "domain": [round(top - height, 4), round(top, 4)],
            **(whole_steps(int(values.max(initial=0))) if unit == "count" else {}),
        }
    last = "y" if len(rows) == 1 else f"y{len(rows)}"
    return {
        "xaxis": {"type": "date", "tickformat": "%b\n%Y", "ticklabelmode": "period", "anchor": last},
        **axes,
    }


def _answer(result: Months, names: Sequence[str], currency: str) -> str:
    whole = [at for at, cut in enumerate(result.cuts) if not cut]
    if not whole:
        return "The file holds no whole month." if names else "There is no month with orders."
    money = not np.isnan(result.net[whole]).all()
    values = np.nan_to_num(result.net, nan=-np.inf) if money else result.orders
    best = max(whole, key=lambda at: float(values[at]))
    said = "net sales were highest" if money else "there were most orders"
    value = about(float(values[best]), "money", currency) if money else f"{int(values[best]):,}"
    said = f"of the whole months, {said}" if values.max() > values[best] else said
    return f"{said[:1].upper()}{said[1:]} in {names[best]}: {value}."


def _captions(result: Months) -> list[str]:
    return ["Hatched: the file holds only part of the month."] if any(result.cuts) else []


def _of_whom(result: Months) -> str:
    """Whose the bars are, where not everybody is shown."""
    if result.everybody:
        return ""
    if result.own:
        return f" Of the {plural(result.shown, 'customer')} shown."
    return f" Net sales and orders are of all customers; customers are the {result.shown:,} shown."


def _alt(result: Months, names: Sequence[str], currency: str) -> str:
    if not names:
        return "Bars by month: no month has orders."
    partial = sum(map(bool, result.cuts))
    cut = f" {plural(partial, 'month')} not whole." if partial else ""
    net = float(np.nansum(result.net))
    worth = f" with net sales of {about(net, 'money', currency)}" if net else ""
    return (
        f"Rows of bars by month from {names[0]} to {names[-1]}: {plural(int(result.orders.sum()), 'order')}"
        f"{worth}, and how many customers ordered.{cut}"
    )
