"""What the two directions of the map mean: how each attribute goes along with them."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.choose import Clustering
from core.figures.drawn import HOVER, Drawn, distinct, figure, line_at, shown, small, table
from core.figures.theme import HIGH, INK, MIDDLE, QUIET, TALL
from core.words import escape, number

MOST_BARS: Final = 10
CLEAR: Final = 0.5
MOST_NAMED: Final = 3
DIRECTIONS: Final = (("Across", "Further right", INK), ("Up", "Further up", QUIET))


def loadings(result: Clustering, labels: Sequence[str]) -> Drawn:
    """Correlation of each attribute with both directions; the ten that go along with them most.

    Parameters
    ----------
    labels : sequence of str
        Of the compared numbers, in their order.
    """
    found = result.loadings if result.loadings is not None else np.zeros((len(labels), 2))
    order = np.argsort(-np.abs(found).max(axis=1, initial=0), kind="stable")
    top = order[:MOST_BARS]
    said = [_meaning(found[:, at], labels, words) for at, (_, words, _) in enumerate(DIRECTIONS)]
    answer = " ".join(filter(None, said)) or "No attribute goes along with them clearly."
    return Drawn(
        figure=figure(
            [_bars(found[top, at], [labels[i] for i in top], at) for at in range(len(DIRECTIONS))],
            xaxis={
                "title": {"text": "Less of it (−1) to more of it (1)"},
                "range": [-1.02, 1.02],
                "nticks": 5,
                "showgrid": True,
            },
            yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
            shapes=[line_at(x=0, dash="solid")],
        ),
        table=table(
            (("attribute", "Attribute", ""), ("across", "Across", "r"), ("up", "Up", "r")),
            [(labels[i], float(found[i, 0]), float(found[i, 1])) for i in order],
        ),
        alt=f"Bars of how much each attribute goes along with the two directions of the map. {answer}",
        answer=answer,
        height=MIDDLE if len(top) <= 5 else HIGH if len(top) <= 7 else TALL,
    )


def _bars(values: np.ndarray, labels: Sequence[str], at: int) -> dict[str, Any]:
    name, words, colour = DIRECTIONS[at]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": small(values),
        "y": distinct(shown(label) for label in labels),
        "marker": {"color": colour},
        "hovertext": [
            f"{words}: {'more' if v >= 0 else 'less'} {escape(label)} ({number(float(v), 'r')})"
            for v, label in zip(values, labels, strict=True)
        ],
        "hovertemplate": HOVER,
    }


def _meaning(values: np.ndarray, labels: Sequence[str], words: str) -> str:
    """What lies in a direction, in words: the attributes that clearly go along with it, at least one."""
    strongest = np.argsort(-np.abs(values), kind="stable")[:MOST_NAMED]
    clear = [i for i in strongest if abs(values[i]) >= CLEAR] or [i for i in strongest[:1] if values[i]]
    said = [f"{'more' if values[i] > 0 else 'less'} “{labels[i]}”" for i in clear]
    return f"{words}: {', '.join(said)}." if said else ""
