"""One measure in the groups of another, side by side."""

from typing import Any

import numpy as np

from core.explore import Box, Boxes
from core.figures.drawn import (
    HOVER,
    LOG_AXIS,
    Cell,
    Drawn,
    Mark,
    Table,
    axis_title,
    distinct,
    figure,
    shown,
    small,
    table,
)
from core.figures.theme import EDGE, HIGH, INK, MIDDLE, QUIET
from core.words import about, cut, escape, plural

HEAVY = 2.5


def boxes(result: Boxes, currency: str = "") -> Drawn:
    """A box is the middle half of a group, its line the middle customer; groups lie under each other."""
    drawn = [box for box in result.boxes if box.marks is not None]
    names = distinct(shown(box.name) for box in drawn)
    return Drawn(
        figure=figure(
            [
                _whiskers(drawn, names, result.log),
                _halves(result, drawn, names, currency),
                _middles(drawn, names),
                _beyond(result, drawn, names, currency),
            ],
            showlegend=False,
            bargap=0.45,
            xaxis=_axis(result, currency),
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        ),
        table=_table(result, currency),
        alt=_alt(result, currency),
        answer=_answer(result, currency),
        title=f"How does “{cut(result.label)}” differ by “{cut(result.by)}”?",
        caption="Box: the middle half of the customers; line: the middle customer; dots: some of those far "
        "from the middle half." + _left_out(result),
        height=HIGH if len(drawn) > 5 else MIDDLE,
        marks=_marks(result),
    )


def _halves(result: Boxes, drawn: list[Box], names: list[str], currency: str) -> dict[str, Any]:
    low, high = (np.array([_at(box, at, result.log) for box in drawn]) for at in (1, 3))
    return {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "base": small(low),
        "x": small(high - low),
        "customdata": [str(result.boxes.index(box)) for box in drawn],
        "marker": {"color": INK, "opacity": 0.55, "line": {"color": EDGE, "width": 1}},
        "hovertext": [_sentence(result, box, currency) for box in drawn],
        "hovertemplate": HOVER,
    }


def _whiskers(drawn: list[Box], names: list[str], log: bool) -> dict[str, Any]:
    ends = ((0, 1), (3, 4))
    x = [v for box in drawn for low, high in ends for v in (_at(box, low, log), _at(box, high, log), None)]
    y = [v for name in names for _ in ends for v in (name, name, None)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": QUIET, "width": 1.5},
        "hoverinfo": "skip",
    }


def _middles(drawn: list[Box], names: list[str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": small([box.marks[2] if box.marks else 0 for box in drawn]),
        "y": names,
        "marker": {"symbol": "line-ns", "size": 18, "line": {"color": INK, "width": HEAVY}},
        "hoverinfo": "skip",
    }


def _beyond(result: Boxes, drawn: list[Box], names: list[str], currency: str) -> dict[str, Any]:
    values = [(name, box, v) for name, box in zip(names, drawn, strict=True) for v in box.shown]
    values = [item for item in values if not result.log or item[2] > 0]
    values = [item for item in values if result.most is None or item[2] <= result.most]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": small([v for _, _, v in values]),
        "y": [name for name, _, _ in values],
        "marker": {"color": INK, "size": 4, "opacity": 0.45},
        "hovertext": [
            f"{escape(box.name)}: one customer with {about(v, result.unit, currency)}" for _, box, v in values
        ],
        "hovertemplate": HOVER,
    }


def _at(box: Box, at: int, log: bool) -> float:
    """A mark of a box as it can stand on the axis: a logarithmic one begins above zero."""
    assert box.marks is not None
    value = box.marks[at]
    if not log or value > 0:
        return value
    return min([m for m in box.marks if m > 0], default=1.0)


def _axis(result: Boxes, currency: str) -> dict[str, Any]:
    form = {"tickformat": ".0%"} if result.unit == "share" else {}
    title = axis_title(result.label, "" if result.unit == "share" else result.unit, currency)
    log = LOG_AXIS if result.log else {}
    return {"title": {"text": title}, "showgrid": True, **form, **log, **_end(result)}


def _end(result: Boxes) -> dict[str, Any]:
    """Where the axis ends, if the highest values are left off; it begins where it would anyway."""
    if result.most is None or not result.beyond:
        return {}
    return {"autorangeoptions": {"clipmax": result.most}}


def _sentence(result: Boxes, box: Box, currency: str) -> str:
    assert box.marks is not None
    low, middle, high = (about(box.marks[at], result.unit, currency) for at in (1, 2, 3))
    far = f"<br>{plural(box.beyond, 'customer')} far from that" if box.beyond else ""
    return (
        f"{escape(box.name)}: {plural(box.customers, 'customer')}<br>{escape(cut(result.label))} {middle} in "
        f"the middle, half of them {low} to {high}{far}"
    )


def _marks(result: Boxes) -> tuple[Mark, ...]:
    return tuple(
        Mark(
            key=str(at),
            conditions=box.conditions,
            customers=box.customers,
            said=f"with {result.by} {box.name} and a known {result.label}",
            row=at,
        )
        for at, box in enumerate(result.boxes)
        if box.conditions is not None and box.customers
    )


def _answer(result: Boxes, currency: str) -> str:
    known = [box for box in result.boxes if box.marks is not None]
    if not known:
        return f"No customer has a value for “{cut(result.label)}”."
    most, least = (way(known, key=_middle) for way in (max, min))
    if _middle(most) == _middle(least):
        return f"The middle customer of every group has {about(_middle(most), result.unit, currency)}."
    return (
        f"The middle customer of “{cut(most.name)}” has {about(_middle(most), result.unit, currency)}, "
        f"of “{cut(least.name)}” {about(_middle(least), result.unit, currency)}."
    )


def _middle(box: Box) -> float:
    return box.marks[2] if box.marks else 0.0


def _alt(result: Boxes, currency: str) -> str:
    said = "; ".join(
        f"{box.name} {about(_middle(box), result.unit, currency)}"
        for box in result.boxes
        if box.marks is not None
    )
    return f"Boxes of {result.label} by {result.by}, medians: {said or 'none'}."


def _left_out(result: Boxes) -> str:
    gaps = sum(box.missing for box in result.boxes)
    over = f" {plural(result.beyond, 'customer')} with far-off values not shown." if result.beyond else ""
    return over + (f" {plural(gaps, 'customer')} without a value." if gaps else "")


def _table(result: Boxes, currency: str) -> Table:
    columns = (
        ("group", result.by, ""),
        ("customers", "Customers", "count"),
        ("q1", "A quarter has less than", result.unit),
        ("median", "Median", result.unit),
        ("q3", "A quarter has more than", result.unit),
        ("beyond", "Far from the middle half", "count"),
        ("missing", "Without a value", "count"),
    )
    rows: list[tuple[Cell, ...]] = [
        (box.name, box.customers, *(box.marks[1:4] if box.marks else (None,) * 3), box.beyond, box.missing)
        for box in result.boxes
    ]
    return table(columns, rows, currency)
