"""Customers beside net sales, per segment."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from core.figures.theme import segment_colours
from core.profile import Segment
from core.report.drawn.paper import HALF, LINE, MOST, PALE, ROW, SOFT, Say, axes_in, sheet, svg
from core.words import cut, number

_THICK = 0.32


def value(segments: Sequence[Segment], say: Say) -> str:
    """Share of customers, pale, over share of net sales; customers alone where there is no money."""
    shown, colours = segments[:MOST], segment_colours(segments)
    money = any(s.value_share is not None for s in shown)
    group = 3.1 if money else 2.1
    height = ROW * group * len(shown) + 0.1
    with sheet(HALF, height) as drawn:
        ax = axes_in(drawn, 0.05, 0.05, 0.55, 0.02)
        most = max([s.share for s in shown] + [s.value_share or 0.0 for s in shown], default=1.0)
        ax.set(xlim=(0, most or 1.0), ylim=(group * len(shown), 0), xticks=[], yticks=[])
        ax.spines["bottom"].set_visible(False)
        ax.axvline(0, color=LINE, linewidth=1)
        for at, s in enumerate(shown):
            y, colour = group * at, colours[s.number]
            ax.text(0, y + 0.55, cut(s.name, 48), va="center", weight="bold")
            _bar(ax, y + 1.4, s.share, colour, PALE if money else 1.0, say)
            if money:
                _bar(ax, y + 2.3, s.value_share, colour, 1.0, say)
        return svg(drawn)


def _bar(ax: Axes, y: float, share: float | None, colour: str, opacity: float, say: Say) -> None:
    if share is not None:
        ax.barh(y, share, height=2 * _THICK, color=colour, alpha=opacity, linewidth=0)
    style: dict[str, Any] = {"color": SOFT} if opacity < 1 else {}
    said, at = say(number(share, "share")), (share or 0.0, y)
    ax.annotate(said, at, xytext=(4, 0), textcoords="offset points", va="center", **style)
