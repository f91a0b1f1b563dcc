"""Net sales and what goes with it, month by month."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from core.explore.months import cut_of
from core.figures.drawn import HOVER, Drawn, axis_title, figure, small, table
from core.figures.theme import EDGE, HIGH, INK, QUIET
from core.words import about, exact, month, plural

COUNTED: Final = {"orders": "Orders", "customers": "Customers"}


def months(
    result: pa.Table,
    first_day: dt.date | None = None,
    last_day: dt.date | None = None,
    currency: str = "",
    second: str = "orders",
) -> Drawn:
    """Bars of net sales above bars of orders (or of `customers`), months that the file cuts hatched."""
    rows = _rows(result)
    money = any(row["net"] is not None for row in rows)
    keys = (["net"] if money else []) + [second]
    cuts = [cut_of(row["month"], first_day, last_day) for row in rows]
    traces = [_bars(rows, cuts, key, at, currency) for at, key in enumerate(keys)]
    return Drawn(
        figure=figure(traces, showlegend=False, **_axes(keys, currency)),
        table=table(
            (
                ("month", "Month", ""),
                *([("net", "Net sales", "money")] if money else []),
                ("orders", "Orders", "count"),
                ("customers", "Customers", "count"),
                ("note", "", ""),
            ),
            [
                (
                    month(row["month"]),
                    *([row["net"]] if money else []),
                    int(row["orders"]),
                    int(row["customers"]),
                    cut,
                )
                for row, cut in zip(rows, cuts, strict=True)
            ],
            currency,
        ),
        alt=_alt(rows, cuts, money, currency),
        answer=_answer(rows, cuts, keys[0], currency),
        caption="Hatched: the file holds only part of the month." if any(cuts) else "",
        height=HIGH,
    )


def _rows(result: pa.Table) -> list[dict[str, Any]]:
    """One dict per month, ascending; `month` as a date whatever the engine made of it."""
    columns = {key: result[key].to_pylist() for key in ("net", "orders", "customers")}
    columns["month"] = result["month"].cast(pa.date32()).to_pylist()
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return sorted(rows, key=lambda row: row["month"])


def _bars(
    rows: Sequence[Mapping[str, Any]], cuts: Sequence[str], key: str, at: int, currency: str
) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": [row["month"].isoformat() for row in rows],
        "xperiod": "M1",
        "xperiodalignment": "middle",
        "y": small([row[key] if row[key] is not None else float("nan") for row in rows]),
        "yaxis": "y" if at == 0 else "y2",
        "marker": {
            "color": INK if at == 0 else QUIET,
            "line": {"color": EDGE, "width": 0.5},
            "pattern": {
                "shape": ["/" if cut else "" for cut in cuts],
                "fillmode": "overlay",
                "fgcolor": "#FFFFFF",
                "size": 6,
            },
        },
        "hovertext": [_sentence(row, cut, currency) for row, cut in zip(rows, cuts, strict=True)],
        "hovertemplate": HOVER,
    }


def _sentence(row: Mapping[str, Any], cut: str, currency: str) -> str:
    net = f"net sales {exact(row['net'], 'money', currency)}, " if row["net"] is not None else ""
    partial = f"<br>{cut}" if cut else ""
    return (
        f"{month(row['month'])}: {net}{plural(int(row['orders']), 'order')} "
        f"by {plural(int(row['customers']), 'customer')}{partial}"
    )


def _axes(keys: Sequence[str], currency: str) -> dict[str, Any]:
    titles = [axis_title("Net sales", "money", currency) if key == "net" else COUNTED[key] for key in keys]
    time = {
        "type": "date",
        "tickformat": "%b\n%Y",
        "ticklabelmode": "period",
        "anchor": "y" if len(keys) == 1 else "y2",
    }
    first = {"title": {"text": titles[0]}, "rangemode": "tozero", "nticks": 5}
    if len(keys) == 1:
        return {"xaxis": time, "yaxis": first}
    second = {"title": {"text": titles[1]}, "rangemode": "tozero", "nticks": 4, "domain": [0, 0.42]}
    return {"xaxis": time, "yaxis": {**first, "domain": [0.54, 1]}, "yaxis2": second}


def _answer(rows: Sequence[Mapping[str, Any]], cuts: Sequence[str], key: str, currency: str) -> str:
    whole = [row for row, cut in zip(rows, cuts, strict=True) if not cut and row[key] is not None]
    if not whole:
        return "The file holds no whole month." if rows else "There is no month with orders."
    best = max(whole, key=lambda row: float(row[key]))
    if key == "net":
        return f"Net sales were highest in {month(best['month'])}: {about(best['net'], 'money', currency)}."
    return f"There were most {key} in {month(best['month'])}: {int(best[key]):,}."


def _alt(rows: Sequence[Mapping[str, Any]], cuts: Sequence[str], money: bool, currency: str) -> str:
    if not rows:
        return "Bars by month: no month has orders."
    said = f"Bars by month from {month(rows[0]['month'])} to {month(rows[-1]['month'])}: "
    total = plural(sum(int(row["orders"]) for row in rows), "order")
    net = (
        f" with net sales of {about(sum(row['net'] or 0 for row in rows), 'money', currency)}"
        if money
        else ""
    )
    partial = f" {plural(sum(map(bool, cuts)), 'month')} not whole." if any(cuts) else ""
    return f"{said}{total}{net}.{partial}"
