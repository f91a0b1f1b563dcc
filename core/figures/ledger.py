"""From the rows of the file to the rows used."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.features.customers import LedgerRow
from core.figures.drawn import HOVER, Drawn, distinct, figure, room_for, table, wrapped
from core.figures.theme import EDGE, HIGH, INK, LOW, TALL
from core.words import exact, number, plural

LEFT_OUT = "#D98A3D"


def ledger(rows: Sequence[LedgerRow], currency: str = "") -> Drawn:
    """A step per reason: what is left stands, what leaves hangs beside it.

    Rows that never were on the way (prospects), and money that leaves without a row, are in the table only.
    """
    steps = [
        row for row in rows if row.kind == "total" or (row.kind == "out" and (row.rows or row.customers))
    ]
    file = max(steps[0].rows, 1) if steps else 1
    return Drawn(
        figure=figure(
            [_bars(steps, file, currency)],
            showlegend=False,
            margin=room_for(f"−{row.rows:,}" for row in steps),
            xaxis={
                "title": {"text": "Rows"},
                "rangemode": "tozero",
                "showgrid": True,
                "range": [0, file],
            },
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        ),
        table=_table(rows, currency),
        alt=_alt(steps),
        answer=_answer(steps, file),
        height=LOW if len(steps) <= 6 else HIGH if len(steps) <= 9 else TALL,
    )


def _bars(steps: Sequence[LedgerRow], file: int, currency: str) -> dict[str, Any]:
    bases, standing = [], file
    for row in steps:
        if row.kind == "total":
            standing = row.rows
            bases.append(0)
        else:
            standing = max(standing - row.rows, 0)
            bases.append(standing)
    return {
        "type": "bar",
        "orientation": "h",
        "x": np.array([row.rows for row in steps], dtype=np.int32),
        "base": np.array(bases, dtype=np.int32),
        "y": distinct(wrapped(row.text, 30, 2) for row in steps),
        "text": [f"{'' if row.kind == 'total' else '−'}{row.rows:,}" for row in steps],
        "textposition": "outside",
        "constraintext": "none",
        "cliponaxis": False,
        "marker": {
            "color": [INK if row.kind == "total" else LEFT_OUT for row in steps],
            "line": {"color": EDGE, "width": 0.5},
        },
        "hovertext": [_sentence(row, file, currency) for row in steps],
        "hovertemplate": HOVER,
    }


def _sentence(row: LedgerRow, file: int, currency: str) -> str:
    money = f"<br>net {exact(row.money, 'money', currency)}" if row.money is not None else ""
    share = number(row.rows / file, "share")
    return f"{row.text}: {plural(row.rows, 'row')} ({share}), {plural(row.customers, 'customer')}{money}"


def _table(rows: Sequence[LedgerRow], currency: str) -> Any:
    words = {"total": "stays", "out": "left out"}
    columns = [
        ("text", "Step", ""),
        ("kind", "", ""),
        ("rows", "Rows", "count"),
        ("customers", "Customers", "count"),
    ]
    money = any(row.money is not None for row in rows)
    columns += [("money", "Net", "money")] if money else []
    return table(
        columns,
        [
            (r.text, words.get(r.kind, "beside"), r.rows, r.customers, *([r.money] if money else []))
            for r in rows
        ],
        currency,
    )


def _answer(steps: Sequence[LedgerRow], file: int) -> str:
    """How many rows are used, and why most others are not; who is grouped afterwards is another question."""
    if not steps:
        return "There are no rows."
    used = next((row for row in steps if row.key == "used"), _last_total(steps))
    left = [row for row in steps[: steps.index(used)] if row.kind == "out" and row.rows]
    if not left:
        return f"All {file:,} rows are used."
    most = max(left, key=lambda row: row.rows)
    return (
        f"{number(used.rows / file, 'share')} of the rows are used; most of the others are "
        f"“{most.text}” ({number(most.rows / file, 'share')} of all)."
    )


def _last_total(steps: Sequence[LedgerRow]) -> LedgerRow:
    return next((row for row in reversed(steps) if row.kind == "total"), steps[0])


def _alt(steps: Sequence[LedgerRow]) -> str:
    said = "; ".join(f"{row.text} {'' if row.kind == 'total' else '−'}{row.rows:,}" for row in steps)
    return f"Bars from the rows of the file to the rows used: {said}."
