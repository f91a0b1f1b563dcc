"""Which measures go together."""

from typing import Final

import numpy as np

from core.explore import Correlations
from core.explore.correlations import COPIES
from core.figures.drawn import HOVER, Cell, Drawn, distinct, figure, shown, small, table
from core.figures.theme import CELL_INK, DIVERGING, HIGH, TALL
from core.words import cut, escape, number, plural

STRENGTHS: Final = ((0.7, "strongly"), (0.4, "clearly"), (0.2, "a little"))


def correlation(result: Correlations) -> Drawn:
    """The ordered grid; blue together against, orange together."""
    n, pairs = len(result.labels), _pairs(result, np.array(result.values, dtype=np.float64))
    names = distinct(shown(label, 22) for label in result.labels)
    values = np.array(result.values, dtype=np.float64)
    np.fill_diagonal(values, np.nan)
    trace = {
        "type": "heatmap",
        "z": small(values),
        "x": names,
        "y": names,
        "customdata": [[f"{one}.{other}" for other in result.slugs] for one in result.slugs],
        "zmin": -1,
        "zmax": 1,
        "colorscale": DIVERGING,
        "showscale": False,
        "text": [["" if np.isnan(r) else number(float(r), "r") for r in row] for row in values],
        "texttemplate": "%{text}",
        "textfont": {"color": CELL_INK},
        "hovertext": [
            [
                escape(result.labels[i])
                if i == j
                else escape(sentence(result.labels[i], result.labels[j], values[i, j]))
                for j in range(n)
            ]
            for i in range(n)
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
            (("a", "Attribute", ""), ("b", "Attribute", ""), ("r", _name(result), "r")),
            [row for _, row in pairs],
        ),
        alt=_alt(result),
        answer=" ".join(sentence(a, b, r) + "." for a, b, r in result.strongest[:1])
        or "No two attributes can be compared.",
        caption=f"{_name(result)}: 1 together, 0 not related, −1 opposite.{_copies(result)}",
        height=HIGH if n <= 7 else TALL,
        keys=tuple(key for key, _ in pairs),
    )


def sentence(a: str, b: str, r: float) -> str:
    """What a correlation says, in words; not escaped."""
    a, b = cut(a), cut(b)
    if np.isnan(r):
        return f"“{a}” and “{b}” can't be compared"
    strength = next((word for least, word in STRENGTHS if abs(r) >= least), "")
    if not strength:
        return f"“{a}” and “{b}” hardly go together (r = {number(r, 'r')})"
    how = "go together" if r > 0 else "go against each other"
    return f"“{a}” and “{b}” {how} {strength} (r = {number(r, 'r')})"


def _copies(result: Correlations) -> str:
    if not result.copies or not any(abs(r) < COPIES for _, _, r in result.strongest[:1]):
        return ""
    return f" {plural(result.copies, 'pair')} with 1.00 (they say the same) aside."


def _name(result: Correlations) -> str:
    return "Rank correlation (Spearman)" if result.kind == "spearman" else "Correlation (Pearson)"


def _pairs(result: Correlations, values: np.ndarray) -> list[tuple[str, tuple[Cell, ...]]]:
    """Each pair once by its key, the strongest first."""
    pairs = [(i, j) for i in range(len(values)) for j in range(i + 1, len(values))]
    pairs.sort(key=lambda pair: -abs(np.nan_to_num(values[pair])))
    return [
        (f"{result.slugs[i]}.{result.slugs[j]}", (result.labels[i], result.labels[j], float(values[i, j])))
        for i, j in pairs
    ]


def _alt(result: Correlations) -> str:
    said = "; ".join(sentence(a, b, r) for a, b, r in result.strongest)
    return f"Grid of the correlations of {len(result.labels)} attributes. Strongest: {said or 'none'}."
