"""How concentrated spend is."""

from core.explore import Concentration
from core.figures.theme import INK, QUIET
from core.report.drawn.paper import HALF, SOFT, Say, axes_in, sheet, svg, ticks
from core.words import number


def concentration(found: Concentration, say: Say) -> str:
    """The share of net sales that the top share of customers bring, with two marks in words."""
    with sheet(HALF, 2.9) as drawn:
        ax = axes_in(drawn, 0.75, 0.5, 0.3, 0.05)
        ax.plot([0, 100], [0, 100], color=QUIET, linestyle=(0, (2, 2)), linewidth=1)
        ax.plot(100 * found.customers, 100 * found.spend, color=INK, linewidth=2)
        for x, y in ((10, found.top10), (20, found.top20)):
            ax.plot([x], [100 * y], "o", color=INK)
            ax.text(x + 3, 100 * y - 5, say(f"top {x} %: {number(y, 'share')}"), va="center")
        ax.text(98, 14, "dotted: if all spent the same", ha="right", color=SOFT, size=8)
        ticks(ax, "share", "", say)
        ax.set(xlim=(0, 100), ylim=(0, 103))
        ax.set(xticks=[0, 25, 50, 75, 100], yticks=[25, 50, 75, 100])
        ax.yaxis.set_major_formatter(lambda v, _: say(number(v / 100, "share")))
        ax.grid(True, axis="y")
        ax.set_xlabel("Share of customers, highest spend first")
        ax.set_ylabel("Share of net sales")
        return svg(drawn)
