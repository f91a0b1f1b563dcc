"""How far several ways to group the same customers agree."""

from collections.abc import Iterator

import numpy as np

from core.compare import Comparison
from core.figures.drawn import HOVER, Drawn, distinct, figure, small, table, wrapped
from core.figures.theme import CELL_INK, CELLS, MIDDLE
from core.words import escape, number, plural


def agreement(result: Comparison) -> Drawn:
    """The grid of the adjusted Rand index of every two models that could be made."""
    made = [at for at, model in enumerate(result.models) if model.made]
    names = distinct(wrapped(result.models[at].name, 11, 4) for at in made)
    across = distinct(wrapped(result.models[at].name, 9, 4) for at in made)
    values = result.rand[np.ix_(made, made)].copy()
    np.fill_diagonal(values, np.nan)
    trace = {
        "type": "heatmap",
        "z": small(values),
        "x": across,
        "y": names,
        "zmin": 0,
        "zmax": 1,
        "colorscale": CELLS,
        "showscale": False,
        "text": [["" if np.isnan(v) else number(float(v), "r") for v in row] for row in values],
        "texttemplate": "%{text}",
        "textfont": {"color": CELL_INK},
        "hovertext": [[_hover(result, i, j) for j in made] for i in made],
        "hovertemplate": HOVER,
        "hoverongaps": False,
        "xgap": 2,
        "ygap": 2,
    }
    return Drawn(
        figure=figure(
            [trace],
            xaxis={"type": "category", "tickangle": 0},
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        ),
        table=table(
            (
                ("one", "One", ""),
                ("other", "Other", ""),
                ("rand", "Agreement (adjusted Rand index)", "r"),
                ("information", "By shared information (adjusted mutual information)", "r"),
                ("customers", "Customers in both", "count"),
            ),
            [
                (
                    result.models[i].name,
                    result.models[j].name,
                    result.rand[i, j],
                    result.information[i, j],
                    result.shared[i, j],
                )
                for i, j in _couples(made)
            ],
        ),
        alt=_alt(result, made),
        answer=_answer(result, made),
        caption="Customers without a segment count as a group of their own.",
        height=MIDDLE,
    )


def _couples(made: list[int]) -> Iterator[tuple[int, int]]:
    return ((i, j) for at, i in enumerate(made) for j in made[at + 1 :])


def _said(result: Comparison, i: int, j: int) -> str:
    one, other = result.models[i].name, result.models[j].name
    return f"“{one}” and “{other}” {number(float(result.rand[i, j]), 'r')}"


def _hover(result: Comparison, i: int, j: int) -> str:
    if i == j:
        return escape(result.models[i].name)
    shared = f"{plural(int(result.shared[i, j]), 'customer')} in both"
    information = number(float(result.information[i, j]), "r")
    return f"{escape(_said(result, i, j))}<br>by shared information {information}<br>{shared}"


def _answer(result: Comparison, made: list[int]) -> str:
    couples = sorted(_couples(made), key=lambda two: -result.rand[two])
    scale = "1 is the same grouping, 0 no more alike than by chance"
    if not couples:
        return "There is nothing to agree with."
    if len(couples) == 1:
        return f"{_said(result, *couples[0])}: {scale}."
    return f"Most alike are {_said(result, *couples[0])}, least {_said(result, *couples[-1])}; {scale}."


def _alt(result: Comparison, made: list[int]) -> str:
    said = "; ".join(_said(result, i, j) for i, j in _couples(made))
    return f"Grid of the agreement of {plural(len(made), 'grouping')}: {said or 'none'}."
