"""Customers per level of a category, and per number of orders."""

from typing import Any, Final

import numpy as np

from core.explore import Bars
from core.figures.drawn import (
    HOVER,
    Drawn,
    Mark,
    Table,
    distinct,
    figure,
    room_for,
    shown,
    table,
    whole_steps,
)
from core.figures.theme import EDGE, HIGH, INK, MIDDLE, NOISE, group_colour
from core.words import cut, escape, number, plural

UPRIGHT_LEVELS: Final = 7
UPRIGHT_LETTERS: Final = 62
"""What fits below upright bars on a narrow card, gaps between names counted."""

NOT_KNOWN: Final = "not known"


def bars(result: Bars) -> Drawn:
    """Customers per level; bars lie down where names are long."""
    known = result.counts.sum(axis=0)
    total = int(known.sum())
    if total:
        top = int(known.argmax())
        share = number(known[top] / total, "share")
        answer = f"The largest group is “{cut(result.levels[top])}”: {share} of {plural(total, 'customer')}."
    else:
        answer = f"No customer has a value for “{cut(result.label)}”."
    return _drawn(result, result.label, answer, f"Who are they, by “{cut(result.label)}”?")


def order_bars(result: Bars) -> Drawn:
    """Customers by number of orders."""
    known = result.counts.sum(axis=0)
    total = int(known.sum())
    once = known[result.levels.index("1")] / total if total else None
    answer = (
        f"{number(once, 'share')} of the customers bought only once." if total else "Nobody has an order."
    )
    return _drawn(result, "Orders per customer", answer, "How often do they buy?")


def _drawn(result: Bars, axis: str, answer: str, title: str) -> Drawn:
    levels, counts = _with_unknown(result)
    lying = len(result.levels) > UPRIGHT_LEVELS or sum(len(level) + 3 for level in levels) > UPRIGHT_LETTERS
    traces = [_trace(result, levels, counts, at, lying) for at in range(len(result.groups))]
    named = {
        "title": {"text": shown(axis, 48)},
        "type": "category",
        "categoryorder": "array",
        "categoryarray": levels,
    }
    counted: dict[str, Any] = {"title": {"text": "Customers"}, "rangemode": "tozero", "showgrid": True}
    counted |= whole_steps(int(counts.sum(axis=0).max(initial=0)))
    layout: dict[str, Any] = (
        {
            "xaxis": counted,
            "yaxis": {**named, "title": {"text": ""}, "autorange": "reversed", "showgrid": False},
        }
        if lying
        else {"xaxis": named, "yaxis": counted}
    )
    return Drawn(
        figure=figure(
            traces, barmode="stack", showlegend=len(result.groups) > 1, **layout, **_edge(counts, lying)
        ),
        table=_table(result, levels, counts),
        alt=_alt(result, axis),
        answer=answer,
        title=title,
        caption=f"{plural(result.missing, 'customer')} without a value"
        if result.missing and len(result.groups) > 1
        else "",
        height=HIGH if len(levels) > UPRIGHT_LEVELS else MIDDLE,
        marks=_marks(result, counts),
    )


def _marks(result: Bars, counts: np.ndarray) -> tuple[Mark, ...]:
    names, whole = [*result.levels, NOT_KNOWN], len(result.groups) == 1
    found = []
    for group, level in np.argwhere(counts):
        conditions = result.conditions(int(group), int(level))
        if conditions is not None:
            of = "" if whole else f", {result.groups[group]}"
            found.append(
                Mark(
                    key=_key(int(group), int(level)),
                    conditions=conditions,
                    customers=int(counts[group, level]),
                    said=f"with {result.label} {names[level]}{of}",
                    row=int(level) if whole else None,
                )
            )
    return tuple(found)


def _key(group: int, level: int) -> str:
    return f"{group}.{level}"


def _edge(counts: np.ndarray, lying: bool) -> dict[str, Any]:
    return (
        {"margin": room_for(["99.9 %"]), "xaxis_range": [0, max(int(counts.sum(axis=0).max(initial=0)), 1)]}
        if lying
        else {}
    )


def _with_unknown(result: Bars) -> tuple[list[str], np.ndarray]:
    """Levels and counts, with a bar for unknown ones where there are no groups."""
    names = [shown(level) for level in result.levels]
    if not result.missing or len(result.groups) > 1:
        return distinct(names), result.counts
    return distinct([*names, NOT_KNOWN]), np.column_stack([result.counts, [[result.missing]]])


def _trace(result: Bars, levels: list[str], counts: np.ndarray, at: int, lying: bool) -> dict[str, Any]:
    total = max(int(result.counts.sum()), 1)
    grouped = len(result.groups) > 1
    names = [*result.levels, NOT_KNOWN]
    unknown = len(levels) > len(result.levels)
    colour: Any = group_colour(at) if grouped else [INK] * len(result.levels) + [NOISE] * unknown
    values, words = counts[at].astype(np.int32), levels
    of = f", {escape(result.groups[at])}" if grouped else ""
    shares = [number(n / total, "share") if i < len(result.levels) else "" for i, n in enumerate(counts[at])]
    return {
        "type": "bar",
        "name": shown(result.groups[at]),
        "orientation": "h" if lying else "v",
        "x": values if lying else words,
        "y": words if lying else values,
        "customdata": [_key(at, level) for level in range(len(levels))],
        "text": None if grouped else shares,
        "textposition": "outside",
        "constraintext": "none",
        "cliponaxis": False,
        "marker": {"color": colour, "line": {"color": EDGE, "width": 0.5}},
        "hovertext": [
            f"{escape(names[i])}{of}: {plural(int(n), 'customer')}{f' ({shares[i]})' if shares[i] else ''}"
            for i, n in enumerate(counts[at])
        ],
        "hovertemplate": HOVER,
    }


def _table(result: Bars, levels: list[str], counts: np.ndarray) -> Table:
    names = [*result.levels, NOT_KNOWN][: len(levels)]
    total = max(int(result.counts.sum()), 1)
    if len(result.groups) > 1:
        columns = [
            ("level", result.label, ""),
            *((f"customers_{i}", g, "count") for i, g in enumerate(result.groups)),
        ]
        return table(columns, [(name, *(int(n) for n in counts[:, i])) for i, name in enumerate(names)])
    columns = [
        ("level", result.label, ""),
        ("customers", "Customers", "count"),
        ("share", "Share of known", "share"),
    ]
    rows = [
        (name, int(counts[0, i]), float(counts[0, i] / total) if i < len(result.levels) else None)
        for i, name in enumerate(names)
    ]
    return table(columns, rows)


def _alt(result: Bars, axis: str) -> str:
    known = result.counts.sum(axis=0)
    said = "; ".join(f"{level}: {int(n):,}" for level, n in zip(result.levels, known, strict=True))
    unknown = f" {plural(result.missing, 'customer')} without a value." if result.missing else ""
    return f"Bars of customers by {axis}: {said}.{unknown}"
