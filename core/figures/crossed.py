"""Two categories against each other."""

import numpy as np

from core.explore import Crossed
from core.figures.drawn import HOVER, Drawn, Mark, distinct, figure, shown, small, table
from core.figures.theme import CELL_INK, CELLS, HIGH, TALL
from core.words import cut, escape, number, plural


def crossed(result: Crossed) -> Drawn:
    """Customers in each combination of two categories; the colour is their share of the column."""
    counts = result.counts
    shares = counts / np.maximum(counts.sum(axis=0, keepdims=True), 1)
    trace = {
        "type": "heatmap",
        "z": small(shares),
        "x": distinct(shown(level, 18) for level in result.x_levels),
        "y": distinct(shown(level, 22) for level in result.y_levels),
        "customdata": [
            [f"{row}.{column}" for column in range(counts.shape[1])] for row in range(counts.shape[0])
        ],
        "text": [[f"{int(n):,}" for n in row] for row in counts],
        "texttemplate": "%{text}",
        "textfont": {"color": CELL_INK},
        "hovertext": [
            [_sentence(result, row, column, float(shares[row, column])) for column in range(counts.shape[1])]
            for row in range(counts.shape[0])
        ],
        "hovertemplate": HOVER,
        "colorscale": CELLS,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }
    return Drawn(
        figure=figure(
            [trace],
            xaxis={"title": {"text": shown(result.x_label, 48)}, "type": "category"},
            yaxis={
                "title": {"text": shown(result.y_label, 48)},
                "type": "category",
                "autorange": "reversed",
                "showgrid": False,
            },
        ),
        table=table(
            (
                ("y", result.y_label, ""),
                *((f"x_{at}", name, "count") for at, name in enumerate(result.x_levels)),
            ),
            [(name, *(int(n) for n in row)) for name, row in zip(result.y_levels, counts, strict=True)],
        ),
        alt=f"Grid of {plural(int(counts.sum()), 'customer')} by {result.x_label} (across) and "
        f"{result.y_label} (down). {_answer(result)}",
        answer=_answer(result),
        title=f"How do “{cut(result.x_label)}” and “{cut(result.y_label)}” go together?",
        caption="The brighter, the larger the share of the column.",
        height=HIGH if counts.shape[0] <= 7 else TALL,
        marks=_marks(result),
    )


def _answer(result: Crossed) -> str:
    if not result.counts.sum():
        return "Nobody is shown."
    row, column = np.unravel_index(int(result.counts.argmax()), result.counts.shape)
    n = int(result.counts[row, column])
    share = number(n / int(result.counts.sum()), "share")
    return (
        f"Most frequent: “{cut(result.x_levels[column])}” and “{cut(result.y_levels[row])}”, {share} of the "
        "customers."
    )


def _sentence(result: Crossed, row: int, column: int, share: float) -> str:
    return (
        f"{plural(int(result.counts[row, column]), 'customer')}: {escape(result.x_levels[column])}, "
        f"{escape(result.y_levels[row])}<br>{number(share, 'share')} of {escape(result.x_levels[column])}"
    )


def _marks(result: Crossed) -> tuple[Mark, ...]:
    found = []
    for row, column in np.argwhere(result.counts):
        conditions = result.conditions(int(row), int(column))
        if conditions is not None:
            found.append(
                Mark(
                    key=f"{row}.{column}",
                    conditions=conditions,
                    customers=int(result.counts[row, column]),
                    said=f"with {result.x_label} {result.x_levels[column]} and "
                    f"{result.y_label} {result.y_levels[row]}",
                )
            )
    return tuple(found)
