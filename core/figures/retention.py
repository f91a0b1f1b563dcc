"""Whether customers come back: by the month of their first order."""

from typing import Any, Final

import numpy as np

from core.explore import Retention
from core.features.order_months import read
from core.features.order_months import said as month
from core.figures.drawn import HOVER, Drawn, Mark, figure, small, table
from core.figures.theme import CELL_INK, CELLS, LOW, TALL
from core.words import number, plural

ROW: Final = 34
"""Pixels of a row, at most."""

MOST_TEXTS: Final = 13
"""Columns up to which shares are written into the cells."""


def retention(result: Retention) -> Drawn:
    """A row per first month, a column per month after; the share of the row's customers that order then."""
    counts, sizes = result.counts[:, 1:], result.sizes
    shares = np.where(counts >= 0, counts / np.maximum(sizes, 1)[:, None], np.nan)
    names = _names(result)
    trace = {
        "type": "heatmap",
        "z": small(shares),
        "x": list(range(1, shares.shape[1] + 1)),
        "y": names,
        "customdata": [[f"{c}.{a + 1}" for a in range(shares.shape[1])] for c in range(len(names))],
        "text": [["" if np.isnan(s) else f"{100 * s:.0f}" for s in row] for row in shares],
        "texttemplate": "%{text}" if shares.shape[1] <= 2 * MOST_TEXTS else "",
        "textfont": {"color": CELL_INK, "size": 11 if shares.shape[1] <= MOST_TEXTS else 10},
        "hovertext": [
            [_sentence(result, c, a + 1) for a in range(shares.shape[1])] for c in range(len(names))
        ],
        "hovertemplate": HOVER,
        "hoverongaps": False,
        "colorscale": CELLS,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }
    return Drawn(
        figure=figure(
            [trace, *_before(result, names, shares.shape[1])],
            showlegend=False,
            xaxis={
                "title": {"text": "Months after the first order in this file"},
                "tick0": 0,
                "dtick": 1 if shares.shape[1] <= MOST_TEXTS else 5,
                "tickformat": "d",
                "tickangle": 0,
                "range": [0.5, max(shares.shape[1], 1) + 0.5],
                "showgrid": False,
            },
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        ),
        table=_table(result, shares),
        alt=_alt(result),
        answer=_answer(result),
        caption=" ".join(_captions(result)),
        height=max(LOW, min(TALL, 90 + ROW * len(names))),
        marks=_marks(result),
    )


def _names(result: Retention) -> list[str]:
    said = [
        f"{month(read(text))} · {size:,}" for text, size in zip(result.cohorts, result.sizes, strict=True)
    ]
    if result.before:
        said[0] = f"by {said[0]}"
    return said


def _before(result: Retention, names: list[str], width: int) -> list[dict[str, Any]]:
    """Hatching over the first row, whose customers may be older than the file."""
    if not result.before:
        return []
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [names[0]],
        "base": [0.5],
        "x": [width],
        "width": [1],
        "marker": {
            "color": "rgba(0,0,0,0)",
            "cornerradius": 0,
            "pattern": {
                "shape": "/",
                "fgcolor": "rgba(255,255,255,0.6)",
                "solidity": 0.15,
                "bgcolor": "rgba(0,0,0,0)",
                "size": 9,
            },
        },
        "hoverinfo": "skip",
    }
    return [trace]


def _sentence(result: Retention, cohort: int, after: int) -> str:
    n, size = int(result.counts[cohort, after]), int(result.sizes[cohort])
    if n < 0:
        return ""
    first = read(result.cohorts[cohort])
    began = " or before the file" if result.before and not cohort else ""
    partial = "<br>the file holds only part of that month" if _cut(result, cohort, after) else ""
    return (
        f"{plural(n, 'customer')} of {size:,} ({number(n / max(size, 1), 'share')})<br>first order in "
        f"{month(first)}{began}, ordered in {month(first + after)}{partial}"
    )


def _cut(result: Retention, cohort: int, after: int) -> bool:
    return bool(result.last) and read(result.cohorts[cohort]) + after == read(result.last)


def _marks(result: Retention) -> tuple[Mark, ...]:
    found = [
        Mark(
            key=f"{c}.0",
            conditions=result.conditions(c, 0)[:1],
            customers=int(size),
            said=f"whose first order was in {month(read(result.cohorts[c]))}",
            row=c,
        )
        for c, size in enumerate(result.sizes)
    ]
    for c, after in np.argwhere(result.counts[:, 1:] > 0):
        first = read(result.cohorts[c])
        later = month(first + int(after) + 1)
        found.append(
            Mark(
                key=f"{c}.{after + 1}",
                conditions=result.conditions(int(c), int(after) + 1),
                customers=int(result.counts[c, after + 1]),
                said=f"whose first order was in {month(first)} and who ordered in {later}",
            )
        )
    return tuple(found)


def _answer(result: Retention) -> str:
    """How many of those who began in the file order in the three months after, where these are whole."""
    begun = slice(1 if result.before else 0, None)
    if result.counts.shape[1] < 2:
        return "The file is too short to see who comes back."
    known = [
        at
        for at in range(len(result.cohorts))[begun]
        if result.counts[at, 1] >= 0 and not _cut(result, at, 1) and result.sizes[at]
    ]
    if not known:
        return "The file is too short to see who comes back."
    back = int(result.counts[known, 1].sum())
    share = number(back / int(result.sizes[known].sum()), "share")
    return f"In the month after their first order {share} of the customers order again."


def _captions(result: Retention) -> list[str]:
    said = ["Numbers: of 100 customers who first ordered in the month, how many order so many months later."]
    if result.before:
        said.append("Hatched: began before the file, perhaps.")
    if result.last:
        said.append(f"{month(read(result.last))} is not whole.")
    if result.earlier:
        said.append(f"{plural(result.earlier, 'earlier month')} not shown.")
    return said


def _alt(result: Retention) -> str:
    return (
        f"Grid of {plural(int(result.sizes.sum()), 'customer')} by the month of their first order and how "
        f"many of them order in each month after. {_answer(result)}"
    )


def _table(result: Retention, shares: np.ndarray) -> Any:
    columns = [("month", "First order in", ""), ("customers", "Customers", "count")]
    columns += [(f"after_{a + 1}", f"{a + 1} later", "share") for a in range(shares.shape[1])]
    return table(
        columns,
        [
            (month(read(text)), int(size), *(float(s) for s in row))
            for text, size, row in zip(result.cohorts, result.sizes, shares, strict=True)
        ],
    )
