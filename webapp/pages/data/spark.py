"""A column's values as a strip of small bars, in the row of a table."""

import datetime as dt

from dash import html

from core.quality import ColumnQuality
from core.words import cut, day, number
from webapp.parts import Component

EPOCH = dt.date(1970, 1, 1)


def spark(column: ColumnQuality | None) -> Component:
    """The histogram of a column's usual values, or of its most frequent ones; nothing where there is none."""
    counts, said = _counted(column) if column is not None else ([], "")
    if not counts:
        return ""
    top = max(*counts, 1)
    bars = [html.Span(style={"--share": f"{count / top:.3f}"}) for count in counts]
    return html.Div(bars, className="atlas-spark", role="img", title=said, **{"aria-label": said})


def _counted(column: ColumnQuality) -> tuple[list[int], str]:
    if column.bins is not None and column.bins.counts.size:
        counts = [int(count) for count in column.bins.counts]
        return counts, f"Values from {_edge(column, 0)} to {_edge(column, -1)}, {sum(counts):,} rows."
    counts = [level.rows for level in column.top]
    levels = ", ".join(f"{cut(level.value)} {level.rows:,}" for level in column.top[:5])
    return counts, f"Most frequent: {levels}."


def _edge(column: ColumnQuality, at: int) -> str:
    assert column.bins is not None
    edge = float(column.bins.edges[at])
    if column.period is not None:
        return day(EPOCH + dt.timedelta(days=round(edge)))
    return number(edge, "number")
