"""Where values are missing."""

from typing import Final

import numpy as np

from core.explore import Missing
from core.figures.drawn import HOVER, Drawn, Mark, distinct, figure, room_for, shown, table
from core.figures.theme import EDGE, HIGH, INK, LOW
from core.param import Filter
from core.words import cut, escape, number, plural

MOST: Final = 12


def missing(result: Missing) -> Drawn:
    """Missing values per attribute, most first; the first twelve drawn, all in the table."""
    n = max(result.customers, 1)
    some = [i for i, count in enumerate(result.counts) if count][:MOST] or list(
        range(min(4, len(result.counts)))
    )
    gaps = [result.counts[i] for i in some]
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": np.array(gaps, dtype=np.int32),
        "y": distinct(shown(result.labels[i]) for i in some),
        "customdata": [str(i) for i in some],
        "text": [number(gap / n, "share") for gap in gaps],
        "textposition": "outside",
        "constraintext": "none",
        "cliponaxis": False,
        "marker": {"color": INK, "line": {"color": EDGE, "width": 0.5}},
        "hovertext": [
            f"{escape(result.labels[i])}: missing for {plural(result.counts[i], 'customer')} "
            f"({number(result.counts[i] / n, 'share')})"
            for i in some
        ],
        "hovertemplate": HOVER,
    }
    return Drawn(
        figure=figure(
            [trace],
            margin=room_for(["99.9 %"]),
            xaxis={
                "title": {"text": "Customers without a value"},
                "rangemode": "tozero",
                "showgrid": True,
                "range": [0, max([*gaps, 1])],
            },
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        ),
        table=table(
            (
                ("label", "Attribute", ""),
                ("missing", "Missing", "count"),
                ("share", "Share of customers", "share"),
            ),
            [(label, count, count / n) for label, count in zip(result.labels, result.counts, strict=True)],
        ),
        alt=_alt(result),
        answer=_answer(result),
        height=HIGH if len(some) > 6 else LOW,
        marks=tuple(
            Mark(
                key=str(i),
                conditions=(Filter(result.slugs[i], "missing"),),
                customers=gap,
                said=f"without {result.labels[i]}",
                row=i,
            )
            for i, gap in enumerate(result.counts)
            if gap
        ),
    )


def _answer(result: Missing) -> str:
    if not any(result.counts):
        return "No value is missing."
    share = number(result.counts[0] / max(result.customers, 1), "share")
    return f"“{cut(result.labels[0])}” is missing most often: for {share} of the customers."


def _alt(result: Missing) -> str:
    some = [(label, n) for label, n in zip(result.labels, result.counts, strict=True) if n]
    if not some:
        return f"No value is missing in the attributes of {plural(result.customers, 'customer')}."
    said = "; ".join(f"{label} {n:,}" for label, n in some[:MOST])
    return f"Bars of missing values among {plural(result.customers, 'customer')}: {said}."
