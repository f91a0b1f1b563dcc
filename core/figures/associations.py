"""How strongly categories go with each other and with numbers."""

import numpy as np

from core.explore import Associations
from core.figures.drawn import HOVER, Cell, Drawn, distinct, figure, shown, small, table
from core.figures.theme import CELL_INK, CELLS, LOW, MIDDLE, TALL
from core.words import cut, escape, number

MEASURES = {"v": "Cramér's V", "eta": "correlation ratio"}
EXACT = 0.995
STRENGTHS = ((0.5, "strongly"), (0.3, "clearly"), (0.1, "a little"))


def associations(result: Associations) -> Drawn:
    """Categories (down) with everything (across), 0 to 1."""
    values = result.values
    trace = {
        "type": "heatmap",
        "z": small(values),
        "x": distinct(shown(label, 22) for label in result.column_labels),
        "y": distinct(shown(label, 22) for label in result.labels),
        "customdata": [[f"{one}.{other}" for other in result.column_slugs] for one in result.slugs],
        "zmin": 0,
        "zmax": 1,
        "colorscale": CELLS,
        "showscale": False,
        "text": [["" if np.isnan(v) else number(float(v), "r") for v in row] for row in values],
        "texttemplate": "%{text}",
        "textfont": {"color": CELL_INK},
        "hovertext": [
            [escape(_sentence(result, i, j)) for j in range(values.shape[1])] for i in range(values.shape[0])
        ],
        "hovertemplate": HOVER,
        "hoverongaps": False,
        "xgap": 1,
        "ygap": 1,
    }
    return Drawn(
        figure=figure(
            [trace],
            xaxis={"type": "category", "tickangle": -35},
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        ),
        table=table(
            (
                ("a", "Category", ""),
                ("b", "Attribute", ""),
                ("by", "Measured by", ""),
                ("value", "0 to 1", "r"),
            ),
            _rows(result),
        ),
        alt=f"Grid of how strongly {len(result.labels)} categories go with {len(result.column_labels)} "
        f"attributes. {_answer(result)}",
        answer=_answer(result),
        caption=_caption(result),
        keys=tuple(f"{result.slugs[i]}.{result.column_slugs[j]}" for _, i, j in _strongest(result)),
        height=LOW if len(result.labels) < 3 else MIDDLE if len(result.labels) <= 5 else TALL,
    )


def _strongest(result: Associations) -> list[tuple[float, int, int]]:
    """Each pair once, the strongest first."""
    found = [
        (float(result.values[i, j]), i, j)
        for i, j in np.argwhere(~np.isnan(result.values))
        if result.kinds[j] == "eta" or result.slugs[i] < result.column_slugs[j]
    ]
    return sorted(found, key=lambda item: -item[0])


def _answer(result: Associations) -> str:
    found = _strongest(result)
    telling = [item for item in found if item[0] < EXACT] or found  # that a city tells its country is no news
    return f"{_sentence(result, *telling[0][1:])}." if telling else "No category can be compared."


def _sentence(result: Associations, i: int, j: int) -> str:
    one, other, value = cut(result.labels[i]), cut(result.column_labels[j]), float(result.values[i, j])
    if np.isnan(value):
        return f"“{one}” and “{other}” can't be compared"
    strength = next((word for least, word in STRENGTHS if value >= least), "hardly")
    by = f"{MEASURES[result.kinds[j]]} {number(value, 'r')}"
    if strength == "hardly":
        return f"“{one}” says hardly anything about “{other}” ({by})"
    return f"“{one}” and “{other}” go together {strength} ({by})"


def _rows(result: Associations) -> list[tuple[Cell, ...]]:
    return [
        (result.labels[i], result.column_labels[j], MEASURES[result.kinds[j]], value)
        for value, i, j in _strongest(result)
    ]


def _caption(result: Associations) -> str:
    said = (
        "0 not related, 1 one tells the other. Two categories: Cramér's V, corrected for small samples; with "
    )
    said += "numbers: correlation ratio."
    if result.merged:
        merged = ", ".join(f"“{cut(label)}”" for label in result.merged)
        said += f" Rare values of {merged} are counted together."
    return said
